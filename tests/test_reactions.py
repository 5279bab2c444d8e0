from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from comptoir import reactions
from comptoir.events.models import Event, Follower
from comptoir.events.record import record
from comptoir.notifications.actions import create_endpoint
from comptoir.notifications.models import Notice, WebhookDelivery
from comptoir.reactions import REACTIONS, Reaction, follow_forever, react_again, react_once
from tests.factories import make_account, make_conversation

pytestmark = pytest.mark.django_db(transaction=True)


def until(holds: Callable[[], Any], patience_s: float = 120.0) -> Any:
    """Wait until something holds; other tests' open transactions may hold the queue back for a moment."""
    never = threading.Event()
    for _time in range(int(patience_s / 0.05)):
        found = holds()
        if found:
            return found
        never.wait(0.05)
    raise AssertionError("it never came to hold")


def react_to(count: int) -> None:
    """React until that many events more were read."""
    left = count

    def all_read() -> bool:
        nonlocal left
        left -= react_once()
        return left <= 0

    until(all_read)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of events that reached a reaction of this test, which is the only one."""
    ids: list[int] = []
    only = Reaction("test", lambda events: ids.extend(event.pk for event in events))
    monkeypatch.setattr(reactions, "REACTIONS", (only,))
    return ids


def test_each_event_is_reacted_to_once_in_order(seen: list[int]) -> None:
    conversation = make_conversation()
    made = [record("conversation.assigned", subject=conversation).pk for _number in range(3)]
    until(lambda: react_once() == 0 and len(seen) >= 3)
    made.append(record("conversation.resolved", subject=conversation).pk)
    until(lambda: react_once() == 0 and len(seen) >= 4)
    assert seen == made


def test_event_that_commits_late_is_not_missed(seen: list[int]) -> None:
    conversation = make_conversation()
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
    react_once()
    assert seen == []
    may_commit.set()
    slow.join(20)
    until(lambda: react_once() == 0 and len(seen) == 2)
    assert seen == list(Event.objects.order_by("pk").values_list("pk", flat=True))


def test_two_workers_do_not_react_to_the_same(seen: list[int]) -> None:
    record("conversation.resolved", subject=make_conversation())
    until(lambda: react_once() > 0)
    with transaction.atomic():
        Follower.objects.select_for_update().get(pk="reactions")
        counts: list[int] = []

        def other() -> None:
            counts.append(react_once())
            connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert counts == [0]


def test_cut_in_the_middle_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    create_endpoint(url="https://crm.example/", event_names=["conversation.*"])
    record("conversation.resolved", subject=make_conversation())

    def cut(_events: Any) -> None:
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(reactions, "REACTIONS", (*REACTIONS, Reaction("cut", cut)))

        def was_cut() -> bool:
            try:
                react_once()
            except OperationalError:
                return True
            return False

        until(was_cut)
    assert not WebhookDelivery.objects.exists()

    def is_done() -> bool:
        react_once()
        return WebhookDelivery.objects.exists()

    until(is_done)
    assert WebhookDelivery.objects.count() == 1


def test_reaction_that_breaks_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch, seen: list[int]) -> None:
    def broken(_events: Any) -> None:
        Notice.objects.create(kind="x", subject_id=1, subject_name="half done")
        raise ValueError("a defect")

    only = reactions.REACTIONS[0]
    monkeypatch.setattr(reactions, "REACTIONS", (Reaction("broken", broken), only))
    event = record("conversation.resolved", subject=make_conversation())
    until(lambda: react_once() > 0)
    assert seen == [event.pk]
    assert not Notice.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'reactions.react_again'")
        queued = [json.loads(row[0]) for row in cursor.fetchall()]
    assert queued == [{"reaction_name": "broken", "event_ids": [event.pk]}]


def test_a_reaction_to_which_the_database_refuses_a_value_does_not_hold_up_the_others(
    monkeypatch: pytest.MonkeyPatch, seen: list[int]
) -> None:
    """What is too long is OperationalError to psycopg, as if the database were away: the batch came again for ever."""

    def refused(_events: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_to_tsvector(ARRAY[repeat('x', 3000)])")

    only = reactions.REACTIONS[0]
    monkeypatch.setattr(reactions, "REACTIONS", (Reaction("refused", refused), only))
    event = record("conversation.resolved", subject=make_conversation())
    until(lambda: react_once() > 0)
    assert seen == [event.pk]


def test_of_a_batch_that_breaks_again_only_what_it_breaks_over_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poison = 3
    done: list[int] = []

    def broken(events: Any) -> None:
        if any(event.pk == events_made[poison] for event in events):
            raise ValueError("a defect")
        done.extend(event.pk for event in events)

    monkeypatch.setattr(reactions, "REACTIONS", (Reaction("broken", broken),))
    events_made = [record("conversation.resolved", subject=make_conversation()).pk for _number in range(5)]
    waiting = [events_made]
    while waiting:
        batch = waiting.pop()
        with monkeypatch.context() as here:
            here.setattr(reactions, "defer", lambda _name, **asked: waiting.append(asked["event_ids"]))
            if batch == [events_made[poison]]:
                with pytest.raises(ValueError, match="a defect"):
                    react_again("broken", batch)
            else:
                react_again("broken", batch)
    assert sorted(done) == [pk for number, pk in enumerate(events_made) if number != poison]


def test_broken_reaction_is_tried_again_by_itself(seen: list[int]) -> None:
    event = record("conversation.resolved", subject=make_conversation())
    react_again("test", [event.pk])
    assert seen == [event.pk]


def test_lost_account_makes_a_notice_and_found_again_releases_its_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    released: list[int] = []
    monkeypatch.setattr(reactions, "release_queue", released.append)
    account = make_account()
    record("account.disconnected", subject=account, reason="Token expired.")
    until(lambda: react_once() == 0 and Notice.objects.filter(settled_at=None).exists())
    assert released == []
    record("account.reconnected", subject=account)
    until(lambda: react_once() == 0 and released)
    assert released == [account.pk]
    assert not Notice.objects.filter(settled_at=None).exists()


@pytest.fixture
def following() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=follow_forever, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_worker_reacts_within_moments(seen: list[int], following: None) -> None:
    event = record("conversation.resolved", subject=make_conversation())
    until(lambda: event.pk in seen)


def test_worker_survives_the_loss_of_its_connections(seen: list[int], following: None) -> None:
    first = record("conversation.resolved", subject=make_conversation())
    until(lambda: first.pk in seen)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    second = record("conversation.resolved", subject=make_conversation())
    until(lambda: second.pk in seen)
    assert seen.count(first.pk) == 1


def test_worker_goes_on_after_a_backup_was_restored(seen: list[int]) -> None:
    conversation = make_conversation()
    made = [record("conversation.assigned", subject=conversation).pk for _number in range(3)]
    for number, pk in enumerate(made):  # as saved by a server that was far ahead of this one
        Event.objects.filter(pk=pk).update(transaction_id=2**50 + number)
    Follower.objects.create(name="reactions", transaction_id=2**50, event_id=made[0])
    stop = threading.Event()
    thread = threading.Thread(target=follow_forever, args=(stop,))
    thread.start()
    try:
        until(lambda: set(made[1:]) <= set(seen))
        later = record("conversation.resolved", subject=conversation).pk
        until(lambda: later in seen)
    finally:
        stop.set()
        thread.join(10)
    assert made[0] not in seen
