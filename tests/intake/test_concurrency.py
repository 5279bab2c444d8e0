"""Sixteen processes deliver the same events, in random order and more than once: exactly one of everything."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from comptoir.channels.models import ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Delivery
from comptoir.contacts.models import Contact, ContactIdentity
from comptoir.conversations.models import Conversation, Message
from comptoir.events.models import Event
from comptoir.intake import consumer
from comptoir.intake.actions import receive, store_delivery
from comptoir.intake.ahead import Ahead
from comptoir.intake.consumer import consume_forever, consume_once
from comptoir.intake.models import RawDelivery
from tests.factories import make_account
from tests.fake_network import Fake
from tests.intake.events import START
from tests.processes import run_side_by_side, started

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES, EVENTS, PEOPLE = 16, 2000, 150
ACCOUNTS = 4


def written(events: int = EVENTS) -> list[dict[str, Any]]:
    """Messages of 150 people in 300 threads."""
    return [
        {
            "id": f"m{number}",
            "author": f"p{number % PEOPLE}",
            "thread": f"t{number % (2 * PEOPLE)}",
            "text": f"Message {number}",
            "at": (START + timedelta(seconds=number)).isoformat(),
        }
        for number in range(events)
    ]


def deliver_and_consume(seed: int, account_ids: list[int], count: int) -> None:
    """Deliver everything in an order of one's own, some of it twice, consuming in between; then help to finish."""
    chance = random.Random(seed)
    events = written(count)
    events += chance.sample(events, count // 10)
    chance.shuffle(events)
    for start in range(0, len(events), 40):
        part = events[start : start + 40]
        body = json.dumps(part).encode()
        store_delivery(account_ids[int(part[0]["id"][1:]) % ACCOUNTS], Delivery(body))
        if chance.random() < 0.2:
            consume_once()
    consumer.BATCH_DELIVERIES = 10  # in this process: of what is left, some is read ahead
    with Ahead() as ahead:
        while RawDelivery.objects.filter(state="new").exists():
            consume_once(ahead)


def receive_directly(seed: int, account_id: int) -> None:
    """Without the consumer's lock: only the constraints and receiving itself hold."""
    chance = random.Random(seed)
    account = ChannelAccount.objects.get(pk=account_id)
    events = [Fake({}, None, own_id="us")._event(one) for one in written()[:400]]  # type: ignore[arg-type]  # parses only
    chance.shuffle(events)
    for start in range(0, len(events), 50):
        receive(account, events[start : start + 50])


def run_all(work: Callable[..., None], *arguments: Any) -> None:
    run_side_by_side(work, [(seed, *arguments) for seed in range(PROCESSES)], seconds=280)


def count_all() -> dict[str, int]:
    models = (Contact, ContactIdentity, Conversation, Message)
    return {model.__name__: model.objects.count() for model in models} | {
        name: Event.objects.filter(name=name).count() for name in ("message.received", "conversation.started")
    }


@pytest.mark.peers
def test_sixteen_processes_delivering_the_same_events_make_exactly_one_of_everything(monkeypatch):
    monkeypatch.setattr(registry, "connector_classes", lambda: {"fake": Fake})
    accounts = [make_account(own_id="us")]
    run_all(deliver_and_consume, [accounts[0].pk] * ACCOUNTS, EVENTS)
    assert count_all() == {
        "Contact": PEOPLE,
        "ContactIdentity": PEOPLE,
        "Conversation": 2 * PEOPLE,
        "Message": EVENTS,
        "message.received": EVENTS,
        "conversation.started": 2 * PEOPLE,
    }
    assert set(RawDelivery.objects.values_list("state", flat=True)) == {"done"}
    assert _misplaced() == 0


def test_the_same_people_on_four_accounts_at_once_are_the_same_contacts(monkeypatch):
    monkeypatch.setattr(registry, "connector_classes", lambda: {"fake": Fake})
    accounts = [make_account() for _number in range(ACCOUNTS)]
    run_all(deliver_and_consume, [account.pk for account in accounts], EVENTS // 4)
    assert (Contact.objects.count(), ContactIdentity.objects.count()) == (PEOPLE, PEOPLE)
    assert set(RawDelivery.objects.values_list("state", flat=True)) == {"done"}
    assert _misplaced() == 0


def test_receiving_needs_no_consumer_to_make_one_of_each():
    account = make_account(own_id="us")
    run_all(receive_directly, account.pk)
    assert Message.objects.count() == Event.objects.filter(name="message.received").count() == 400
    assert Contact.objects.count() == PEOPLE


def consume_until_killed() -> None:
    consumer.BATCH_DELIVERIES = 20  # in this process: what comes next is read ahead
    consume_forever(threading.Event())


@pytest.mark.peers
def test_a_consumer_killed_at_any_instant_loses_and_doubles_nothing(monkeypatch):
    monkeypatch.setattr(registry, "connector_classes", lambda: {"fake": Fake})
    account, events = make_account(own_id="us"), written(1200)
    chance = random.Random(7)
    for start in range(0, len(events), 100):
        for one in events[start : start + 100]:
            store_delivery(account.pk, Delivery(json.dumps([one]).encode()))
        process = started(consume_until_killed)
        process.join(chance.uniform(0.02, 0.4))
        process.kill()
        process.join()
    while consume_once():
        pass
    assert Message.objects.count() == Event.objects.filter(name="message.received").count() == 1200
    assert set(RawDelivery.objects.values_list("state", flat=True)) == {"done"}
    assert _misplaced() == 0


def _misplaced() -> int:
    """Conversations that do not say what their messages say."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM conversations_conversation AS conversation JOIN LATERAL (
                SELECT min(sent_at) AS first, max(sent_at) AS last, count(*) FILTER (WHERE identity_id <>
                    conversation.identity_id) AS alien
                FROM conversations_message WHERE conversation_id = conversation.id) AS said ON true
            WHERE (started_at, last_message_at, waiting_since) IS DISTINCT FROM (said.first, said.last, said.first)
                OR said.alien > 0
            """
        )
        return int(cursor.fetchone()[0])
