"""Many processes deliver the same replies: each arrives once."""

from __future__ import annotations

import contextlib
import dataclasses
import random
import time
from collections import Counter
from datetime import timedelta

import pytest

from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.core.tasks import Retry
from comptoir.delivery.models import Attempt
from comptoir.delivery.recovery import close_cut_attempts
from comptoir.delivery.tasks import deliver
from tests.delivery.conftest import Queue, waiting_conversation
from tests.factories import make_conversation
from tests.fake_network import Fake, FakeNetwork
from tests.processes import run_side_by_side

PROCESSES = 8


def deliver_all(message_ids: list[int], seed: int, seconds: float) -> None:
    """What one process does: every job, in an order of its own, until nothing is queued; now and then it recovers."""
    deadline = time.monotonic() + seconds
    chance = random.Random(seed)
    while time.monotonic() < deadline:
        order = message_ids[:]
        chance.shuffle(order)
        for message_id in order:
            with contextlib.suppress(Retry):
                deliver(message_id)
            if chance.random() < 0.1:
                close_cut_attempts()
        if not Message.objects.filter(pk__in=message_ids, state="queued").exists():
            return


def run_everywhere(message_ids: list[int], *, seconds: float = 60) -> None:
    run_side_by_side(deliver_all, [(message_ids, seed, seconds) for seed in range(PROCESSES)], seconds=120)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["fake", "fake_safe", "fake_findable"])
def test_eight_processes_send_each_reply_once_and_in_order(kind: str, queue: Queue, fake_network: FakeNetwork) -> None:
    conversations = [waiting_conversation(kind) for _number in range(6)]
    written = {
        conversation.pk: [queue(conversation, f"{conversation.pk}/{number}") for number in range(3)]
        for conversation in conversations
    }
    run_everywhere([message.pk for messages in written.values() for message in messages])
    assert Counter(fake_network.texts) == Counter({text(one): 1 for messages in written.values() for one in messages})
    for messages in written.values():
        arrived = [one for one in fake_network.texts if one in {text(message) for message in messages}]
        assert arrived == [text(message) for message in messages]
    assert set(Message.objects.outgoing().values_list("state", flat=True)) == {"sent"}
    assert set(Attempt.objects.values_list("number", "outcome")) == {(1, "accepted")}


def text(message: Message) -> str:
    return message.text


@pytest.mark.django_db(transaction=True)
def test_processes_share_the_budget_of_an_account(
    queue: Queue, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "limits", dataclasses.replace(Fake.limits, sends_per_minute=12))
    account = waiting_conversation("fake").account
    messages = [queue(make_conversation(account=account), str(number)) for number in range(30)]
    begun = now()
    run_everywhere([message.pk for message in messages], seconds=2)
    minutes = (now() - begun) / timedelta(minutes=1)
    assert 2 <= len(fake_network.arrived) <= 2 + 10 * minutes, "a burst of two, then ten a minute"
