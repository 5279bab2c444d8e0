"""What an agent looks at: one of the standing views, in an order, narrowed by filters."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.dateparse import parse_datetime

from comptoir.conversations.models import Priority
from comptoir.web.queries.inbox.filters import InboxFilters


class Sort(enum.StrEnum):
    """In which order. By waiting time, by promise or by priority, only those who wait, or to whom something is
    promised, are there: an order would say nothing of the others.
    """

    NEWEST = "newest"
    WAITING = "waiting"
    PROMISE = "promise"
    PRIORITY = "priority"

    @property
    def column(self) -> str:
        """What the list is in the order of; by priority, among those of one priority."""
        return {"newest": "last_message_at", "promise": "promise_due_at"}.get(self, "waiting_since")

    @property
    def is_descending(self) -> bool:
        return self is Sort.NEWEST

    @property
    def is_by_priority(self) -> bool:
        return self is Sort.PRIORITY

    @property
    def order(self) -> tuple[str, ...]:
        """Of all the list."""
        return ("-priority", *self.order_within) if self.is_by_priority else self.order_within

    @property
    def order_within(self) -> tuple[str, str]:
        """Of one stretch of it."""
        return ("-last_message_at", "-id") if self.is_descending else (self.column, "id")


class StandingView(enum.StrEnum):
    """The views that everybody has; a saved InboxView is one of them with filters."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"
    TO_SEE_TO = "to-see-to"
    ADDRESSED = "addressed"
    FOLLOWING = "following"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    SPAM = "spam"

    @property
    def is_at_hand(self) -> bool:
        """Whether it holds what can be worked on now, and nothing else."""
        return self in {StandingView.MINE, StandingView.UNASSIGNED, StandingView.ALL}

    @property
    def sorts(self) -> tuple[Sort, ...]:
        return tuple(Sort) if self.is_at_hand else (Sort.NEWEST,)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: a view in an order, narrowed."""

    view: StandingView
    sort: Sort = Sort.NEWEST
    filters: InboxFilters = field(default_factory=InboxFilters)

    @classmethod
    def of(cls, view: StandingView, sort: str = "", filters: InboxFilters | None = None) -> Listing:
        """The list in the order asked for, where it has that order."""
        listing = cls(view, Sort.NEWEST, filters or InboxFilters())
        return replace(listing, sort=Sort(sort)) if sort in listing.base.sorts else listing

    @property
    def base(self) -> StandingView:
        """The view whose index it is read from: a filter that says the same as another view is that view."""
        if not self.view.is_at_hand:
            return self.view
        if self.filters.status in {"snoozed", "resolved"}:
            return StandingView(self.filters.status)
        return self.view

    def stretches(self, after: Position | None) -> Sequence[int | None]:
        """What the list consists of, one after the other, from a position on: priorities, the highest first; one
        stretch without any where it is not ordered by them.
        """
        if not self.sort.is_by_priority:
            return [None]
        highest = Priority.URGENT if after is None or after.priority is None else after.priority
        least = self.filters.least_priority or 0
        return [one for one in sorted(Priority.values, reverse=True) if least <= one <= highest]

    @property
    def owner(self) -> str:
        """“me”, “nobody”, an agent's id; empty for anybody."""
        return {StandingView.MINE: "me", StandingView.UNASSIGNED: "nobody"}.get(self.view, self.filters.owner)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after this row, which has a ``priority`` in lists that are ordered by it."""

    at: datetime
    id: int
    priority: int | None = None

    def __str__(self) -> str:
        return "~".join([self.at.isoformat(), str(self.id), *([] if self.priority is None else [str(self.priority)])])

    @classmethod
    def read(cls, text: str) -> Position | None:
        """What `str` wrote, or None for anything else."""
        at_text, _tilde, row_text = text.partition("~")
        id_text, _tilde, priority_text = row_text.partition("~")
        try:
            at = parse_datetime(at_text.replace(" ", "+"))
        except ValueError:
            return None
        if at is None or at.tzinfo is None or not id_text.isdecimal() or len(id_text) > 18:
            return None
        is_known = priority_text in {str(one) for one in Priority.values}
        return cls(at, int(id_text), int(priority_text) if is_known else None)
