"""The arithmetic of promises: when one is due, and how much of its time has run. Pure: no database, no Django.

Two kinds of target. *Working time* runs while the counter is open and the promise is not paused; it is due at the first
instant at which the target has run. *Working days* count days on which the counter opens: the day on which the promise
begins is not one of them, a day is complete at its last closing if the promise is not paused then, and the promise is
due at the closing of the last of them (« within seven working days » is said of the end of the seventh).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from comptoir.sla.calendar import Calendar

#: From one instant to another; None is for ever.
Pause = tuple[datetime, datetime | None]

#: A counter that does not open for so long does not open.
_LONGEST_CLOSURE = timedelta(days=3 * 366)
#: Nothing is promised for later than that.
_FARTHEST = timedelta(days=100 * 366)
_NOTHING = timedelta(0)
_ONE_DAY = timedelta(days=1)


class NeverDueError(ValueError):
    """The counter does not open often enough for the promise ever to be due."""


def due_after(calendar: Calendar, start: datetime, target: timedelta, pauses: Sequence[Pause] = ()) -> datetime | None:
    """When ``target`` of working time has run since ``start``; None while it is paused for ever before that.

    Raises NeverDueError.
    """
    if target <= _NOTHING:
        return start.astimezone(UTC)
    left = target
    for begins, ends in running(calendar, start, pauses):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    if _is_endless(pauses):
        return None
    raise NeverDueError


def instants_after(
    calendar: Calendar, start: datetime, targets: Sequence[timedelta], pauses: Sequence[Pause] = ()
) -> list[datetime | None]:
    """`due_after` of several targets in one pass; None for one that is never reached. What is not above zero is reached
    at once.
    """
    found: list[datetime | None] = [start.astimezone(UTC) if target <= _NOTHING else None for target in targets]
    left = sorted((target, place) for place, target in enumerate(targets) if target > _NOTHING)
    run = _NOTHING
    stretches = running(calendar, start, pauses) if left else iter(())
    for begins, ends in stretches:
        while left and left[0][0] <= run + (ends - begins):
            target, place = left.pop(0)
            found[place] = begins + (target - run)
        if not left:
            break
        run += ends - begins
    return found


def due_after_working_days(
    calendar: Calendar, start: datetime, days: int, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """When ``days`` working days are over; None while it is paused for ever before that. Raises NeverDueError."""
    if days <= 0:
        return start.astimezone(UTC)
    for counted, (_day, closing) in enumerate(working_days(calendar, start, pauses), start=1):
        if counted == days:
            return closing
    if _is_endless(pauses):
        return None
    raise NeverDueError


def time_run(calendar: Calendar, start: datetime, until: datetime, pauses: Sequence[Pause] = ()) -> timedelta:
    """How much working time has run between two instants."""
    run = _NOTHING
    for begins, ends in running(calendar, start, pauses):
        if begins >= until:
            break
        run += min(ends, until) - begins
    return run


def running(calendar: Calendar, start: datetime, pauses: Sequence[Pause] = ()) -> Iterator[tuple[datetime, datetime]]:
    """The intervals (UTC) in which a promise runs that begins at ``start``: open, and not paused.

    Ends where it is paused for ever, where the counter no longer opens, and after a hundred years.
    """
    stops = _merged(pauses)
    for opens, closes in _open(calendar, start.astimezone(UTC)):
        begins: datetime | None = opens
        for paused, resumed in stops:
            if begins is None or paused >= closes:
                break
            if resumed is not None and resumed <= begins:
                continue
            if paused > begins:
                yield begins, paused
            if resumed is None:
                return
            begins = resumed if resumed < closes else None
        if begins is not None and begins < closes:
            yield begins, closes


def working_days(calendar: Calendar, start: datetime, pauses: Sequence[Pause] = ()) -> Iterator[tuple[date, datetime]]:
    """The working days that count towards a promise that begins at ``start``, each with the instant it is complete."""
    stops = _merged(pauses)
    day = start.astimezone(calendar.zone).date()
    last = _after(day, _FARTHEST)
    opened = day
    while day < last and day - opened < _LONGEST_CLOSURE:
        day += _ONE_DAY
        if not calendar.is_working_day(day):
            continue
        opened, closing = day, calendar.closing_of(day)
        if any(resumed is None and paused < closing for paused, resumed in stops):
            return
        if not any(resumed is not None and paused < closing <= resumed for paused, resumed in stops):
            yield day, closing


def _open(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What is open after ``start``, as far as one looks: up to a closure that does not end, or a hundred years."""
    begun = start.astimezone(calendar.zone).date()
    farthest = _after(begun, _FARTHEST)
    since = start
    while True:
        seen = since
        horizon = min(farthest, _after(since.astimezone(calendar.zone).date(), _LONGEST_CLOSURE))
        for opens, closes in calendar.openings(since, until_day=horizon):
            yield opens, closes
            seen = closes
        if seen == since or horizon >= farthest:
            return
        since = seen


def _merged(pauses: Sequence[Pause]) -> list[Pause]:
    """In order, those that touch joined, those of no length left out."""
    merged: list[Pause] = []
    in_utc = [(begins.astimezone(UTC), ends.astimezone(UTC) if ends else None) for begins, ends in pauses]
    for begins, ends in sorted(in_utc, key=lambda pause: pause[0]):
        if ends is not None and ends <= begins:
            continue
        if merged and (merged[-1][1] is None or begins <= merged[-1][1]):
            former = merged[-1][1]
            merged[-1] = (merged[-1][0], None if former is None or ends is None else max(former, ends))
        else:
            merged.append((begins, ends))
    return merged


def _is_endless(pauses: Sequence[Pause]) -> bool:
    return any(ends is None for _begins, ends in pauses)


def _after(day: date, distance: timedelta) -> date:
    """Some days later, or the last day there is (less the margin that time zones need)."""
    latest = date.max - timedelta(days=3)
    return latest if latest - day < distance else day + distance
