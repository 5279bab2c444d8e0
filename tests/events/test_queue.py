from __future__ import annotations

import pytest

from comptoir.events.models import Event, Follower
from comptoir.events.queue import (
    START,
    Position,
    events_after,
    is_from_elsewhere,
    position_of,
    renumber_after_restore,
    valid_position,
)
from comptoir.events.record import Happening, record_all
from tests.test_reactions import until

pytestmark = pytest.mark.django_db(transaction=True)


def write(count: int) -> list[int]:
    """That many events, each in a transaction of its own; returns when all can be read."""
    ids = [record_all([Happening("conversation.assigned", "conversation", 1)])[0].pk for _number in range(count)]
    until(lambda: ids[-1] in {event.pk for event in events_after(START, limit=1000)})
    return ids


def ids_after(position: Position) -> list[int]:
    return [event.pk for event in events_after(position, limit=1000)]


def test_events_come_in_order_after_a_position() -> None:
    ids = write(4)
    second = events_after(START, limit=2)[1]
    assert ids_after(START) == ids
    assert ids_after(position_of(second)) == ids[2:]


def test_events_of_one_transaction_come_in_the_order_of_their_ids() -> None:
    batch = [Happening("conversation.assigned", "conversation", number) for number in range(5)]
    ids = [event.pk for event in record_all(batch)]
    until(lambda: len(events_after(START, limit=10)) == 5)
    middle = events_after(START, limit=3)[-1]
    assert ids_after(position_of(middle)) == ids[3:]


def test_restored_record_is_read_on_from_where_it_was() -> None:
    ids = write(4)
    far = 2**50  # ids of the server that the record was saved from
    for number, pk in enumerate(ids):
        Event.objects.filter(pk=pk).update(transaction_id=far + number)
    Follower.objects.create(name="reader", transaction_id=far + 1, event_id=ids[1])
    assert ids_after(START) == []
    renumber_after_restore()
    reader = Follower.objects.get()
    assert ids_after(Position(int(reader.transaction_id), reader.event_id)) == ids[2:]
    assert ids_after(valid_position(Position(far + 2, ids[2]))) == ids[3:]


def test_what_is_written_after_a_restore_comes_last() -> None:
    ids = write(2)
    Follower.objects.create(name="reader", transaction_id=2**50, event_id=ids[-1])
    renumber_after_restore()
    later = write(1)
    reader = Follower.objects.get()
    assert ids_after(Position(int(reader.transaction_id), reader.event_id)) == later


def test_own_record_is_not_taken_for_a_restored_one() -> None:
    ids = write(2)
    Follower.objects.create(
        name="reader", transaction_id=events_after(START, limit=1)[0].transaction_id, event_id=ids[0]
    )
    assert not is_from_elsewhere()


@pytest.mark.parametrize("what", [Event, Follower])
def test_record_of_another_server_is_recognised(what: type[Event | Follower]) -> None:
    write(1)
    Follower.objects.create(name="reader", transaction_id=1)
    what.objects.update(transaction_id=2**50)
    assert is_from_elsewhere()
    renumber_after_restore()
    assert not is_from_elsewhere()
