"""The network shows us our own reply before we have heard that it was accepted: two rows that must become one."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from comptoir.conversations.models import Conversation, Message, MessagePart, Reaction
from comptoir.events.record import record

log = structlog.get_logger("comptoir.delivery")


def absorb_echo(message: Message, external_id: str) -> str | None:
    """Take over what came in under our reply's external id, in the current transaction; return the id it may now bear.

    None when another message of the account has that id and is not an echo: it keeps it.
    """
    others = Message.objects.select_for_update().filter(account=message.account_id, external_id=external_id)
    echo = others.exclude(pk=message.pk).first()
    if echo is None:
        return external_id
    if echo.direction != Message.Direction.OUTGOING or echo.attempts.exists():
        log.error("the network gave our reply the id of another message", message_id=message.pk, other_id=echo.pk)
        return None
    message.delivered_at, message.read_at = echo.delivered_at, echo.read_at
    message.edited_at, message.deleted_at = echo.edited_at, echo.deleted_at
    message.url = echo.url or message.url
    Reaction.objects.filter(message=echo).update(message=message)
    echo_conversation_id = echo.conversation_id
    echo.delete()
    record("message.echoed", subject=message, echo=external_id)
    if echo_conversation_id != message.conversation_id:
        _forget_if_empty(echo_conversation_id)
    return external_id


def keep_parts(message: Message, part_ids: Sequence[str]) -> None:
    """Remember what else the network made of our reply, and take over what came in of it already."""
    ours = [one for one in dict.fromkeys(part_ids) if one != message.external_id and absorb_echo(message, one)]
    parts = [MessagePart(message=message, account_id=message.account_id, external_id=one[:1000]) for one in ours]
    MessagePart.objects.bulk_create(parts, ignore_conflicts=True)


def _forget_if_empty(conversation_id: int) -> None:
    """A conversation that only the echo had opened is none."""
    empty = Conversation.objects.filter(
        pk=conversation_id, messages__isnull=True, notes__isnull=True, drafts__isnull=True
    )
    for conversation in empty:
        record("conversation.absorbed", subject=conversation)
        conversation.delete()
