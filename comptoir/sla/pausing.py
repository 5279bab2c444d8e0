"""Which running clocks stand still because we wait for the customer, as their policies say, and since when.

Whether one stands still is read off its conversation, so that asking twice changes nothing. Time that is over is
appended to what did not count; computing the due time anew is left to `recomputing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# A clock is never paused for what was before it began, nor resumed before it was paused: events come late.
_SETTLE = """
WITH settled AS (
    SELECT clock.id, clock.conversation_id, clock.promise, clock.paused_at, stands.still,
        GREATEST(given.at, clock.started_at, clock.paused_at) AS at
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS given (conversation_id, at)
    JOIN sla_slaclock AS clock ON clock.conversation_id = given.conversation_id AND clock.stopped_at IS NULL
    JOIN sla_slapolicy AS policy ON policy.id = clock.policy_id
    CROSS JOIN LATERAL (
        SELECT CASE policy.pauses
            WHEN 'pending' THEN one.status = 'pending'
            WHEN 'answered' THEN one.status = 'pending' OR one.waiting_since IS NULL
            ELSE false END AS still
        FROM conversations_conversation AS one WHERE one.id = clock.conversation_id LIMIT 1
    ) AS stands
    WHERE (policy.pauses <> '' OR clock.paused_at IS NOT NULL) AND stands.still <> (clock.paused_at IS NOT NULL)
), over AS (
    INSERT INTO sla_clockpause (clock_id, began_at, ended_at)
    SELECT id, paused_at, at FROM settled WHERE NOT still AND at > paused_at
    ON CONFLICT (clock_id, began_at) DO UPDATE SET ended_at = GREATEST(sla_clockpause.ended_at, EXCLUDED.ended_at)
), kept AS (
    UPDATE sla_slaclock AS clock SET paused_at = CASE WHEN settled.still THEN settled.at END
    FROM settled WHERE clock.id = settled.id
)
SELECT id, conversation_id, promise, still, at FROM settled ORDER BY id
"""

# What stands still is not about to run out: a list in this order does not begin with it.
_TELL = """
UPDATE conversations_conversation AS conversation SET promise_due_at = first.due_at
FROM unnest(%s::bigint[]) AS told (id), LATERAL (
    SELECT min(due_at) AS due_at FROM sla_slaclock
    WHERE conversation_id = told.id AND stopped_at IS NULL AND paused_at IS NULL
) AS first
WHERE conversation.id = told.id AND conversation.promise_due_at IS DISTINCT FROM first.due_at
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """One clock that was paused (``stands_still``) or runs on since ``at``."""

    clock_id: int
    conversation_id: int
    promise: str
    stands_still: bool
    at: datetime


def settle(at: Mapping[int, datetime]) -> list[Settled]:
    """Pause and resume what runs in these conversations (by id), as of the given instants; what changed.

    The caller holds the conversations.
    """
    in_order = sorted(at)
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [in_order, [at[conversation] for conversation in in_order]])
        return [Settled(*row) for row in cursor.fetchall()]


def tell_conversations(conversation_ids: Sequence[int]) -> None:
    """Have conversations say when the promise that runs out first is to be kept; null where none runs."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [sorted(conversation_ids)])
