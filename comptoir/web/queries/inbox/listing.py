"""What an agent looks at: one of the standing views, in an order, narrowed by filters."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.dateparse import parse_datetime

from comptoir.web.queries.inbox.filters import InboxFilters


class Sort(enum.StrEnum):
    """In which order. By waiting time or by promise, only those who wait, or to whom something is promised, are there:
    an order would say nothing of the others.
    """

    NEWEST = "newest"
    WAITING = "waiting"
    PROMISE = "promise"

    @property
    def column(self) -> str:
        return {"newest": "last_message_at", "waiting": "waiting_since", "promise": "promise_due_at"}[self]

    @property
    def is_descending(self) -> bool:
        return self is Sort.NEWEST

    @property
    def order(self) -> tuple[str, str]:
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

    @property
    def owner(self) -> str:
        """“me”, “nobody”, an agent's id; empty for anybody."""
        return {StandingView.MINE: "me", StandingView.UNASSIGNED: "nobody"}.get(self.view, self.filters.owner)


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
