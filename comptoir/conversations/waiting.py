"""Since when a customer waits, read off the messages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Min, Q, QuerySet

from comptoir.conversations.models import Conversation, FormerText, Message
from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.conversations.wishes import is_refusing


def unanswered_since(conversation: Conversation, *, from_: datetime | None) -> datetime | None:
    """The first of their messages since ``from_`` that came after our last answer; what came before was settled. A
    review that was changed was said again then. None where they asked not to be written to.
    """
    if is_refusing(conversation):
        return None
    answers = conversation.messages.answering()
    answered_at = answers.order_by("-sent_at").values_list("sent_at", flat=True).first()
    asked, changed = conversation.messages.asking(), changes_of_reviews(conversation)
    if answered_at is not None:
        asked, changed = asked.filter(sent_at__gt=answered_at), changed.filter(replaced_at__gt=answered_at)
    if from_ is not None:
        asked, changed = asked.filter(sent_at__gte=from_), changed.filter(replaced_at__gte=from_)
    first = (asked.aggregate(at=Min("sent_at"))["at"], changed.aggregate(at=Min("replaced_at"))["at"])
    return min((at for at in first if at is not None), default=None)


def changes_of_reviews(conversation: Conversation) -> QuerySet[FormerText]:
    """Each time that the customer said something else in a review of theirs."""
    reviews = conversation.messages.asking().filter(kind="review", edited_at__isnull=False)
    return FormerText.objects.filter(message__in=reviews)


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
