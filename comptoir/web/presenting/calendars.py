"""What a calendar is about to do: open or not, until when, and its next holidays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comptoir.core.clock import now
from comptoir.sla.calendar import Calendar
from comptoir.sla.cases import CaseError, holidays_of
from comptoir.sla.models import OpeningCalendar
from comptoir.web.wording import instant_there

_LOOKED_AT = timedelta(days=400)
_HOLIDAYS, _HOLIDAY_DAYS = 10, 3 * 366


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the country does not work; the counter may, by an exception."""

    day: date
    name: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The state of the counter as a sentence, and what comes."""

    is_open: bool
    words: str
    holidays: Sequence[Holiday]


def preview(row: OpeningCalendar) -> Preview:
    """Of a calendar as it is kept, now."""
    calendar, present = row.as_calendar(), now()
    is_open, words = _state(calendar, present)
    return Preview(is_open, words, _holidays(row, calendar, present.astimezone(calendar.zone).date()))


def _state(calendar: Calendar, present: datetime) -> tuple[bool, str]:
    until = present.astimezone(calendar.zone).date() + _LOOKED_AT
    found = _opening(calendar.openings(present, until_day=until))
    if found is None:
        return False, _("Closed, and it does not open within a year.")
    opens, closes = found
    if opens > present:
        return False, _("Closed now. Opens %(instant)s.") % {"instant": _instant(opens, calendar)}
    if closes - present > timedelta(days=366):
        return True, _("Open now, round the clock.")
    return True, _("Open now. Closes %(instant)s.") % {"instant": _instant(closes, calendar)}


def _opening(spans: Iterator[tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    """The first one, up to when the counter really closes: a day that ends at midnight may be followed by another."""
    first = next(spans, None)
    if first is None:
        return None
    begins, ends = first
    for opens, closes in spans:
        if opens > ends:
            break
        ends = closes
    return begins, ends


def _instant(at: datetime, calendar: Calendar) -> str:
    """In the calendar's own zone, whatever the reader's is."""
    return instant_there(at, calendar.zone)


def _holidays(row: OpeningCalendar, calendar: Calendar, today: date) -> list[Holiday]:
    """The next ones, named in the reader's language where the library knows them in it."""
    if not row.country:
        return []
    language = "fr" if (get_language() or "fr").startswith("fr") else "en_US"
    try:
        named = holidays_of(row.country, row.subdivision or None, language)
    except CaseError:
        return []
    found: list[Holiday] = []
    for days in range(_HOLIDAY_DAYS):
        day = today + timedelta(days=days)
        name = named.get(day)
        if name is not None:
            found.append(Holiday(day, name, bool(calendar.spans_on(day))))
        if len(found) == _HOLIDAYS:
            break
    return found
