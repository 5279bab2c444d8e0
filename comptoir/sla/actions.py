"""Starting and stopping clocks. Set-wise, because messages come in batches.

Whatever starts or ends clocks keeps `Conversation.promise_due_at` in the same transaction: when the promise that runs
out first is, or was, to be kept; null where none runs, or what runs stands still. A broken promise keeps its instant
until it is answered, so that a list in this order begins with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.events.record import Happening, record_all
from comptoir.sla.matching import MATCHES, NEAREST_CALENDAR, Owed, due_times
from comptoir.sla.models import REPLIES, SLAClock, SLAPolicy
from comptoir.sla.pausing import tell_conversations
from comptoir.sla.running import policy_moments

# Who waits is promised a first reply, after our first answer a next one; a resolution once. What needs no calendar
# starts here; the rest is given back, to be counted. The LIMITs have each conversation, and its clocks, looked up by
# key, whatever the statistics of tables that have just been filled make of it.
_START = f"""
WITH owed AS (
    SELECT DISTINCT ON (conversation.id, policy.promise)
        conversation.id AS conversation_id, begun.at, policy.id AS policy_id, policy.promise, policy.target,
        policy.target_working_days, policy.working_week, calendar.id AS calendar_id, calendar.updated_at,
        account.weekly_hours, account.brand_id, policy.is_in_working_time AND (policy.target_working_days IS NOT NULL
            OR calendar.id IS NOT NULL OR account.weekly_hours <> '{{}}') AS is_counted
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS begun (conversation_id, at)
    CROSS JOIN LATERAL (
        SELECT one.id, one.account_id, one.team_id, one.is_public, one.priority, one.language, one.contact_id, EXISTS (
            SELECT FROM conversations_message
            WHERE conversation_id = one.id AND sent_at > one.started_at AND (call_state IN ('answered', 'ended')
                OR direction = 'outgoing' AND NOT is_automatic AND state IN ('sent', 'delivered', 'read')
                    AND call_state NOT IN ('ringing', 'missed'))) AS is_answered
        FROM conversations_conversation AS one WHERE one.id = begun.conversation_id LIMIT 1
    ) AS conversation
    JOIN channels_channelaccount AS account ON account.id = conversation.account_id
    JOIN sla_slapolicy AS policy ON {MATCHES} AND CASE policy.promise
        WHEN 'first_reply' THEN NOT conversation.is_answered WHEN 'next_reply' THEN conversation.is_answered
        ELSE policy.promise = 'resolution'
            AND NOT EXISTS (SELECT FROM conversations_joinedconversation WHERE conversation_id = conversation.id) END
        AND (
            SELECT other.id FROM sla_slaclock AS other
            WHERE other.conversation_id = conversation.id AND CASE policy.promise
                WHEN 'resolution' THEN other.promise = 'resolution' AND NOT other.is_abandoned
                ELSE other.promise <> 'resolution' AND other.stopped_at IS NULL END LIMIT 1) IS NULL
    LEFT JOIN LATERAL ({NEAREST_CALENDAR}) AS calendar ON true
    ORDER BY conversation.id, policy.promise, policy.position, policy.id
), started AS (
    INSERT INTO sla_slaclock (policy_id, promise, conversation_id, started_at, due_at, next_warning_at)
    SELECT policy_id, promise, conversation_id, at, at + target, GREATEST(at, at + target + (
        SELECT min(from_due) FROM sla_policywarning AS warning WHERE warning.policy_id = owed.policy_id AND is_active
            AND holds_from <= GREATEST(at, at + target + from_due)))
    FROM owed WHERE NOT is_counted
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
    INSERT INTO sla_slaclock (conversation_id, policy_id, promise, started_at, due_at, next_warning_at)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[],
        %s::timestamptz[])
    ON CONFLICT (conversation_id, promise) WHERE stopped_at IS NULL DO NOTHING
    RETURNING conversation_id, due_at
)
UPDATE conversations_conversation AS conversation
SET promise_due_at = LEAST(conversation.promise_due_at, first.due_at)
FROM (SELECT conversation_id, min(due_at) AS due_at FROM started GROUP BY conversation_id) AS first
WHERE conversation.id = first.conversation_id
"""

# One that stands still had stood still since it was paused: late is what was late by then.
_STOP = """
WITH stopped AS (
    UPDATE sla_slaclock AS clock
    SET stopped_at = %(at)s, paused_at = NULL, is_abandoned = false, is_waived = false, breached_at = COALESCE(
        clock.breached_at, CASE WHEN LEAST(%(at)s, former.paused_at) > clock.due_at THEN clock.due_at END)
    FROM sla_slaclock AS former
    WHERE former.id = clock.id AND clock.conversation_id = %(conversation)s AND clock.promise = ANY (%(promises)s)
        AND (clock.stopped_at IS NULL
            OR clock.is_abandoned AND %(written_at)s::timestamptz BETWEEN clock.started_at AND clock.stopped_at)
        AND clock.started_at <= %(at)s
        AND clock.started_at IS DISTINCT FROM %(owed_since)s::timestamptz
    RETURNING clock.id, clock.breached_at IS NULL AS is_kept, former.paused_at
), over AS (
    INSERT INTO sla_clockpause (clock_id, began_at, ended_at)
    SELECT id, paused_at, %(at)s FROM stopped WHERE %(at)s > paused_at
    ON CONFLICT (clock_id, began_at) DO UPDATE SET ended_at = GREATEST(sla_clockpause.ended_at, EXCLUDED.ended_at)
)
SELECT id, is_kept FROM stopped ORDER BY id
"""

_ABANDON = """
WITH abandoned AS (
    UPDATE sla_slaclock AS clock SET stopped_at = %(at)s, paused_at = NULL, is_abandoned = true
    FROM sla_slaclock AS former
    WHERE former.id = clock.id AND clock.conversation_id = %(conversation)s AND clock.promise = ANY (%(promises)s)
        AND clock.stopped_at IS NULL
    RETURNING clock.id, former.paused_at
), over AS (
    INSERT INTO sla_clockpause (clock_id, began_at, ended_at)
    SELECT id, paused_at, %(at)s FROM abandoned WHERE %(at)s > paused_at
    ON CONFLICT (clock_id, began_at) DO UPDATE SET ended_at = GREATEST(sla_clockpause.ended_at, EXCLUDED.ended_at)
)
SELECT EXISTS (SELECT FROM abandoned)
"""

_BREACH = """
UPDATE sla_slaclock SET breached_at = %(now)s
WHERE id IN (
    SELECT id FROM sla_slaclock
    WHERE stopped_at IS NULL AND breached_at IS NULL AND paused_at IS NULL AND due_at <= %(now)s
    ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED
)
RETURNING id, promise, due_at, COALESCE(conversation_id,
    (SELECT conversation_id FROM conversations_handoff WHERE id = hand_off_id),
    (SELECT conversation_id FROM conversations_consultation WHERE id = consultation_id),
    (SELECT one.id FROM conversations_joinedconversation AS joined
        JOIN conversations_conversation AS one ON one.id = joined.conversation_id
        WHERE joined.matter_id = sla_slaclock.matter_id ORDER BY one.status = 'resolved', one.id LIMIT 1)), matter_id
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
    moments = policy_moments({row[1] for row in rows})
    owed = [
        Owed(
            at,
            target,
            days,
            True,
            (calendar, state) if calendar else None,
            hours,
            zone,
            (),
            moments.get(policy, ()),
            week,
        )
        for _conversation, policy, _promise, at, target, days, calendar, state, hours, zone, week in rows
    ]
    found = zip(rows, due_times(owed), strict=True)
    dated = [(*row[:4], due.at, due.next_warning_at) for row, due in found if due is not None]
    return [[row[column] for row in dated] for column in range(6)]


@transaction.atomic
def stop_clocks(
    conversation_id: int, at: datetime, *, owed_since: datetime | None = None, written_at: datetime | None = None
) -> None:
    """The customer has their answer, at the network's time ``at``; answered late, the breach is recorded here at the
    latest. A clock that began at ``owed_since``, with a question this did not answer, goes on; so does a resolution's.

    One that was abandoned after ``written_at``, when the answer was already waiting to leave, is answered like the
    others: whoever sends and closes in one go closes first.
    """
    _stop(conversation_id, at, REPLIES, owed_since, written_at)


@transaction.atomic
def stop_resolution(conversation_id: int) -> None:
    """The conversation is resolved now: what was promised of it is kept, or late."""
    _stop(conversation_id, now(), [SLAPolicy.Promise.RESOLUTION])


def _stop(
    conversation_id: int,
    at: datetime,
    promises: Sequence[str],
    owed_since: datetime | None = None,
    written_at: datetime | None = None,
) -> None:
    values: dict[str, Any] = {"conversation": conversation_id, "at": at, "promises": list(promises)}
    with connection.cursor() as cursor:
        cursor.execute(_STOP, values | {"owed_since": owed_since, "written_at": written_at})
        stopped = cursor.fetchall()
    if stopped:
        tell_conversations([conversation_id])
    record_all(
        Happening("clock.stopped", "slaclock", clock, conversation_id=conversation_id, details={"kept": is_kept})
        for clock, is_kept in stopped
    )


def abandon_clocks(conversation_id: int, *, with_resolution: bool = False) -> None:
    """The conversation ended without an answer of ours being owed any more: its clocks stop, uncounted as kept or
    late. Its resolution stays promised, unless it is nothing to be resolved.
    """
    promises = SLAPolicy.Promise.values if with_resolution else list(REPLIES)
    with connection.cursor() as cursor:
        cursor.execute(_ABANDON, {"conversation": conversation_id, "at": now(), "promises": promises})
        if cursor.fetchone()[0]:
            tell_conversations([conversation_id])


def yield_resolution(conversation_id: int) -> list[int]:
    """Its resolution is promised by a matter from now on: its own clock stops, uncounted. Returns the clocks' ids."""
    promises = [SLAPolicy.Promise.RESOLUTION]
    running = SLAClock.objects.filter(conversation=conversation_id, promise__in=promises, stopped_at=None)
    clocks = list(running.values_list("pk", flat=True))
    if clocks:
        with connection.cursor() as cursor:
            cursor.execute(_ABANDON, {"conversation": conversation_id, "at": now(), "promises": list(promises)})
        tell_conversations([conversation_id])
    return clocks


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
            details={"due_at": due_at.isoformat(), "promise": promise} | ({"matter": matter} if matter else {}),
        )
        for clock, promise, due_at, conversation, matter in broken
    )
    return len(broken)
