"""Opening hours as they are kept, checked in words and read into the pure calendar: nights may pass midnight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comptoir.core.saying import in_words
from comptoir.sla.calendar import DAYS, Calendar, Span
from comptoir.sla.cases import CaseError, holidays_of, span_from


def check_opening_hours(hours: Any) -> None:
    """Raise ValidationError, in words, unless ``hours`` are spans by day, of which there is one at least; None is
    round the clock.
    """
    if hours is None:
        return
    if not isinstance(hours, dict) or not set(hours) <= set(DAYS):
        raise ValidationError(_("Opening hours are spans for the days mon, tue, wed, thu, fri, sat and sun."))
    for spans in hours.values():
        check_spans(spans)
    if not any(hours.values()):
        raise ValidationError(_("Give the hours of one day at least: a counter that never opens keeps no promise."))


def check_spans(spans: Any) -> None:
    """Raise ValidationError, in words, unless they are spans of one day, in order, that do not overlap."""
    if not isinstance(spans, list):
        raise ValidationError(_("The hours of a day are a list of spans."))
    until = 0
    for span in _read(spans):
        if span.opens < until:
            raise ValidationError(_("The spans of a day must follow one another without overlapping."))
        until = span.closes


def _read(spans: Sequence[Any]) -> list[Span]:
    try:
        return [span_from(span) for span in spans]
    except CaseError as error:
        raise ValidationError(in_words(error.reason)) from error


def check_zone(time_zone: Any) -> None:
    """Raise ValidationError, in words, unless it names a time zone."""
    try:
        ZoneInfo(str(time_zone))
    except (ValueError, OSError, KeyError) as error:  # one that is not found is a KeyError
        raise ValidationError(_("“%(zone)s” is no time zone.") % {"zone": time_zone}) from error


def check_place(country: str, subdivision: str) -> None:
    """Raise ValidationError, in words, unless holidays are known there; without a country there are none."""
    if not country:
        if subdivision:
            raise ValidationError(_("A part of a country needs the country."))
        return
    try:
        holidays_of(country, subdivision or None)
    except CaseError as error:
        raise ValidationError(in_words(error.reason)) from error


def weekly_spans(hours: Mapping[str, Sequence[Sequence[str]]] | None) -> tuple[tuple[Span, ...], ...] | None:
    """Kept hours as the pure calendar has them: Monday first."""
    if hours is None:
        return None
    return tuple(spans_of(hours.get(day, ())) for day in DAYS)


def spans_of(spans: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    """Kept spans of one day as the pure calendar has them."""
    return tuple(sorted(span_from(list(span)) for span in spans))


def plain_calendar(time_zone: str, hours: Mapping[str, Sequence[Sequence[str]]] | None) -> Calendar:
    """Weekly hours alone, such as an account's: no hours are round the clock."""
    return Calendar(ZoneInfo(time_zone), weekly_spans(hours or None))
