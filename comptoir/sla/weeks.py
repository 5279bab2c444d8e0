"""Which days of a week are working days, where a promise says so and not the counter's own hours. Pure."""

from __future__ import annotations

from comptoir.sla.calendar import ALL_DAY, Calendar

#: How many days from Monday on; a week that is not among them is the counter's own.
_DAYS = {"to_friday": 5, "to_saturday": 6}
_WEEK = 7


def in_working_week(calendar: Calendar, week: str) -> Calendar:
    """``calendar`` with the working days of ``week``: « jours ouvrés » are to_friday, « jours ouvrables » to_saturday.

    A day on which the counter opens keeps its hours, so that it is over at its closing; one that is counted though it
    stays shut is over at midnight. Holidays and exceptional days are the calendar's in any case.
    """
    days = _DAYS.get(week)
    if days is None:
        return calendar
    own = calendar.weekly or (ALL_DAY,) * _WEEK
    weekly = tuple((spans or ALL_DAY) if day < days else () for day, spans in enumerate(own))
    return Calendar(calendar.zone, weekly, calendar.holidays, calendar.exceptions)
