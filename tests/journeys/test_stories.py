"""Whole stories by keyboard, each from its beginning to its end, on every screen that it touches."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Message
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.people.models import Agent
from comptoir.reactions import react_once
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import begin_to_write, beside, is_live

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, selector: str) -> None:
    """Reach it and press Enter, as one does without a mouse."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")


def text_of(page: Page) -> Any:
    return page.get_by_label("Votre texte")


def test_a_new_counter_goes_from_nothing_to_its_first_reply(sign_in: SignIn, site: str, settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    page = sign_in(make_agent(name="Camille Renard", role="administrator"))
    press(page, ".rail a[href='/guide/']")
    press(page, ".step.is-next .button")
    page.locator("#id_name").fill("Maison Lueur")
    page.keyboard.press("Enter")
    page.wait_for_url("**/brands/")
    page.goto(f"{site}/guide/")
    press(page, ".step.is-next .button")
    page.locator("#id_name").fill("Service clients")
    page.locator("input[name=agents]").first.check()
    page.locator("#id_name").press("Enter")
    page.wait_for_url("**/teams/")
    page.goto(f"{site}/guide/")
    press(page, ".step.is-next .button")
    press(page, ".choices a[href='/accounts/connect/chat/']")
    page.locator("#id_name").fill("Chat du site")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/*/")
    page.goto(f"{site}/guide/")
    press(page, "form[action='/guide/test/'] button")
    expect(page.locator("#exchange")).to_contain_text("message d’essai")
    begin_to_write(page, "r")
    page.keyboard.type("Oui, nous sommes là.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".is-outgoing")).to_contain_text("Oui, nous sommes là.")
    deliver(Message.objects.outgoing().get().pk)
    expect(page.locator(".is-outgoing .state.is-sent")).to_be_visible()
    page.goto(f"{site}/guide/")
    expect(page.locator(".step.is-done")).to_have_count(4)


def test_of_two_agents_on_one_conversation_the_second_is_told_what_the_first_does(
    sign_in: SignIn, site: str, fake_network: FakeNetwork, settings: Any
) -> None:
    settings.UNDO_SECONDS = 0
    team = make_team()
    awa, paul = make_agent(name="Awa Diop", teams=[team]), make_agent(name="Paul Roy", teams=[team])
    conversation = make_conversation(account=make_account(team=team))
    make_incoming(conversation)
    first, second = sign_in(awa), sign_in(paul)
    for page in (first, second):
        page.goto(f"{site}/conversations/{conversation.pk}/")
        is_live(page)
    expect(first.locator("#here")).to_contain_text("Paul Roy")
    expect(second.locator("#here")).to_contain_text("Awa Diop")

    begin_to_write(second, "r")
    second.keyboard.type("Bonjour, ici Paul")
    expect(second.locator("#draft-state")).to_have_text("Brouillon gardé")
    begin_to_write(first, "r")
    first.keyboard.type("Bonjour, votre colis part ce soir.")
    first.keyboard.press("Control+Enter")
    expect(first.locator(".is-outgoing")).to_contain_text("part ce soir")
    expect(second.locator("#composer-warning")).to_contain_text("Awa Diop")
    expect(text_of(second)).to_have_value("Bonjour, ici Paul")

    second.reload()
    is_live(second)
    first.locator(".other-draft summary").focus()
    first.keyboard.press("Enter")
    press(first, ".take-over button")
    expect(text_of(first)).to_have_value("Bonjour, ici Paul")
    expect(second.locator("#others")).to_contain_text("Awa Diop poursuit votre brouillon")
    expect(text_of(second)).to_have_value("Bonjour, ici Paul")


def test_an_expert_who_is_addressed_in_a_note_hears_of_it_and_answers_in_one(
    sign_in: SignIn, site: str, fake_network: FakeNetwork
) -> None:
    team = make_team()
    agent = make_agent(name="Awa Diop", teams=[team])
    expert = make_agent(name="Tomas Vidal", role="expert", teams=[team])
    conversation = make_conversation(account=make_account(team=team), identity=make_identity(name="Nadia"))
    make_incoming(conversation, text="Quelle ampoule pour cette lampe ?")
    theirs, ours = sign_in(expert), sign_in(agent)
    is_live(theirs)
    ours.goto(f"{site}/conversations/{conversation.pk}/")
    begin_to_write(ours, "n")
    ours.keyboard.type("Quelle puissance au plus ? @tom")
    expect(ours.locator("#composer-offers li")).to_contain_text("Tomas Vidal")
    ours.keyboard.press("Enter")
    with beside(react_once):
        ours.keyboard.press("Control+Enter")
        expect(theirs.locator("#unseen-count")).to_contain_text("1")
    press(theirs, ".rail a[href='/notifications/']")
    press(theirs, ".notifications .is-unseen a")
    expect(theirs.locator(".is-mention")).to_contain_text("Quelle puissance au plus")
    begin_to_write(theirs, "n")
    theirs.keyboard.type("Quarante watts.")
    theirs.keyboard.press("Control+Enter")
    expect(ours.locator("#exchange")).to_contain_text("Quarante watts.")
    expect(theirs.locator(".is-mention")).to_have_count(0)


def test_a_supervisor_finds_why_a_reply_failed_and_sends_it_again(
    sign_in: SignIn, fake_network: FakeNetwork, settings: Any
) -> None:
    settings.UNDO_SECONDS = 0
    team = make_team()
    agent: Agent = make_agent(name="Awa Diop", teams=[team])
    supervisor = make_agent(name="Jeanne Abadie", role="supervisor", teams=[team])
    conversation = make_conversation(account=make_account(team=team), identity=make_identity(name="Nadia"))
    make_incoming(conversation)
    reply = queue_reply(conversation.pk, text="Votre colis est parti.", visibility="private", by=agent)
    fake_network.answer_next("400")
    deliver(reply.pk)
    page = sign_in(supervisor)
    press(page, "#views-menu summary")
    press(page, "#views-menu a[href*='to-see-to']")
    page.wait_for_url("**/to-see-to/**")
    page.keyboard.press("j")
    trouble = page.locator(f"#message-{reply.pk} .trouble")
    expect(trouble).to_contain_text("400")
    press(page, f"#message-{reply.pk} .trouble button")
    expect(trouble).to_have_count(0)
    deliver(reply.pk)
    expect(page.locator(f"#message-{reply.pk} .state.is-sent")).to_be_visible()
    assert fake_network.texts == ["Votre colis est parti."]
