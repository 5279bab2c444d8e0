"""Since when a customer waits, read off the messages."""

from __future__ import annotations

from datetime import datetime

from comptoir.conversations.models import Conversation, Message

_AT_THE_NETWORK = (Message.State.SENT, Message.State.DELIVERED, Message.State.READ)


def unanswered_since(conversation: Conversation, *, from_: datetime | None) -> datetime | None:
    """The first of their messages since ``from_`` that came after our last answer; what came before was settled."""
    answers = conversation.messages.outgoing().filter(is_automatic=False, state__in=_AT_THE_NETWORK)
    answered_at = answers.order_by("-sent_at").values_list("sent_at", flat=True).first()
    asked = conversation.messages.incoming().filter(is_automatic=False, deleted_at=None)
    if answered_at is not None:
        asked = asked.filter(sent_at__gt=answered_at)
    if from_ is not None:
        asked = asked.filter(sent_at__gte=from_)
    return asked.order_by("sent_at").values_list("sent_at", flat=True).first()
