"""A person's answer goes before the bot's: what the bot has queued and can still take back does not leave."""

from __future__ import annotations

from django.db import transaction

from comptoir.bot.models import Decision
from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.delivery.outcomes import release_next
from comptoir.events.record import Actor, record


def withdraw_everything() -> int:
    """Take back whatever the bot has queued anywhere; return how much."""
    queued = Decision.objects.filter(reply__state=Message.State.QUEUED).values_list("reply__conversation", flat=True)
    return sum(withdraw_replies(pk, is_answered=False) for pk in sorted(set(queued)))


@transaction.atomic
def withdraw_replies(conversation_id: int, *, is_answered: bool = True) -> int:
    """Take back what the bot has queued in a conversation: what somebody has answered since, or (not ``is_answered``)
    all of it. Return how much.
    """
    conversation = Conversation.objects.select_for_update(of=("self",), no_key=True).filter(pk=conversation_id).first()
    if conversation is None:
        return 0
    by_bot = Decision.objects.filter(reply__conversation=conversation).values("reply")
    queued = conversation.messages.outgoing().filter(pk__in=by_bot, state=Message.State.QUEUED, attempts=None)
    theirs = conversation.messages.outgoing().filter(agent__isnull=False).exclude(state=Message.State.CANCELLED)
    if is_answered:
        queued = queued.filter(pk__lt=theirs.order_by("-pk").values_list("pk", flat=True).first() or 0)
    withdrawn = list(queued.select_for_update(of=("self",), no_key=True))
    for message in withdrawn:
        message.state, message.external_id = Message.State.CANCELLED, None
        message.save(update_fields=["state", "external_id"])
        record("message.taken_back", subject=message, by=Actor("bot"))
    if withdrawn:
        _show_last(conversation)
        release_next(conversation.pk)
    return len(withdrawn)


def _show_last(conversation: Conversation) -> None:
    last = conversation.messages.exclude(state=Message.State.CANCELLED).in_order().last()
    conversation.last_message_at = last.sent_at if last else conversation.started_at
    conversation.last_message_text = last.text[:PREVIEW_CHARS] if last else ""
    conversation.save(update_fields=["last_message_at", "last_message_text"])
