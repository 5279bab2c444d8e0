"""A case of a promise as JSON, for whoever doubts a date: read into a calendar, a start, a target and its pauses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo

import holidays

from comptoir.core.reasons import ReasonedError
from comptoir.sla.calendar import DAY_MINUTES, DAYS, NO_HOLIDAYS, Calendar, Holidays, Span
from comptoir.sla.clock import Pause

_TIME = re.compile(r"(?P<hours>[01]?\d|2[0-4]):(?P<minutes>[0-5]\d)(?::00)?")
#: Departments of mainland France: all have the country's holidays, those of Alsace and Moselle two more.
_METROPOLITAN = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|Alsace-Moselle")
_WITH_HOLIDAYS_OF_THEIR_OWN = {"57": "57", "67": "6AE", "68": "6AE", "Alsace-Moselle": "6AE"}
#: A century in minutes: nobody promises for later.
_MOST_MINUTES = 100 * 366 * DAY_MINUTES
_MOST_DAYS = 10_000


class CaseError(ReasonedError):
    """The case cannot be understood; the text says which part of it and what is expected there."""


@dataclass(frozen=True, slots=True)
class Case:
    """``target`` is working time, or a number of working days."""

    calendar: Calendar
    start: datetime
    target: timedelta | int
    pauses: tuple[Pause, ...] = ()


def case_from(given: Any) -> Case:
    """Read a case. Raises CaseError."""
    if not isinstance(given, dict):
        raise CaseError("A case is a JSON object.")
    zone = _zone(given.get("time_zone"))
    calendar = Calendar(
        zone,
        weekly=_weekly(given.get("hours")),
        holidays=_holidays(given.get("holidays")),
        exceptions=_exceptions(given.get("exceptions")),
    )
    start = _instant("start_at", given.get("start_at"), zone)
    return Case(calendar, start, _target(given), _pauses(given.get("pauses"), zone))


def span_from(given: Any) -> Span:
    """["09:00", "12:30"]; one that ends no later than it begins ends on the next day. Raises CaseError."""
    if not (isinstance(given, list | tuple) and len(given) == 2):
        raise CaseError("A span is two times, such as [“09:00”, “12:30”].")
    opens, closes = _minutes(given[0]), _minutes(given[1])
    if opens == DAY_MINUTES:
        raise CaseError("A span cannot begin at 24:00.")
    return Span(opens, closes if closes > opens else closes + DAY_MINUTES)


def _minutes(given: Any) -> int:
    found = _TIME.fullmatch(given) if isinstance(given, str) else None
    minutes = int(found["hours"]) * 60 + int(found["minutes"]) if found else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise CaseError("“%(given)s” is no time: write 09:30, and 24:00 for the end of the day.", given=str(given))
    return minutes


def _zone(given: Any) -> ZoneInfo:
    try:
        if isinstance(given, str) and given:
            return ZoneInfo(given)
    except (ValueError, OSError, KeyError):  # one that is not found is a KeyError
        pass
    raise CaseError("“%(given)s” is no time zone: name one like Europe/Paris in time_zone.", given=str(given))


def _weekly(given: Any) -> tuple[tuple[Span, ...], ...] | None:
    if given is None:
        return None
    if not isinstance(given, dict) or not set(given) <= set(DAYS):
        raise CaseError("hours are spans for the days mon, tue, wed, thu, fri, sat and sun, or null for always open.")
    return tuple(_spans(given.get(day)) for day in DAYS)


def _spans(given: Any) -> tuple[Span, ...]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise CaseError("The spans of a day are a list.")
    return tuple(sorted(span_from(one) for one in given))


def _holidays(given: Any) -> Holidays:
    if given is None:
        return NO_HOLIDAYS
    if not isinstance(given, dict) or not isinstance(given.get("country"), str):
        raise CaseError("holidays name a country by its two letters, and a subdivision or null.")
    return holidays_of(given["country"], given.get("subdivision") or None)


@lru_cache(maxsize=256)
def holidays_of(country: str, subdivision: str | None = None, language: str = "fr") -> Holidays:
    """The public holidays of a country, with those of one of its parts, named in a language where they are known in it.

    A part is named as the `holidays` library names it, with or without the country before it (FR-57, 971, Guadeloupe,
    BY); of France, a department by its number. Raises CaseError for places unknown.
    """
    part = subdivision.removeprefix(f"{country}-") if subdivision else None
    if country == "FR" and part and _METROPOLITAN.fullmatch(part):
        part = _WITH_HOLIDAYS_OF_THEIR_OWN.get(part)
    try:
        return cast("Holidays", holidays.country_holidays(country, subdiv=part, language=language))
    except (NotImplementedError, AttributeError, KeyError, TypeError, ValueError):
        if not subdivision:
            raise CaseError("No holidays are known of “%(country)s”.", country=country) from None
        raise CaseError(
            "No holidays are known of “%(country)s” with the subdivision “%(subdivision)s”.",
            country=country,
            subdivision=subdivision,
        ) from None


def _exceptions(given: Any) -> Mapping[date, tuple[Span, ...]]:
    exceptions: dict[date, tuple[Span, ...]] = {}
    for one in _listed("exceptions", given):
        if not isinstance(one, dict):
            raise CaseError("An exception has the day it is on, and its spans: none where it is closed.")
        day = _day(one.get("on"))
        exceptions[day] = tuple(sorted({*exceptions.get(day, ()), *_spans(one.get("spans"))}))
    return exceptions


def _day(given: Any) -> date:
    try:
        if isinstance(given, str):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise CaseError("“%(given)s” is no day: write 2026-12-24.", given=str(given))


def _instant(name: str, given: Any, zone: ZoneInfo) -> datetime:
    """One without an offset is read in the case's own zone."""
    try:
        if isinstance(given, str):
            at = datetime.fromisoformat(given)
            at = at if at.tzinfo else at.replace(tzinfo=zone)
            if 1900 <= at.year <= 9000:
                return at
    except ValueError:
        pass
    raise CaseError(
        "%(name)s is “%(given)s”: write an instant like 2026-05-04T17:30:00+02:00.", name=name, given=str(given)
    )


def _target(given: Mapping[str, Any]) -> timedelta | int:
    minutes, days = given.get("target_minutes"), given.get("target_working_days")
    if (minutes is None) is (days is None):
        raise CaseError("Give either target_minutes or target_working_days.")
    if minutes is not None:
        if not isinstance(minutes, int | float) or isinstance(minutes, bool) or not 0 <= minutes <= _MOST_MINUTES:
            raise CaseError("target_minutes is a number of minutes, not below zero.")
        return timedelta(minutes=minutes)
    if isinstance(days, float) and days.is_integer():
        days = int(days)
    if not isinstance(days, int) or isinstance(days, bool) or not 0 <= days <= _MOST_DAYS:
        raise CaseError("target_working_days is a whole number of days, not below zero.")
    return days


def _pauses(given: Any, zone: ZoneInfo) -> tuple[Pause, ...]:
    pauses: list[Pause] = []
    for one in _listed("pauses", given):
        if not isinstance(one, list | tuple) or len(one) != 2:
            raise CaseError("A pause is two instants, the second null where it does not end.")
        begins = _instant("pauses", one[0], zone)
        ends = None if one[1] is None else _instant("pauses", one[1], zone)
        if ends is not None and ends < begins:
            raise CaseError("A pause ends before it begins: %(begins)s.", begins=begins.isoformat())
        pauses.append((begins, ends))
    return tuple(pauses)


def _listed(name: str, given: Any) -> Sequence[Any]:
    if given is None:
        return ()
    if not isinstance(given, list):
        raise CaseError("%(name)s is a list.", name=name)
    return given
