"""Giving warnings: what falls due is written down once for each clock and instant, and is one event.

What a warning does follows from its event (see `reactions`). Here nothing but clocks is held, so that nobody who
answers a customer waits for the watch.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.events.record import Happening, record_many
from comptoir.sla.running import OWN_POLICY, Running, running_clocks

_DUE = """
SELECT id, COALESCE(conversation_id,
    (SELECT conversation_id FROM conversations_handoff WHERE id = hand_off_id),
    (SELECT conversation_id FROM conversations_consultation WHERE id = consultation_id),
    (SELECT one.id FROM conversations_joinedconversation AS joined
        JOIN conversations_conversation AS one ON one.id = joined.conversation_id
        WHERE joined.matter_id = sla_slaclock.matter_id ORDER BY one.status = 'resolved', one.id LIMIT 1)),
    promise, due_at, matter_id
FROM sla_slaclock
WHERE stopped_at IS NULL AND paused_at IS NULL AND next_warning_at <= %s
ORDER BY next_warning_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
"""

_GIVE = """
INSERT INTO sla_clockwarning (clock_id, warning_id, fell_at, given_at)
SELECT *, %s FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[])
ON CONFLICT (clock_id, warning_id, fell_at) DO NOTHING
RETURNING id, clock_id, warning_id, (SELECT from_due FROM sla_policywarning WHERE id = warning_id)
"""

_GO_ON = """
UPDATE sla_slaclock AS clock SET next_warning_at = new.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS new (id, at) WHERE clock.id = new.id
"""

# Promises among ourselves: from the due time on, as the clock on the wall goes.
_PLAN = """
UPDATE sla_slaclock AS clock SET next_warning_at = (
    SELECT min(GREATEST(clock.started_at, clock.due_at + warning.from_due)) FROM sla_policywarning AS warning
    WHERE warning.policy_id = clock.policy_id AND warning.is_active
        AND GREATEST(clock.started_at, clock.due_at + warning.from_due) >= warning.holds_from
        AND NOT EXISTS (SELECT FROM sla_clockwarning WHERE clock_id = clock.id AND warning_id = warning.id))
WHERE id = ANY (%s) AND conversation_id IS NULL
"""
_FALLEN_AMONG_OURSELVES = """
SELECT clock.id, warning.id, GREATEST(clock.started_at, clock.due_at + warning.from_due)
FROM sla_slaclock AS clock JOIN sla_policywarning AS warning ON warning.policy_id = clock.policy_id AND is_active
WHERE clock.id = ANY (%s) AND clock.conversation_id IS NULL AND clock.due_at + warning.from_due <= %s
    AND GREATEST(clock.started_at, clock.due_at + warning.from_due) >= warning.holds_from
    AND NOT EXISTS (SELECT FROM sla_clockwarning WHERE clock_id = clock.id AND warning_id = warning.id)
"""


@transaction.atomic
def give_warnings() -> int:
    """Give every warning that has fallen due, each once; return how many clocks had any.

    What another process is at, or somebody is just answering, is left to them.
    """
    present = now()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [present])
        held = cursor.fetchall()
        if not held:
            return 0
        clock_ids = [row[0] for row in held]
        running = running_clocks("clock.id", clock_ids, by_policy=OWN_POLICY)
        cursor.execute(_FALLEN_AMONG_OURSELVES, [clock_ids, present])
        fallen = [*_fallen(running, present), *cursor.fetchall()]
        cursor.execute(_GIVE, [present, *([row[column] for row in fallen] for column in range(3))])
        given = cursor.fetchall()
        cursor.execute(_GO_ON, [[one.clock_id for one in running], [_following(one, present) for one in running]])
        cursor.execute(_PLAN, [clock_ids])
    record_many(_happenings(held, given))
    return len(held)


def plan_warnings(clock_ids: Sequence[int]) -> None:
    """Have the warnings of promises that are not a conversation's given in their time; the others are planned as they
    are computed. In the caller's transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [list(clock_ids)])


def _fallen(running: Sequence[Running], present: datetime) -> list[tuple[int, int, datetime]]:
    return [
        (one.clock_id, warning_id, at)
        for one in running
        if one.due is not None
        for at, warning_id in one.due.warnings
        if at <= present
    ]


def _following(one: Running, present: datetime) -> datetime | None:
    warnings = one.due.warnings if one.due is not None else ()
    return next((at for at, _warning_id in warnings if at > present), None)


def _happenings(held: Sequence[tuple[Any, ...]], given: Sequence[tuple[Any, ...]]) -> list[Happening]:
    clocks = {row[0]: row[1:] for row in held}
    return [
        Happening(
            "clock.warned",
            "slaclock",
            clock_id,
            conversation_id=clocks[clock_id][0],
            details={
                "promise": clocks[clock_id][1],
                "due_at": clocks[clock_id][2].isoformat(),
                "minutes_from_due": round(from_due.total_seconds() / 60),
                "warning": warning_id,
                "given": given_id,
            }
            | ({"matter": clocks[clock_id][3]} if clocks[clock_id][3] else {}),
        )
        for given_id, clock_id, warning_id, from_due in sorted(given)
    ]
