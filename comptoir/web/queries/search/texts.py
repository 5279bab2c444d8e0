"""Messages and notes that hold what is asked for, newest first or best first, a page at a time.

The newest thousands are read first, in the order of time: what is common fills its page from them. What is rarer is
taken from the index of words, whole, and then narrowed to what the agent may see. Only what is common and still hidden
from this agent needs more; it is given so much time and no more.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from comptoir.conversations.search_words import folded
from comptoir.people.models import Agent
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.search.filtering import authors_asked_for, conversations_asked_for, span_asked_for
from comptoir.web.queries.search.reading import Question

PAGE = 25
#: So many of the newest are read one by one before the index of words is asked.
_NEWEST = 8000
#: More hits than this are not taken from the index of words at once.
FEW = 4000
_MOST_NEWEST = 300
_FIRST_CHUNK, _CHUNK = 100, 1000
_FEW_CONVERSATIONS = 2000
PATIENCE_MS = 2000


class SearchTakesTooLongError(Exception):
    """The question is too broad for the time a search may take."""


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


@dataclass(frozen=True, slots=True)
class _Where:
    """The question; conditions on the hit alone, its instant first; and those that need the conversation."""

    question: str
    question_parameters: list[Any]
    span: str
    span_parameters: list[Any]
    hit: str
    hit_parameters: list[Any]
    rest: str
    rest_parameters: list[Any]


_JOINED = """
LEFT JOIN conversations_message AS message ON message.id = found.message_id
LEFT JOIN conversations_note AS note ON note.id = found.note_id
JOIN conversations_conversation AS conversation
    ON conversation.id = COALESCE(message.conversation_id, note.conversation_id)
"""
#: Each step takes few rows by an index and looks each up; a planner that expects more would read whole tables.
_MANNER = f"SET LOCAL statement_timeout = {PATIENCE_MS}; " + " ".join(
    f"SET LOCAL {way} = off;" for way in ("jit", "enable_seqscan", "enable_hashjoin", "enable_mergejoin")
)
_COLUMNS = "found.id, found.at, found.message_id, found.note_id"
_LATEST = "ORDER BY found.at DESC, found.id DESC"


def texts_found(agent: Agent, asked: Question, order: Order, after: str = "") -> Hits:
    """A page of the hits. Raises SearchTakesTooLongError."""
    if not asked.has_terms:
        return Hits([], 0, None)
    where, position = _where(agent, asked), Position.read(after)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_MANNER)
            if order is Order.BEST:
                return _chosen(cursor, where, _best(cursor, where), position)
            newest = _chosen(cursor, where, _newest(cursor, where, position), position)
            if newest.after is not None:
                return newest
            few = _few(cursor, where)
            if few is not None:
                return _chosen(cursor, where, few, position)
            return _of_conversations(cursor, agent, asked, where, position)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise SearchTakesTooLongError from error
        raise


def _where(agent: Agent, asked: Question) -> _Where:
    question, parameters = tsquery(asked)
    span, span_parameters = ["true"], []
    for instant, sign in zip(span_asked_for(asked), (">=", "<"), strict=True):
        if instant is not None:
            span.append(f"found.at {sign} %s")
            span_parameters.append(instant)
    hit, hit_parameters = [f"found.words @@ ({question})"], list(parameters)
    authors = authors_asked_for(asked)
    if authors is not None:
        hit.append("found.message_id IN (SELECT id FROM conversations_message WHERE identity_id = ANY(%s))")
        hit_parameters.append(authors)
    if "note" in asked.of_field("is"):
        hit.append("found.note_id IS NOT NULL")
    sql, rest_parameters = conversations_asked_for(agent, asked).order_by().values("pk").query.sql_with_params()
    return _Where(
        question,
        list(parameters),
        " AND ".join(span),
        span_parameters,
        " AND ".join(hit),
        hit_parameters,
        f"message.deleted_at IS NULL AND conversation.id IN ({sql})",
        list(rest_parameters),
    )


def tsquery(asked: Question) -> tuple[str, list[Any]]:
    """The question in PostgreSQL's words: each term as it is written, or without its accents."""
    parts: list[str] = []
    parameters: list[Any] = []
    for terms, reader in ((asked.words, "plainto_tsquery"), (asked.phrases, "phraseto_tsquery")):
        for term in terms:
            parts.append(f"({reader}('french', %s) || {reader}('french', %s))")
            parameters += [term, folded(term)]
    for code in asked.codes:
        parts.append("%s::tsquery")
        parameters.append("'" + code.replace("'", "") + "'")
    for term in asked.not_words:
        parts.append("!!(phraseto_tsquery('french', %s) || phraseto_tsquery('french', %s))")
        parameters += [term, folded(term)]
    return " && ".join(parts), parameters


# In what follows everything that was typed is a parameter; the sentences around it are ours.


def _newest(cursor: Any, where: _Where, after: Position | None) -> list[Hit]:
    """Hits among the newest, latest first; whoever may see them."""
    span, parameters = _span_after(where, after)
    cursor.execute(
        f"SELECT {_COLUMNS} FROM (SELECT * FROM conversations_searchtext AS found WHERE {span} {_LATEST}"  # noqa: S608  # see above
        f" LIMIT {_NEWEST}) AS found WHERE {where.hit} LIMIT {_MOST_NEWEST}",
        [*parameters, *where.hit_parameters],
    )
    return [Hit(*row) for row in cursor.fetchall()]


def _walked(cursor: Any, where: _Where, after: Position | None) -> Hits:
    """A page in the order of time, out of all there is."""
    span, parameters = _span_after(where, after)
    cursor.execute(
        f"SELECT {_COLUMNS} FROM conversations_searchtext AS found {_JOINED}"  # noqa: S608  # see above
        f" WHERE {span} AND {where.hit} AND {where.rest} {_LATEST} LIMIT {PAGE + 1}",
        [*parameters, *where.hit_parameters, *where.rest_parameters],
    )
    return _page([Hit(*row) for row in cursor.fetchall()], None)


def _span_after(where: _Where, after: Position | None) -> tuple[str, list[Any]]:
    if after is None:
        return where.span, where.span_parameters
    return f"{where.span} AND (found.at, found.id) < (%s, %s)", [*where.span_parameters, after.at, after.id]


def _few(cursor: Any, where: _Where) -> list[Hit] | None:
    """All hits, latest first, before it is asked who may see them; None where there are many."""
    cursor.execute(
        f"SELECT {_COLUMNS} FROM conversations_searchtext AS found WHERE {where.hit} AND {where.span} LIMIT {FEW + 1}",  # noqa: S608  # see above
        [*where.hit_parameters, *where.span_parameters],
    )
    hits = [Hit(*row) for row in cursor.fetchall()]
    return sorted(hits, key=lambda hit: (hit.at, hit.id), reverse=True) if len(hits) <= FEW else None


def _best(cursor: Any, where: _Where) -> list[Hit]:
    """The hits that fit best first: of all where they are few, of the newest where they are many."""
    few = _few(cursor, where)
    source, parameters = "conversations_searchtext", [[hit.id for hit in few or []]]
    condition = "found.id = ANY(%s)"
    if few is None:
        source = f"(SELECT * FROM conversations_searchtext AS found WHERE {where.span} {_LATEST} LIMIT {_NEWEST})"  # noqa: S608  # see above
        condition, parameters = where.hit, [*where.span_parameters, *where.hit_parameters]
    cursor.execute(
        f"SELECT {_COLUMNS} FROM {source} AS found WHERE {condition}"  # noqa: S608  # see above
        f" ORDER BY ts_rank(found.words, {where.question}) DESC, found.at DESC, found.id DESC",
        [*parameters, *where.question_parameters],
    )
    return [Hit(*row) for row in cursor.fetchall()]


def _chosen(cursor: Any, where: _Where, hits: Sequence[Hit], after: Position | None) -> Hits:
    """A page of those that the agent may see, in the order given; counted where one look suffices."""
    start = next((n + 1 for n, hit in enumerate(hits) if after and hit.id == after.id), 0)
    if after is not None and start == 0:  # the row it names is gone, or the page before was read in the order of time
        start = next((n for n, hit in enumerate(hits) if (hit.at, hit.id) < (after.at, after.id)), len(hits))
    seen: list[Hit] = []
    for chunk in _chunks(hits[start:]):
        may_see = _seen(cursor, where, [hit.id for hit in chunk])
        seen += [hit for hit in chunk if hit.id in may_see]
        if len(seen) > PAGE:
            break
    is_counted = after is None and len(seen) <= PAGE
    return _page(seen, len(seen) if is_counted else None)


def _chunks(hits: Sequence[Hit]) -> Iterator[Sequence[Hit]]:
    """First few, since most of them are seen by most; then more."""
    yield hits[:_FIRST_CHUNK]
    for begin in range(_FIRST_CHUNK, len(hits), _CHUNK):
        yield hits[begin : begin + _CHUNK]


def _seen(cursor: Any, where: _Where, ids: list[int]) -> set[int]:
    cursor.execute(
        f"SELECT found.id FROM conversations_searchtext AS found {_JOINED} WHERE found.id = ANY(%s) AND {where.rest}",  # noqa: S608  # see above
        [ids, *where.rest_parameters],
    )
    return {pk for (pk,) in cursor.fetchall()}


def _of_conversations(cursor: Any, agent: Agent, asked: Question, where: _Where, after: Position | None) -> Hits:
    """Common words in few conversations: these are read through. In many: everything is, while the patience lasts."""
    ids = list(conversations_asked_for(agent, asked).order_by().values_list("pk", flat=True)[: _FEW_CONVERSATIONS + 1])
    if len(ids) > _FEW_CONVERSATIONS:
        return _walked(cursor, where, after)
    hits: list[Hit] = []
    for owner in ("message", "note"):
        cursor.execute(
            f"SELECT {_COLUMNS} FROM conversations_searchtext AS found WHERE found.{owner}_id IN"  # noqa: S608  # see above
            f" (SELECT id FROM conversations_{owner} WHERE conversation_id = ANY(%s)) AND {where.hit} AND {where.span}",
            [ids, *where.hit_parameters, *where.span_parameters],
        )
        hits += [Hit(*row) for row in cursor.fetchall()]
    return _chosen(cursor, where, sorted(hits, key=lambda hit: (hit.at, hit.id), reverse=True), after)


def _page(hits: Sequence[Hit], count: int | None) -> Hits:
    page = hits[:PAGE]
    more = len(hits) > PAGE
    return Hits(page, count, str(Position(page[-1].at, page[-1].id)) if more else None)
