"""What an agent wants to hear of, and how: their own choice, kept with their preferences."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comptoir.people.models import Agent


class Kind(models.TextChoices):
    """What can be heard of; of several at once the first here is the one that sounds."""

    CALL = "call", _("The telephone rings for me or my team")
    ASSIGNED = "assigned", _("A conversation is given to me")
    ADDRESSED = "addressed", _("A colleague addresses me in a note")
    OFFERED = "offered", _("Another team offers a conversation to mine")
    DECIDED = "decided", _("What I offered to another team is accepted or refused")
    BOUNCED = "bounced", _("A conversation goes from team to team (supervisors)")
    CONSULTED = "consulted", _("My opinion is asked as an expert")
    EXPERT_ANSWERED = "answered", _("An expert answers what I asked, or about a customer of mine")
    UNANSWERED = "unanswered", _("An expert does not answer, or was not reached")
    REPLY = "reply", _("A customer writes in a conversation of mine")
    FAILED = "failed", _("A reply of mine did not arrive")
    BREACH = "breach", _("A promise is broken in a conversation of mine")
    WARNING = "warning", _("A promise is about to be broken, and its warning tells me")
    OVERDUE = "overdue", _("A customer was to be called by now, in a conversation of mine")
    HELP = "help", _("A colleague calls for help with a conversation of my team")
    POINTED = "pointed", _("An automation points a conversation out to me")
    WOKEN = "woken", _("A conversation of mine comes back")
    FOLLOWED = "followed", _("Something happens in a conversation I follow")
    NEW = "new", _("A new conversation in my team that nobody has taken")


class Way(enum.StrEnum):
    """How: in the page, with a sound, on the device though the page is closed, in a digest by e-mail."""

    PAGE = "page"
    SOUND = "sound"
    PUSH = "push"
    EMAIL = "email"


_PREFERENCE = "notifications"
_QUIET = "quiet_hours"
DEFAULTS: Mapping[Kind, frozenset[Way]] = {
    Kind.CALL: frozenset({Way.PAGE, Way.SOUND, Way.PUSH}),
    Kind.ASSIGNED: frozenset({Way.PAGE, Way.SOUND, Way.PUSH, Way.EMAIL}),
    Kind.ADDRESSED: frozenset({Way.PAGE, Way.SOUND, Way.PUSH, Way.EMAIL}),
    Kind.OFFERED: frozenset({Way.PAGE, Way.SOUND, Way.PUSH, Way.EMAIL}),
    Kind.DECIDED: frozenset({Way.PAGE, Way.PUSH}),
    Kind.BOUNCED: frozenset({Way.PAGE, Way.PUSH, Way.EMAIL}),
    Kind.POINTED: frozenset({Way.PAGE, Way.SOUND, Way.PUSH}),
    Kind.CONSULTED: frozenset({Way.PAGE, Way.SOUND, Way.PUSH, Way.EMAIL}),
    Kind.EXPERT_ANSWERED: frozenset({Way.PAGE, Way.PUSH, Way.EMAIL}),
    Kind.UNANSWERED: frozenset({Way.PAGE, Way.PUSH, Way.EMAIL}),
    Kind.REPLY: frozenset({Way.PAGE, Way.SOUND, Way.PUSH}),
    Kind.FAILED: frozenset({Way.PAGE, Way.SOUND, Way.PUSH, Way.EMAIL}),
    Kind.BREACH: frozenset({Way.PAGE, Way.PUSH, Way.EMAIL}),
    Kind.WARNING: frozenset({Way.PAGE, Way.SOUND, Way.PUSH}),
    Kind.OVERDUE: frozenset({Way.PAGE, Way.SOUND, Way.PUSH, Way.EMAIL}),
    Kind.HELP: frozenset({Way.PAGE, Way.SOUND, Way.PUSH}),
    Kind.WOKEN: frozenset({Way.PAGE}),
    Kind.FOLLOWED: frozenset({Way.PAGE}),
    Kind.NEW: frozenset(),
}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day to another, in the agent's zone; past midnight where it ends before it begins."""

    begins: time
    ends: time
    zone: ZoneInfo

    def covers(self, at: datetime) -> bool:
        local = at.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


def ways_of(agent: Agent, kind: str) -> frozenset[Way]:
    """How ``agent`` wants to hear of ``kind``, one of Kind."""
    chosen = agent.preferences.get(_PREFERENCE, {}).get(kind)
    return DEFAULTS[Kind(kind)] if chosen is None else frozenset(Way(way) for way in chosen if way in set(Way))


def quiet_hours(agent: Agent) -> QuietHours | None:
    """When ``agent`` wants no push and no sound; None for never."""
    zone = ZoneInfo(agent.time_zone or settings.TIME_ZONE)
    kept: dict[str, Any] = agent.preferences.get(_QUIET) or {}
    try:
        return QuietHours(time.fromisoformat(kept["begins"]), time.fromisoformat(kept["ends"]), zone)
    except (KeyError, ValueError, TypeError):
        return None


def chosen_preferences(
    ways: Mapping[Kind, frozenset[Way]], quiet: tuple[time, time] | None
) -> dict[str, dict[str, Any]]:
    """What `Agent.preferences` keeps of a choice."""
    return {
        _PREFERENCE: {str(kind): sorted(ways[kind]) for kind in ways},
        _QUIET: {"begins": quiet[0].isoformat("minutes"), "ends": quiet[1].isoformat("minutes")} if quiet else {},
    }
