"""Between teams, by keyboard: a conversation is offered, and accepted or refused on the other side."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation, HandOff
from comptoir.desk.hand_offs import accept_hand_off, offer_hand_off, withdraw_hand_off
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
    page.keyboard.press("Control+Enter")
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
    expect(other.locator("#conversation-title")).to_be_focused()
    expect(other.locator(".bridge")).to_contain_text(ASKED)
    look(other, "accepted")
    conversation.refresh_from_db()
    assert conversation.assignee == lea


def test_who_has_handed_it_over_is_told_that_they_only_read_on_and_keeps_what_they_were_writing(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, experts: Team, conversation: Conversation
) -> None:
    giver = sign_in(awa)
    open_(giver, site, conversation)
    giver.locator("#composer-text").fill("Je vous réponds dès")
    hand_off = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    expect(giver.locator(".bridge")).to_contain_text(ASKED)
    accept_hand_off(hand_off.pk, by=lea)
    expect(giver.locator(".toast")).to_contain_text("Une autre équipe a accepté cette conversation")
    expect(giver.locator("#resolve")).to_have_count(0)
    expect(giver.locator("#composer-text")).to_have_value("Je vous réponds dès")
    look(giver, "gone")


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
    expect(page).to_have_url(f"{site}/asked/#asked-title")
    expect(page.locator("h1")).to_be_focused()
    assert HandOff.objects.get().reason == "Il faut d’abord le numéro de série."
    giver = sign_in(awa)
    open_(giver, site, conversation)
    expect(giver.locator(".bridge.is-refused")).to_contain_text("Il faut d’abord le numéro de série.")
    look(giver, "refused")


def test_one_goes_on_at_the_head_of_what_is_still_asked(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, experts: Team, conversation: Conversation
) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    page = sign_in(lea, at="/asked/")
    page.locator(".bridge .menu > summary").press("Enter")
    page.locator(".bridge input[name=reason]").focus()
    page.keyboard.type("Il faut d’abord le numéro de série.")
    page.keyboard.press("Enter")
    expect(page.locator(".bridge")).to_have_count(0)
    expect(page.locator("h1")).to_be_focused()
    look(page, "refused-there")


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


def test_how_much_is_asked_is_told_beside_the_way_to_it_live(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, experts: Team, conversation: Conversation
) -> None:
    page = sign_in(lea, at="/inbox/all/")
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    badge = page.locator("#asked-count")
    expect(badge).to_be_hidden()
    offered = offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    expect(badge).to_contain_text("1")
    look(page, "badge")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(badge).to_be_visible()
    look(page, "badge-narrow")
    assert too_wide(page, "badge") == []
    withdraw_hand_off(offered.pk, by=awa)
    expect(badge).to_be_hidden()


def test_why_it_is_to_be_accepted_then_is_told_day_by_day(
    sign_in: SignIn, site: str, awa: Agent, lea: Agent, experts: Team, conversation: Conversation
) -> None:
    offer_hand_off(conversation.pk, to=experts, asked=ASKED, by=awa)
    page = sign_in(lea, at="/asked/")
    page.locator(".bridge-why summary").press("Enter")
    expect(page.locator(".bridge-why")).to_contain_text("Échéance le")
    expect(page.locator(".bridge-why svg.strip").first).to_be_visible()
    assert complaints(page, "why") == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its words
        look(page, f"why-{scheme}")
    page.set_viewport_size({"width": 360, "height": 740})
    look(page, "why-narrow")
    assert too_wide(page, "why") == []


def test_a_mail_to_the_wrong_mailbox_is_moved_by_keyboard(
    sign_in: SignIn, site: str, awa: Agent, conversation: Conversation
) -> None:
    team = awa.teams.get()
    right = make_account(team=team, name="Service après-vente")
    make_account(team=team, name="Presse")
    page = sign_in(awa)
    open_(page, site, conversation)
    page.locator("#more-menu > summary").press("Enter")
    page.locator("#move-account").press("Enter")
    expect(page.locator("h1")).to_contain_text("Déplacer la conversation avec Nadia Benali")
    assert complaints(page, "move") == []
    look(page, "move")
    page.set_viewport_size({"width": 360, "height": 740})
    look(page, "move-narrow")
    assert too_wide(page, "move") == []
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Service après-vente").check()
    page.get_by_role("button", name="Déplacer", exact=True).press("Enter")
    expect(page.locator("#exchange")).to_contain_text("a déplacé la conversation vers Service après-vente")
    look(page, "moved")
    conversation.refresh_from_db()
    assert conversation.account == right
