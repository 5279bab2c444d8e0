"""Hand-offs through the API."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, HandOff
from comptoir.people.models import Team
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_conversation, make_team

pytestmark = pytest.mark.django_db


@pytest.fixture
def experts() -> Team:
    return make_team(name="Experts")


@pytest.fixture
def service() -> Team:
    return make_team(name="Service")


@pytest.fixture
def conversation(service: Team) -> Conversation:
    return make_conversation(account=make_account(team=service), team=service)


@pytest.fixture
def giver(service: Team) -> Program:
    return program_for(make_agent(teams=[service]))


@pytest.fixture
def taker(experts: Team) -> Program:
    return program_for(make_agent(teams=[experts]))


def offered(giver: Program, conversation: Conversation, experts: Team) -> int:
    body = {"to_team_id": experts.pk, "asked": "Sous garantie ?"}
    answer = giver.ask("POST", f"/conversations/{conversation.pk}/hand-offs", body)
    assert answer.status_code == 201
    return int(answer.json()["id"])


def test_it_is_offered_and_accepted(giver: Program, taker: Program, conversation: Conversation, experts: Team) -> None:
    pk = offered(giver, conversation, experts)
    (waiting,) = taker.get("/hand-offs?state=offered").json()["items"]
    assert (waiting["id"], waiting["asked"]) == (pk, "Sous garantie ?")
    assert waiting["due_at"] is not None
    accepted = taker.ask("POST", f"/hand-offs/{pk}/accept").json()
    assert accepted["state"] == "accepted"
    assert Conversation.objects.get().team == experts


def test_a_refusal_needs_its_reason(giver: Program, taker: Program, conversation: Conversation, experts: Team) -> None:
    pk = offered(giver, conversation, experts)
    assert taker.ask("POST", f"/hand-offs/{pk}/refuse", {"reason": "  "}).status_code == 422
    assert taker.ask("POST", f"/hand-offs/{pk}/refuse", {"reason": "Usure"}).json()["reason"] == "Usure"


def test_what_is_decided_is_a_conflict(
    giver: Program, taker: Program, conversation: Conversation, experts: Team
) -> None:
    pk = offered(giver, conversation, experts)
    taker.ask("POST", f"/hand-offs/{pk}/accept")
    assert giver.ask("POST", f"/hand-offs/{pk}/withdraw").status_code == 404
    other = program_for(make_agent(teams=[experts]))
    assert other.ask("POST", f"/hand-offs/{pk}/accept").json()["type"] == "urn:comptoir:problem:conflict"


def test_a_team_that_is_not_there_is_named(giver: Program, conversation: Conversation) -> None:
    answer = giver.ask("POST", f"/conversations/{conversation.pk}/hand-offs", {"to_team_id": 999, "asked": "?"})
    assert answer.json()["errors"][0]["pointer"] == "/to_team_id"


def test_others_do_not_learn_that_it_is_there(
    giver: Program, taker: Program, conversation: Conversation, experts: Team
) -> None:
    pk = offered(giver, conversation, experts)
    stranger = program_for(make_agent(teams=[make_team()]))
    assert stranger.get(f"/hand-offs/{pk}").status_code == 404
    assert stranger.get("/hand-offs").json()["items"] == []
    assert HandOff.objects.get().is_offered


def test_whoever_is_asked_reads_all_of_it_and_acts_on_none_of_it(
    giver: Program, taker: Program, conversation: Conversation, experts: Team
) -> None:
    address = f"/conversations/{conversation.pk}"
    assert taker.get(address).status_code == 404
    offered(giver, conversation, experts)
    for part in ("", "/messages", "/notes"):
        assert taker.get(address + part).status_code == 200
    assert taker.ask("POST", f"{address}/notes", {"text": "Je regarde"}).status_code == 201
    assert taker.ask("PATCH", address, {"status": "resolved"}).status_code == 404
    assert taker.ask("POST", f"{address}/messages", {"text": "Bonjour"}).status_code == 404
