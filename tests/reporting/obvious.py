"""The figures worked out slowly, from a diary of what was done: what the quick way has to agree with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass
class Case:
    """One conversation, as somebody who watched it would note it down."""

    channel: str
    team: int
    asked: list[datetime] = field(default_factory=list)
    answered: list[datetime] = field(default_factory=list)
    states: list[tuple[datetime, bool]] = field(default_factory=list)  # open?
    teams: list[tuple[datetime, int, int]] = field(default_factory=list)  # when, from, to
    is_spam: bool = False
    is_merged: bool = False

    @property
    def counts(self) -> bool:
        return bool(self.asked) and not self.is_spam and not self.is_merged

    @property
    def began(self) -> datetime:
        return min(self.asked)

    @property
    def is_open(self) -> bool:
        return self.states[-1][1]

    @property
    def answer(self) -> datetime | None:
        return min((at for at in self.answered if at >= self.began), default=None)

    def was_open(self, instant: datetime) -> bool:
        """Just before that instant."""
        if self.began >= instant:
            return False
        known = [is_open for at, is_open in self.states if self.began < at < instant]
        return known[-1] if known else True

    def team_then(self, instant: datetime) -> int:
        team = self.teams[0][1] if self.teams else self.team
        for at, _former, to in self.teams:
            if at <= instant:
                team = to
        return team

    @property
    def open_seconds(self) -> int:
        """Second by second would take too long: from change to change."""
        total, since = 0, self.began
        is_open = True
        for at, opens in self.states:
            if at <= self.began:
                continue
            if is_open and not opens:
                total += int((at - since).total_seconds())
            if opens and not is_open:
                since = at
            is_open = opens
        return total

    @property
    def reopenings(self) -> int:
        seen, is_open = 0, True
        for at, opens in self.states:
            if at > self.began:
                seen += opens and not is_open
                is_open = opens
        return seen


def rank(values: Iterable[int], share: float) -> int | None:
    """The shortest of them within which at least that share of them lies."""
    found = list(values)
    return min((one for one in found if sum(other <= one for other in found) >= share * len(found)), default=None)


def obvious_line(cases: Iterable[Case], now: datetime) -> dict[str, Any]:
    """The figures of some conversations, each by its definition."""
    of = list(cases)
    replies = [int((one.answer - one.began).total_seconds()) for one in of if one.answer]
    solved = [one.open_seconds for one in of if not one.is_open]
    unanswered = [one for one in of if not one.answer]
    never = [one for one in unanswered if not one.is_open or one.began < now - timedelta(days=7)]
    return {
        "received": len(of),
        "answered": len(replies),
        "never_answered": len(never),
        "waiting": len(unanswered) - len(never),
        "first_reply": (len(replies), rank(replies, 0.5), rank(replies, 0.9)),
        "resolved": len(solved),
        "resolution": (
            len(solved), rank(solved, 0.5), rank(solved, 0.9),
        ),
        "transferred": sum(bool(one.teams) for one in of),
        "reopened": sum(one.reopenings > 0 for one in of),
    }  # fmt: skip


def day_of(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def open_at_days_end(cases: Iterable[Case], day: date, zone: str, *, team: int | None = None) -> int:
    """Found minute by minute: the first minute of the next day is looked for on the wall clock."""
    at = datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo("UTC")) + timedelta(hours=6)
    while day_of(at, zone) <= day:
        at += timedelta(hours=1)
    at = at.replace(minute=0)
    while day_of(at - timedelta(minutes=1), zone) > day:
        at -= timedelta(minutes=1)
    return sum(
        one.was_open(at) and (team is None or one.team_then(at - timedelta(microseconds=1)) == team) for one in cases
    )
