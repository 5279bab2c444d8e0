"""For how long: what a trigger of time asks, in words, at all hours or in opening hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comptoir.core.reasons import Reason, template

Trigger = Mapping[str, Any]
UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
_SHORT = {"days": template("%(count)s d"), "hours": template("%(count)s h"), "minutes": template("%(count)s min")}
_OF_OPENING = template("%(span)s of opening hours")


def span_of(trigger: Trigger) -> timedelta:
    """How long it is; of a trigger that time sets off."""
    return timedelta(minutes=trigger["after_minutes"])


def is_in_working_time(trigger: Trigger) -> bool:
    """Whether only opening hours count."""
    return bool(trigger.get("is_in_working_time"))


def in_units(trigger: Trigger) -> tuple[int, str]:
    """How many of which of UNITS: the largest that it is a whole number of. A counter opens for hours, not for days."""
    minutes, largest = (
        trigger.get("after_minutes") or 0,
        ("hours",) if is_in_working_time(trigger) else ("days", "hours"),
    )
    unit = next((name for name in largest if minutes % UNITS[name] == 0), "minutes")
    return minutes // UNITS[unit], unit


def span_words(trigger: Trigger) -> str:
    """« 4 heures », « 4 heures d’ouverture »."""
    count, unit = in_units(trigger)
    if unit == "days":
        words = ngettext("%(count)s day", "%(count)s days", count)
    elif unit == "hours":
        words = ngettext("%(count)s hour", "%(count)s hours", count)
    else:
        words = ngettext("%(count)s minute", "%(count)s minutes", count)
    span = words % {"count": count}
    return _("%(span)s of opening hours") % {"span": span} if is_in_working_time(trigger) else span


def span_reason(trigger: Trigger) -> Reason:
    """The same in short, in whatever language it is read."""
    count, unit = in_units(trigger)
    span = Reason(_SHORT[unit], count=count)
    return Reason(_OF_OPENING, span=span) if is_in_working_time(trigger) else span
