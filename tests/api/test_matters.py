"""Matters through the API."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from comptoir.api.scopes import Scope
from comptoir.conversations.models import Conversation, Matter, Message
from comptoir.events.models import Event
from comptoir.people.models import Team
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_conversation, make_identity, make_incoming, make_team

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_kinds")]


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


@pytest.fixture
def both(team: Team) -> list[Conversation]:
    """Two of one customer, who waits in the second."""
    nadia = make_identity(name="Nadia Benali").contact
    made = [
        make_conversation(account=make_account(team=team), identity=make_identity(contact=nadia), team=team)
        for _number in range(2)
    ]
    make_incoming(made[1], text="Et ma cafetière ?")
    return made


@pytest.fixture
def program(team: Team) -> Program:
    return program_for(make_agent(teams=[team]))


def opened(program: Program, joining: Sequence[Conversation], **headers: str) -> dict[str, object]:
    asked = {"title": "Cafetière en panne", "conversation_ids": [one.pk for one in joining]}
    answer = program.post("/matters", asked, **headers)
    assert answer.status_code == 201
    return answer.json()  # type: ignore[no-any-return]


def test_it_is_opened_and_owned_by_who_opened_it(program: Program, both: list[Conversation]) -> None:
    matter = opened(program, both)
    assert matter["conversation_ids"] == [one.pk for one in both]
    assert (matter["owner_id"], matter["status"], matter["conversations"]) == (program.agent.pk, "open", 2)
    assert Event.objects.get(name="matter.opened").actor_kind == "token"


def test_the_same_key_opens_one_matter(program: Program, both: list[Conversation]) -> None:
    first, again = (opened(program, both, **{"idempotency-key": "cafetiere-1"}) for _time in range(2))
    assert first["id"] == again["id"]
    assert Matter.objects.count() == 1


def test_it_is_found_by_its_customer_and_its_conversation(program: Program, both: list[Conversation]) -> None:
    pk = opened(program, both)["id"]
    for asked in (
        f"contact={both[0].contact_id}",
        f"conversation={both[1].pk}",
        f"owner={program.agent.pk}&status=open",
    ):
        assert [one["id"] for one in program.get(f"/matters?{asked}").json()["items"]] == [pk]
    assert program.get("/matters?status=resolved").json()["items"] == []


def test_conversations_join_and_part(program: Program, both: list[Conversation]) -> None:
    pk = opened(program, both[:1])["id"]
    joined = program.post(f"/matters/{pk}/conversations", {"conversation_id": both[1].pk}).json()
    assert joined["conversation_ids"] == [one.pk for one in both]
    parted = program.delete(f"/matters/{pk}/conversations/{both[0].pk}").json()
    assert parted["conversation_ids"] == [both[1].pk]


def test_what_is_of_two_people_is_a_conflict(program: Program, both: list[Conversation], team: Team) -> None:
    other = make_conversation(account=make_account(team=team), team=team)
    answer = program.post("/matters", {"title": "?", "conversation_ids": [both[0].pk, other.pk]})
    assert answer.json()["type"] == "urn:comptoir:problem:conflict"


def test_another_name_and_owner(program: Program, both: list[Conversation], team: Team) -> None:
    pk, colleague = opened(program, both)["id"], make_agent(teams=[team])
    assert program.patch(f"/matters/{pk}", {"owner_id": colleague.pk}).json()["owner_id"] == colleague.pk
    changed = program.patch(f"/matters/{pk}", {"title": "Réparation"}).json()
    assert (changed["title"], changed["owner_id"]) == ("Réparation", colleague.pk)
    assert program.patch(f"/matters/{pk}", {"owner_id": None}).json()["owner_id"] is None
    assert program.patch(f"/matters/{pk}", {"owner_id": 999_999}).json()["errors"][0]["pointer"] == "/owner_id"


def test_resolving_says_so_where_it_is_asked(program: Program, both: list[Conversation]) -> None:
    pk = opened(program, both)["id"]
    asked = {"resolution": "Échangée", "text": "Elle part demain.", "tell_conversation_ids": [both[1].pk]}
    answer = program.post(f"/matters/{pk}/resolve", asked).json()
    assert (answer["status"], answer["resolution"]) == ("resolved", "Échangée")
    assert Message.objects.get(direction="outgoing").conversation == both[1]
    assert {one.status for one in Conversation.objects.all()} == {"resolved"}
    assert program.post(f"/matters/{pk}/resolve", {}).status_code == 409
    assert program.post(f"/matters/{pk}/reopen").json()["status"] == "open"


def test_words_to_the_customer_need_the_scope_of_messages(both: list[Conversation], team: Team) -> None:
    scopes = [Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE]
    program = program_for(make_agent(teams=[team]), scopes)
    pk = opened(program, both)["id"]
    asked = {"text": "Elle part demain.", "tell_conversation_ids": [both[1].pk]}
    answer = program.post(f"/matters/{pk}/resolve", asked)
    assert (answer.status_code, answer.json()["scope"]) == (403, "messages:write")
    assert program.post(f"/matters/{pk}/resolve", {"resolution": "Échangée"}).status_code == 200


def test_it_is_said_only_in_its_own_conversations(program: Program, both: list[Conversation]) -> None:
    pk = opened(program, both[:1])["id"]
    answer = program.post(f"/matters/{pk}/resolve", {"text": "Oui.", "tell_conversation_ids": [both[1].pk]})
    assert answer.json()["errors"][0]["pointer"] == "/tell_conversation_ids"


def test_of_other_teams_only_the_number_is_told(program: Program, both: list[Conversation]) -> None:
    pk = opened(program, both)["id"]
    Conversation.objects.filter(pk=both[1].pk).update(team=make_team())
    matter = program.get(f"/matters/{pk}").json()
    assert (matter["conversation_ids"], matter["conversations"]) == ([both[0].pk], 2)
    stranger = program_for(make_agent(teams=[make_team()]))
    assert stranger.get(f"/matters/{pk}").status_code == 404
