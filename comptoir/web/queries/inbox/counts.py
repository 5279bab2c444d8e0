"""How much there is of each view: as far as it is worth knowing, in one statement for all of them.

Nothing is counted past `MOST`, and of a filtered view only its first rows are looked at: so it costs the same at a
thousand conversations as at a million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.web.queries.inbox.listing import Listing
from comptoir.web.queries.inbox.lists import Reach, lists_of

MOST = 99
#: Of one list of a filtered view no more rows than this are looked at.
_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, at least: ``is_more`` where counting was given up."""

    number: int
    is_more: bool

    def __str__(self) -> str:
        return f"{self.number}+" if self.is_more else str(self.number)


def counts(agent: Agent, listings: Mapping[str, Listing], reach: Reach | None = None) -> dict[str, Count]:
    """How much there is of each of ``listings`` for ``agent``, by its name; ``reach`` where it is known already."""
    reach = reach or Reach.of(agent)
    asked = [(name, _columns(listing, reach)) for name, listing in listings.items()]
    columns = [expression for _name, expressions in asked for expression in expressions]
    if not columns:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(sql for sql, _values in columns), [one for _sql, values in columns for one in values]
        )
        answers = iter(cursor.fetchone() or ())
    return {name: _count(next(answers), next(answers)) for name, expressions in asked if expressions}


def _count(found: int, is_cut: bool) -> Count:
    return Count(min(found, MOST), found > MOST or is_cut)


Expression = tuple[str, Sequence[Any]]


def _columns(listing: Listing, reach: Reach) -> Sequence[Expression]:
    if listing.filters:
        return _expressions(listing, reach)
    return _standing(listing, reach, reach.agent.role, reach.agent.is_active)


@lru_cache(maxsize=1024)
def _standing(listing: Listing, reach: Reach, _role: str, _is_active: bool) -> Sequence[Expression]:
    """The same for a view without filters. It says nothing of the present moment, and is asked for with every page:
    only the first one composes it. What it is made of are the arguments.
    """
    return _expressions(listing, reach)


def _expressions(listing: Listing, reach: Reach) -> Sequence[Expression]:
    """Two columns: how many were found, and whether some were not looked at."""
    column, filters = listing.sort.column, listing.filters
    is_walked = filters.is_walked(column)
    lists = [filters.narrow_in_order(rows, column) for rows in lists_of(listing, reach, in_order=is_walked)]
    if not lists:
        return []
    if not is_walked:
        return [_sum([rows.order_by().values("pk")[: MOST + 1] for rows in lists]), ("false", ())]
    first = [rows.order_by(*listing.sort.order).values("pk")[:_LOOKED_AT] for rows in lists]
    found = [filters.narrow(Conversation.objects.filter(pk__in=rows)).values("pk")[: MOST + 1] for rows in first]
    sizes = [_number(rows) for rows in first]
    is_cut = " OR ".join(f"{sql} = {_LOOKED_AT}" for sql, _values in sizes)
    return [_sum(found), (f"({is_cut})", [one for _sql, values in sizes for one in values])]


def _sum(parts: Sequence[QuerySet[Conversation, Any]]) -> Expression:
    numbers = [_number(part) for part in parts]
    return " + ".join(sql for sql, _values in numbers), [one for _sql, values in numbers for one in values]


def _number(rows: QuerySet[Conversation, Any]) -> Expression:
    sql, values = rows.query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", values  # noqa: S608  # the ORM wrote it, values apart
