from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

import pytest

from comptoir.conversations.models import Conversation
from comptoir.events.models import Event
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 1, 9, tzinfo=UTC)


def ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["items"]]


def test_latest_message_comes_first(administrator: Program) -> None:
    older, newer = make_conversation(at=START), make_conversation(at=START + timedelta(hours=1))
    assert ids(administrator.get("/conversations")) == [newer.pk, older.pk]


@pytest.mark.parametrize("name", ["status", "team", "assignee", "account", "contact"])
def test_each_filter_keeps_only_its_own(administrator: Program, name: str) -> None:
    mate = make_agent()
    make_conversation()
    wanted = make_conversation(status="pending", assignee=mate)
    value = {
        "status": "pending",
        "team": wanted.team_id,
        "assignee": mate.pk,
        "account": wanted.account_id,
        "contact": wanted.contact_id,
    }[name]
    assert ids(administrator.get(f"/conversations?{name}={value}")) == [wanted.pk]


def test_updated_since_takes_the_instant_itself(administrator: Program) -> None:
    make_conversation(at=START - timedelta(microseconds=1))
    wanted = make_conversation(at=START)
    assert ids(administrator.get(f"/conversations?updated_since={quote(START.isoformat())}")) == [wanted.pk]


def test_offset_that_the_database_does_not_know_is_understood(administrator: Program) -> None:
    wanted = make_conversation(at=START)
    instant = START.astimezone(timezone(timedelta(hours=-18, minutes=-24))).isoformat()
    assert ids(administrator.get(f"/conversations?updated_since={quote(instant)}")) == [wanted.pk]


def test_instant_without_offset_is_invalid(administrator: Program) -> None:
    assert administrator.get("/conversations?updated_since=2026-11-01T09:00:00").status_code == 422


def test_agent_sees_own_team_and_what_is_given_to_them() -> None:
    team = make_team()
    agent = make_agent(teams=[team])
    of_team = make_conversation(account=make_account(team=team), at=START)
    given = make_conversation(assignee=agent, at=START + timedelta(hours=1))
    make_conversation()
    assert ids(program_for(agent).get("/conversations")) == [given.pk, of_team.pk]


def test_conversation_can_be_handed_over_tagged_and_resolved_at_once(administrator: Program) -> None:
    team = make_team()
    mate = make_agent(teams=[team])
    conversation = make_conversation()
    asked = {"team_id": team.pk, "assignee_id": mate.pk, "tags": ["Colis", "retard"], "status": "resolved"}
    shown = administrator.patch(f"/conversations/{conversation.pk}", asked).json()
    assert (shown["team_id"], shown["assignee_id"], shown["tags"], shown["status"]) == (
        team.pk,
        mate.pk,
        ["colis", "retard"],
        "resolved",
    )
    actors = set(Event.objects.filter(conversation_id=conversation.pk).values_list("actor_kind", "actor_id"))
    assert actors == {("token", administrator.token_id)}


def test_conversation_is_taken_from_its_assignee_with_null(administrator: Program) -> None:
    conversation = make_conversation(assignee=make_agent())
    assert administrator.patch(f"/conversations/{conversation.pk}", {"assignee_id": None}).json()["assignee_id"] is None


def test_what_is_left_out_stays(administrator: Program) -> None:
    mate = make_agent()
    conversation = make_conversation(assignee=mate)
    shown = administrator.patch(f"/conversations/{conversation.pk}", {"tags": ["vip"]}).json()
    assert (shown["assignee_id"], shown["status"]) == (mate.pk, "open")


def test_its_priority_is_set(administrator: Program) -> None:
    conversation = make_conversation()
    assert administrator.patch(f"/conversations/{conversation.pk}", {"priority": 3}).json()["priority"] == 3
    assert administrator.patch(f"/conversations/{conversation.pk}", {"priority": 4}).status_code == 422


def test_tags_replace_those_there_were(administrator: Program) -> None:
    conversation = make_conversation()
    administrator.patch(f"/conversations/{conversation.pk}", {"tags": ["vip", "colis"]})
    assert administrator.patch(f"/conversations/{conversation.pk}", {"tags": ["colis"]}).json()["tags"] == ["colis"]


def test_change_that_fails_in_part_changes_nothing(administrator: Program) -> None:
    conversation = make_conversation()
    asked = {"tags": ["vip"], "assignee_id": make_agent(role="director").pk}
    response = administrator.patch(f"/conversations/{conversation.pk}", asked)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/assignee_id")
    assert not conversation.tags.exists()


@pytest.mark.parametrize("field", ["assignee_id", "team_id"])
def test_unknown_person_or_team_is_pointed_at(administrator: Program, field: str) -> None:
    response = administrator.patch(f"/conversations/{make_conversation().pk}", {field: 987_654_321})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, f"/{field}")


def test_resolved_conversation_cannot_be_assigned(administrator: Program) -> None:
    conversation = make_conversation(status="resolved", resolved_at=START)
    response = administrator.patch(f"/conversations/{conversation.pk}", {"assignee_id": administrator.agent.pk})
    assert (response.status_code, response.json()["type"]) == (409, "urn:comptoir:problem:conflict")


def test_resolving_and_reopening_twice_is_no_error(administrator: Program) -> None:
    conversation = make_conversation()
    for status in ("resolved", "resolved", "open", "open"):
        response = administrator.patch(f"/conversations/{conversation.pk}", {"status": status})
        assert (response.status_code, response.json()["status"]) == (200, status)


def test_reopening_what_a_newer_one_replaced_is_a_conflict(administrator: Program) -> None:
    newer = make_conversation()
    older = make_conversation(
        account=newer.account,
        identity=newer.identity,
        thread_id=newer.thread_id,
        status="resolved",
        resolved_at=START,
    )
    assert administrator.patch(f"/conversations/{older.pk}", {"status": "open"}).status_code == 409


def test_expert_may_neither_tag_nor_assign() -> None:
    team = make_team()
    expert = program_for(make_agent(role="expert", teams=[team]))
    path = f"/conversations/{make_conversation(account=make_account(team=team)).pk}"
    assert expert.patch(path, {"tags": ["avis"]}).json()["permission"] == "assign"
    assert expert.patch(path, {"assignee_id": None}).json()["permission"] == "assign"


def test_agent_may_hand_over_to_a_team_whose_conversations_they_do_not_see() -> None:
    mine, theirs = make_team(), make_team()
    agent = program_for(make_agent(teams=[mine]))
    path = f"/conversations/{make_conversation(account=make_account(team=mine)).pk}"
    assert agent.patch(path, {"team_id": theirs.pk}).json()["team_id"] == theirs.pk
    assert agent.get(path).status_code == 404


def test_conversation_is_shown_with_its_person_and_last_words(administrator: Program) -> None:
    conversation = make_conversation()
    make_incoming(conversation, text="Où est mon colis ?")
    shown = administrator.get(f"/conversations/{conversation.pk}").json()
    assert shown["last_message_text"] == "Où est mon colis ?"
    assert shown["identity"]["external_id"] == conversation.identity.external_id
    assert shown["waiting_since"] is not None
    assert Conversation.objects.get().pk == shown["id"]
