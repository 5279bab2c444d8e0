"""Clocks that run, with all that their due times come from, read in a few statements however many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.db import connection

from comptoir.sla.clock import Pause
from comptoir.sla.matching import NEAREST_CALENDAR, Due, Moment, Owed, due_times
from comptoir.sla.models import ClockPause, PolicyWarning

OWN_POLICY = "SELECT * FROM sla_slapolicy AS policy WHERE policy.id = clock.policy_id"

_RUNNING = f"""
SELECT clock.id, clock.conversation_id, clock.promise, clock.due_at, clock.policy_id, policy.id,
    clock.breached_at IS NOT NULL, clock.started_at, policy.target, policy.target_working_days,
    policy.is_in_working_time, calendar.id, calendar.updated_at, account.weekly_hours::text, brand.time_zone,
    policy.working_week
FROM sla_slaclock AS clock
JOIN conversations_conversation AS conversation ON conversation.id = clock.conversation_id
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
JOIN brands_brand AS brand ON brand.id = account.brand_id
JOIN LATERAL ({{policy}}) AS policy ON true
LEFT JOIN LATERAL ({NEAREST_CALENDAR}) AS calendar ON true
WHERE {{column}} = ANY (%s) AND clock.stopped_at IS NULL
"""  # noqa: S608  # of our own constants

_GIVEN = "SELECT clock_id, warning_id, max(given_at) FROM sla_clockwarning WHERE clock_id = ANY (%s) GROUP BY 1, 2"


@dataclass(frozen=True, slots=True)
class Running:
    """One clock as it stands, and ``due`` as it is computed now: None where it would never be."""

    clock_id: int
    conversation_id: int
    promise: str
    was_due_at: datetime
    former_policy_id: int
    policy_id: int
    is_broken: bool
    due: Due | None = None

    def is_moved_by(self, due: Due) -> bool:
        """Whether it is due at another time, or by another policy."""
        return (self.was_due_at, self.former_policy_id) != (due.at, self.policy_id)

    def is_mended_at(self, present: datetime) -> bool:
        """Whether it is said to be broken, and as it is computed now it is still to be kept."""
        return self.is_broken and self.due is not None and self.due.at > present


def running_clocks(
    column: Literal["clock.id", "clock.conversation_id"], ids: Sequence[int], *, by_policy: str
) -> list[Running]:
    """Those of these clocks, or of these conversations, that run; computed by the policy that a subquery chooses."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING.format(column=column, policy=by_policy), [list(ids)])
        rows = cursor.fetchall()
    if not rows:
        return []
    clock_ids = [row[0] for row in rows]
    pauses = _pauses(clock_ids)
    moments = policy_moments({row[5] for row in rows})
    given = _given(clock_ids) if moments else {}
    owed = [
        Owed(
            started_at, target, days, is_working, (calendar, state) if calendar else None, hours, zone,
            pauses.get(row[0], ()), _of_clock(row[0], moments.get(row[5], ()), given), week,
        )
        for row in rows
        for started_at, target, days, is_working, calendar, state, hours, zone, week in [row[7:]]
    ]  # fmt: skip
    return [Running(*(*row[:7], due)) for row, due in zip(rows, due_times(owed), strict=True)]


def policy_moments(policy_ids: set[int]) -> dict[int, list[Moment]]:
    """The warnings of policies, none of them given yet."""
    found: dict[int, list[Moment]] = {}
    warnings = PolicyWarning.objects.filter(policy__in=policy_ids, is_active=True)
    for policy_id, pk, from_due, holds_from in warnings.values_list("policy_id", "pk", "from_due", "holds_from"):
        found.setdefault(policy_id, []).append(Moment(pk, from_due, holds_from))
    return found


def _of_clock(clock_id: int, moments: Sequence[Moment], given: Mapping[tuple[int, int], datetime]) -> Sequence[Moment]:
    if not given:
        return moments
    return [replace(one, given_at=given.get((clock_id, one.warning_id))) for one in moments]


def _given(clock_ids: Sequence[int]) -> dict[tuple[int, int], datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, [list(clock_ids)])
        return {(clock_id, warning_id): at for clock_id, warning_id, at in cursor.fetchall()}


def _pauses(clock_ids: Sequence[int]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {}
    pauses = ClockPause.objects.filter(clock__in=clock_ids).order_by("began_at")
    for clock_id, began_at, ended_at in pauses.values_list("clock_id", "began_at", "ended_at"):
        found.setdefault(clock_id, []).append((began_at, ended_at))
    return found
