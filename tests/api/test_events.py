from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from comptoir.events.models import Event
from comptoir.events.queue import renumber_after_restore
from comptoir.events.record import record
from tests.api.conftest import Program, program_for
from tests.factories import make_account, make_agent, make_conversation, make_team

pytestmark = pytest.mark.django_db(transaction=True)


def page(program: Program, address: str = "/events") -> dict[str, Any]:
    response = program.get(address.partition("/api/v1")[2] or address)
    assert response.status_code == 200, response.content
    shown: dict[str, Any] = response.json()
    return shown


def settled() -> None:
    """Wait until no transaction of another test process is open that would hold the queue back."""
    newest = Event.objects.order_by("-transaction_id").values_list("transaction_id", flat=True).first()
    never = threading.Event()
    for _time in range(2400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", [newest])
            if cursor.fetchone()[0]:
                return
        never.wait(0.05)
    raise AssertionError("another transaction is open for too long")


@pytest.fixture
def reader() -> Program:
    return program_for(make_agent(role="administrator"))


def test_following_next_tells_everything_once(reader: Program) -> None:
    conversation = make_conversation()
    made = [record("conversation.assigned", subject=conversation).pk for _number in range(5)]
    settled()
    seen, address, more = [], "/events?limit=2", True
    while more:
        shown = page(reader, address)
        seen += [one["id"] for one in shown["items"]]
        address, more = shown["next"], shown["has_more"]
    assert seen == list(Event.objects.order_by("pk").values_list("pk", flat=True))
    assert set(made) <= set(seen)
    later = record("conversation.resolved", subject=conversation).pk
    settled()
    assert [one["id"] for one in page(reader, address)["items"]] == [later]


def test_from_now_on_tells_only_what_comes(reader: Program) -> None:
    settled()
    shown = page(reader, "/events?start=now")
    assert (shown["items"], shown["has_more"]) == ([], False)
    made = record("conversation.resolved", subject=make_conversation())
    settled()
    items = page(reader, shown["next"])["items"]
    assert [(one["id"], one["name"]) for one in items] == [(made.pk, "conversation.resolved")]
    assert items[0]["conversation_id"] == items[0]["subject"]["id"]


def test_event_that_commits_late_is_not_missed(reader: Program) -> None:
    conversation = make_conversation()
    settled()
    address = page(reader, "/events?start=now")["next"]
    written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            record("conversation.assigned", subject=conversation)
            written.set()
            may_commit.wait(20)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert written.wait(10)
    record("conversation.resolved", subject=conversation)
    early = page(reader, address)
    assert early["items"] == []
    may_commit.set()
    slow.join(20)
    settled()
    names = [one["name"] for one in page(reader, early["next"])["items"]]
    assert names == ["conversation.assigned", "conversation.resolved"]


def test_agent_is_told_about_own_conversations_only() -> None:
    team = make_team()
    mine = make_conversation(account=make_account(team=team))
    program = program_for(make_agent(teams=[team]))
    record("conversation.assigned", subject=make_conversation())
    record("account.disconnected", subject=mine.account)
    wanted = record("conversation.assigned", subject=mine)
    settled()
    shown = page(program)
    assert [one["id"] for one in shown["items"]] == [wanted.pk]
    assert shown["has_more"] is False


def test_page_of_what_one_may_not_read_still_leads_on() -> None:
    team = make_team()
    program = program_for(make_agent(teams=[team]))
    for _number in range(3):
        record("conversation.assigned", subject=make_conversation())
    wanted = record("conversation.assigned", subject=make_conversation(account=make_account(team=team)))
    settled()
    address, seen = "/events?limit=1", []
    for _page in range(20):
        shown = page(program, address)
        seen += [one["id"] for one in shown["items"]]
        address = shown["next"]
    assert seen == [wanted.pk]


def test_cursor_from_before_a_restored_backup_goes_on_by_id(reader: Program) -> None:
    for _number in range(3):
        record("conversation.assigned", subject=make_conversation())
    settled()
    first = page(reader, "/events?limit=1")
    Event.objects.update(transaction_id=2**60)  # as if saved by a server that was far ahead of this one
    renumber_after_restore()
    from comptoir.api.pages import decoded, encoded

    _transaction, event_id = decoded(first["next"].rpartition("cursor=")[2])
    old = encoded([2**60, event_id])
    settled()
    rest = page(reader, f"/events?cursor={old}")["items"]
    assert [one["id"] for one in first["items"] + rest] == list(
        Event.objects.order_by("pk").values_list("pk", flat=True)
    )
