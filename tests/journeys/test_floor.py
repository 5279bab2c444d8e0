"""The floor in a browser: it follows what happens by itself, and one acts from it by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.events.record import record
from comptoir.people.actions import set_availability
from comptoir.people.models import Agent
from tests.factories import make_agent, make_conversation, make_incoming
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import is_live
from tests.journeys.test_accessibility import seen_both_ways, too_wide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def camille() -> Agent:
    return make_agent(role="supervisor", name="Camille")


def waits(hours: float) -> Conversation:
    conversation = make_conversation()
    message = make_incoming(conversation, sent_at=now() - timedelta(hours=hours))
    record("message.received", subject=message)
    return conversation


def tile(page: Page, name: str) -> str:
    return page.locator(f"#tile-{name}").inner_text()


SOON_MS = 10_000  # The board looks by itself every half minute: sooner is because it was told.


def test_it_follows_what_happens_because_it_is_told(sign_in: SignIn, site: str, camille: Agent) -> None:
    waits(1)
    page = sign_in(camille, at="/floor/")
    assert tile(page, "waiting") == "1"
    is_live(page)
    page.wait_for_timeout(2_500)  # It looks once when the stream is there.
    waits(2)
    expect(page.locator("#tile-waiting")).to_have_text("2", timeout=SOON_MS)
    expect(page.locator("#floor-said")).to_contain_text("2 clients attendent")


def test_it_hears_of_colleagues_who_come_and_go(sign_in: SignIn, site: str, camille: Agent) -> None:
    awa = make_agent(name="Awa")
    page = sign_in(camille, at="/floor/")
    is_live(page)
    page.wait_for_timeout(2_500)
    set_availability(awa, "away")
    expect(page.locator(f"#presence-{awa.pk}")).to_contain_text("Absent", timeout=SOON_MS)


def test_where_nothing_tells_it_what_happens_it_asks(sign_in: SignIn, site: str, camille: Agent) -> None:
    page = sign_in(camille)
    page.route("**/live?*", lambda route: route.abort())
    page.goto(f"{site}/floor/")
    waits(2)
    expect(page.locator("#tile-waiting")).to_have_text("1", timeout=15_000)


def test_an_open_menu_stays_and_what_it_held_back_is_seen_after(sign_in: SignIn, site: str, camille: Agent) -> None:
    awa, zoe = make_agent(name="Awa"), make_agent(name="Zoé")
    page = sign_in(camille, at="/floor/")
    is_live(page)
    page.wait_for_timeout(2_500)
    page.locator(f"#presence-{awa.pk}").press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Absent")).to_be_visible()
    set_availability(zoe, "away")
    waits(1)
    expect(page.locator("#tile-waiting")).to_have_text("1", timeout=SOON_MS)
    expect(page.get_by_role("button", name="Absent")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"#presence-{awa.pk}")).to_be_focused()
    expect(page.locator(f"#presence-{zoe.pk}")).to_contain_text("Absent", timeout=SOON_MS)
    expect(page.locator(f"#presence-{awa.pk}")).to_be_focused()


def test_what_did_not_change_is_left_alone_and_the_focus_stays(sign_in: SignIn, site: str, camille: Agent) -> None:
    page = sign_in(camille, at="/floor/")
    page.evaluate("document.getElementById('floor-complaint').wasThere = true")
    page.locator("#tile-waiting").focus()
    waits(2)
    expect(page.locator("#tile-waiting")).to_have_text("1", timeout=15_000)
    assert page.evaluate("document.getElementById('floor-complaint').wasThere")
    assert page.evaluate("document.activeElement.id") == "tile-waiting"


def test_one_is_taken_by_keyboard(sign_in: SignIn, site: str, camille: Agent) -> None:
    conversation = waits(3)
    page = sign_in(camille, at="/floor/")
    page.locator(f"#take-never-{conversation.pk}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#take-never-{conversation.pk}")).to_have_count(0, timeout=15_000)
    conversation.refresh_from_db()
    assert conversation.assignee == camille


def test_a_colleague_is_set_away_by_keyboard(sign_in: SignIn, site: str, camille: Agent) -> None:
    awa = make_agent(name="Awa")
    page = sign_in(camille, at="/floor/")
    page.locator(f"#presence-{awa.pk}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Absent").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#presence-{awa.pk}")).to_contain_text("Absent", timeout=15_000)


def test_it_is_clean_open_and_on_a_wall_and_fits_a_telephone(sign_in: SignIn, site: str, camille: Agent) -> None:
    conversation = waits(30)
    Conversation.objects.update(promise_due_at=now() + timedelta(minutes=5))
    page = sign_in(camille)
    said = []
    page.goto(f"{site}/floor/")
    page.locator(f"#presence-{camille.pk}").click()
    page.locator(".floor-people .menu[open] button").first.wait_for()
    said += seen_both_ways(page, "a colleague's menu")
    page.locator(f"#give-next-{conversation.pk}").click()
    page.locator(".floor-row .menu[open] button").first.wait_for()
    said += seen_both_ways(page, "floor")
    page.goto(f"{site}/floor/?wall=1")
    said += seen_both_ways(page, "wall")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/floor/")
    said += too_wide(page, "floor")
    assert said == []
