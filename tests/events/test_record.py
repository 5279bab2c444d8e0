"""The append-only record."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from comptoir.events.models import Event
from comptoir.events.record import CHANNEL, Actor, Happening, record, record_all
from tests.factories import make_agent, make_conversation


@pytest.mark.django_db
def test_an_event_says_who_what_and_why() -> None:
    conversation, agent = make_conversation(), make_agent()
    event = record(
        "conversation.assigned", subject=conversation, by=Actor("agent", agent.pk), reason="Absent", to=agent
    )
    event.refresh_from_db()
    assert (event.name, event.actor_kind, event.actor_id) == ("conversation.assigned", "agent", agent.pk)
    assert (event.subject_kind, event.subject_id, event.conversation_id) == (
        "conversation",
        conversation.pk,
        conversation.pk,
    )
    assert (event.reason, event.details) == ("Absent", {"to": agent.pk})


@pytest.mark.django_db
def test_events_of_one_transaction_share_its_id() -> None:
    record_all(Happening("account.checked", "channelaccount", number) for number in range(3))
    assert Event.objects.filter(name="account.checked").values("transaction_id").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_is_announced_once_when_it_commits() -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        with transaction.atomic():
            events = record_all(Happening("account.checked", "channelaccount", number) for number in range(500))
            assert list(listener.notifies(timeout=0.2)) == []
        heard = list(listener.notifies(timeout=2, stop_after=1)) + list(listener.notifies(timeout=0.2))
    assert [notice.payload for notice in heard] == [f"{events[0].pk}-{events[-1].pk}"]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_announced_for_an_empty_batch() -> None:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        record_all([])
        assert list(listener.notifies(timeout=0.2)) == []
