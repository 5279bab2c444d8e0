"""Weekly hours, of an account or a person: {"mon": [["09:00", "12:30"], ["14:00", "18:00"]], …}; {} is always open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")

WeeklyHours = Mapping[str, Sequence[Sequence[str]]]


def check_weekly_hours(hours: Any) -> None:
    """Raise ValidationError, in words, unless ``hours`` are weekly hours: spans sorted and not overlapping."""
    if not isinstance(hours, dict) or not set(hours) <= set(DAYS):
        raise ValidationError(_("Opening hours are spans for the days mon, tue, wed, thu, fri, sat and sun."))
    for day, spans in hours.items():
        if not isinstance(spans, list):
            raise ValidationError(_("The hours of “%(day)s” are a list of spans.") % {"day": day})
        previous = "00:00"
        for span in spans:
            previous = _check_span(day, span, previous)


def _check_span(day: str, span: Any, previous: str) -> str:
    if not (
        isinstance(span, list) and len(span) == 2 and all(isinstance(end, str) and _TIME.fullmatch(end) for end in span)
    ):
        raise ValidationError(_("A span of “%(day)s” is written 09:00 to 18:00.") % {"day": day})
    opens, closes = span
    if not previous <= opens < closes:
        raise ValidationError(_("The spans of “%(day)s” must follow one another without overlapping.") % {"day": day})
    return str(closes)


def is_open(hours: WeeklyHours, at: datetime, *, time_zone: str) -> bool:
    """Whether the counter is open at an aware instant. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    if not hours:
        return True
    local = at.astimezone(ZoneInfo(time_zone))
    clock = f"{local:%H:%M}"
    return any(opens <= clock < closes for opens, closes in hours.get(DAYS[local.weekday()], ()))


_SPAN = re.compile(
    r"(?P<from>[0-2]?\d)\s*(?:[:h.]\s*(?P<from_minutes>[0-5]\d)?)?\s*(?:-|–|—|à|to)\s*"
    r"(?P<to>[0-2]?\d)\s*(?:[:h.]\s*(?P<to_minutes>[0-5]\d)?)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;/+]|\bet\b|\band\b|\s)\s*", re.IGNORECASE)


def spans_read(text: str) -> list[list[str]]:
    """The spans that a person typed for one day: « 9h-12h30, 14:00 – 18:00 », in order. Raises ValueError."""
    spans: list[list[str]] = []
    position, text = 0, text.strip()
    while position < len(text):
        found = _SPAN.match(text, position)
        if found is None:
            raise ValueError(text[position:])
        part = found.groupdict()
        opens = f"{int(part['from']):02}:{part['from_minutes'] or '00'}"
        closes = f"{int(part['to']):02}:{part['to_minutes'] or '00'}"
        if not (_TIME.fullmatch(opens) and _TIME.fullmatch(closes)):
            raise ValueError(found.group())
        spans.append([opens, closes])
        between = _BETWEEN.match(text, found.end())
        position = between.end() if between else found.end()
    return sorted(spans)


def spans_written(spans: Sequence[Sequence[str]]) -> str:
    """The same as it is shown to be edited: « 09:00–12:30, 14:00–18:00 »."""
    return ", ".join(f"{opens}–{closes}" for opens, closes in spans)
