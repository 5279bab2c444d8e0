"""How a due time came about, day by day: what was counted, and what was left out and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from comptoir.sla.calendar import Calendar
from comptoir.sla.clock import Pause, running, working_days

_ONE_DAY = timedelta(days=1)
#: Of a promise that runs for longer, only the days after that are left out.
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Counted:
    """One day of the promise, in its own zone: the spans that counted, or why there are none.

    ``holiday`` is its name; ``is_exception`` tells a day of its own hours, ``is_working_day`` one that was counted.
    """

    day: date
    spans: tuple[tuple[datetime, datetime], ...] = ()
    holiday: str = ""
    is_exception: bool = False
    is_working_day: bool = False

    @property
    def time(self) -> timedelta:
        """How much of the target this day ran. Between two instants of one zone Python counts what a clock on the wall
        shows, which jumps on the day it is changed.
        """
        return sum((ends.astimezone(UTC) - begins.astimezone(UTC) for begins, ends in self.spans), timedelta(0))

    @property
    def is_clock_changed(self) -> bool:
        """Whether the clocks go forward or back in one of its spans."""
        return any(begins.utcoffset() != ends.utcoffset() for begins, ends in self.spans)


def counted_time(
    calendar: Calendar, start: datetime, due: datetime | None, pauses: Sequence[Pause] = ()
) -> list[Counted]:
    """The days from ``start`` to ``due`` (or, without one, to where it is paused for ever) of a promise in time."""
    spans: dict[date, list[tuple[datetime, datetime]]] = {}
    last = start.astimezone(calendar.zone).date()
    for begins, ends in running(calendar, start, pauses):
        if (due is not None and begins >= due) or len(spans) > MOST_DAYS:
            break
        for piece in _by_day(calendar, begins, ends if due is None else min(ends, due)):
            last = piece[0].date()
            _add(spans.setdefault(last, []), piece)
    return [
        _of_day(calendar, day, tuple(spans.get(day, ())), is_working_day=False) for day in _days(calendar, start, last)
    ]


def counted_days(
    calendar: Calendar, start: datetime, due: datetime | None, pauses: Sequence[Pause] = ()
) -> list[Counted]:
    """The same of a promise in working days."""
    counted: set[date] = set()
    for day, closing in working_days(calendar, start, pauses):
        if (due is not None and closing > due) or len(counted) >= MOST_DAYS:
            break
        counted.add(day)
    last = max(counted, default=start.astimezone(calendar.zone).date())
    return [_of_day(calendar, day, (), is_working_day=day in counted) for day in _days(calendar, start, last)]


def _days(calendar: Calendar, start: datetime, last: date) -> Iterator[date]:
    day = start.astimezone(calendar.zone).date()
    for _day in range(MOST_DAYS):
        if day > last:
            return
        yield day
        day += _ONE_DAY


def _of_day(
    calendar: Calendar, day: date, spans: tuple[tuple[datetime, datetime], ...], *, is_working_day: bool
) -> Counted:
    is_exception = day in calendar.exceptions
    holiday = "" if is_exception else (calendar.holidays.get(day) or "").replace("'", "’")  # set as the rest is
    return Counted(day, spans, holiday, is_exception, is_working_day)


def _by_day(calendar: Calendar, begins: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
    """An interval cut at each midnight of the calendar's zone, in that zone."""
    while begins < ends:
        day = begins.astimezone(calendar.zone).date()
        until = min(ends, calendar.instant(day, 24 * 60))
        yield begins.astimezone(calendar.zone), until.astimezone(calendar.zone)
        begins = until


def _add(spans: list[tuple[datetime, datetime]], piece: tuple[datetime, datetime]) -> None:
    """Two that touch are shown as one."""
    if spans and spans[-1][1] == piece[0]:
        spans[-1] = (spans[-1][0], piece[1])
    else:
        spans.append(piece)
