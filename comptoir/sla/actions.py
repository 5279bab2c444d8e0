"""Starting and stopping clocks. Set-wise, because messages come in batches.

Whatever starts or ends clocks keeps `Conversation.promise_due_at` in the same statement: when the promise that runs out
first is, or was, to be kept; null where none runs. A broken promise keeps its instant until it is answered, so that a
list in this order begins with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.events.record import Happening, record_all

_START = """
WITH started AS (
    INSERT INTO sla_slaclock (policy_id, conversation_id, started_at, due_at)
    SELECT DISTINCT ON (conversation.id) policy.id, conversation.id, begun.at, begun.at + policy.target
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS begun (conversation_id, at)
    JOIN conversations_conversation AS conversation ON conversation.id = begun.conversation_id
    JOIN channels_channelaccount AS account ON account.id = conversation.account_id
    JOIN sla_slapolicy AS policy ON policy.promise = 'first_reply'
        AND (policy.brand_id = account.brand_id OR policy.brand_id IS NULL)
    ORDER BY conversation.id, policy.brand_id NULLS LAST
    ON CONFLICT (conversation_id, policy_id) WHERE stopped_at IS NULL DO NOTHING
    RETURNING conversation_id, due_at
)
UPDATE conversations_conversation AS conversation
SET promise_due_at = LEAST(conversation.promise_due_at, started.due_at)
FROM started WHERE conversation.id = started.conversation_id
"""

# What still runs is read as it was before this statement, so those that stop now are named again.
_STOP = """
WITH stopped AS (
    UPDATE sla_slaclock
    SET stopped_at = %(at)s, breached_at = COALESCE(breached_at, CASE WHEN %(at)s > due_at THEN due_at END)
    WHERE conversation_id = %(conversation)s AND stopped_at IS NULL AND started_at <= %(at)s
        AND started_at IS DISTINCT FROM %(owed_since)s::timestamptz
    RETURNING id, due_at
), told AS (
    UPDATE conversations_conversation
    SET promise_due_at = (
        SELECT min(due_at) FROM sla_slaclock
        WHERE conversation_id = %(conversation)s AND stopped_at IS NULL
            AND (started_at > %(at)s OR started_at = %(owed_since)s::timestamptz))
    WHERE id = %(conversation)s AND EXISTS (SELECT FROM stopped)
)
SELECT id, due_at FROM stopped ORDER BY id
"""

_ABANDON = """
WITH abandoned AS (
    UPDATE sla_slaclock SET stopped_at = %(at)s, is_abandoned = true
    WHERE conversation_id = %(conversation)s AND stopped_at IS NULL
    RETURNING id
)
UPDATE conversations_conversation SET promise_due_at = NULL
WHERE id = %(conversation)s AND EXISTS (SELECT FROM abandoned)
"""

_BREACH = """
UPDATE sla_slaclock SET breached_at = %(now)s
WHERE id IN (
    SELECT id FROM sla_slaclock
    WHERE stopped_at IS NULL AND breached_at IS NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED
)
RETURNING id, conversation_id, due_at
"""


def start_clocks(started_at: Mapping[int, datetime]) -> None:
    """Start the first-reply promise for conversations (by id) in which a customer waits since the given instant.

    A brand's own policy goes before the general one; a clock that already runs is left alone.
    """
    if not started_at:
        return
    in_order = sorted(started_at)
    with connection.cursor() as cursor:
        cursor.execute(_START, [in_order, [started_at[conversation] for conversation in in_order]])


@transaction.atomic
def stop_clocks(conversation_id: int, at: datetime, *, owed_since: datetime | None = None) -> None:
    """The customer has their answer, at the network's time ``at``; answered late, the breach is recorded here at the
    latest. A clock that began at ``owed_since``, with a question this did not answer, goes on.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STOP, {"conversation": conversation_id, "at": at, "owed_since": owed_since})
        stopped = cursor.fetchall()
    record_all(
        Happening("clock.stopped", "slaclock", clock, conversation_id=conversation_id, details={"kept": at <= due_at})
        for clock, due_at in stopped
    )


def abandon_clocks(conversation_id: int) -> None:
    """The conversation ended without an answer of ours being owed any more: its clocks stop, uncounted as kept or
    late.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ABANDON, {"conversation": conversation_id, "at": now()})


@transaction.atomic
def record_breaches() -> int:
    """Record every promise that has just been broken, each once; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_BREACH, {"now": now()})
        broken = cursor.fetchall()
    record_all(
        Happening(
            "clock.breached", "slaclock", clock, conversation_id=conversation, details={"due_at": due_at.isoformat()}
        )
        for clock, conversation, due_at in broken
    )
    return len(broken)
