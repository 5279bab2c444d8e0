"""Which policy and which calendar hold for a conversation, as parts of statements over many; due times in Python where
a calendar decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from comptoir.sla.calendar import Calendar
from comptoir.sla.clock import NeverDueError, Pause, due_after, due_after_working_days
from comptoir.sla.models import OpeningCalendar, known_calendar
from comptoir.sla.opening import plain_calendar
from comptoir.sla.weeks import in_working_week

#: For ``policy``, ``conversation`` and its ``account``: the conditions, of which an empty one holds for everybody.
MATCHES = """
    policy.is_active
    AND (policy.brand_id IS NULL OR policy.brand_id = account.brand_id)
    AND (policy.team_id IS NULL OR policy.team_id = conversation.team_id)
    AND (policy.is_public IS NULL OR policy.is_public = conversation.is_public)
    AND (policy.kinds = '{}' OR account.kind = ANY (policy.kinds))
"""

#: The calendar of the ``account``, else of the ``conversation``'s team, else of the brand; only where ``policy`` asks.
NEAREST_CALENDAR = """
    SELECT one.id, one.updated_at FROM sla_openingcalendar AS one
    WHERE policy.is_in_working_time AND (
        one.account_id = account.id OR one.team_id = conversation.team_id OR one.brand_id = account.brand_id)
    ORDER BY one.account_id IS NULL, one.team_id IS NULL LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """One promise to be counted: until when it is to be kept, by which calendar.

    ``calendar`` is the id and the state of a row; without one ``hours`` (JSON) in ``zone`` count, {} round the clock.
    """

    started_at: datetime
    target: timedelta | None
    working_days: int | None
    is_in_working_time: bool
    calendar: tuple[int, datetime] | None
    hours: str
    zone: str
    pauses: Sequence[Pause] = ()
    week: str = "opening"


def due_times(owed: Sequence[Owed]) -> list[datetime | None]:
    """When each is due; None where the counter does not open often enough for it ever to be."""
    calendars = _calendars({one.calendar for one in owed if one.calendar is not None})
    return [_due(one, calendars.get(one.calendar) or _plain(one.zone, one.hours)) for one in owed]


def _due(one: Owed, calendar: Calendar) -> datetime | None:
    try:
        if one.working_days is not None:
            counted_by = in_working_week(calendar, one.week)
            return due_after_working_days(counted_by, one.started_at, one.working_days, one.pauses)
        if one.target is None:
            return None  # the database says that there is one of both
        counted_by = calendar if one.is_in_working_time else _plain(one.zone, "{}")
        if not one.pauses and counted_by.is_round_the_clock:
            return one.started_at + one.target
        return due_after(counted_by, one.started_at, one.target, one.pauses)
    except NeverDueError:
        return None


@lru_cache(maxsize=512)
def _plain(zone: str, hours: str) -> Calendar:
    return plain_calendar(zone, json.loads(hours))


def _calendars(wanted: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime] | None, Calendar]:
    """From memory where this process has met that state of the row. One that was just deleted is not among them."""
    found: dict[tuple[int, datetime] | None, Calendar] = {}
    unknown: dict[int, tuple[int, datetime]] = {}
    for one in wanted:
        calendar = known_calendar(*one)
        if calendar is None:
            unknown[one[0]] = one
        else:
            found[one] = calendar
    if unknown:
        found |= {unknown[row.pk]: row.as_calendar() for row in OpeningCalendar.objects.filter(pk__in=unknown)}
    return found
