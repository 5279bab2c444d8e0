"""How much there is of each view: as far as it is worth knowing, in one statement for all of them.

Nothing is counted past `MOST`, and of a filtered view only its first rows are looked at: so it costs the same at a
thousand conversations as at a million.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.web.queries.inbox.listing import Listing, Sort
from comptoir.web.queries.inbox.lists import Reach, lists_of
from comptoir.web.queries.inbox.walking import Written, count_of_first

MOST = 99
#: Of a filtered view no more rows than this are looked at.
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
    asked = [(name, column) for name, listing in listings.items() if (column := _column(listing, reach))]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        values = [one for _name, (_sql, own) in asked for one in own]
        cursor.execute("SELECT " + ", ".join(sql for _name, (sql, _values) in asked), values)
        answers = cursor.fetchone() or ()
    return {name: _count(*answer) for (name, _column), answer in zip(asked, answers, strict=True)}


def _count(found: int, looked_at: int) -> Count:
    return Count(min(found, MOST), found > MOST or looked_at == _LOOKED_AT)


def _column(listing: Listing, reach: Reach) -> Written | None:
    minute = int(now().timestamp()) // 60 if listing.filters else 0
    return _composed(listing, reach, reach.agent.role, reach.agent.is_active, minute)


@lru_cache(maxsize=1024)
def _composed(listing: Listing, reach: Reach, _role: str, _is_active: bool, _minute: int) -> Written | None:
    """Asked for with every page, and dearer to compose than to run: only the first one composes it. What it is made of
    are the arguments; filters also ask about the present, and name accounts and reasons: they hold for a minute.
    """
    return _expression(listing, reach)


def _expression(listing: Listing, reach: Reach) -> Written | None:
    """An array: how many were found, and how many rows were looked at where that is done one by one."""
    if listing.sort.is_by_priority:
        listing = replace(listing, sort=Sort.WAITING)  # the same ones: what is counted needs no order
    column, filters = listing.sort.column, listing.filters
    is_walked = bool(filters.questions(column))
    lists = [filters.narrow_in_order(rows, column) for rows in lists_of(listing, reach, in_order=is_walked)]
    if not lists:
        return None
    if is_walked:
        return count_of_first(lists, listing, _LOOKED_AT)
    numbers = [_number(rows.order_by().values("pk")[: MOST + 1]) for rows in lists]
    summed = " + ".join(sql for sql, _values in numbers)
    return f"ARRAY[{summed}, 0]", [one for _sql, values in numbers for one in values]


def _number(rows: QuerySet[Conversation, Any]) -> Written:
    sql, values = rows.query.sql_with_params()
    return f"(SELECT count(*) FROM ({sql}) AS counted)", values  # noqa: S608  # the ORM wrote it, values apart
