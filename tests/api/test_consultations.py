"""Consultations through the API."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from tests.api.conftest import program_for
from tests.factories import make_account, make_agent, make_conversation, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def awa() -> Agent:
    return make_agent(teams=[make_team()])


@pytest.fixture
def lea() -> Agent:
    return make_agent(role="expert")


@pytest.fixture
def conversation(awa: Agent) -> Conversation:
    team = awa.teams.get()
    return make_conversation(account=make_account(team=team), team=team)


def test_a_colleague_is_asked_and_answers(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    body = {"question": "Couvert ?", "expert_id": lea.pk}
    asked = program_for(awa).ask("POST", f"/conversations/{conversation.pk}/consultations", body)
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    pk = asked.json()["id"]
    assert [one["id"] for one in program_for(lea).get("/consultations?state=asked").json()["items"]] == [pk]
    answered = program_for(lea).ask("POST", f"/consultations/{pk}/answer", {"answer": "Oui."}).json()
    assert (answered["state"], answered["answer"]) == ("answered", "Oui.")
    assert conversation.notes.get().pk == answered["note_id"]


def test_only_the_one_who_is_asked_answers(conversation: Conversation, awa: Agent, lea: Agent) -> None:
    body = {"question": "Couvert ?", "expert_id": lea.pk}
    pk = program_for(awa).ask("POST", f"/conversations/{conversation.pk}/consultations", body).json()["id"]
    assert program_for(awa).ask("POST", f"/consultations/{pk}/answer", {"answer": "Oui."}).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"question": "  ", "email": "a@b.example"}, "/question"),
        ({"question": "?", "email": "a@"}, "/email"),
        ({"question": "?", "expert_id": 999_999}, "/expert_id"),
    ],
)
def test_what_is_wrong_is_named(conversation: Conversation, awa: Agent, body: dict[str, object], pointer: str) -> None:
    answer = program_for(awa).ask("POST", f"/conversations/{conversation.pk}/consultations", body)
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_link_and_the_token_are_told_to_no_program(conversation: Conversation, awa: Agent) -> None:
    body = {"question": "Couvert ?", "email": "dr.roy@labo.example"}
    asked = program_for(awa).ask("POST", f"/conversations/{conversation.pk}/consultations", body).json()
    assert not {"link_key", "mail_token", "outside_email"} & asked.keys()
