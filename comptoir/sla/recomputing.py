"""Clocks computed anew: from when they began, their pauses, and the policies and calendars as they are now.

The same clock computed twice is due at the same instant, whatever happened in between and in which order. The policy is
chosen anew too; where none matches any more, the promise that was given stands, by its own policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.core.clock import now
from comptoir.sla.matching import MATCHES, NEAREST_CALENDAR, Owed, due_times
from comptoir.sla.models import ClockPause

# In one order, and before their clocks, as whoever starts and stops these does.
_HOLD = "SELECT id FROM conversations_conversation WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"

_RUNNING = f"""
SELECT clock.id, policy.id, clock.started_at, policy.target, policy.target_working_days, policy.is_in_working_time,
    calendar.id, calendar.updated_at, account.weekly_hours::text, brand.time_zone, policy.working_week
FROM sla_slaclock AS clock
JOIN conversations_conversation AS conversation ON conversation.id = clock.conversation_id
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
JOIN brands_brand AS brand ON brand.id = account.brand_id
JOIN LATERAL (
    SELECT * FROM sla_slapolicy AS policy
    WHERE policy.promise = clock.promise AND {MATCHES} OR policy.id = clock.policy_id
    ORDER BY NOT ({MATCHES}), policy.position, policy.id LIMIT 1
) AS policy ON true
LEFT JOIN LATERAL ({NEAREST_CALENDAR}) AS calendar ON true
WHERE clock.conversation_id = ANY (%s) AND clock.stopped_at IS NULL
"""  # noqa: S608  # of our own constants

# A breach stands where the promise is still broken; where it no longer is, it may be broken again, and is then said.
_MOVE = """
WITH moved AS (
    UPDATE sla_slaclock AS clock
    SET policy_id = new.policy_id, due_at = new.due_at,
        breached_at = CASE WHEN new.due_at <= %s THEN clock.breached_at END
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS new (id, policy_id, due_at)
    WHERE clock.id = new.id AND clock.stopped_at IS NULL
        AND (clock.policy_id, clock.due_at) IS DISTINCT FROM (new.policy_id, new.due_at)
    RETURNING clock.id
)
SELECT count(*) FROM moved
"""

_TELL = """
UPDATE conversations_conversation AS conversation SET promise_due_at = first.due_at
FROM (
    SELECT conversation_id, min(due_at) AS due_at FROM sla_slaclock
    WHERE conversation_id = ANY (%s) AND stopped_at IS NULL GROUP BY conversation_id
) AS first
WHERE conversation.id = first.conversation_id AND conversation.promise_due_at IS DISTINCT FROM first.due_at
"""

# Resolved and open again: it runs on, and the time in between does not count.
_REOPEN = """
WITH last AS (
    SELECT DISTINCT ON (clock.conversation_id)
        clock.id, clock.conversation_id, clock.stopped_at, GREATEST(reopened.at, clock.stopped_at) AS at
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS reopened (conversation_id, at)
    JOIN sla_slaclock AS clock ON clock.conversation_id = reopened.conversation_id
    WHERE clock.promise = 'resolution' AND clock.stopped_at IS NOT NULL AND NOT clock.is_abandoned
        AND NOT EXISTS (
            SELECT FROM sla_slaclock AS running WHERE running.conversation_id = clock.conversation_id
                AND running.promise = 'resolution' AND running.stopped_at IS NULL)
    ORDER BY clock.conversation_id, clock.stopped_at DESC, clock.id DESC
), paused AS (
    INSERT INTO sla_clockpause (clock_id, began_at, ended_at) SELECT id, stopped_at, at FROM last WHERE at > stopped_at
    ON CONFLICT (clock_id, began_at) DO UPDATE SET ended_at = GREATEST(sla_clockpause.ended_at, EXCLUDED.ended_at)
)
UPDATE sla_slaclock AS clock SET stopped_at = NULL FROM last WHERE clock.id = last.id
RETURNING clock.conversation_id
"""


def recompute_clocks(conversation_ids: Iterable[int]) -> tuple[int, int]:
    """Compute what runs in these conversations anew, in the caller's transaction.

    Returns how many clocks there were, and how many of them are due at another time or by another policy now.
    """
    ids = sorted(conversation_ids)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [ids])
        cursor.execute(_RUNNING, [ids])
        rows = cursor.fetchall()
        if not rows:
            return 0, 0
        cursor.execute(_MOVE, [now(), *_dated(rows)])
        moved = int(cursor.fetchone()[0])
        if moved:
            cursor.execute(_TELL, [ids])
    return len(rows), moved


def _dated(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    """Clock, policy and due instant, as columns for _MOVE. What would never be due stays as it is."""
    pauses = _pauses([row[0] for row in rows])
    owed = [
        Owed(
            started,
            target,
            days,
            is_working,
            (calendar, state) if calendar else None,
            hours,
            zone,
            pauses.get(pk, ()),
            week,
        )
        for pk, _policy, started, target, days, is_working, calendar, state, hours, zone, week in rows
    ]
    dated = [(*row[:2], due) for row, due in zip(rows, due_times(owed), strict=True) if due is not None]
    return [[row[column] for row in dated] for column in range(3)]


def _pauses(clock_ids: Sequence[int]) -> dict[int, list[tuple[datetime, datetime | None]]]:
    found: dict[int, list[tuple[datetime, datetime | None]]] = {}
    pauses = ClockPause.objects.filter(clock__in=clock_ids).order_by("began_at")
    for clock_id, began_at, ended_at in pauses.values_list("clock_id", "began_at", "ended_at"):
        found.setdefault(clock_id, []).append((began_at, ended_at))
    return found


def reopen_clocks(reopened_at: Mapping[int, datetime]) -> None:
    """Conversations (by id) that were resolved are open again since the given instant: their resolution is owed on."""
    if not reopened_at:
        return
    in_order = sorted(reopened_at)
    with connection.cursor() as cursor:
        cursor.execute(_REOPEN, [in_order, [reopened_at[conversation] for conversation in in_order]])
        running = [row[0] for row in cursor.fetchall()]
    if running:
        recompute_clocks(running)
        _tell(running)


def _tell(conversation_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [list(conversation_ids)])
