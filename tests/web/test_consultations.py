"""Consultations on the screens."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comptoir.catalogue.models import CatalogueEntry
from comptoir.conversations.models import Consultation, Conversation, Draft
from comptoir.desk.consultations import answer_consultation, ask_expert
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team
from tests.fake_network import FakeNetwork
from tests.web.conftest import client_of, htmx

pytestmark = pytest.mark.django_db

QUESTION = "La pompe est-elle couverte ?"


@pytest.fixture
def awa() -> Agent:
    return make_agent(name="Awa Diop", teams=[make_team(name="Service")])


@pytest.fixture
def lea() -> Agent:
    return make_agent(name="Léa Martin", role="expert", teams=[make_team(name="Atelier", purpose="expertise")])


@pytest.fixture
def conversation(awa: Agent, fake_network: FakeNetwork) -> Conversation:
    team = awa.teams.get()
    made = make_conversation(account=make_account(team=team), team=team, assignee=awa)
    make_incoming(made, text="Ma cafetière fuit.")
    return made


def page_of(client: Client, conversation: Conversation) -> str:
    return client.get(reverse("conversation", args=[conversation.pk])).content.decode()


def test_a_colleague_is_asked(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    address = reverse("consult", args=[conversation.pk])
    client = client_of(awa)
    assert "Léa Martin" in client.get(address).content.decode()
    client.post(address, {"question": QUESTION, "expert": lea.pk})
    assert QUESTION in page_of(client, conversation)


@pytest.mark.parametrize(
    ("kind", "told"),
    [("email", "La question est posée à Dr Roy."), ("fake", "Aucune boîte aux lettres ne peut écrire à Dr Roy")],
)
def test_whoever_asks_somebody_outside_is_told_whether_it_can_leave(
    conversation: Conversation, awa: Agent, settings: Any, kind: str, told: str
) -> None:
    settings.EMAIL_HOST = ""
    make_account(kind=kind, brand=conversation.account.brand)
    asked = {"question": QUESTION, "expert": "", "email": "roy@clinique.example", "name": "Dr Roy", "language": "fr"}
    answer = client_of(awa).post(reverse("consult", args=[conversation.pk]), asked, follow=True)
    assert told in answer.content.decode()
    assert Consultation.objects.get().outside_email == "roy@clinique.example"


def test_a_refused_form_keeps_all_of_it(conversation: Conversation, awa: Agent) -> None:
    posted = {"question": QUESTION, "expert": "", "email": "pas une adresse", "name": "Dr Roy", "language": "en"}
    answer = client_of(awa).post(reverse("consult", args=[conversation.pk]), posted)
    assert answer.status_code == 422
    page = answer.content.decode()
    for typed in (QUESTION, "pas une adresse", "Dr Roy"):
        assert typed in page


def test_the_expert_reads_it_and_answers(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    asked = ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)
    client = client_of(lea)
    assert QUESTION in client.get(reverse("asked")).content.decode()
    page = page_of(client, conversation)
    assert "Ma cafetière fuit." in page
    assert 'id="resolve"' not in page
    address = reverse("answer_consultation", args=[asked.pk])
    answered = client.post(address, {"answer": "Oui."}, headers=htmx())
    assert answered.headers["HX-Redirect"] == reverse("asked") + "#asked-title"
    assert client.get(reverse("conversation", args=[conversation.pk])).status_code == 404
    assert "Oui." in page_of(client_of(awa), conversation)


def test_nobody_else_answers(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    asked = ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)
    for other in (awa, make_agent(role="administrator")):
        answer = client_of(other).post(reverse("answer_consultation", args=[asked.pk]), {"answer": "Oui."})
        assert answer.status_code == 404
    asked.refresh_from_db()
    assert asked.is_open


def test_the_link_is_shown_to_those_who_have_the_conversation(
    conversation: Conversation, awa: Agent, lea: Agent
) -> None:
    ask_expert(conversation.pk, question=QUESTION, email="dr.roy@labo.example", by=awa)
    ask_expert(conversation.pk, question="Et vous ?", expert=lea, by=awa)
    assert "/question/" in page_of(client_of(awa), conversation)
    page = page_of(client_of(lea), conversation)
    assert "/question/" not in page
    assert "dr.roy@labo.example" not in page.split('id="bridges"')[1].split('id="exchange-scroll"')[0]


def test_one_press_makes_it_a_reply_and_one_more_an_entry(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    asked = ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)
    answer_consultation(asked.pk, text="Oui, deux ans.", way=Consultation.Way.SCREEN, by=lea)
    client = client_of(awa)
    client.post(reverse("use_expert_answer", args=[asked.pk]), headers=htmx())
    assert Draft.objects.get().text == "Oui, deux ans."
    offered = client.post(reverse("offer_expert_answer", args=[asked.pk]), headers=htmx())
    entry = CatalogueEntry.objects.get()
    assert offered.headers["HX-Redirect"] == reverse("edit_entry", args=[entry.pk])
    assert entry.question == QUESTION


def test_what_is_over_is_told_and_the_words_are_not_lost(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    asked = ask_expert(conversation.pk, question=QUESTION, expert=lea, by=awa)
    answer_consultation(asked.pk, text="Oui.", way=Consultation.Way.SCREEN, by=lea)
    answer = client_of(lea).post(reverse("answer_consultation", args=[asked.pk]), {"answer": "Non."}, headers=htmx())
    assert answer.status_code == 409
