"""Promises, promises running, and when the counter is open."""

from comptoir.sla.models.calendars import ExceptionalDay, OpeningCalendar, known_calendar
from comptoir.sla.models.clocks import ClockPause, ClockWarning, Recomputation, SLAClock
from comptoir.sla.models.policies import REPLIES, PolicyWarning, SLAPolicy, SLAPolicyQuerySet

__all__ = [
    "REPLIES",
    "ClockPause",
    "ClockWarning",
    "ExceptionalDay",
    "OpeningCalendar",
    "PolicyWarning",
    "Recomputation",
    "SLAClock",
    "SLAPolicy",
    "SLAPolicyQuerySet",
    "known_calendar",
]
