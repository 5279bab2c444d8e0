"""A question in PostgreSQL's words: what a hit must hold, when it must be from, and where it must stand.

Everything that was typed is a parameter; the sentences around it are ours.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from comptoir.conversations.indexing import PAIRS
from comptoir.conversations.search_words import folded
from comptoir.web.queries.inbox import Position, Reach
from comptoir.web.queries.search.choosing import Expected
from comptoir.web.queries.search.condition import Condition, planned_rows, selecting
from comptoir.web.queries.search.filtering import authors_asked_for, conversations_asked_for, sees_all, span_asked_for
from comptoir.web.queries.search.reading import Question

#: So many pairs of a phrase are weighed, to tell how rare it is.
_MOST_WEIGHED = 4
#: A term as it is typed or without its accents; once, where this is the same.
_EITHER_FORM = """(SELECT CASE WHEN typed::text = plain::text THEN typed ELSE typed || plain END
FROM (SELECT {reader}('french', %s) AS typed, {reader}('french', %s) AS plain) AS forms)"""


@dataclass(frozen=True, slots=True)
class Sought:
    """Conditions on a text named found: on its words, its time, and the conversation it belongs to.

    ``likely`` tells how many hits there may be: of each group, the condition that fewest texts fit.
    """

    question: str
    words: Condition
    likely: Sequence[Sequence[Condition]]
    span: Condition
    conversations: Condition
    authors: list[int] | None
    sees_all: bool

    @property
    def written(self) -> Condition:
        """On the words and on who wrote them."""
        if self.authors is None:
            return self.words
        by = "found.message_id IN (SELECT id FROM conversations_message WHERE identity_id = ANY(%s))"
        return self.words & Condition(by, [self.authors])

    def before(self, place: Position | None) -> Sought:
        """Only what comes after this place on a list that begins with the newest."""
        if place is None:
            return self
        return replace(self, span=self.span & Condition("(found.at, found.id) < (%s, %s)", [place.at, place.id]))

    def since(self, instant: datetime | None) -> Sought:
        """Only what is from this instant or later."""
        return self if instant is None else replace(self, span=self.span & Condition("found.at >= %s", [instant]))

    def until(self, instant: datetime | None) -> Sought:
        """Only what is from before this instant."""
        return self if instant is None else replace(self, span=self.span & Condition("found.at < %s", [instant]))


def sought(cursor: Any, reach: Reach, asked: Question) -> Sought:
    """The conditions of a question that has terms."""
    question, words, likely = _words(cursor, asked)
    span = Condition()
    for instant, sign in zip(span_asked_for(asked), (">=", "<"), strict=True):
        if instant is not None:
            span &= Condition(f"found.at {sign} %s", [instant])
    if "note" in asked.of_field("is"):
        words &= Condition("found.note_id IS NOT NULL")
    conversations = selecting(conversations_asked_for(reach, asked).values("pk"))
    return Sought(question, words, likely, span, conversations, authors_asked_for(asked), sees_all(reach, asked))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One as a tsquery, and its pairs: as typed, and without accents. Pairs are none where it is only one word."""

    query: str
    pairs: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Terms:
    """Each term as a tsquery; what says nothing, as small words do, is left out."""

    words: list[str]
    phrases: list[_Phrase]
    without: list[str]
    lacks_pairs: bool


def _words(cursor: Any, asked: Question) -> tuple[str, Condition, list[list[Condition]]]:
    """The whole as a tsquery, the condition on a text, and the conditions by which to tell how many fit."""
    terms = _read(cursor, asked)
    looked_up, compared = list(terms.words), []
    likely: list[list[Condition]] = []
    condition = Condition()
    for phrase in terms.phrases:
        if phrase.pairs and not terms.lacks_pairs:
            compared.append(phrase.query)
            either = " OR ".join(["found.pairs @> %s::int[]"] * len(phrase.pairs))
            condition &= Condition(f"({either})", phrase.pairs)
            likely.append([Condition("found.pairs @> %s::int[]", [f"{{{pair}}}"]) for pair in _each(phrase.pairs[0])])
        elif phrase.query:
            looked_up.append(phrase.query)
    if not looked_up and not compared:
        return "", Condition("false"), [[Condition("false")]]
    # What a text must not hold is nothing to look it up by; nor are common words that stand in a certain order.
    (looked_up if looked_up else compared).extend(terms.without)
    if looked_up:
        having = Condition("found.words @@ %s::tsquery", [" & ".join(looked_up)])
        condition &= having
        likely.append([having])
    if compared:  # called by its name, for which no index is used
        condition &= Condition("ts_match_vq(found.words, %s::tsquery)", [" & ".join(compared)])
    return " & ".join(dict.fromkeys([*looked_up, *compared])), condition, likely


def _each(pairs: str) -> list[str]:
    return pairs.strip("{}").split(",")[:_MOST_WEIGHED]


def _read(cursor: Any, asked: Question) -> _Terms:
    """The terms as PostgreSQL reads them."""
    words = [_query("plainto_tsquery", word) for word in asked.words]
    words += [Condition("%s::tsquery", ["'" + code.replace("'", "") + "'"]) for code in asked.codes]
    phrases = [_query("phraseto_tsquery", phrase) for phrase in asked.phrases]
    without = [_query("phraseto_tsquery", word) for word in asked.not_words]
    forms = [form for phrase in asked.phrases for form in (phrase, folded(phrase))]
    every = [*words, *phrases, *(Condition(f"!!{one.sql}", one.parameters) for one in without)]
    pairs = PAIRS.format(words="to_tsvector('french', form)")
    cursor.execute(
        f"SELECT EXISTS (SELECT FROM conversations_searchtext WHERE pairs IS NULL), ARRAY(SELECT {pairs}::text"  # noqa: S608  # see above
        " FROM unnest(%s::text[]) WITH ORDINALITY AS asked (form, n) ORDER BY n)"
        + "".join(f", ({one.sql})::text" for one in every),
        [forms, *(parameter for one in every for parameter in one.parameters)],
    )
    lacks_pairs, found, *queries = cursor.fetchone()
    both = [_known(pair) for pair in zip(found[::2], found[1::2], strict=True)]
    read = iter([f"( {query} )" if query else "" for query in queries])
    return _Terms(
        words=[query for query in itertools.islice(read, len(words)) if query],
        phrases=[_Phrase(next(read), pairs) for pairs in both],
        without=[query for query in read if query],
        lacks_pairs=lacks_pairs,
    )


def _known(pairs: tuple[str, str]) -> list[str]:
    return [] if "{}" in pairs else list(dict.fromkeys(pairs))


def _query(reader: str, term: str) -> Condition:
    return Condition(_EITHER_FORM.format(reader=reader), [term, folded(term)])


def expected(cursor: Any, what: Sought) -> Expected:
    """What the planner's statistics say of it: nothing is read for that but them.

    Of a phrase, what they say of the rarest of its pairs: pairs of one phrase come together far oftener than by chance.
    """
    cursor.execute(
        "SELECT reltuples FROM unnest(ARRAY['conversations_searchtext', 'conversations_conversation']::regclass[]) "
        "WITH ORDINALITY AS one (id, n) JOIN pg_class ON pg_class.oid = one.id ORDER BY n"
    )
    (texts,), (conversations,) = cursor.fetchall()
    every = "SELECT FROM conversations_searchtext AS found WHERE "
    hits = max(texts, 0.0)
    for group in what.likely:
        fewest = min(planned_rows(cursor, Condition(f"{every} {one.sql}", one.parameters)) for one in group)
        hits *= min(1.0, fewest / max(texts, fewest, 1.0))
    asked_for = conversations if what.sees_all else planned_rows(cursor, what.conversations)
    return Expected(max(texts, 0), hits, max(conversations, 0), asked_for)
