"""Asking an expert, by keyboard: a colleague answers on the counter, somebody outside by the link."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from comptoir.conversations.models import Consultation, Conversation
from comptoir.desk.consultation_links import link_token
from comptoir.desk.consultations import ask_expert
from comptoir.people.models import Agent
from comptoir.public.counter import buckets
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.journeys.conftest import SignIn
from tests.journeys.test_accessibility import complaints, too_wide
from tests.journeys.test_between_teams import look, open_
from tests.sla.promised import promise_consultations

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Une pompe de Lueur 2 fuit après quatorze mois. Est-ce couvert par la garantie ?"
ANSWER = "Oui : la pompe est couverte deux ans. Proposez l’échange."


@pytest.fixture
def awa(fake_network: FakeNetwork) -> Agent:
    promise_consultations()
    buckets.clear()
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    account = make_account(team=awa.teams.get())
    who = make_identity(name="Nadia Benali")
    made = make_conversation(account=account, identity=who, team=account.team, assignee=awa)
    make_incoming(made, text="Ma cafetière fuit par le bas depuis hier, que faire ?")
    return made


def test_a_colleague_is_asked_answers_and_their_words_become_a_reply(
    sign_in: SignIn, site: str, awa: Agent, conversation: Conversation
) -> None:
    atelier = make_team(name="Atelier", purpose="expertise")
    lea = make_agent(name="Léa Martin", role="expert", teams=[atelier])
    page = sign_in(awa)
    open_(page, site, conversation)
    page.keyboard.press("q")
    expect(page.locator("#consult-question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Tab")
    expect(page.locator("#consult-expert")).to_be_focused()
    page.keyboard.press("ArrowDown")
    look(page, "consult")
    assert complaints(page, "consult") == []
    page.locator("main button.primary").press("Enter")
    expect(page.locator(".bridge")).to_contain_text(QUESTION)
    look(page, "consulted")
    assert complaints(page, "consulted") == []

    expert = sign_in(lea)
    expert.keyboard.press("g")
    expert.keyboard.press("h")
    field = expert.locator(".bridge-answer textarea")
    expect(field).to_be_visible()
    field.focus()
    expert.keyboard.type(ANSWER)
    look(expert, "answering")
    assert complaints(expert, "asked") == []
    expert.keyboard.press("Tab")
    expert.keyboard.press("Enter")
    expect(expert.locator("#asked")).not_to_contain_text(QUESTION)

    expect(page.locator(".bridge.is-answered")).to_contain_text(ANSWER)
    look(page, "answered")
    page.locator(".bridge-acts button").first.press("Enter")
    expect(page.locator("#composer-text")).to_have_value(ANSWER)
    look(page, "draft")


def test_somebody_outside_answers_by_the_link_on_a_telephone(
    sign_in: SignIn, site: str, awa: Agent, conversation: Conversation, chromium: Browser
) -> None:
    page = sign_in(awa)
    open_(page, site, conversation)
    page.keyboard.press("q")
    expect(page.locator("#consult-question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.locator("#consult-email").fill("dr.roy@labo.example")
    page.locator("#consult-name").fill("Dr Roy")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".bridge")).to_contain_text("Dr Roy")
    link = page.locator(".bridge-link code").text_content() or ""
    path = link[link.index("/question/") :]

    outside = chromium.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}, service_workers="block")
    stranger = outside.new_page()
    stranger.goto(f"{site}{path}")
    expect(stranger.locator(".question")).to_have_text(QUESTION)
    assert "Nadia" not in stranger.content()
    look(stranger, "question")
    stranger.keyboard.press("Tab")
    stranger.keyboard.type(ANSWER)
    stranger.keyboard.press("Tab")
    stranger.keyboard.press("Enter")
    expect(stranger.locator("h1")).to_have_text("Merci")
    assert not outside.cookies()
    stranger.goto(f"{site}{path}")
    expect(stranger.locator("h1")).to_have_text("Ce lien n’est plus valable")

    assert Consultation.objects.get().answered_by_way == "link"
    expect(page.locator(".bridge.is-answered")).to_contain_text(ANSWER)


def test_the_page_behind_the_link_is_clean(
    site: str, awa: Agent, conversation: Conversation, chromium: Browser
) -> None:
    asked = ask_expert(conversation.pk, question=QUESTION, email="dr.roy@labo.example", by=awa)
    context = chromium.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{site}/question/{link_token(asked)}")
    said = too_wide(page, "question")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        said += complaints(page, f"question, {scheme}")
        look(page, f"question-{scheme}")
    assert said == []
