"""Starting and stopping clocks. Set-wise, because messages come in batches.

Whatever starts or ends clocks keeps `Conversation.promise_due_at` in the same statement: when the promise that runs out
first is, or was, to be kept; null where none runs. A broken promise keeps its instant until it is answered, so that a
list in this order begins with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.events.record import Happening, record_all
from comptoir.sla.matching import MATCHES, NEAREST_CALENDAR, Owed, due_times
from comptoir.sla.models import REPLIES, SLAPolicy

# Who waits is promised a first reply, after our first answer a next one; a resolution once. What needs no calendar
# starts here; the rest is given back, to be counted. The LIMIT has each conversation looked up by its key, whatever the
# statistics of a table that has just been filled make of it.
_START = f"""
WITH owed AS (
    SELECT DISTINCT ON (conversation.id, policy.promise)
        conversation.id AS conversation_id, begun.at, policy.id AS policy_id, policy.promise, policy.target,
        policy.target_working_days, policy.working_week, calendar.id AS calendar_id, calendar.updated_at,
        account.weekly_hours, account.brand_id, policy.is_in_working_time AND (policy.target_working_days IS NOT NULL
            OR calendar.id IS NOT NULL OR account.weekly_hours <> '{{}}') AS is_counted
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS begun (conversation_id, at)
    CROSS JOIN LATERAL (
        SELECT one.id, one.account_id, one.team_id, one.is_public, EXISTS (
            SELECT FROM conversations_message
            WHERE conversation_id = one.id AND direction = 'outgoing' AND NOT is_automatic
                AND state IN ('sent', 'delivered', 'read') AND sent_at > one.started_at) AS is_answered
        FROM conversations_conversation AS one WHERE one.id = begun.conversation_id LIMIT 1
    ) AS conversation
    JOIN channels_channelaccount AS account ON account.id = conversation.account_id
    JOIN sla_slapolicy AS policy ON {MATCHES} AND CASE policy.promise
        WHEN 'first_reply' THEN NOT conversation.is_answered WHEN 'next_reply' THEN conversation.is_answered
        ELSE policy.promise = 'resolution' END
        AND NOT EXISTS (
            SELECT FROM sla_slaclock AS other WHERE other.conversation_id = conversation.id AND CASE policy.promise
                WHEN 'resolution' THEN other.promise = 'resolution' AND NOT other.is_abandoned
                ELSE other.promise <> 'resolution' AND other.stopped_at IS NULL END)
    LEFT JOIN LATERAL ({NEAREST_CALENDAR}) AS calendar ON true
    ORDER BY conversation.id, policy.promise, policy.position, policy.id
), started AS (
    INSERT INTO sla_slaclock (policy_id, promise, conversation_id, started_at, due_at)
    SELECT policy_id, promise, conversation_id, at, at + target FROM owed WHERE NOT is_counted
    ON CONFLICT (conversation_id, promise) WHERE stopped_at IS NULL DO NOTHING
    RETURNING conversation_id, due_at
), told AS (
    UPDATE conversations_conversation AS conversation
    SET promise_due_at = LEAST(conversation.promise_due_at, first.due_at)
    FROM (SELECT conversation_id, min(due_at) AS due_at FROM started GROUP BY conversation_id) AS first
    WHERE conversation.id = first.conversation_id
)
SELECT owed.conversation_id, policy_id, promise, at, target, target_working_days, calendar_id, updated_at,
    weekly_hours::text, brand.time_zone, working_week
FROM owed JOIN brands_brand AS brand ON brand.id = owed.brand_id WHERE is_counted
"""  # noqa: S608  # of our own constants

_START_COUNTED = """
WITH started AS (
    INSERT INTO sla_slaclock (conversation_id, policy_id, promise, started_at, due_at)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[])
    ON CONFLICT (conversation_id, promise) WHERE stopped_at IS NULL DO NOTHING
    RETURNING conversation_id, due_at
)
UPDATE conversations_conversation AS conversation
SET promise_due_at = LEAST(conversation.promise_due_at, first.due_at)
FROM (SELECT conversation_id, min(due_at) AS due_at FROM started GROUP BY conversation_id) AS first
WHERE conversation.id = first.conversation_id
"""

# What still runs is read as it was before this statement, so those that stop now are named again.
_STOP = """
WITH stopped AS (
    UPDATE sla_slaclock
    SET stopped_at = %(at)s, breached_at = COALESCE(breached_at, CASE WHEN %(at)s > due_at THEN due_at END)
    WHERE conversation_id = %(conversation)s AND promise = ANY (%(promises)s) AND stopped_at IS NULL
        AND started_at <= %(at)s AND started_at IS DISTINCT FROM %(owed_since)s::timestamptz
    RETURNING id, due_at
), told AS (
    UPDATE conversations_conversation
    SET promise_due_at = (
        SELECT min(due_at) FROM sla_slaclock
        WHERE conversation_id = %(conversation)s AND stopped_at IS NULL AND (promise <> ALL (%(promises)s)
            OR started_at > %(at)s OR started_at = %(owed_since)s::timestamptz))
    WHERE id = %(conversation)s AND EXISTS (SELECT FROM stopped)
)
SELECT id, due_at FROM stopped ORDER BY id
"""

_ABANDON = """
WITH abandoned AS (
    UPDATE sla_slaclock SET stopped_at = %(at)s, is_abandoned = true
    WHERE conversation_id = %(conversation)s AND promise = ANY (%(promises)s) AND stopped_at IS NULL
    RETURNING id
)
UPDATE conversations_conversation SET promise_due_at = (
    SELECT min(due_at) FROM sla_slaclock
    WHERE conversation_id = %(conversation)s AND stopped_at IS NULL AND promise <> ALL (%(promises)s))
WHERE id = %(conversation)s AND EXISTS (SELECT FROM abandoned)
"""

_BREACH = """
UPDATE sla_slaclock SET breached_at = %(now)s
WHERE id IN (
    SELECT id FROM sla_slaclock
    WHERE stopped_at IS NULL AND breached_at IS NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED
)
RETURNING id, promise, due_at, COALESCE(conversation_id,
    (SELECT conversation_id FROM conversations_handoff WHERE id = hand_off_id),
    (SELECT conversation_id FROM conversations_consultation WHERE id = consultation_id))
"""


def start_clocks(started_at: Mapping[int, datetime]) -> None:
    """Start what is promised in conversations (by id) in which a customer waits since the given instant.

    For each promise the first policy that matches decides; a clock that already runs is left alone. A promise that
    could never be kept, because the counter does not open, is not given.
    """
    if not started_at:
        return
    in_order = sorted(started_at)
    with connection.cursor() as cursor:
        cursor.execute(_START, [in_order, [started_at[conversation] for conversation in in_order]])
        to_be_counted = cursor.fetchall()
        if to_be_counted:
            cursor.execute(_START_COUNTED, _counted(to_be_counted))


def _counted(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """What _START gave back, with the instants at which it is due: columns for _START_COUNTED."""
    owed = [
        Owed(at, target, days, True, (calendar, state) if calendar else None, hours, zone, week=week)
        for _conversation, _policy, _promise, at, target, days, calendar, state, hours, zone, week in rows
    ]
    dated = [(*row[:4], due) for row, due in zip(rows, due_times(owed), strict=True) if due is not None]
    return [[row[column] for row in dated] for column in range(5)]


@transaction.atomic
def stop_clocks(conversation_id: int, at: datetime, *, owed_since: datetime | None = None) -> None:
    """The customer has their answer, at the network's time ``at``; answered late, the breach is recorded here at the
    latest. A clock that began at ``owed_since``, with a question this did not answer, goes on; so does a resolution's.
    """
    _stop(conversation_id, at, REPLIES, owed_since)


@transaction.atomic
def stop_resolution(conversation_id: int) -> None:
    """The conversation is resolved now: what was promised of it is kept, or late."""
    _stop(conversation_id, now(), [SLAPolicy.Promise.RESOLUTION], None)


def _stop(conversation_id: int, at: datetime, promises: Sequence[str], owed_since: datetime | None) -> None:
    values: dict[str, Any] = {"conversation": conversation_id, "at": at, "promises": list(promises)}
    with connection.cursor() as cursor:
        cursor.execute(_STOP, values | {"owed_since": owed_since})
        stopped = cursor.fetchall()
    record_all(
        Happening("clock.stopped", "slaclock", clock, conversation_id=conversation_id, details={"kept": at <= due_at})
        for clock, due_at in stopped
    )


def abandon_clocks(conversation_id: int, *, with_resolution: bool = False) -> None:
    """The conversation ended without an answer of ours being owed any more: its clocks stop, uncounted as kept or
    late. Its resolution stays promised, unless it is nothing to be resolved.
    """
    promises = SLAPolicy.Promise.values if with_resolution else list(REPLIES)
    with connection.cursor() as cursor:
        cursor.execute(_ABANDON, {"conversation": conversation_id, "at": now(), "promises": promises})


@transaction.atomic
def record_breaches() -> int:
    """Record every promise that has just been broken, each once; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_BREACH, {"now": now()})
        broken = cursor.fetchall()
    record_all(
        Happening(
            "clock.breached",
            "slaclock",
            clock,
            conversation_id=conversation,
            details={"due_at": due_at.isoformat(), "promise": promise},
        )
        for clock, promise, due_at, conversation in broken
    )
    return len(broken)
