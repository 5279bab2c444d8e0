"""The pages of a list: keyset, so that the thousandth costs what the first one does.

What no index answers is looked for row by row, in the list's order, for a while only: a page then says how far it
looked, and the next one goes on from there. So a filter that finds next to nothing among a million conversations costs
no more than any other, and nobody is told that there is nothing where nobody has looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.people.models import Agent
from comptoir.web.queries.inbox.listing import Listing, Position, Sort
from comptoir.web.queries.inbox.lists import Reach, belonging, lists_of
from comptoir.web.queries.inbox.rows import Row, complete_rows

PAGE = 30
#: More rows than this are not refreshed one by one: the browser is told to load the list again.
MOST_REFRESHED = 200
#: How many rows are looked through for one page of a filtered list, in steps: most filters find enough in the first,
#: and each step costs its plan again.
_STEPS = (200, 2400)

Key = tuple[int, datetime]


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
    column, filters = listing.sort.column, listing.filters
    lists = [filters.narrow_in_order(rows, column) for rows in lists_of(listing, reach or Reach.of(agent))]
    if not lists:
        return InboxPage([], None)
    if filters.is_walked(column):
        return _walked(agent, lists, listing, after)
    keys = _keys(lists, listing.sort, after, PAGE + 1)
    more = len(keys) > PAGE
    return InboxPage(complete_rows([pk for pk, _at in keys[:PAGE]], agent), _position(keys[PAGE - 1]) if more else None)


def inbox_rows(agent: Agent, listing: Listing, ids: Sequence[int]) -> list[Row]:
    """Those of ``ids`` that belong on the agent's list, in its order."""
    found = listed(agent, listing).filter(pk__in=ids[:MOST_REFRESHED]).order_by(*listing.sort.order)
    return complete_rows(list(found.values_list("pk", flat=True)), agent)


def listed(agent: Agent, listing: Listing) -> ConversationQuerySet:
    """Everything on a list, for acts on the whole of it; `inbox_page` reads it a page at a time."""
    return belonging(listing, agent)


def _walked(agent: Agent, lists: Sequence[ConversationQuerySet], listing: Listing, after: Position | None) -> InboxPage:
    found: list[Key] = []
    for step in _STEPS:
        held, after = _walk(lists, listing, after, step)
        found += held
        if len(found) > PAGE or after is None:
            break
    rows = complete_rows([pk for pk, _at in found[:PAGE]], agent)
    if len(found) > PAGE:
        return InboxPage(rows, _position(found[PAGE - 1]))
    return InboxPage(rows, after, is_cut=after is not None)


#: The rows walked over stay in the database: what comes back are the first that were asked for, and, marked, the last
#: one that was looked at, where there may be more.
_WALK = """
WITH walked AS MATERIALIZED ({keys}),
held AS ({narrowed} AND conversations_conversation.id IN (SELECT id FROM walked))
(SELECT id, {column}, false FROM walked WHERE id IN (SELECT id FROM held) ORDER BY 2 {way}, 1 {way} LIMIT %s)
UNION ALL (SELECT id, {column}, true FROM walked ORDER BY 2 {way}, 1 {way} OFFSET %s LIMIT 1)
"""


def _walk(
    lists: Sequence[ConversationQuerySet], listing: Listing, after: Position | None, step: int
) -> tuple[list[Key], Position | None]:
    """Those asked for among the next ``step`` rows, up to a page and one; where to go on, None at the end."""
    keys, key_values = _merged(lists, listing.sort, after, step).query.sql_with_params()
    narrowed = listing.filters.narrow(Conversation.objects.all()).order_by().values("id")
    sql, values = narrowed.query.sql_with_params()
    way = "DESC" if listing.sort.is_descending else "ASC"
    asked = _WALK.format(keys=keys, narrowed=sql, column=listing.sort.column, way=way)
    with connection.cursor() as cursor:
        cursor.execute(asked, [*key_values, *values, PAGE + 1, step - 1])
        found = cursor.fetchall()
    held = [(pk, at) for pk, at, is_last in found if not is_last]
    return held, next((Position(at, pk) for pk, at, is_last in found if is_last), None)


def _position(key: Key) -> Position:
    pk, at = key
    return Position(at, pk)


def _keys(lists: Sequence[ConversationQuerySet], sort: Sort, after: Position | None, most: int) -> list[Key]:
    """The first rows of the lists merged; the lists have none in common."""
    return list(_merged(lists, sort, after, most))


def _merged(
    lists: Sequence[ConversationQuerySet], sort: Sort, after: Position | None, most: int
) -> QuerySet[Conversation, Key]:
    first = [_from(rows, sort, after, most) for rows in lists]
    if len(first) == 1:
        return first[0]
    return first[0].union(*first[1:], all=True).order_by(*sort.order)[:most]


def _from(rows: ConversationQuerySet, sort: Sort, after: Position | None, most: int) -> QuerySet[Conversation, Key]:
    if after is not None:
        beyond = "lt" if sort.is_descending else "gt"
        rows = rows.filter(
            Q(**{f"{sort.column}__{beyond}e": after.at}),
            Q(**{f"{sort.column}__{beyond}": after.at}) | Q(**{f"pk__{beyond}": after.id}),
        )
    return rows.order_by(*sort.order).values_list("id", sort.column)[:most]
