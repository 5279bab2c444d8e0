"""What the bot does about events: what was read is decided about, and a person's answer goes before its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from comptoir.bot.models import Decision
from comptoir.conversations.models import Message
from comptoir.core.tasks import defer
from comptoir.events.models import Event

READ, QUEUED = "message.analysed", "message.queued"
FOLLOWED = frozenset({READ, QUEUED})

_ASK = """
INSERT INTO bot_decisiontomake (message_id, asked_at)
SELECT message.id, clock_timestamp() FROM conversations_message AS message
WHERE message.id = ANY(%s) AND message.direction = 'incoming' AND message.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM bot_decision WHERE message_id = message.id)
ORDER BY message.id
ON CONFLICT (message_id) DO NOTHING
"""

#: What they send answers nobody in a colleague's place.
_BY_ITSELF = ("bot", "automation")


def follow_bot(events: Sequence[Event]) -> None:
    """React to a batch of events, whichever of FOLLOWED are in it."""
    _ask_to_decide(sorted({event.subject_id for event in events if event.name == READ}))
    answered = {
        event.conversation_id for event in events if event.name == QUEUED and event.actor_kind not in _BY_ITSELF
    }
    waiting = Decision.objects.filter(reply__state=Message.State.QUEUED, reply__conversation__in=answered)
    for conversation_id in sorted(set(waiting.values_list("reply__conversation", flat=True))):
        defer("bot.withdraw", conversation_id=conversation_id)


def _ask_to_decide(message_ids: list[int]) -> None:
    if not message_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [message_ids])
        is_any = bool(cursor.rowcount)
    if is_any:
        go_on()


def go_on() -> None:
    """Have somebody decide; one waits at a time, one decides at a time."""
    defer("bot.decide", lock="bot.decide", only_once="bot.decide")
