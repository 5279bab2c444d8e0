"""A reply of which the network makes several messages: its text, and each of its files."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from comptoir.connectors.base import Author, EventKind, NetworkEvent, Sent
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery.attempts import Accepted
from comptoir.delivery.claiming import claim
from comptoir.delivery.outcomes import settle
from comptoir.intake.actions import receive
from tests.delivery.conftest import Queue, reread
from tests.factories import make_outgoing


def sent_in_parts(message: Message, *part_ids: str) -> Message:
    attempt = claim(message.pk)
    assert attempt is not None
    settle(attempt, Accepted(Sent("net-1", now(), part_ids=part_ids)))
    return reread(message)


def event(kind: EventKind, conversation: Conversation, **fields: object) -> NetworkEvent:
    ours = {"event": kind, "direction": "outgoing", "visibility": "private", "sent_at": now(),
            "counterpart": Author(conversation.identity.external_id)}  # fmt: skip
    return NetworkEvent(**ours | fields)  # type: ignore[arg-type]


def test_the_echo_of_a_part_is_no_message_of_its_own(conversation: Conversation, queue: Queue) -> None:
    message = sent_in_parts(queue(conversation), "net-2", "net-3")
    echo = event(EventKind.MESSAGE, conversation, external_id="net-2", text="")
    assert receive(conversation.account, [echo]) == 0
    assert list(Message.objects.outgoing()) == [message]


def test_the_echo_of_a_part_that_came_first_is_taken_over(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    make_outgoing(conversation, external_id="net-2")
    sent_in_parts(message, "net-2")
    assert list(Message.objects.outgoing()) == [message]


def test_the_echoes_of_all_parts_may_be_quicker_than_the_networks_answer(
    conversation: Conversation, queue: Queue
) -> None:
    message = queue(conversation)
    attempt = claim(message.pk)
    assert attempt is not None
    first = event(EventKind.MESSAGE, conversation, external_id="net-1", text=message.text)
    second = event(EventKind.MESSAGE, conversation, external_id="net-2", text="")
    receive(conversation.account, [first, second])
    settle(attempt, Accepted(Sent("net-1", now(), part_ids=("net-2",))))
    assert list(Message.objects.outgoing()) == [message]
    receive(conversation.account, [second])
    assert list(Message.objects.outgoing()) == [message]


@pytest.mark.django_db(transaction=True)
def test_the_echo_of_a_part_that_comes_while_the_networks_answer_is_written_down_is_no_message_of_its_own(
    conversation: Conversation, queue: Queue
) -> None:
    message, account = queue(conversation), conversation.account
    echo = event(EventKind.MESSAGE, conversation, external_id="net-2", thread_id=conversation.thread_id, text="")
    with ThreadPoolExecutor(1) as intake:
        with transaction.atomic():
            sent_in_parts(message, "net-2")
            received = intake.submit(receive, account, [echo])
            while not (received.done() or _somebody_waits_for_us()):
                threading.Event().wait(0.02)
        assert received.result(30) == 0
        intake.submit(lambda: connection.close()).result(30)  # the thread's own
    assert list(Message.objects.outgoing()) == [message]


def _somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


def test_a_receipt_for_a_part_is_about_the_reply(conversation: Conversation, queue: Queue) -> None:
    message = sent_in_parts(queue(conversation), "net-2")
    receive(conversation.account, [event(EventKind.READ, conversation, target_id="net-2")])
    assert reread(message).state == "read"


def test_a_part_that_does_not_arrive_fails_the_reply(conversation: Conversation, queue: Queue) -> None:
    message = sent_in_parts(queue(conversation), "net-2")
    receive(conversation.account, [event(EventKind.FAILED, conversation, target_id="net-2", reason="Too large.")])
    assert (reread(message).state, reread(message).failure) == ("failed", "Too large.")
