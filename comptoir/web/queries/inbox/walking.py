"""Rows of a list in its order, from a position on; and of those the ones that its filters hold for.

What no index answers is looked at row by row: what is asked of the conversation itself as the row is passed, what is
asked of other tables for all the rows of a step at once, by their ids as one array: so an index is gone through once
instead of once for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from comptoir.conversations.models import Conversation
from comptoir.conversations.models.conversation import ConversationQuerySet
from comptoir.web.queries.inbox.filters import Question
from comptoir.web.queries.inbox.listing import Listing, Position, Sort

#: A statement, or a part of one, and its values.
Written = tuple[str, Sequence[Any]]

#: The rows walked over stay in the database: what comes back are the first that were asked for, and, marked, the last
#: one that was looked at, where there may be more.
_WALK = """
WITH walked AS MATERIALIZED ({walked})
(SELECT id, {column}, false FROM walked WHERE {held} ORDER BY 2 {way}, 1 {way} LIMIT %s)
UNION ALL (SELECT id, {column}, true FROM walked ORDER BY 2 {way}, 1 {way} OFFSET %s LIMIT 1)
"""
_COUNT = "(WITH walked AS MATERIALIZED ({walked}) SELECT ARRAY[count(*) FILTER (WHERE {held}), count(*)] FROM walked)"


class _Pair(Func):
    """Two values compared as one: an index of both begins exactly there."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # nothing that Python reads


class _AmongWalked(Func):
    """Whether an id is one of the rows walked over."""

    template = "%(expressions)s = ANY(ARRAY(SELECT id FROM walked))"
    output_field = BooleanField()


def merged(
    lists: Sequence[ConversationQuerySet], sort: Sort, after: Position | None, most: int
) -> QuerySet[Conversation, tuple[Any, ...]]:
    """The first rows of one stretch of some lists that have none in common: id, the column they are ordered by, and
    what they are annotated with.
    """
    first = [_from(rows, sort, after, most) for rows in lists]
    if len(first) == 1:
        return first[0]
    return first[0].union(*first[1:], all=True).order_by(*sort.order_within)[:most]


def walk(
    lists: Sequence[ConversationQuerySet], listing: Listing, after: Position | None, step: int, most: int
) -> tuple[list[tuple[int, datetime]], Position | None]:
    """Those that the filters hold for among the next ``step`` rows, up to ``most``; where to go on, None at the end."""
    walked, held, values = _walked(lists, listing, after, step)
    way = "DESC" if listing.sort.is_descending else "ASC"
    asked = _WALK.format(walked=walked, held=held, column=listing.sort.column, way=way)
    with connection.cursor() as cursor:
        cursor.execute(asked, [*values, most, step - 1])
        found = cursor.fetchall()
    held_for = [(pk, at) for pk, at, is_last in found if not is_last]
    return held_for, next((Position(at, pk) for pk, at, is_last in found if is_last), None)


def count_of_first(lists: Sequence[ConversationQuerySet], listing: Listing, looked_at: int) -> Written:
    """Part of a statement: of the first rows, an array of how many the filters hold for, and how many there were."""
    walked, held, values = _walked(lists, listing, None, looked_at)
    return _COUNT.format(walked=walked, held=held), values


def _walked(
    lists: Sequence[ConversationQuerySet], listing: Listing, after: Position | None, step: int
) -> tuple[str, str, list[Any]]:
    """The rows walked over, what holds for those that were asked for, and the values of both."""
    questions = listing.filters.questions(listing.sort.column, by_priority=listing.sort.is_by_priority)
    own = {f"own{place}": _answer(question.own) for place, question in enumerate(questions) if question.own}
    walked, values = merged([rows.annotate(**own) for rows in lists], listing.sort, after, step).query.sql_with_params()
    held, looked_up = zip(*(_asked(place, question) for place, question in enumerate(questions)), strict=True)
    return walked, " AND ".join(held), [*values, *(value for some in looked_up for value in some)]


def _answer(own: Q) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(own, output_field=BooleanField())


def _asked(place: int, question: Question) -> Written:
    if question.rows is None:
        return f"own{place}", ()
    among = question.rows.filter(_AmongWalked(F(question.column))).order_by().values(question.column)
    sql, values = among.query.sql_with_params()
    sql += " OFFSET 0"  # else two questions of one table become one that reads its rows: each index tells by itself
    return (f"(own{place} OR id IN ({sql}))" if question.own else f"id IN ({sql})"), values


def _from(
    rows: ConversationQuerySet, sort: Sort, after: Position | None, most: int
) -> QuerySet[Conversation, tuple[Any, ...]]:
    if after is not None:
        beyond = LessThan if sort.is_descending else GreaterThan
        rows = rows.filter(beyond(_Pair(F(sort.column), F("pk")), _Pair(Value(after.at), Value(after.id))))
    return rows.order_by(*sort.order_within).values_list("id", sort.column, *rows.query.annotations)[:most]
