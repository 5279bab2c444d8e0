"""Clocks computed anew: from when they began, their pauses, and the policies and calendars as they are now.

The same clock computed twice is due at the same instant, whatever happened in between and in which order. The policy is
chosen anew too; where none matches any more, the promise that was given stands, by its own policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.core.clock import now
from comptoir.core.reasons import template
from comptoir.events.record import Happening, record_many
from comptoir.sla.matching import MATCHES
from comptoir.sla.pausing import Settled, settle, tell_conversations
from comptoir.sla.running import Running, running_clocks

#: Why a promise is due at another time: what the record says of it.
OTHER_TEAM = template("The conversation is with another team now.")
OTHER_ACCOUNT = template("The conversation goes on by another account.")
REOPENED = template("The conversation was resolved and is open again: the time in between does not count.")
MERGED = template("Two conversations became one.")
PARTED = template("One conversation became two.")
OTHERWISE_KNOWN = template("Something else is known of the customer or of what they ask: another promise may hold.")
RESUMED = template("We waited for the customer: that time does not count.")
MENDED = template("By the promises and calendars that hold now, it is not due yet.")

# In one order, and before their clocks, as whoever starts and stops these does.
_HOLD = "SELECT id FROM conversations_conversation WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"

# The policy that would be given now; where none matches any more, the clock's own.
POLICY_NOW = f"""
    SELECT * FROM sla_slapolicy AS policy
    WHERE policy.promise = clock.promise AND {MATCHES} OR policy.id = clock.policy_id
    ORDER BY NOT ({MATCHES}), policy.position, policy.id LIMIT 1
"""  # noqa: S608  # of our own constants

# A breach stands where the promise is still broken; where it no longer is, it may be broken again, and is then said.
_MOVE = """
UPDATE sla_slaclock AS clock
SET policy_id = new.policy_id, due_at = new.due_at, next_warning_at = new.next_warning_at,
    breached_at = CASE WHEN new.due_at <= %s THEN clock.breached_at END
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    AS new (id, policy_id, due_at, next_warning_at)
WHERE clock.id = new.id AND clock.stopped_at IS NULL
    AND (clock.policy_id, clock.due_at, clock.next_warning_at)
    IS DISTINCT FROM (new.policy_id, new.due_at, new.next_warning_at)
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


@dataclass(frozen=True, slots=True)
class Recomputed:
    """How many clocks there were, and those of them that are due at another time or by another policy now."""

    clocks: int
    moved: Sequence[Running]


def recompute_clocks(
    conversation_ids: Iterable[int], *, because: str = "", as_of: datetime | None = None
) -> tuple[int, int]:
    """Compute what runs in these conversations anew, in the caller's transaction; where it waits for the customer by a
    policy that it has since ``as_of``, it is paused.

    Returns how many clocks there were, and how many of them are due at another time or by another policy now. With a
    reason (``because``), each of these is one event.
    """
    ids = sorted(conversation_ids)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [ids])
    done = _recomputed(ids)
    if not done.clocks:
        return 0, 0
    at = as_of or now()
    settled = settle(dict.fromkeys(ids, at))
    again = _resumed(settled)
    moved = [*done.moved, *again.moved]
    if moved or settled:
        tell_conversations(ids)
    if because:
        record_many(_happening("clock.moved", one, because) for one in done.moved)
    _record_pauses(settled, again.moved)
    return done.clocks, len({one.clock_id for one in moved})


def settle_pauses(at: Mapping[int, datetime]) -> None:
    """Since the given instants we may wait for the customers of these conversations (by id), or they have spoken: what
    their policies pause stands still, or runs on and is due later. The caller holds the conversations.
    """
    settled = settle(at) if at else []
    if settled:
        again = _resumed(settled)
        tell_conversations([one.conversation_id for one in settled])
        _record_pauses(settled, again.moved)


def _resumed(settled: Sequence[Settled]) -> Recomputed:
    running_on = {one.conversation_id for one in settled if not one.stands_still}
    return _recomputed(sorted(running_on)) if running_on else Recomputed(0, [])


def _recomputed(conversation_ids: Sequence[int]) -> Recomputed:
    """What would never be due stays as it is."""
    running = running_clocks("clock.conversation_id", conversation_ids, by_policy=POLICY_NOW)
    dated = [(one, one.due) for one in running if one.due is not None]
    columns: list[list[Any]] = [
        [one.clock_id for one, _due in dated],
        [one.policy_id for one, _due in dated],
        [due.at for _one, due in dated],
        [due.next_warning_at for _one, due in dated],
    ]
    present = now()
    if dated:
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [present, *columns])
    record_many(_happening("clock.mended", one, MENDED) for one in running if one.is_mended_at(present))
    return Recomputed(len(running), [one for one, due in dated if one.is_moved_by(due)])


def _happening(name: str, one: Running, reason: str) -> Happening:
    due = one.due.at if one.due else one.was_due_at
    details = {"promise": one.promise, "was_due_at": one.was_due_at.isoformat(), "due_at": due.isoformat()}
    return Happening(
        name, "slaclock", one.clock_id, conversation_id=one.conversation_id, reason=reason, details=details
    )


def _record_pauses(settled: Sequence[Settled], moved: Sequence[Running]) -> None:
    """Said of each clock at the instant that it is paused, or runs on since; then with when it is due."""
    due = {one.clock_id: one.due.at.isoformat() for one in moved if one.due is not None}
    record_many(
        Happening(
            "clock.paused" if one.stands_still else "clock.resumed",
            "slaclock",
            one.clock_id,
            conversation_id=one.conversation_id,
            reason="" if one.stands_still else RESUMED,
            details={"promise": one.promise, "since": one.at.isoformat()}
            | ({"due_at": due[one.clock_id]} if one.clock_id in due else {}),
        )
        for one in settled
    )


def reopen_clocks(reopened_at: Mapping[int, datetime]) -> None:
    """Conversations (by id) that were resolved are open again since the given instant: their resolution is owed on."""
    if not reopened_at:
        return
    in_order = sorted(reopened_at)
    with connection.cursor() as cursor:
        cursor.execute(_REOPEN, [in_order, [reopened_at[conversation] for conversation in in_order]])
        running = [row[0] for row in cursor.fetchall()]
    if running:
        recompute_clocks(running, because=REOPENED)
        tell_conversations(running)
    settle_pauses({pk: at for pk, at in reopened_at.items() if pk not in running})
