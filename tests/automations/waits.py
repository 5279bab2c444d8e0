"""Customers who wait and are answered, and the worker's minute, at instants of one's choice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comptoir.automations.sweeping import sweep
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import at_instant
from tests.automations.written import run_all
from tests.factories import make_conversation, make_incoming, make_outgoing

#: A Monday, 11:00 in Paris.
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOUR = 4 * HOUR


def look(at: datetime) -> None:
    """The worker's minute."""
    with at_instant(at):
        sweep()
        run_all()


def waiting(at: datetime = MONDAY, **fields: object) -> Conversation:
    conversation = make_conversation(at=at, **fields)
    make_incoming(conversation, sent_at=at)
    return conversation


def answer(conversation: Conversation, at: datetime) -> Message:
    message = make_outgoing(conversation, sent_at=at)
    conversation.waiting_since, conversation.last_message_at = None, at
    conversation.save()
    return message


def tagged() -> set[int]:
    return set(Conversation.objects.filter(tags__name="vu").values_list("pk", flat=True))
