"""Calls to be made, through the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant, now
from comptoir.desk.models import CallBack
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_conversation, make_team

pytestmark = pytest.mark.django_db

NUMBER = "+33612345678"


@pytest.fixture
def conversation() -> Conversation:
    team = make_team()
    return make_conversation(account=make_account(team=team), team=team)


@pytest.fixture
def telephone(conversation: Conversation) -> ChannelAccount:
    return make_account(kind="phone", brand=conversation.account.brand, own_id="+33123456789")


@pytest.fixture
def crm(conversation: Conversation) -> Program:
    assert conversation.team is not None
    return program_for(make_agent(teams=[conversation.team]))


def asked(crm: Program, conversation: Conversation, **body: object) -> dict[str, object]:
    answer = crm.post(f"/conversations/{conversation.pk}/call-backs", {"number": "06 12 34 56 78"} | body)
    assert answer.status_code == 201
    return answer.json()  # type: ignore[attr-defined, no-any-return]  # the test client’s own


def test_a_program_has_a_customer_called(crm: Program, conversation: Conversation, telephone: ChannelAccount) -> None:
    told = asked(crm, conversation)
    assert (told["number"], told["account_id"], told["state"]) == (NUMBER, telephone.pk, "waiting")
    assert told["asked_by_id"] == crm.agent.pk


def test_asking_again_changes_the_call_that_waits(
    crm: Program, conversation: Conversation, telephone: ChannelAccount
) -> None:
    later = now() + timedelta(hours=5)
    first, second = asked(crm, conversation), asked(crm, conversation, due_at=later.isoformat())
    assert first["id"] == second["id"]
    assert CallBack.objects.get().due_at == later


def test_what_is_due_first_comes_first_and_says_whether_it_is_overdue(
    crm: Program, conversation: Conversation, telephone: ChannelAccount
) -> None:
    other = make_conversation(account=conversation.account, team=conversation.team)
    late = asked(crm, conversation, due_at=(now() + timedelta(hours=5)).isoformat())
    soon = asked(crm, other)
    with at_instant(now() + timedelta(hours=2)):
        told = crm.get("/call-backs?state=waiting").json()["items"]
    assert [(one["id"], one["is_overdue"]) for one in told] == [(soon["id"], True), (late["id"], False)]


def test_a_program_says_how_it_ended_once(crm: Program, conversation: Conversation, telephone: ChannelAccount) -> None:
    address = f"/call-backs/{asked(crm, conversation)['id']}/end"
    assert crm.post(address, {"state": "given_up"}).json()["state"] == "given_up"
    assert crm.post(address, {"state": "reached"}).json()["type"] == "urn:comptoir:problem:conflict"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"number": "bonjour"}, "/number"),
        ({"number": NUMBER, "due_at": "2020-01-01T00:00:00Z"}, "/due_at"),
        ({"number": NUMBER, "account_id": 987654321}, "/account_id"),
    ],
)
def test_what_is_wrong_is_named(
    body: dict[str, object], pointer: str, crm: Program, conversation: Conversation, telephone: ChannelAccount
) -> None:
    answer = crm.post(f"/conversations/{conversation.pk}/call-backs", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not CallBack.objects.exists()


def test_a_brand_without_a_telephone_is_a_conflict(crm: Program, conversation: Conversation) -> None:
    answer = crm.post(f"/conversations/{conversation.pk}/call-backs", {"number": NUMBER})
    assert answer.json()["type"] == "urn:comptoir:problem:conflict"


def test_calls_of_another_team_are_not_there(
    crm: Program, conversation: Conversation, telephone: ChannelAccount
) -> None:
    pk = asked(crm, conversation)["id"]
    stranger = program_for(make_agent(teams=[make_team()]))
    assert stranger.get(f"/call-backs/{pk}").status_code == 404
    assert stranger.post(f"/call-backs/{pk}/end", {"state": "reached"}).status_code == 404
    assert stranger.get("/call-backs").json()["items"] == []
