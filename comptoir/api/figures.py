"""Figures of service, as the report on the screen has them: to be read, by a BI tool or a wall."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.analysis.models import Intent
from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.problems import invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Id, Words
from comptoir.core.clock import now
from comptoir.events.record import record
from comptoir.people.permissions import Permission
from comptoir.reporting import among_ourselves, measuring, queries
from comptoir.reporting.asking import MOST_DAYS, By, Question, Reach, company_zone

router = Router(tags=["figures"])

_USUAL_DAYS = 30
_FIRST_DAY = date(1970, 1, 2)
Grouping = Literal["channel", "day", "brand", "team", "agent", "topic"]


class Duration(Schema):
    """Of the times that were measured, by nearest rank; null where there are none."""

    count: int
    median_s: int | None
    p90_s: int | None


class Line(Schema):
    """The figures of one group of conversations; each is defined in the documentation of figures."""

    received: int
    answered: int
    never_answered: int
    waiting: int
    first_reply: Duration
    first_reply_kept: int
    first_reply_broken: int
    resolved: int
    resolution: Duration
    resolution_kept: int
    resolution_broken: int
    transferred: int
    reopened: int
    response_rate: float | None = Field(description="0 to 1, as all shares.")
    never_answered_rate: float | None
    first_reply_kept_rate: float | None
    resolution_kept_rate: float | None
    transferred_rate: float | None
    reopened_rate: float | None


class NamedLine(Schema):
    key: str | None = Field(description="A channel's kind, a day, or an id; null where there is none, as no team.")
    name: str
    figures: Line


class DaysEnd(Schema):
    """What was open at the end of a day; today: now."""

    day: date
    opened: int
    closed: int
    left: int


class Passed(Schema):
    """What was asked among ourselves: hand-offs and questions to experts."""

    kind: str
    asked: int
    conversations: int
    done: int
    refused: int
    open: int
    median_s: int | None
    p90_s: int | None
    kept: int
    broken: int


class Figures(Schema):
    since: date
    until: date
    by: Grouping
    zone: str = Field(description="In which a day begins and ends.")
    counted_percent: int = Field(description="How much of what was there before counting began is counted.")
    whole: Line
    lines: list[NamedLine]
    backlog: list[DaysEnd] = Field(description="Empty for a single colleague: what is open is the team's.")
    passed: list[Passed]


class Asking(Schema):
    """The days, and what narrows them; what the agent may not see is left out, as on the screen."""

    since: date | None = Field(None, description="30 days, if neither day is given.")
    until: date | None = Field(None, description="With this day; today at the latest.")
    by: Grouping = "channel"
    channel: Annotated[Words, Field(max_length=30)] = ""
    brand: Id | None = None
    team: Id | None = None
    agent: Id | None = None
    topic: Id | None = Field(None, description="A contact reason, with those below it.")
    intent: Annotated[str, Field(max_length=20)] = ""

    def question(self) -> Question:
        """Raises ProblemError for days that are none."""
        today = now().astimezone(company_zone()).date()
        until = min(self.until or today, today)
        since = self.since or max(until - timedelta(days=_USUAL_DAYS - 1), _FIRST_DAY)
        if not _FIRST_DAY <= since <= until:
            raise invalid("/since", _("The first day lies after the last, or too far back."))
        if (until - since).days >= MOST_DAYS:
            raise invalid("/since", _("At most %(days)s days at once.") % {"days": MOST_DAYS})
        if self.intent and self.intent not in Intent.values:
            raise invalid("/intent", _("No such intent."))
        narrowed = self.model_dump(include={"channel", "brand", "team", "agent", "topic", "intent"})
        return Question(since=since, until=until, by=By(self.by), **narrowed)


@router.get("/figures", response=Figures, **needs(Scope.FIGURES_READ, Permission.READ_FIGURES))
def get_figures(request: ApiRequest, asking: Query[Asking]) -> Figures:
    """How customers were served on some days. Who took figures away stands in the record."""
    reach, asked = Reach.of(request.agent), asking.question()
    question = reach.allowed(asked)
    if question.agent != asked.agent:  # everybody's figures would be taken for those of one
        raise invalid("/agent", _("No such agent."))
    record("figures.exported", subject=request.agent, by=acting(request), question=question.written)
    found = queries.report(question, reach)
    return Figures(
        since=question.since,
        until=question.until,
        by=question.by.value,
        zone=company_zone().key,
        counted_percent=found.counted_percent,
        whole=_shown(found.whole),
        lines=[NamedLine(key=_key(one.key), name=one.name, figures=_shown(one.line)) for one in found.lines],
        backlog=[DaysEnd.from_orm(one) for one in found.backlog],
        passed=[_passed(one) for one in found.passed],
    )


def _key(key: queries.Key) -> str | None:
    return None if key is None else str(key)


def _shown(line: measuring.Line) -> Line:
    return Line.from_orm(line)


def _passed(one: among_ourselves.Passed) -> Passed:
    return Passed(
        kind=one.passing.value, asked=one.asked, conversations=one.conversations, done=one.done, refused=one.refused,
        open=one.open, median_s=one.median_s, p90_s=one.p90_s, kept=one.kept, broken=one.broken,
    )  # fmt: skip
