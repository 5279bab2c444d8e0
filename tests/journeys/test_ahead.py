"""Walking through the list by key: the next conversation is there before it is asked for, and never an old one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, ReadMark
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import eventually, is_live
from tests.journeys.test_inbox import write_to
from tests.journeys.test_overtaken import Held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get(), name="Compte d’essai")


class Asked:
    """What the page asked for of one conversation after another, in order: ahead, or not."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        page.on("request", lambda one: self.requests.append(one))  # it marks what it is given

    def of(self, conversation: Conversation) -> list[str]:
        mine = [one for one in self.requests if one.url.split("?")[0].endswith(f"/conversations/{conversation.pk}/")]
        return ["ahead" if "comptoir-ahead" in one.headers else "now" for one in mine]


@pytest.fixture
def walked(account: ChannelAccount) -> list[Conversation]:
    """Four conversations, in the order of the list."""
    for number in range(4):
        write_to(account, f"Bonjour {number}", author=f"c-{number}", name=f"Cliente {number}", number=f"n-{number}")
    return list(Conversation.objects.order_by("-last_message_at", "-id"))


def walk_to(page: Page, conversation: Conversation, key: str = "j") -> None:
    page.keyboard.press(key)
    expect(page.locator(f".exchange-pane[data-conversation='{conversation.pk}']")).to_be_visible()


def test_the_next_one_is_asked_for_ahead_and_shown_without_asking_again(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    walk_to(page, walked[0])
    eventually(page, lambda: asked.of(walked[1]))
    walk_to(page, walked[1])
    assert asked.of(walked[1]) == ["ahead"]
    expect(page.locator(f"#row-{walked[1].pk} a")).to_have_attribute("aria-current", "true")
    expect(page.locator("#composer-text")).to_be_editable()


def test_the_one_after_the_next_is_asked_for_as_well_and_none_beyond(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    walk_to(page, walked[0])
    eventually(page, lambda: asked.of(walked[2]))
    page.wait_for_load_state("networkidle")
    assert [asked.of(one) for one in walked[1:]] == [["ahead"], ["ahead"], []]


def test_whoever_presses_on_before_it_has_come_is_shown_it_all_the_same_and_it_is_asked_for_once(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked, held = Asked(page), list[Route]()
    address = re.compile(rf"/conversations/{walked[2].pk}/(\?|$)")
    page.route(address, lambda route: held.append(route))  # it marks what it is given
    walk_to(page, walked[0])
    eventually(page, lambda: held)
    walk_to(page, walked[1])
    page.keyboard.press("j")
    page.wait_for_timeout(100)
    held[0].continue_()
    expect(page.locator(f".exchange-pane[data-conversation='{walked[2].pk}']")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked.of(walked[2]) == ["ahead"]


def test_what_is_asked_for_ahead_is_unread_until_it_is_looked_at(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    walk_to(page, walked[0])
    eventually(page, lambda: asked.of(walked[1]))
    marks = ReadMark.objects.filter(conversation=walked[1])
    page.wait_for_load_state("networkidle")
    assert not marks.exists()
    walk_to(page, walked[1])
    eventually(page, marks.exists)


def test_what_was_said_in_it_meanwhile_is_shown(
    sign_in: SignIn, agent: Agent, account: ChannelAccount, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    walk_to(page, walked[0])
    eventually(page, lambda: asked.of(walked[1]))
    write_to(account, "Et maintenant ?", author=walked[1].identity.external_id, number="later")
    expect(page.locator(f"#row-{walked[1].pk}")).to_contain_text("Et maintenant ?")
    page.locator(f"#row-{walked[1].pk} a").click()
    expect(page.locator("#exchange")).to_contain_text("Et maintenant ?")


def test_the_way_back_leads_to_the_one_before(sign_in: SignIn, agent: Agent, walked: list[Conversation]) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    for place in range(3):
        walk_to(page, walked[place])
        eventually(page, lambda place=place: asked.of(walked[place + 1]))
    page.go_back()
    expect(page.locator(f".exchange-pane[data-conversation='{walked[1].pk}']")).to_be_visible()
    page.go_forward()
    expect(page.locator(f".exchange-pane[data-conversation='{walked[2].pk}']")).to_be_visible()


def test_going_back_up_asks_for_the_one_above(sign_in: SignIn, agent: Agent, walked: list[Conversation]) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    page.locator(f"#row-{walked[3].pk} a").click()
    expect(page.locator(f".exchange-pane[data-conversation='{walked[3].pk}']")).to_be_visible()
    walk_to(page, walked[2], "k")
    eventually(page, lambda: asked.of(walked[1]))
    walk_to(page, walked[1], "k")
    assert asked.of(walked[1]) == ["ahead"]


def test_who_opens_with_the_mouse_asks_for_nothing_ahead(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    for place in (0, 1):
        page.locator(f"#row-{walked[place].pk} a").click()
        expect(page.locator(f".exchange-pane[data-conversation='{walked[place].pk}']")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [asked.of(one) for one in walked] == [["now"], ["now"], [], []]


def test_two_steps_at_once_end_at_the_second(sign_in: SignIn, agent: Agent, walked: list[Conversation]) -> None:
    page = sign_in(agent)
    is_live(page)
    walk_to(page, walked[0])
    page.keyboard.press("j")
    walk_to(page, walked[2])
    page.wait_for_load_state("networkidle")
    expect(page.locator(f".exchange-pane[data-conversation='{walked[2].pk}']")).to_be_visible()


#: The key pressed again as soon as one sees something, several times.
def beside(asked: Asked, conversation: Conversation) -> set[str]:
    """What was asked for of it, itself left out."""
    found = [re.search(rf"/conversations/{conversation.pk}/(\w+)/", one.url) for one in asked.requests]
    return {one[1] for one in found if one}


_IN_HASTE = """async (ids, pauseMs = 0) => {
  for (const id of ids) {
    if (id === ids.at(-1)) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
    while (document.querySelector(".exchange-pane")?.dataset.conversation !== String(id)) {
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}"""


# As a keyboard does, however busy whoever tells the browser so.
_HELD = """() => {
  for (let time = 0; time < 4; time += 1) {
    (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key: "j", bubbles: true, repeat: time > 0 }),
    );
  }
}"""


def test_what_one_has_gone_on_from_is_not_shown_though_its_answer_comes_after(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    first = Held(page, re.compile(rf"/conversations/{walked[0].pk}/(\?|$)"))
    page.keyboard.press("j")
    eventually(page, lambda: first.first)
    walk_to(page, walked[1])
    first.release()
    page.wait_for_timeout(300)  # nothing tells of what is not shown
    assert page.locator(".exchange-pane").get_attribute("data-conversation") == str(walked[1].pk)
    assert f"/conversations/{walked[1].pk}/" in page.url
    expect(page.locator(f"#row-{walked[1].pk} a")).to_have_attribute("aria-current", "true")
    walk_to(page, walked[2])


def test_a_key_held_down_asks_for_none_of_those_it_passes(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    page.evaluate(_HELD)
    expect(page.locator(f".exchange-pane[data-conversation='{walked[3].pk}']")).to_be_visible()
    assert [asked.of(one) for one in walked] == [["now"], [], [], ["now"]]
    expect(page.locator(f"#row-{walked[3].pk} a")).to_have_attribute("aria-current", "true")


def test_who_is_in_haste_has_not_read_what_they_pass_and_nothing_else_is_asked_for_before_the_next_one(
    sign_in: SignIn, agent: Agent, account: ChannelAccount, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    asked = Asked(page)
    walk_to(page, walked[0])
    eventually(page, lambda: asked.of(walked[2]))
    page.wait_for_load_state("networkidle")
    page.evaluate(_IN_HASTE, [one.pk for one in walked[1:]])
    eventually(page, lambda: beside(asked, walked[3]) == {"seen", "answers"})
    assert beside(asked, walked[2]) == set()
    eventually(page, lambda: ReadMark.objects.filter(conversation=walked[3]).exists())
    assert not ReadMark.objects.filter(conversation=walked[2]).exists()
    expect(page.locator(f"#row-{walked[2].pk}")).to_have_class(re.compile("is-unread"))
    expect(page.locator(f"#row-{walked[3].pk}")).not_to_have_class(re.compile("is-unread"))


def test_whoever_waits_for_the_next_one_does_not_stay_in_the_one_before(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    late = Held(page, re.compile(rf"/conversations/{walked[2].pk}/(\?|$)"))
    asked = Asked(page)
    walk_to(page, walked[0])
    eventually(page, lambda: late.first)
    page.evaluate(f"(ids) => {{ window.walked = ({_IN_HASTE})(ids, 150); }}", [one.pk for one in walked[1:]])
    page.wait_for_timeout(200)  # the second is long pressed for, and is not there
    late.release()
    expect(page.locator(f".exchange-pane[data-conversation='{walked[3].pk}']")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert beside(asked, walked[2]) == set()


def test_what_has_been_read_is_no_longer_called_unread(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    row = page.locator(f"#row-{walked[0].pk}")
    expect(row.get_by_role("link")).to_have_accessible_name(re.compile("Non lu|Unread"))
    walk_to(page, walked[0])
    expect(row.get_by_role("link")).to_have_accessible_name("Cliente 3")


def is_read(agent: Agent, conversation: Conversation) -> bool:
    return ReadMark.objects.filter(agent=agent, conversation=conversation).exists()


def test_what_opens_by_itself_is_read_by_whoever_stays_on_it_or_does_something_in_it(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    page.locator(f"#row-{walked[0].pk} a").click()
    eventually(page, lambda: is_read(agent, walked[0]))
    for left, came, looks in ((0, 1, "press"), (1, 2, "stay")):
        page.get_by_role("button", name="Clore", exact=True).click()
        expect(page.locator(f".exchange-pane[data-conversation='{walked[came].pk}']")).to_be_visible()
        expect(page.locator(f"#row-{walked[left].pk}")).to_have_count(0)
        page.wait_for_timeout(1500)
        assert not is_read(agent, walked[came])
        expect(page.locator(f"#row-{walked[came].pk}")).to_have_class(re.compile("is-unread"))
        if looks == "press":
            page.locator("#exchange-scroll").click()
        eventually(page, lambda came=came: is_read(agent, walked[came]))  # type: ignore[misc]  # bound to this turn
        expect(page.locator(f"#row-{walked[came].pk}")).not_to_have_class(re.compile("is-unread"))


def test_what_opened_by_itself_and_was_left_at_once_stays_unread(
    sign_in: SignIn, agent: Agent, walked: list[Conversation]
) -> None:
    page = sign_in(agent)
    is_live(page)
    page.locator(f"#row-{walked[0].pk} a").click()
    eventually(page, lambda: is_read(agent, walked[0]))
    page.get_by_role("button", name="Clore", exact=True).click()
    expect(page.locator(f".exchange-pane[data-conversation='{walked[1].pk}']")).to_be_visible()
    page.locator(f"#row-{walked[2].pk} a").click()
    eventually(page, lambda: is_read(agent, walked[2]))
    page.wait_for_timeout(6000)
    assert not is_read(agent, walked[1])
    expect(page.locator(f"#row-{walked[1].pk}")).to_have_class(re.compile("is-unread"))
