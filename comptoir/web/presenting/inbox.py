"""What the list of the inbox is given to show: which list, what narrows it, the views beside it, how full they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comptoir.conversations.models import Conversation
from comptoir.desk.bulk import remembered_bulk
from comptoir.desk.inbox_views import may_change
from comptoir.desk.models import InboxView
from comptoir.events.queue import newest_moment
from comptoir.people.models import Agent
from comptoir.web.live import live_url
from comptoir.web.queries.inbox import InboxFilters, Listing, Position, Reach, Sort, StandingView, inbox_page
from comptoir.web.queries.inbox.counts import Count, counts
from comptoir.web.requests import AgentRequest
from comptoir.web.wording_filters import filter_words

#: What is asked of the list in an address, beside the filters.
_MOST_ID_DIGITS = 18
#: More saved views than this are shown without their counts.
_MOST_COUNTED = 20

VIEW_LABELS: dict[StandingView, str | Promise] = {
    StandingView.MINE: _("Mine"),
    StandingView.UNASSIGNED: _("Unassigned"),
    StandingView.ALL: pgettext_lazy("conversations", "All"),
    StandingView.TO_SEE_TO: pgettext_lazy("conversations", "To see to"),
    StandingView.ADDRESSED: _("Addressed to me"),
    StandingView.FOLLOWING: pgettext_lazy("conversations", "Following"),
    StandingView.SNOOZED: pgettext_lazy("conversations", "Snoozed"),
    StandingView.RESOLVED: pgettext_lazy("conversations", "Resolved"),
    StandingView.SPAM: _("Spam"),
}
SORT_LABELS: dict[Sort, str | Promise] = {
    Sort.NEWEST: _("Newest"),
    Sort.WAITING: _("Waiting longest"),
    Sort.PROMISE: _("Promise first"),
    Sort.PRIORITY: _("Priority first"),
}
#: What is done has no end: how much there is of it says nothing.
_UNCOUNTED = frozenset({StandingView.RESOLVED, StandingView.SPAM})
#: Those that are always before one's eyes; the others are one step away.
_TABS = (StandingView.MINE, StandingView.UNASSIGNED, StandingView.ALL)


@dataclass(frozen=True, slots=True)
class InboxChoice:
    """Which list is looked at: a standing view, its order, its filters, and the saved view they came from, if any."""

    listing: Listing
    saved_id: int | None = None

    @classmethod
    def of(cls, request: HttpRequest, view: StandingView) -> InboxChoice:
        """What the address asks for; an order that the view does not have is the newest first."""
        asked = dict(request.GET.lists())
        saved = request.GET.get("saved", "")
        is_id = saved.isascii() and saved.isdecimal() and len(saved) <= _MOST_ID_DIGITS
        listing = Listing.of(view, request.GET.get("sort", ""), InboxFilters.read(asked))
        return cls(listing, int(saved) if is_id else None)

    @classmethod
    def beside(cls, request: HttpRequest) -> InboxChoice:
        """The list beside an open conversation, which its address names."""
        wanted = request.GET.get("view", "")
        return cls.of(request, StandingView(wanted) if wanted in set(StandingView) else StandingView.ALL)

    @property
    def view(self) -> StandingView:
        return self.listing.view

    @property
    def sort(self) -> Sort:
        return self.listing.sort

    @property
    def filters(self) -> InboxFilters:
        return self.listing.filters

    @property
    def query(self) -> str:
        """What brings this choice along in the address of a conversation."""
        return f"view={self.view}" + (f"&{self.own_query}" if self.own_query else "")

    @property
    def own_query(self) -> str:
        """What belongs behind the address of the view itself."""
        return _query(self.listing, self.saved_id)


def _query(listing: Listing, saved_id: int | None = None) -> str:
    sort = {"sort": str(listing.sort)} if listing.sort is not Sort.NEWEST else {}
    saved = {"saved": str(saved_id)} if saved_id else {}
    return urlencode(sort | saved | listing.filters.written, doseq=True)


def address_of(listing: Listing, saved_id: int | None = None) -> str:
    """Where a list is looked at."""
    query = _query(listing, saved_id)
    return _place(str(listing.view)) + (f"?{query}" if query else "")


@cache
def _place(view: str) -> str:
    """A page has twenty of these addresses, and finding one is among the dearest things it could ask for."""
    return reverse("inbox_view", args=[view])


@dataclass(frozen=True, slots=True)
class ViewEntry:
    """One view to go to. ``name`` is the same wherever its count is told."""

    name: str
    label: str
    address: str
    is_here: bool
    count: Count | None
    saved: InboxView | None = None


def rows_context(
    request: AgentRequest, choice: InboxChoice, *, after: Position | None = None, reach: Reach | None = None
) -> dict[str, Any]:
    """A page of the list."""
    page = inbox_page(request.agent, choice.listing, after, reach=reach)
    return {"choice": choice, "rows": page.rows, "after": page.after, "is_cut": page.is_cut}


def inbox_context(request: AgentRequest, choice: InboxChoice) -> dict[str, Any]:
    """The list with its head: its first page, the views with their counts, what narrows it."""
    live = live_context(request)  # before all else: whatever happens while the list is read is told again
    reach = Reach.of(request.agent)
    entries = view_entries(request.agent, choice, reach=reach, has_saved_counts=False)
    here = next((entry for entry in entries if entry.is_here), None)
    listed = rows_context(request, choice, reach=reach)
    return {
        "tabs": [entry for entry in entries if entry.name in _TABS],
        "more_views": [entry for entry in entries if entry.name not in _TABS and entry.saved is None],
        "saved_views": [entry for entry in entries if entry.saved is not None],
        "here": here,
        "to_see_to": next(entry for entry in entries if entry.name == StandingView.TO_SEE_TO),
        "may_change_here": bool(here and here.saved and may_change(here.saved, request.agent)),
        "sorts": _sorts(choice),
        "chips": [(chip.words, _narrowed(choice, chip.rest)) for chip in filter_words(choice.filters)],
        "has_bulk": remembered_bulk(request.agent) is not None,
        "had_any": bool(listed["rows"]) or Conversation.objects.visible_to(request.agent).exists,  # asked where needed
        **listed,
        **live,
    }


def _sorts(choice: InboxChoice) -> list[tuple[Sort, str, str]]:
    """Every order the list has: its name, and where the list is in that order."""
    listing = choice.listing
    return [
        (sort, str(SORT_LABELS[sort]), address_of(replace(listing, sort=sort), choice.saved_id))
        for sort in listing.base.sorts
    ]


def _narrowed(choice: InboxChoice, filters: InboxFilters) -> str:
    """Where the same list is, narrowed otherwise."""
    return address_of(Listing.of(choice.view, str(choice.sort), filters), choice.saved_id)


def saved_views(agent: Agent) -> list[InboxView]:
    """One's own and everybody's, in their order: one's own first."""
    shown = InboxView.objects.filter(Q(owner=agent) | Q(owner=None))
    return sorted(shown, key=lambda view: (view.owner_id is None, view.position, view.pk))


def listing_of(saved: InboxView) -> Listing:
    """What a saved view shows. One that was stored by an older version is read as far as it is understood."""
    filters = saved.filters if isinstance(saved.filters, dict) else {}
    view = next(iter(filters.get("view", [])), StandingView.ALL)
    known = StandingView(view) if view in set(StandingView) else StandingView.ALL
    return Listing.of(known, saved.sort, InboxFilters.read(filters))


def view_entries(
    agent: Agent, choice: InboxChoice | None = None, *, reach: Reach | None = None, has_saved_counts: bool = True
) -> list[ViewEntry]:
    """Every view of the agent's, with what is in it, in one query for all counts. What saved views hold is looked at
    row by row: the menu that they are in asks for it once it is opened.
    """
    saved = saved_views(agent)
    listings = {str(view): Listing(view) for view in StandingView}
    listings |= {f"saved-{one.pk}": listing_of(one) for one in saved}
    found = counts(agent, dict(_counted(listings, _MOST_COUNTED if has_saved_counts else 0)), reach)
    here = f"saved-{choice.saved_id}" if choice and choice.saved_id else str(choice.view) if choice else ""
    by_name = {f"saved-{one.pk}": one for one in saved}
    return [
        ViewEntry(
            name=name,
            label=by_name[name].name if name in by_name else str(VIEW_LABELS[listing.view]),
            address=address_of(listing, by_name[name].pk if name in by_name else None),
            is_here=name == here,
            count=found.get(name),
            saved=by_name.get(name),
        )
        for name, listing in listings.items()
    ]


def _counted(listings: dict[str, Listing], most_saved: int) -> Iterable[tuple[str, Listing]]:
    standing = [(name, one) for name, one in listings.items() if not name.startswith("saved-")]
    saved = [(name, one) for name, one in listings.items() if name.startswith("saved-")]
    return [(name, one) for name, one in [*standing, *saved[:most_saved]] if one.base not in _UNCOUNTED]


def live_context(request: HttpRequest) -> dict[str, Any]:
    """Where live updates come from, and what this page knows of."""
    newest, oldest_open = newest_moment()
    return {"live_url": live_url(request), "live_since": f"{newest}-{oldest_open}"}
