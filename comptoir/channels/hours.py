"""The opening hours of accounts are weekly hours like any others."""

from __future__ import annotations

from comptoir.core.hours import DAYS, WeeklyHours, check_weekly_hours

__all__ = ["DAYS", "WeeklyHours", "check_weekly_hours"]
