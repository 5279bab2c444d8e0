"""Making, changing and forgetting calendars. Each act is one event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Team
from comptoir.sla.models import ExceptionalDay, OpeningCalendar
from comptoir.sla.sweeping import request_recomputation


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One day of its own hours, as it is given: spans like ["09:00", "12:30"], none where it is closed."""

    falls_on: date
    spans: Sequence[Sequence[str]] = ()
    reason: str = ""


@transaction.atomic
def create_calendar(
    *,
    name: str,
    owner: Brand | Team | ChannelAccount,
    time_zone: str,
    weekly_hours: dict[str, list[list[str]]] | None,
    country: str = "",
    subdivision: str = "",
    exceptions: Sequence[Exceptional] = (),
    by: Actor = SYSTEM,
) -> OpeningCalendar:
    """Make a calendar. Raises ValidationError with words, also where the owner has one already."""
    calendar = OpeningCalendar(**{_OWNERS[type(owner)]: owner})
    _fill(calendar, name, time_zone, weekly_hours, country, subdivision)
    _put_exceptions(calendar, exceptions)
    record("calendar.created", subject=calendar, by=by)
    request_recomputation()
    return calendar


_OWNERS: dict[type, str] = {Brand: "brand", Team: "team", ChannelAccount: "account"}


@transaction.atomic
def edit_calendar(
    calendar_id: int,
    *,
    name: str,
    time_zone: str,
    weekly_hours: dict[str, list[list[str]]] | None,
    country: str = "",
    subdivision: str = "",
    exceptions: Sequence[Exceptional] = (),
    by: Actor = SYSTEM,
) -> OpeningCalendar:
    """Change a calendar; ``exceptions`` are all there are from now on. Changing nothing records nothing.

    Raises ValidationError with words, OpeningCalendar.DoesNotExist.
    """
    calendar = OpeningCalendar.objects.select_for_update(of=("self",)).get(pk=calendar_id)
    before = _written(calendar)
    _fill(calendar, name, time_zone, weekly_hours, country, subdivision)
    _put_exceptions(calendar, exceptions)
    after = _written(calendar)
    changes = {part: [before[part], after[part]] for part in after if before[part] != after[part]}
    if changes:
        record("calendar.changed", subject=calendar, by=by, changes=changes)
        request_recomputation()
    return calendar


@transaction.atomic
def delete_calendar(calendar_id: int, *, by: Actor = SYSTEM) -> None:
    """Forget a calendar: what it was for goes by the next one there is. Raises OpeningCalendar.DoesNotExist."""
    calendar = OpeningCalendar.objects.select_for_update(of=("self",)).get(pk=calendar_id)
    record("calendar.deleted", subject=calendar, by=by, was=_written(calendar))
    calendar.delete()
    request_recomputation()


def _fill(
    calendar: OpeningCalendar,
    name: str,
    time_zone: str,
    weekly_hours: dict[str, list[list[str]]] | None,
    country: str,
    subdivision: str,
) -> None:
    calendar.name, calendar.time_zone, calendar.weekly_hours = name, time_zone, weekly_hours
    calendar.country, calendar.subdivision = country, subdivision
    calendar.full_clean()
    calendar.save()


def _put_exceptions(calendar: OpeningCalendar, exceptions: Sequence[Exceptional]) -> None:
    """The days as given, each once: of two for one day the later one counts."""
    days = {
        one.falls_on: ExceptionalDay(
            calendar=calendar, falls_on=one.falls_on, spans=[list(span) for span in one.spans], reason=one.reason
        )
        for one in exceptions
    }
    for day in days.values():
        day.full_clean(validate_unique=False, validate_constraints=False)
    calendar.exceptional_days.all().delete()
    ExceptionalDay.objects.bulk_create(days.values())


def _written(calendar: OpeningCalendar) -> dict[str, Any]:
    """All that counts, as JSON."""
    return {
        "name": calendar.name,
        "time_zone": calendar.time_zone,
        "weekly_hours": calendar.weekly_hours,
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "exceptions": [
            {"on": day.falls_on.isoformat(), "spans": day.spans, "reason": day.reason}
            for day in calendar.exceptional_days.order_by("falls_on")
        ],
    }
