"""Messages and notes that hold what is asked for, newest first or best first, a page at a time.

Hits are found first and looked up afterwards, the newest first, until a page is full: who may see them, whether they
still stand, and whether their conversation is one of those that were asked for. How they are found is `choosing`'s
affair; a search that takes too long all the same is stopped.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.web.queries.inbox import Position, Reach
from comptoir.web.queries.search.asking import Sought, expected, sought
from comptoir.web.queries.search.choosing import (
    FEW,
    FEW_CONVERSATIONS,
    Way,
    cheapest_way,
    corrected,
    taken_at_most,
    walked_at_most,
)
from comptoir.web.queries.search.patience import row_by_row
from comptoir.web.queries.search.reading import Question

PAGE = 25
#: The best are chosen out of all hits where they are few, of the hits among so many of the newest texts where not.
_NEWEST = 8000
_WIDENED = 8
_ANY_NUMBER = 2**31


class Order(enum.StrEnum):
    """Newest first, or those first that fit best."""

    NEWEST = "newest"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Hit:
    """One message or note found."""

    id: int
    at: datetime
    message_id: int | None
    note_id: int | None


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of them; ``count`` is None where there are more than were counted."""

    rows: Sequence[Hit]
    count: int | None
    after: str | None


_COLUMNS = "found.id, found.at, found.message_id, found.note_id"
_LATEST = "ORDER BY found.at DESC, found.id DESC"
_LOOKED_UP = """
LEFT JOIN conversations_message AS message ON message.id = found.message_id
LEFT JOIN conversations_note AS note ON note.id = found.note_id
WHERE message.deleted_at IS NULL AND COALESCE(message.conversation_id, note.conversation_id) IN ({conversations})
"""


def texts_found(reach: Reach, asked: Question, order: Order, after: str = "") -> Hits:
    """A page of the hits. Raises SearchTakesTooLongError."""
    if not asked.has_terms:
        return Hits([], 0, None)
    with row_by_row() as cursor:
        what, place = sought(cursor, reach, asked), Position.read(after)
        if order is Order.BEST:
            return _best_page(cursor, what, place)
        return _page(_newest(cursor, what.before(place)), is_first=place is None)


def _newest(cursor: Any, what: Sought) -> list[Hit]:
    """The first hits, one more than a page holds, by the way that should cost least."""
    if what.authors is not None:
        return _written_in(cursor, what, "message.identity_id = ANY(%s)", [what.authors])
    ahead = expected(cursor, what)
    way, hits = cheapest_way(ahead, PAGE + 1), None
    if way is Way.THROUGH_WORDS:
        most = taken_at_most(ahead)
        hits = _few(cursor, what, most)
        if hits is None:
            ahead = corrected(ahead, most)
            way = cheapest_way(ahead, PAGE + 1)
    depth = 2 * ahead.depth(PAGE + 1)
    if way is Way.THROUGH_TIME:
        walked = walked_at_most(ahead, PAGE + 1)
        hits, depth = _walked(cursor, what, walked), float(_WIDENED * walked)
    if hits is None and way is not Way.THROUGH_STRETCHES and not what.sees_all:
        hits = _of_conversations(cursor, what)  # they may be fewer than the statistics say, too
    return _through_stretches(cursor, what, depth, ahead.texts) if hits is None else hits


# In what follows everything that was typed is a parameter; the sentences around it are ours.


def _walked(cursor: Any, what: Sought, most: int) -> list[Hit] | None:
    """The newest hits, if so many of the newest texts hold a page of them."""
    newest = f"(SELECT * FROM conversations_searchtext AS found WHERE {what.span.sql} {_LATEST} LIMIT {most})"  # noqa: S608  # see above
    looked_up = _LOOKED_UP.format(conversations=what.conversations.sql)
    cursor.execute(
        f"SELECT {_COLUMNS} FROM {newest} AS found {looked_up} AND {what.words.sql} {_LATEST} LIMIT {PAGE + 1}",  # noqa: S608  # see above
        [*what.span.parameters, *what.conversations.parameters, *what.words.parameters],
    )
    rows = cursor.fetchall()
    return [Hit(*row) for row in rows] if len(rows) > PAGE else None


def _few(cursor: Any, what: Sought, most: int) -> list[Hit] | None:
    """The newest hits, if all there are, seen or not, are no more than ``most``."""
    condition = what.words & what.span
    near = f"SELECT {_COLUMNS} FROM conversations_searchtext AS found WHERE {condition.sql} LIMIT {most + 1}"  # noqa: S608  # see above
    return _gathered(cursor, what, near, condition.parameters, most=most)


def _gathered(
    cursor: Any, what: Sought, near: str, parameters: Sequence[Any], *, most: int = _ANY_NUMBER
) -> list[Hit] | None:
    """The newest of these hits that belong to the question; None where there are more than ``most`` to look up."""
    looked_up = _LOOKED_UP.format(conversations=what.conversations.sql)
    cursor.execute(
        f"WITH near AS MATERIALIZED ({near})"  # noqa: S608  # see above
        " SELECT NULL::bigint AS id, NULL::timestamptz AS at, NULL::bigint, NULL::bigint FROM near"
        f" HAVING count(*) > {most} UNION ALL (SELECT {_COLUMNS} FROM ("
        f"SELECT * FROM near AS found WHERE (SELECT count(*) FROM near) <= {most} {_LATEST} OFFSET 0) AS found"
        f" {looked_up} {_LATEST} LIMIT {PAGE + 1})",
        [*parameters, *what.conversations.parameters],
    )
    rows = cursor.fetchall()
    return None if rows and rows[0][0] is None else [Hit(*row) for row in rows]


def _of_conversations(cursor: Any, what: Sought) -> list[Hit] | None:
    """The newest hits in the conversations asked for, if these are few."""
    few = what.conversations
    cursor.execute(f"{few.sql} LIMIT {FEW_CONVERSATIONS + 1}", few.parameters)
    ids = [pk for (pk,) in cursor.fetchall()]
    if len(ids) > FEW_CONVERSATIONS:
        return None
    return _written_in(cursor, what, "{owner}.conversation_id = ANY(%s)", [ids], owners=("message", "note"))


def _written_in(
    cursor: Any, what: Sought, condition: str, parameters: Sequence[Any], *, owners: Sequence[str] = ("message",)
) -> list[Hit]:
    """The newest hits among the messages, or among the notes too, that fit a condition of theirs."""
    narrowed, near, given = what.words & what.span, [], []
    for owner in owners:
        near.append(  # each text is fetched by its message: the planner would rather begin with the words
            f"SELECT {_COLUMNS} FROM conversations_{owner} AS {owner} CROSS JOIN LATERAL"  # noqa: S608  # see above
            f" (SELECT * FROM conversations_searchtext WHERE {owner}_id = {owner}.id OFFSET 0) AS found"
            f" WHERE {condition.format(owner=owner)} AND {narrowed.sql}"
        )
        given += [*parameters, *narrowed.parameters]
    return _gathered(cursor, what, " UNION ALL ".join(near), given) or []


def _through_stretches(cursor: Any, what: Sought, depth: float, texts: float) -> list[Hit]:
    """Hits of one stretch of time after the other, each many times as long as the one before, until a page is full:
    the first holds about ``depth`` of so many ``texts``.
    """
    hits: list[Hit] = []
    until: datetime | None = None
    while len(hits) <= PAGE:
        since = _instant_at(cursor, what, depth) if depth < texts / 4 else None
        stretch = what.since(since).until(until)
        condition = stretch.words & stretch.span
        near = f"SELECT {_COLUMNS} FROM conversations_searchtext AS found WHERE {condition.sql}"  # noqa: S608  # see above
        hits += _gathered(cursor, what, near, condition.parameters) or []
        if since is None:
            break
        until, depth = since, depth * _WIDENED
    return hits[: PAGE + 1]


def _instant_at(cursor: Any, what: Sought, depth: float) -> datetime | None:
    """About since when so many texts were written, before what the span ends with; None for the beginning of all."""
    cursor.execute(
        f"SELECT found.at FROM conversations_searchtext AS found WHERE {what.span.sql} {_LATEST} OFFSET %s LIMIT 1",  # noqa: S608  # see above
        [*what.span.parameters, int(depth)],
    )
    row = cursor.fetchone()
    return row[0] if row else None


def _best_page(cursor: Any, what: Sought, place: Position | None) -> Hits:
    """The page after a hit of the list that begins with what fits best."""
    hits = _best(cursor, what)
    if place is not None:
        at = next((n + 1 for n, hit in enumerate(hits) if hit.id == place.id), len(hits))
        hits = hits[at:]
    return _page(hits[: PAGE + 1], is_first=place is None)


def _best(cursor: Any, what: Sought) -> list[Hit]:
    """The hits that fit best first: of all where they are few, of the newest where they are many."""
    condition = what.written & what.span
    near = f"SELECT * FROM conversations_searchtext AS found WHERE {condition.sql}"  # noqa: S608  # see above
    parameters = condition.parameters
    if expected(cursor, what).hits > FEW:
        near = (
            f"SELECT * FROM (SELECT * FROM conversations_searchtext AS found WHERE {what.span.sql} {_LATEST}"  # noqa: S608  # see above
            f" LIMIT {_NEWEST}) AS found WHERE {what.written.sql}"
        )
        parameters = [*what.span.parameters, *what.written.parameters]
    looked_up = _LOOKED_UP.format(conversations=what.conversations.sql)
    cursor.execute(
        f"WITH near AS MATERIALIZED ({near} LIMIT {FEW}) SELECT {_COLUMNS} FROM near AS found {looked_up}"  # noqa: S608  # see above
        " ORDER BY ts_rank(found.words, %s::tsquery) DESC, found.at DESC, found.id DESC",
        [*parameters, *what.conversations.parameters, what.question],
    )
    return [Hit(*row) for row in cursor.fetchall()]


def _page(hits: Sequence[Hit], *, is_first: bool) -> Hits:
    page, more = hits[:PAGE], len(hits) > PAGE
    after = str(Position(page[-1].at, page[-1].id)) if more else None
    return Hits(page, len(page) if is_first and not more else None, after)
