"""Between teams, by keyboard: a conversation is offered, and accepted or refused on the other side."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation, HandOff
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.people.models import Agent, Team
from comptoir.sla.models import SLAPolicy
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import complaints, too_wide

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "La cafetière fuit par le bas. Est-ce couvert par la garantie, et que répondre ?"


@pytest.fixture
def experts() -> Team:
    return make_team(name="Experts", purpose="expertise")


@pytest.fixture
def awa(fake_network: FakeNetwork) -> Agent:
    SLAPolicy.objects.get_or_create(promise="hand_off", defaults={"position": 90, "is_in_working_time": True})
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def lea(experts: Team) -> Agent:
    return make_agent(name="Léa Martin", teams=[experts])


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    account = make_account(team=awa.teams.get())
    made = make_conversation(
        account=account, identity=make_identity(name="Nadia Benali"), team=account.team, assignee=awa
    )
    make_incoming(made, text="Ma cafetière fuit par le bas depuis hier, que faire ?")
    return made


def look(page: Page, name: str) -> None:
    """Kept where somebody wants to see it."""
    if folder := os.environ.get("COMPTOIR_LOOK"):
        page.screenshot(path=f"{folder}/{name}.png")


def open_(page: Page, site: str, conversation: Conversation) -> None:
    page.goto(f"{site}/conversations/{conversation.pk}/")
    expect(page.locator("#conversation-title")).to_have_text("Nadia Benali")
    expect(page.locator("html")).to_have_attribute("data-live", "on")


def test_offered_by_keyboard_and_accepted_by_keyboard(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, conversation: Conversation
) -> None:
    page = sign_in(awa)
    open_(page, site, conversation)
    page.keyboard.press("h")
    expect(page.locator("h1")).to_contain_text("Passer le relais")
    look(page, "offer")
    assert complaints(page, "offer") == []
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(ASKED)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".bridge")).to_contain_text(ASKED)
    look(page, "given")

    other = sign_in(lea)
    other.keyboard.press("g")
    other.keyboard.press("h")
    expect(other.locator(".bridge")).to_contain_text(ASKED)
    look(other, "asked")
    other.locator(".bridge-who a").press("Enter")
    expect(other.locator("#accept-hand-off")).to_be_visible()
    look(other, "guest")
    assert complaints(other, "guest") == []
    other.set_viewport_size({"width": 360, "height": 740})
    look(other, "guest-narrow")
    assert too_wide(other, "guest") == []
    other.set_viewport_size({"width": 1440, "height": 900})
    other.keyboard.press("y")
    expect(other.locator("#resolve")).to_be_visible()
    expect(other.locator(".bridge")).to_contain_text(ASKED)
    look(other, "accepted")
    conversation.refresh_from_db()
    assert conversation.assignee == lea


def test_refused_by_keyboard_with_its_reason(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, experts: Team, conversation: Conversation
) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    page = sign_in(lea)
    open_(page, site, conversation)
    page.keyboard.press("d")
    expect(page.locator("#refuse-menu input[name=reason]")).to_be_focused()
    page.keyboard.type("Il faut d’abord le numéro de série.")
    look(page, "refusing")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/asked/")
    assert HandOff.objects.get().reason == "Il faut d’abord le numéro de série."
    giver = sign_in(awa)
    open_(giver, site, conversation)
    expect(giver.locator(".bridge.is-refused")).to_contain_text("Il faut d’abord le numéro de série.")
    look(giver, "refused")


def test_whoever_is_second_is_told_who_was_first(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, experts: Team, conversation: Conversation
) -> None:
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    second = sign_in(make_agent(name="Paul Roy", teams=[experts]))
    open_(second, site, conversation)
    accept: Any = second.locator("#accept-hand-off")
    expect(accept).to_be_visible()
    expect(second.locator("#why-here")).to_be_visible()  # the customer's pane has come
    HandOff.objects.filter(pk=offered.pk).update(state="accepted", ended_at=offered.given_at, ended_by=lea)
    second.keyboard.press("y")
    expect(second.locator(".toast.is-error")).to_contain_text("Léa Martin")
