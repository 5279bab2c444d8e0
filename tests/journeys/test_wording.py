"""Changing an answer within the exchange, in a browser: its form outlives what happens beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from comptoir.conversations.models import Conversation, Draft, Message, WordedAct
from comptoir.delivery.wording import carry_out
from comptoir.events.record import record
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_outgoing, make_team
from tests.fake_network import Fake, FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.conversing import eventually
from tests.journeys.test_accessibility import seen_both_ways, too_wide

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def answer(agent: Agent, fake_network: FakeNetwork) -> Message:
    conversation = make_conversation(account=make_account(team=agent.teams.get()))
    make_incoming(conversation)
    return make_outgoing(conversation, text="Il part demian.")


@pytest.fixture
def page(sign_in: SignIn, agent: Agent, answer: Message, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(Fake, "limits", replace(Fake.limits, max_choices=3))
    opened = sign_in(agent, viewport={"width": 1280, "height": 720})
    opened.goto(opened.url.replace("/inbox/all/", f"/conversations/{answer.conversation_id}/"))
    return opened


def open_form(page: Page, answer: Message) -> None:
    message = page.locator(f"#message-{answer.pk}")
    message.hover()
    message.locator(".message-menu > summary").click()
    message.get_by_text("Modifier le texte").click()


def test_an_answer_is_changed_where_it_stands(page: Page, answer: Message) -> None:
    open_form(page, answer)
    box = page.locator(f"#words-{answer.pk}")
    expect(box).to_be_focused()
    expect(box).to_have_value("Il part demian.")
    box.fill("Il part demain.")
    page.get_by_role("button", name="Modifier sur le réseau").click()
    message = page.locator(f"#message-{answer.pk}")
    expect(message).to_contain_text("En cours de modification")
    expect(page.locator(f"#words-{answer.pk}")).to_have_count(0)
    carry_out(WordedAct.objects.get().pk)
    expect(message).to_contain_text("Il part demain.")
    expect(message).to_contain_text("ce qu’il disait avant")


def test_what_is_typed_outlives_news_and_can_be_left(page: Page, answer: Message) -> None:
    open_form(page, answer)
    box = page.locator(f"#words-{answer.pk}")
    box.fill("Il part dem")
    Message.objects.filter(pk=answer.pk).update(state="delivered")
    record("message.delivered", subject=answer)
    expect(page.locator(f"#message-{answer.pk}")).to_contain_text("Remise")
    expect(box).to_have_value("Il part dem")
    page.get_by_role("link", name="Laisser tel quel").click()
    expect(box).to_have_count(0)


def test_choices_are_kept_as_they_are_typed_and_sent(page: Page, answer: Message) -> None:
    page.get_by_text("Réponses à presser").first.click()
    page.locator("#composer-choices-text").fill("Oui\nNon")
    eventually(page, Draft.objects.filter(choices=["Oui", "Non"]).exists)
    page.reload()
    expect(page.locator("#composer-choices-text")).to_have_value("Oui\nNon")
    page.get_by_label("Votre texte").fill("Un avoir ?")
    page.get_by_role("button", name="Répondre en privé").click()
    expect(page.locator("#composer-choices-text")).to_have_value("")
    sent = Conversation.objects.get(pk=answer.conversation_id).messages.get(text="Un avoir ?")
    assert sent.choices == ["Oui", "Non"]
    expect(page.locator(f"#message-{sent.pk} .to-press")).to_contain_text("Oui")


def test_the_form_and_the_choices_are_clean_light_and_dark_wide_and_narrow(page: Page, answer: Message) -> None:
    page.get_by_text("Réponses à presser").first.click()
    open_form(page, answer)
    expect(page.locator(f"#words-{answer.pk}")).to_be_focused()
    said = seen_both_ways(page, "form")
    page.set_viewport_size({"width": 360, "height": 780})
    said += too_wide(page, "form")
    address = page.url.partition("/conversations/")[0]
    page.goto(f"{address}/messages/{answer.pk}/edit/")
    said += seen_both_ways(page, "page of the form")
    assert said == []
