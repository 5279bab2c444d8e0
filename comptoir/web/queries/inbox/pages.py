"""The pages of a list: keyset, so that the thousandth costs what the first one does.

What no index answers is looked for row by row, in the list's order, for a while only: a page then says how far it
looked, and the next one goes on from there. So a filter that finds next to nothing among a million conversations costs
no more than any other, and nobody is told that there is nothing where nobody has looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.people.models import Agent
from comptoir.web.queries.inbox.listing import Listing, Position
from comptoir.web.queries.inbox.lists import Reach, belonging, lists_of
from comptoir.web.queries.inbox.rows import Row, complete_rows
from comptoir.web.queries.inbox.walking import merged, walk

PAGE = 30
#: More rows than this are not refreshed one by one: the browser is told to load the list again.
MOST_REFRESHED = 200
#: How many rows are looked through for one page of a filtered list, in steps: most filters find enough in the first,
#: and each step costs its plan again.
_STEPS = (200, 2400)

#: A row's id, where it stands in its stretch, and which stretch that is.
Key = tuple[int, datetime, int | None]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Rows, and where the next page begins; None at the end.

    ``is_cut``: the page ends not because it is full but because enough was looked through.
    """

    rows: Sequence[Row]
    after: Position | None
    is_cut: bool = False


def inbox_page(
    agent: Agent, listing: Listing, after: Position | None = None, *, reach: Reach | None = None
) -> InboxPage:
    """One page of what ``agent`` may see of a list, in a number of queries that no number of rows changes."""
    sort, filters = listing.sort, listing.filters
    lists = [filters.narrow_in_order(rows, sort.column) for rows in lists_of(listing, reach or Reach.of(agent))]
    if not lists:
        return InboxPage([], None)
    if filters.questions(sort.column, by_priority=sort.is_by_priority):
        return _walked(agent, lists, listing, after)
    keys = _keys(lists, listing, after, PAGE + 1)
    return _page(agent, keys, _position(keys[PAGE - 1]) if len(keys) > PAGE else None)


def inbox_rows(agent: Agent, listing: Listing, ids: Sequence[int]) -> list[Row]:
    """Those of ``ids`` that belong on the agent's list, in its order."""
    found = listed(agent, listing).filter(pk__in=ids[:MOST_REFRESHED]).order_by(*listing.sort.order)
    return complete_rows(list(found.values_list("pk", flat=True)), agent)


def listed(agent: Agent, listing: Listing) -> ConversationQuerySet:
    """Everything on a list, for acts on the whole of it; `inbox_page` reads it a page at a time."""
    return belonging(listing, agent)


def _page(agent: Agent, keys: Sequence[Key], after: Position | None, *, is_cut: bool = False) -> InboxPage:
    return InboxPage(complete_rows([key[0] for key in keys[:PAGE]], agent), after, is_cut=is_cut)


def _keys(lists: Sequence[ConversationQuerySet], listing: Listing, after: Position | None, most: int) -> list[Key]:
    """The first rows of the list, stretch by stretch until there are enough."""
    keys: list[Key] = []
    for priority in listing.stretches(after):
        found = merged(_stretch(lists, priority), listing.sort, _within(after, priority), most - len(keys))
        keys += [(pk, at, priority) for pk, at in found]
        if len(keys) == most:
            break
    return keys


def _walked(agent: Agent, lists: Sequence[ConversationQuerySet], listing: Listing, after: Position | None) -> InboxPage:
    found: list[Key] = []
    for priority in listing.stretches(after):
        within = _within(after, priority)
        for step in _STEPS:
            held, within = walk(_stretch(lists, priority), listing, within, step, PAGE + 1)
            found += [(pk, at, priority) for pk, at in held]
            if len(found) > PAGE or within is None:
                break
        if len(found) > PAGE:
            return _page(agent, found, _position(found[PAGE - 1]))
        if within is not None:
            return _page(agent, found, replace(within, priority=priority), is_cut=True)
    return _page(agent, found, None)


def _stretch(lists: Sequence[ConversationQuerySet], priority: int | None) -> Sequence[ConversationQuerySet]:
    return lists if priority is None else [rows.filter(priority=priority) for rows in lists]


def _within(after: Position | None, priority: int | None) -> Position | None:
    """Where to begin in a stretch: at its beginning, unless the position is in it."""
    return after if after is not None and (priority is None or after.priority == priority) else None


def _position(key: Key) -> Position:
    pk, at, priority = key
    return Position(at, pk, priority)
