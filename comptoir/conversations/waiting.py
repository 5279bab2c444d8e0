"""Since when a customer waits, read off the messages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Min, Q

from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.models.conversation import PREVIEW_CHARS

_AT_THE_NETWORK = (Message.State.SENT, Message.State.DELIVERED, Message.State.READ)


def unanswered_since(conversation: Conversation, *, from_: datetime | None) -> datetime | None:
    """The first of their messages since ``from_`` that came after our last answer; what came before was settled. A
    review that was changed was said again then.
    """
    answers = conversation.messages.outgoing().filter(is_automatic=False, state__in=_AT_THE_NETWORK)
    answered_at = answers.order_by("-sent_at").values_list("sent_at", flat=True).first()
    asked = conversation.messages.incoming().filter(is_automatic=False, deleted_at=None)
    revised = asked.filter(kind="review", edited_at__isnull=False)
    if answered_at is not None:
        asked, revised = asked.filter(sent_at__gt=answered_at), revised.filter(edited_at__gt=answered_at)
    if from_ is not None:
        asked, revised = asked.filter(sent_at__gte=from_), revised.filter(edited_at__gte=from_)
    first = (asked.aggregate(at=Min("sent_at"))["at"], revised.aggregate(at=Min("edited_at"))["at"])
    return min((at for at in first if at is not None), default=None)


def retell(conversation: Conversation) -> None:
    """Say again of the conversation what its messages say: when it began, and what was said last. The caller saves."""
    said = conversation.messages.exclude(state=Message.State.CANCELLED)
    spoken = said.aggregate(
        first=Min("sent_at"),
        last=Max("sent_at"),
        heard=Max("sent_at", filter=Q(direction=Message.Direction.INCOMING)),
    )
    shown = said.filter(deleted_at=None).order_by("-sent_at", "-pk").values_list("text", flat=True).first()
    conversation.started_at = spoken["first"] or conversation.started_at
    conversation.last_message_at = spoken["last"] or conversation.last_message_at
    conversation.last_message_text = (shown or "")[:PREVIEW_CHARS]
    conversation.last_incoming_at = spoken["heard"]


TOLD = ("started_at", "last_message_at", "last_message_text", "last_incoming_at", "waiting_since")
