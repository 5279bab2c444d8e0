"""When a counter is open: weekly hours, holidays and exceptions in one time zone. Pure: no database, no Django."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
_ONE_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=366)


class Holidays(Protocol):
    """Names by day, as the `holidays` library gives them."""

    def get(self, day: date, /) -> str | None:
        """The name of the holiday, None on any other day."""


class _NoHolidays:
    """Where nothing is ever a holiday."""

    def get(self, _day: date, /) -> str | None:
        return None


NO_HOLIDAYS: Holidays = _NoHolidays()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from ``opens`` to ``closes``, in minutes of the wall clock since the midnight that begins the day.

    Beyond 1440 is on the next day: 22:00 to 02:00 is Span(1320, 1560), and belongs to the day it begins on.
    """

    opens: int
    closes: int


#: The whole day.
ALL_DAY = (Span(0, DAY_MINUTES),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """``weekly`` has the spans of Monday first; None is round the clock, every day.

    An exception says what holds on its day whatever else is said of it; a holiday closes what weekly hours open. Both
    are about spans that *begin* on the day: the night before a holiday is worked to its end.
    """

    zone: ZoneInfo
    weekly: tuple[tuple[Span, ...], ...] | None = None
    holidays: Holidays = NO_HOLIDAYS
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    _known: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def is_round_the_clock(self) -> bool:
        """Whether nothing at all closes it."""
        return self.weekly is None and not self.exceptions and self.holidays is NO_HOLIDAYS

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The spans that begin on ``day``."""
        exception = self.exceptions.get(day)
        if exception is not None:
            return exception
        if self.holidays.get(day) is not None:
            return ()
        return ALL_DAY if self.weekly is None else self.weekly[day.weekday()]

    def is_working_day(self, day: date) -> bool:
        """Whether the counter opens on ``day``."""
        return bool(self.spans_on(day))

    def closing_of(self, day: date) -> datetime:
        """The instant at which the last span that begins on ``day`` ends. Raises ValueError where it does not open."""
        return max(closes for _opens, closes in self._openings_on(day))

    def openings(self, since: datetime, *, until_day: date) -> Iterator[tuple[datetime, datetime]]:
        """What is open after ``since``, as instants in UTC, in order; spans that overlap are one.

        Days are looked at up to ``until_day``, that one included, and only as far as they are asked for.
        """
        day = _at_least(since.astimezone(self.zone).date() - 2 * _ONE_DAY)
        pending: tuple[datetime, datetime] | None = None
        while day <= until_day:
            for opens, closes in self._openings_on(day):
                if closes <= since:
                    continue
                if pending is not None and opens < pending[1]:
                    pending = (pending[0], max(pending[1], closes))
                    continue
                if pending is not None:
                    yield pending
                pending = (max(opens, since), closes)
            if day == date.max:
                break
            day += _ONE_DAY
        if pending is not None:
            yield pending

    def is_open_at(self, at: datetime) -> bool:
        """Whether it is open at an aware instant; at the one at which it closes it is not."""
        if self.is_round_the_clock:
            return True
        last = min(at.astimezone(self.zone).date(), date.max - _ONE_DAY)
        found = next(self.openings(at - timedelta(microseconds=1), until_day=last), None)
        return found is not None and found[0] <= at < found[1]

    def next_opening(self, at: datetime) -> datetime | None:
        """When one that is closed at ``at`` opens next, in its zone; None where it is open, or opens within no year."""
        if self.is_open_at(at):
            return None
        last = min(at.astimezone(self.zone).date(), date.max - _A_YEAR) + _A_YEAR
        found = next(self.openings(at, until_day=last), None)
        return found[0].astimezone(self.zone) if found else None

    def _openings_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        known = self._known.get(day)
        if known is None:
            both = sorted((self.instant(day, one.opens), self.instant(day, one.closes)) for one in self.spans_on(day))
            known = self._known[day] = tuple(one for one in both if one[0] < one[1])
        return known

    def instant(self, day: date, minutes: int) -> datetime:
        """The instant (UTC) at which the wall clock shows ``minutes`` since the midnight that begins ``day``.

        Shown twice, when summer ends, it is the first time; never shown, when summer begins, it is the jump.
        """
        wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
        found = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if found.astimezone(self.zone).replace(tzinfo=None) == wall:
            return found
        return self._jump(wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC), found)

    def _jump(self, before: datetime, after: datetime) -> datetime:
        """The second between two instants at which the zone's offset changes."""
        offset = before.astimezone(self.zone).utcoffset()
        low, high = int(before.timestamp()), int(after.timestamp())
        while high - low > 1:
            middle = (low + high) // 2
            if datetime.fromtimestamp(middle, self.zone).utcoffset() == offset:
                low = middle
            else:
                high = middle
        return datetime.fromtimestamp(high, UTC)


def _at_least(day: date) -> date:
    return max(day, date.min + _ONE_DAY)
