"""From a figure down to its conversations: the same conditions as the figure's, on the same rows.

Each figure that can be opened has its name here; an address carries the name beside the report's own question.
"""

from __future__ import annotations

import enum
from datetime import date

from django.db.models import F, Q, QuerySet

from comptoir.conversations.models import Consultation, Conversation, HandOff
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.reporting.asking import Question, Reach, reasons_for
from comptoir.reporting.backlog import AGES, age_edges
from comptoir.reporting.columns import NEVER_AFTER
from comptoir.reporting.models import CountedConversation, Kept, OpenSpell


class Figure(enum.StrEnum):
    """What a number on a report counts."""

    RECEIVED = "received"
    ANSWERED = "answered"
    NEVER_ANSWERED = "never_answered"
    WAITING = "waiting"
    FIRST_REPLY_KEPT = "first_reply_kept"
    FIRST_REPLY_BROKEN = "first_reply_broken"
    RESOLVED = "resolved"
    RESOLUTION_KEPT = "resolution_kept"
    RESOLUTION_BROKEN = "resolution_broken"
    TRANSFERRED = "transferred"
    REOPENED = "reopened"
    OPEN_THEN = "open_then"
    OPEN_NOW = "open_now"
    HANDED_OFF = "handed_off"
    CONSULTED = "consulted"

    @property
    def is_of_replies(self) -> bool:
        """Whether a team's, or an agent's, are those they first answered."""
        return self in _OF_REPLIES


_OF_REPLIES = frozenset(
    {Figure.RECEIVED, Figure.ANSWERED, Figure.NEVER_ANSWERED, Figure.WAITING}
    | {Figure.FIRST_REPLY_KEPT, Figure.FIRST_REPLY_BROKEN}
)
Rows = QuerySet[CountedConversation]


def behind(
    figure: Figure, question: Question, reach: Reach, *, open_on: date | None = None, age: int | None = None
) -> Rows:
    """What ``figure`` counts, those that took longest first.

    ``open_on``: of OPEN_THEN, at the end of which day (the question's last one); ``age``: of OPEN_NOW, which age.
    """
    rows = _seen(CountedConversation.objects.all(), question, reach)
    if figure is Figure.OPEN_NOW:
        return _open_now(rows, question, age)
    if figure is Figure.OPEN_THEN:
        return _open_then(rows, question, open_on or question.until)
    if figure in (Figure.HANDED_OFF, Figure.CONSULTED):
        return _asked_about(rows, figure, question)
    rows = rows.filter(began_at__gte=question.edges[0], began_at__lt=question.edges[-1])
    rows = rows.filter(_condition(figure))
    if question.team:
        rows = rows.filter(**{"reply_team" if figure.is_of_replies else "team": question.team})
    if question.agent:
        rows = rows.filter(**{"replied_by" if figure.is_of_replies else "resolved_by": question.agent})
    return rows.order_by(*_order(figure))


def conversations_behind(rows: Rows, agent: Agent, *, first: int, most: int) -> list[int]:
    """The ids of one page of ``rows`` that ``agent`` may read, in their order."""
    shown = rows.filter(conversation__in=Conversation.objects.visible_to(agent).order_by())
    return list(shown.values_list("conversation_id", flat=True)[first : first + most])


def _condition(figure: Figure) -> Q:
    unanswered = Q(answered_at=None)
    never = Q(resolved_at__isnull=False) | Q(began_at__lt=now() - NEVER_AFTER)
    return {
        Figure.RECEIVED: Q(),
        Figure.ANSWERED: ~unanswered,
        Figure.NEVER_ANSWERED: unanswered & never,
        Figure.WAITING: unanswered & ~never,
        Figure.FIRST_REPLY_KEPT: Q(first_reply_promise=Kept.KEPT),
        Figure.FIRST_REPLY_BROKEN: Q(first_reply_promise=Kept.BROKEN),
        Figure.RESOLVED: Q(resolved_at__isnull=False),
        Figure.RESOLUTION_KEPT: Q(resolution_promise=Kept.KEPT),
        Figure.RESOLUTION_BROKEN: Q(resolution_promise=Kept.BROKEN),
        Figure.TRANSFERRED: Q(transfer_count__gt=0),
        Figure.REOPENED: Q(reopening_count__gt=0),
    }[figure]


def _order(figure: Figure) -> tuple[F | str, ...]:
    column = "first_reply_s" if figure.is_of_replies else "resolution_s"
    return F(column).desc(nulls_first=True), "began_at", "pk"  # type: ignore[return-value]  # an ordering is one too


def _seen(rows: Rows, question: Question, reach: Reach) -> Rows:
    rows = rows.filter(account__in=reach.accounts_for(question))
    if reach.teams is not None:
        rows = rows.filter(team__in=reach.teams)
    reasons = reasons_for(question)
    if reasons is not None:
        rows = rows.filter(reason__in=reasons)
    return rows.filter(intent=question.intent) if question.intent else rows


def _open_now(rows: Rows, question: Question, age: int | None) -> Rows:
    rows = rows.filter(resolved_at=None)
    if question.team:
        rows = rows.filter(team=question.team)
    if age is not None and 0 <= age <= len(AGES):
        edges = [None, *age_edges(now()), None]
        begins, ends = edges[len(AGES) - age], edges[len(AGES) - age + 1]
        rows = rows.filter(began_at__gte=begins) if begins else rows
        rows = rows.filter(began_at__lt=ends) if ends else rows
    return rows.order_by("began_at", "pk")


def _asked_about(rows: Rows, figure: Figure, question: Question) -> Rows:
    """Those of which somebody else was asked something on these days."""
    begin, end = question.edges[0], question.edges[-1]
    if figure is Figure.HANDED_OFF:
        offered = HandOff.objects.filter(given_at__gte=begin, given_at__lt=end)
        offered = offered.filter(to_team=question.team) if question.team else offered
        about = Conversation.objects.filter(pk__in=offered.values("conversation_id"))
    else:
        asked = Consultation.objects.filter(asked_at__gte=begin, asked_at__lt=end)
        asked = asked.filter(conversation__team=question.team) if question.team else asked
        about = Conversation.objects.filter(pk__in=asked.values("conversation_id"))
    return rows.filter(conversation__in=about).order_by("began_at", "pk")


def _open_then(rows: Rows, question: Question, day: date) -> Rows:
    """At the end of the day: begun before the next one, and not ended before it."""
    end = Question(day, day).edges[-1]
    spells = OpenSpell.objects.filter(Q(ended_at__gte=end) | Q(ended_at=None), began_at__lt=end)
    if question.team:
        spells = spells.filter(team=question.team)
    return rows.filter(pk__in=spells.values("counted")).order_by("began_at", "pk")
