"""Since when somebody is not there: plain arithmetic over what they said and the hours they work."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from comptoir.core.hours import DAYS, is_open
from comptoir.people.models import Agent

_GONE = (Agent.Availability.AWAY, Agent.Availability.OFFLINE)
_WEEK_DAYS = 8


def absent_since(agent: Agent, at: datetime) -> datetime | None:
    """Since they said that they are away or offline, or their hours ended; None for who is there, busy or not."""
    since = [agent.availability_since or agent.created_at] if agent.availability in _GONE else []
    zone = agent.time_zone or settings.TIME_ZONE
    if not is_open(agent.working_hours, at, time_zone=zone):
        since.append(_last_closing(agent, at, zone) or agent.created_at)
    return min(since) if since else None


def _last_closing(agent: Agent, at: datetime, zone: str) -> datetime | None:
    """When their last span before ``at`` ended; None where they work on no day."""
    today = at.astimezone(ZoneInfo(zone)).date()
    for days in range(_WEEK_DAYS):
        day = today - timedelta(days=days)
        for _opens, closes in reversed(agent.working_hours.get(DAYS[day.weekday()], ())):
            closing = _instant(day, closes, zone)
            if closing <= at:
                return closing
    return None


def _instant(day: date, closes: str, zone: str) -> datetime:
    if closes == "24:00":
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    return datetime.combine(day, time.fromisoformat(closes), tzinfo=ZoneInfo(zone))
