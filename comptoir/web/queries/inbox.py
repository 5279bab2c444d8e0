"""The pages of the inbox: keyset, so that the thousandth costs what the first one does.

What an agent may see is a union of simple lists (one for each of their teams, one of their own), each in the order of
an index; merging their first rows gives the page. One OR over all of them would read whole tables at a million rows.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.dateparse import parse_datetime

from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.people.models import Agent, Team
from comptoir.people.permissions import Permission, may
from comptoir.sla.models import SLAClock

PAGE = 30
#: More rows than this are not refreshed one by one: the browser is told to load the list again.
MOST_REFRESHED = 200


class InboxView(enum.StrEnum):
    """What an agent looks at."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"
    RESOLVED = "resolved"


class Sort(enum.StrEnum):
    """In which order: newest word first, or those who have waited longest (only those who wait)."""

    NEWEST = "newest"
    WAITING = "waiting"

    @property
    def column(self) -> str:
        return "waiting_since" if self is Sort.WAITING else "last_message_at"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after this row."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> Position | None:
        """What `str` wrote, or None for anything else."""
        at_text, _tilde, id_text = text.partition("~")
        try:
            at = parse_datetime(at_text.replace(" ", "+"))
        except ValueError:
            return None
        if at is None or at.tzinfo is None or not id_text.isdecimal() or len(id_text) > 18:
            return None
        return cls(at, int(id_text))


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Rows, and where the next page begins; None at the end."""

    rows: Sequence[Conversation]
    after: Position | None


def inbox_page(agent: Agent, view: InboxView, sort: Sort, after: Position | None = None) -> InboxPage:
    """One page of what ``agent`` may see, in two queries and one for the clocks, however many rows there are."""
    branches = [_from(rows, sort, after) for rows in _lists(agent, view, sort)]
    if not branches:
        return InboxPage([], None)
    keys = branches[0].union(*branches[1:]) if len(branches) > 1 else branches[0]
    ids = (
        [pk for pk, _at in keys.order_by(*_order(sort))[: PAGE + 1]] if len(branches) > 1 else [pk for pk, _at in keys]
    )
    rows = _complete(ids[:PAGE])
    more = len(ids) > PAGE and rows
    return InboxPage(rows, Position(getattr(rows[-1], sort.column), rows[-1].pk) if more else None)


def inbox_rows(agent: Agent, view: InboxView, sort: Sort, ids: Sequence[int]) -> list[Conversation]:
    """Those of ``ids`` that belong on the agent's list, in its order."""
    seen = _of_view(Conversation.objects.visible_to(agent), agent, view, sort)
    found = seen.filter(pk__in=ids[:MOST_REFRESHED]).order_by(*_order(sort)).distinct()
    return _complete(list(found.values_list("pk", flat=True)))


def _lists(agent: Agent, view: InboxView, sort: Sort) -> list[ConversationQuerySet]:
    """Lists that an index holds in order, which together are the view."""
    every = Conversation.objects.all()
    if not may(agent, Permission.READ_CONVERSATIONS):
        return []
    if view is InboxView.MINE:
        return [_of_view(every, agent, view, sort)]
    see_all = may(agent, Permission.SEE_EVERY_TEAM)
    teams: list[int | None] = list((Team.objects if see_all else agent.teams).values_list("pk", flat=True))
    if see_all:
        teams.append(None)
    lists = [_of_view(every.filter(team=team), agent, view, sort) for team in teams]
    if not see_all and view is not InboxView.UNASSIGNED:
        lists.append(_of_view(every.filter(assignee=agent), agent, view, sort))
    return lists


def _of_view(rows: ConversationQuerySet, agent: Agent, view: InboxView, sort: Sort) -> ConversationQuerySet:
    if view is InboxView.RESOLVED:
        rows = rows.filter(status=Conversation.Status.RESOLVED)
    elif sort is Sort.WAITING:
        # What waits is live; saying so lets one's own list be read from its index.
        rows = rows.live().waiting() if view is InboxView.MINE else rows.waiting()
    else:
        rows = rows.live()
    if view is InboxView.MINE:
        return rows.filter(assignee=agent)
    return rows.filter(assignee=None) if view is InboxView.UNASSIGNED else rows


def _order(sort: Sort) -> tuple[str, str]:
    return ("waiting_since", "id") if sort is Sort.WAITING else ("-last_message_at", "-id")


def _from(rows: ConversationQuerySet, sort: Sort, after: Position | None) -> QuerySet[Conversation, tuple[Any, ...]]:
    if after is not None:
        beyond = "gt" if sort is Sort.WAITING else "lt"
        rows = rows.filter(
            Q(**{f"{sort.column}__{beyond}e": after.at}),
            Q(**{f"{sort.column}__{beyond}": after.at}) | Q(**{f"pk__{beyond}": after.id}),
        )
    return rows.order_by(*_order(sort)).values_list("id", sort.column)[: PAGE + 1]


def _complete(ids: Sequence[int]) -> list[Conversation]:
    """The rows with everything that is shown of them, in the order of ``ids``."""
    running = SLAClock.objects.filter(stopped_at=None).order_by("due_at")
    rows = (
        Conversation.objects.select_related("identity", "account", "assignee", "contact")
        .prefetch_related(Prefetch("clocks", running, to_attr="running_clocks"))
        .in_bulk(ids)
    )
    return [rows[pk] for pk in ids if pk in rows]
