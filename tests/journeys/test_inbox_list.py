"""The list in a browser: what is narrowed, kept under a name, chosen, and what arrives while one reads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import resolve_conversation
from comptoir.desk.models import InboxView
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import is_live
from tests.journeys.test_inbox import write_to

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def account(agent: Agent, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account(team=agent.teams.get(), name="Compte d’essai")


def fill(account: ChannelAccount, count: int) -> None:
    for number in range(count):
        at = now() - timedelta(minutes=number + 1)
        said = "Mon colis est perdu" if number % 5 == 0 else "Bonjour"
        identity = make_identity(channel=account.kind, name=f"Cliente {number:02}")
        conversation = make_conversation(account=account, identity=identity, at=at, last_message_text=said)
        make_incoming(conversation, text=said, sent_at=at)


def test_a_list_is_narrowed_and_kept_under_a_name_by_keyboard_on_a_small_screen(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    fill(account, 10)
    page = sign_in(agent, viewport={"width": 360, "height": 740})
    page.locator("#filter-toggle").press("Enter")
    expect(page.locator(".filter-form [name=text]")).to_be_focused()
    page.keyboard.type("colis")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/inbox/all/\?text=colis$"))
    expect(page.locator(".row")).to_have_count(2)

    page.locator("#save-view > summary").press("Enter")
    page.get_by_label("Nom de la vue").fill("Colis perdus")
    page.keyboard.press("Enter")
    expect(page.locator("#views-menu > summary")).to_contain_text("Colis perdus")
    assert InboxView.objects.get().owner == agent

    page.locator(".chip").first.press("Enter")
    expect(page.locator(".row")).to_have_count(10)


def test_saved_views_are_counted_once_their_menu_is_opened(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    fill(account, 10)
    InboxView.objects.create(name="Colis perdus", owner=agent, filters={"view": ["all"], "text": ["colis"]})
    page = sign_in(agent)
    page.locator("#views-menu > summary").press("Enter")
    expect(page.locator("[data-count^='saved-']")).to_have_text("2")


def test_in_the_order_of_priority_what_comes_in_takes_its_place(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    waits = [
        make_conversation(account=account, identity=make_identity(channel=account.kind), priority=priority,
                          waiting_since=now() - timedelta(minutes=minutes))
        for priority, minutes in ((1, 50), (2, 5), (0, 90))
    ]  # fmt: skip
    normal, high, low = (f"row-{one.pk}" for one in waits)
    page = sign_in(agent)
    page.goto(page.url + "?sort=priority")
    is_live(page)
    rows = page.locator(".row")
    assert rows.evaluate_all("rows => rows.map(row => row.id)") == [high, normal, low]
    write_to(account, "Bonjour")
    expect(rows).to_have_count(4)
    newcomer = f"row-{Conversation.objects.latest('pk').pk}"
    assert rows.evaluate_all("rows => rows.map(row => row.id)") == [high, normal, newcomer, low]


def test_what_arrives_moves_nothing_that_is_being_read(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    fill(account, 40)
    page = sign_in(agent)
    is_live(page)
    scroller = page.locator("#list-scroll")
    scroller.evaluate("box => box.scrollTop = 400")
    seen = page.locator(".row").nth(10)
    before = seen.bounding_box()
    write_to(account, "Vous êtes là ?", name="Nadia")
    expect(page.locator("#list-news")).to_have_text("1 nouvelle")
    assert seen.bounding_box() == before
    page.locator("#list-news").click()
    expect(page.locator(".row").first).to_contain_text("Nadia")


def test_one_goes_on_from_where_the_open_row_left_the_list(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    fill(account, 4)
    page = sign_in(agent)
    is_live(page)
    page.keyboard.press("j")
    expect(page.locator("#conversation-title")).to_have_text("Cliente 00")
    page.keyboard.press("j")
    expect(page.locator("#conversation-title")).to_have_text("Cliente 01")
    page.locator("#exchange-scroll").focus()
    gone = Conversation.objects.get(identity__name="Cliente 01")
    resolve_conversation(gone.pk, by=make_agent(name="Paul Roy", teams=agent.teams.all()))
    expect(page.locator(".row")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.locator("#conversation-title")).to_have_text("Cliente 02")


def test_rows_are_chosen_with_x_and_told_to_whoever_acts_on_them(
    sign_in: SignIn, agent: Agent, account: ChannelAccount
) -> None:
    fill(account, 5)
    page = sign_in(agent)
    page.evaluate("document.addEventListener('selection-changed', (event) => { window.told = event.detail; })")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#selection-count")).to_have_text("1 choisie")
    page.locator(".row-pick input").nth(3).click(modifiers=["Shift"])
    expect(page.locator("#selection-count")).to_have_text("4 choisies")
    page.get_by_role("button", name="Toute la liste").click()
    told = page.evaluate("window.told")
    assert (told["isEverything"], told["choice"]) == (True, "view=all")
    page.get_by_role("button", name="Aucune", exact=True).click()
    expect(page.locator("#selection")).to_be_hidden()


def test_what_cannot_be_opened_is_not_marked_as_open(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    fill(account, 3)
    page = sign_in(agent)
    first, second = page.locator(".row a").nth(0), page.locator(".row a").nth(1)
    first.press("Enter")
    expect(first).to_have_attribute("aria-current", "true")
    expect(page.locator(".exchange-pane")).to_be_visible()
    page.route(re.compile(r"/conversations/\d+/\?"), lambda route: route.fulfill(status=500))
    second.press("Enter")
    expect(page.locator(".toast.is-error")).to_be_visible()
    expect(first).to_have_attribute("aria-current", "true")
    expect(second).not_to_have_attribute("aria-current", "true")
    expect(second).to_have_accessible_name(re.compile("Non lu"))


def test_a_key_that_leads_nowhere_says_so(sign_in: SignIn, agent: Agent, account: ChannelAccount) -> None:
    page = sign_in(agent)
    page.keyboard.press("j")
    expect(page.locator("#said")).to_have_text("La liste est vide.")
    fill(account, 1)
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".exchange-pane")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#said")).to_have_text("Il n’y en a pas plus bas dans la liste.")
    page.keyboard.press("k")
    expect(page.locator("#said")).to_have_text("Il n’y en a pas plus haut dans la liste.")
