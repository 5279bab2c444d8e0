"""Reading the record as a queue: in order, each event once, and none missed that commits late.

An event is read only once no transaction older than its own is open: what such a one still writes would come before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Func, Q, QuerySet

from comptoir.events.models import Event, Follower, TransactionIdField


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """How far a reader has come: everything up to and including this event."""

    transaction_id: int = 0
    event_id: int = 0


START = Position()


def position_of(event: Event) -> Position:
    return Position(int(event.transaction_id), event.pk)


def events_after(position: Position, *, limit: int) -> Sequence[Event]:
    """The next events in the order of the queue, at most ``limit``."""
    return list(_after(position).filter(transaction_id__lt=_oldest_open_transaction())[:limit])


def newest_position() -> Position:
    """After everything that can be read now."""
    newest = (
        Event.objects.filter(transaction_id__lt=_oldest_open_transaction()).order_by("-transaction_id", "-id").first()
    )
    return position_of(newest) if newest else START


def newest_moment() -> tuple[int, int]:
    """The newest event that is seen at this moment, 0 for none, and the oldest transaction that is open.

    What is seen later is newer than the one, or was told by a transaction no older than the other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0), pg_snapshot_xmin(pg_current_snapshot())::text FROM events_event")
        newest, oldest_open = cursor.fetchone()
    return int(newest), int(oldest_open)


def valid_position(position: Position) -> Position:
    """``position``, or where it lies in this database when it was read in another one, before a backup was restored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        newest = int(cursor.fetchone()[0])
    return position if position.transaction_id < newest else Position(_RESTORED, position.event_id)


@contextmanager
def next_events(follower: str, *, limit: int = 500) -> Iterator[Sequence[Event]]:
    """The next events for one follower, in one transaction with what it makes of them.

    Leaving the block without an error moves the follower past them. Empty when there are none, or when another process
    is at it.
    """
    with transaction.atomic():
        if not Follower.objects.filter(pk=follower).exists():
            Follower.objects.bulk_create([Follower(name=follower, transaction_id=0)], ignore_conflicts=True)
        mine = Follower.objects.select_for_update(skip_locked=True).filter(pk=follower).first()
        if mine is None:
            yield []
            return
        events = events_after(Position(int(mine.transaction_id), mine.event_id), limit=limit)
        yield events
        if events:
            last = position_of(events[-1])
            mine.transaction_id, mine.event_id = last.transaction_id, last.event_id
            mine.save()


def is_from_elsewhere() -> bool:
    """Whether the record holds transaction ids that this server has not given out: it was restored from a backup."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM events_event"
            " WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot())) OR EXISTS (SELECT 1 FROM events_follower"
            " WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot()))"
        )
        return bool(cursor.fetchone()[0])


@transaction.atomic
def renumber_after_restore() -> None:
    """Make a restored record readable: transaction ids of the server it was saved from mean nothing here.

    Every event gets the oldest id there is, so that the order is that of the events' own ids; a follower goes back to
    before its first unread event, and may read some again.
    """
    for follower in Follower.objects.select_for_update():
        unread = _after(Position(int(follower.transaction_id), follower.event_id)).order_by("id").first()
        read = Event.objects.filter(pk__lt=unread.pk) if unread else Event.objects.all()
        last = read.order_by("-id").first()
        follower.event_id, follower.transaction_id = (last.pk if last else 0), _RESTORED
        follower.save()
    Event.objects.update(transaction_id=_RESTORED)


#: Older than the first transaction that any server gives out.
_RESTORED = 1


def _after(position: Position) -> QuerySet[Event]:
    later = Q(transaction_id__gt=position.transaction_id) | Q(id__gt=position.event_id)
    return (
        Event.objects.filter(transaction_id__gte=position.transaction_id).filter(later).order_by("transaction_id", "id")
    )


def _oldest_open_transaction() -> Func:
    return Func(Func(function="pg_current_snapshot"), function="pg_snapshot_xmin", output_field=TransactionIdField())
