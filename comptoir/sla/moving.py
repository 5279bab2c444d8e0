"""Clocks that run on: after a mistake is undone, or with the messages that they are about in another conversation."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from comptoir.core.clock import now
from comptoir.sla.pausing import tell_conversations
from comptoir.sla.recomputing import settle_pauses

_RESUME = """
UPDATE sla_slaclock AS clock SET stopped_at = NULL, is_abandoned = false, is_waived = false
WHERE id = ANY(%s) AND is_abandoned AND NOT EXISTS (
    SELECT FROM sla_slaclock AS running WHERE running.conversation_id = clock.conversation_id
        AND running.promise = clock.promise AND running.stopped_at IS NULL)
RETURNING clock.conversation_id
"""

# Of two that run for the same promise, the one that began later is given up: the older promise covers it.
_YIELD = """
UPDATE sla_slaclock AS clock SET stopped_at = %(at)s, paused_at = NULL, is_abandoned = true
FROM sla_slaclock AS other
WHERE clock.stopped_at IS NULL AND other.stopped_at IS NULL AND clock.promise = other.promise
    AND clock.conversation_id = ANY(%(both)s) AND other.conversation_id = ANY(%(both)s)
    AND (other.started_at, other.id) < (clock.started_at, clock.id)
"""

_HAND_OVER = """
UPDATE sla_slaclock SET conversation_id = %(to)s
WHERE conversation_id = %(origin)s AND (stopped_at IS NULL OR NOT %(only_running)s)
RETURNING id
"""


def resume_clocks(clock_ids: Sequence[int]) -> None:
    """The answer is owed after all: abandoned clocks run on towards the instant that was promised."""
    with connection.cursor() as cursor:
        cursor.execute(_RESUME, [sorted(clock_ids)])
        resumed = sorted({row[0] for row in cursor.fetchall()})
    settle_pauses(dict.fromkeys(resumed, now()))
    tell_conversations(resumed)


def hand_over_clocks(origin: int, *, to: int, only_running: bool = False) -> list[int]:
    """The clocks of one conversation go on in another; return their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_YIELD, {"at": now(), "both": [origin, to]})
        cursor.execute(_HAND_OVER, {"origin": origin, "to": to, "only_running": only_running})
        moved = [row[0] for row in cursor.fetchall()]
    tell_conversations([origin, to])
    return moved
