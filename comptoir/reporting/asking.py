"""What a report is asked: a span of days in the company's zone, what narrows it, and how far the asker sees."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_date

from comptoir.analysis.models import ContactReason, Intent
from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

SPANS = (7, 30, 90)
_USUAL_DAYS = 30
MOST_DAYS = 366
_ID_DIGITS = 9
_MOST_KIND_CHARS = 30


class By(enum.StrEnum):
    """What the lines of a report are."""

    CHANNEL = "channel"
    DAY = "day"
    BRAND = "brand"
    TEAM = "team"
    AGENT = "agent"
    TOPIC = "topic"


def company_zone() -> ZoneInfo:
    """In which a day begins and ends: the installation's, whoever looks."""
    return ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True)
class Question:
    """Days from ``since`` until and with ``until``; what is None or empty narrows nothing."""

    since: date
    until: date
    by: By = By.CHANNEL
    channel: str = ""
    brand: int | None = None
    team: int | None = None
    agent: int | None = None
    topic: int | None = None
    is_topic_only: bool = False  # without the reasons below it
    intent: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Question:
        """From an address. What means nothing there is not asked; a span is cut to `MOST_DAYS`."""
        today = now().astimezone(company_zone()).date()
        since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
        until = min(until or today, today)
        days = asked.get("days", "")
        span = int(days) if days in map(str, SPANS) else _USUAL_DAYS
        since = min(since or until - timedelta(days=span - 1), until)
        return cls(
            since=max(since, until - timedelta(days=MOST_DAYS - 1)),
            until=until,
            by=By(asked.get("by", "")) if asked.get("by", "") in set(By) else By.CHANNEL,
            channel=asked.get("channel", "").replace("\x00", "")[:_MOST_KIND_CHARS],
            brand=_number(asked.get("brand", "")),
            team=_number(asked.get("team", "")),
            agent=_number(asked.get("agent", "")),
            topic=_number(asked.get("topic", "")),
            is_topic_only=asked.get("topic_only") == "1",
            intent=asked.get("intent", "") if asked.get("intent", "") in Intent.values else "",
        )

    @property
    def written(self) -> dict[str, str]:
        """As `read` reads it, the days by their dates."""
        narrowed = {name: getattr(self, name) for name in ("channel", "brand", "team", "agent", "topic", "intent")}
        by = {"by": str(self.by)} if self.by is not By.CHANNEL else {}
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        only = {"topic_only": "1"} if self.topic and self.is_topic_only else {}
        return days | by | only | {name: str(said) for name, said in narrowed.items() if said}

    @property
    def query(self) -> str:
        return urlencode(self.written)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.channel or self.brand or self.team or self.agent or self.topic or self.intent)

    def of(self, by: By, key: int | str | date | None) -> Question:
        """The same for one line of it. A line without a key (no team, no reason) cannot be asked for: the whole."""
        if isinstance(key, date):
            return replace(self, since=key, until=key)
        if isinstance(key, str):
            return replace(self, channel=key)
        if key is None:
            return self
        if by is By.TOPIC:
            return replace(self, topic=key, is_topic_only=True)
        if by is By.AGENT:
            return replace(self, agent=key)
        return replace(self, team=key) if by is By.TEAM else replace(self, brand=key)

    @property
    def days(self) -> list[date]:
        return [self.since + timedelta(days=number) for number in range((self.until - self.since).days + 1)]

    @cached_property
    def edges(self) -> list[datetime]:
        """The first instant of each day, and of the day after the last: one more than there are days."""
        zone = company_zone()
        following = [*self.days, self.until + timedelta(days=1)]
        return [datetime.combine(day, time(0), tzinfo=zone) for day in following]


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see figures of. ``teams`` None: every team's. ``colleagues``: whose own; None: nobody's."""

    accounts: tuple[int, ...]
    teams: tuple[int, ...] | None
    colleagues: frozenset[int] | None

    @classmethod
    def of(cls, agent: Agent) -> Reach:
        hidden = ChannelAccount.objects.hidden_from(agent).order_by().values("pk")
        sees_all = may(agent, Permission.SEE_EVERY_TEAM)
        return cls(
            tuple(ChannelAccount.objects.exclude(pk__in=hidden).order_by("pk").values_list("pk", flat=True)),
            None if sees_all else tuple(agent.teams.order_by("pk").values_list("pk", flat=True)),
            _colleagues(agent),
        )

    def allowed(self, question: Question) -> Question:
        """The question without what this person may not ask."""
        if self.colleagues is None or (question.agent and question.agent not in self.colleagues):
            question = replace(question, agent=None)
        if self.colleagues is None and question.by is By.AGENT:
            question = replace(question, by=By.CHANNEL)
        return question

    def accounts_for(self, question: Question) -> list[int]:
        """The accounts that a question is about."""
        meant = ChannelAccount.objects.filter(pk__in=self.accounts).order_by("pk")
        if question.channel:
            meant = meant.filter(kind=question.channel)
        if question.brand:
            meant = meant.filter(brand=question.brand)
        return list(meant.values_list("pk", flat=True))


def reasons_for(question: Question) -> list[int] | None:
    """The contact reasons that a question is about: the one that was named, and those below it; None: any."""
    if not question.topic:
        return None
    if question.is_topic_only:
        return [question.topic]
    return list(ContactReason.objects.at_or_below(question.topic).order_by("pk").values_list("pk", flat=True)) or [0]


def _colleagues(agent: Agent) -> frozenset[int] | None:
    """Those of the teams that a supervisor or director is of; whoever is of no team leads all."""
    if not may(agent, Permission.READ_FIGURES_OF_AGENTS):
        return None
    led = Agent.objects.all()
    teams = list(agent.teams.values_list("pk", flat=True))
    if teams and agent.role != Agent.Role.ADMINISTRATOR:
        led = led.filter(teams__in=teams)
    return frozenset(led.values_list("pk", flat=True))


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day is not None and date(1970, 1, 2) <= day <= date(9000, 1, 1) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _ID_DIGITS and int(text) else None
