"""What was found, in its context: a few lines around the words that were asked for, these marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from comptoir.conversations.search_words import codes, folded
from comptoir.web.queries.search.reading import Question

#: What is looked through for a good place to show.
_READ_CHARS = 20_000
_SHOWN_CHARS = 220
_LEAD_CHARS = 60
_WORD = re.compile(r"[^\W_]+")
_CODE_LIKE = re.compile(r"[\w.%+-]+@[\w.-]+|(?:\+|00)?\(?\d(?:[ .\-()\u202f]{0,2}\d){8,14}|[^\W_]+(?:[-/._][^\W_]+)*")

Part = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Sought:
    """The words of these texts, as they stand, that were asked for; and the codes."""

    words: frozenset[str]
    codes: frozenset[str]


def excerpts(texts: Mapping[int, str], asked: Question) -> dict[int, list[Part]]:
    """For each text its excerpt as (words, is marked) parts: a template escapes them, nothing else needs to."""
    cut = {key: text[:_READ_CHARS] for key, text in texts.items()}
    terms = {word for term in (*asked.words, *asked.phrases) for word in _WORD.findall(term.lower())}
    spoken = {word for text in cut.values() for word in _WORD.findall(text.lower())}
    forms = {word: {word, folded(word)} for word in terms | spoken} if terms else {}
    stem_of = stems({form for both in forms.values() for form in both})
    wanted = {stem_of[form] for term in terms for form in forms[term] if form in stem_of}
    fitting = {word for word in spoken if any(stem_of.get(form) in wanted for form in forms.get(word, ()))}
    sought = _Sought(frozenset(fitting), frozenset(asked.codes))
    return {key: _excerpt(text, _marks(text, sought)) for key, text in cut.items()}


def stems(words: Iterable[str]) -> dict[str, str]:
    """The stem of each French word, in one question; words that say nothing have none."""
    wanted = sorted({word for word in words if len(word) <= 60})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, (ts_lexize('french_stem', word))[1] FROM unnest(%s::text[]) AS word", [wanted])
        return {word: stem for word, stem in cursor.fetchall() if stem}


def _marks(text: str, sought: _Sought) -> list[tuple[int, int]]:
    found = [one.span() for one in _WORD.finditer(text) if one[0].lower() in sought.words] if sought.words else []
    if sought.codes:
        found += [one.span() for one in _CODE_LIKE.finditer(text) if codes(one[0]) & sought.codes]
    return _joined(sorted(found))


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    whole: list[tuple[int, int]] = []
    for start, end in spans:
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def _excerpt(text: str, marks: Sequence[tuple[int, int]]) -> list[Part]:
    """The stretch with the most marks in it."""
    start = 0
    if marks:
        best = max(marks, key=lambda one: (sum(one[0] <= other[0] < one[0] + _SHOWN_CHARS for other in marks), -one[0]))
        start = _word_start(text, max(0, best[0] - _LEAD_CHARS))
    end = min(len(text), start + _SHOWN_CHARS)
    parts: list[Part] = [("…", False)] if start else []
    done = start
    for mark_start, mark_end in marks:
        if start <= mark_start and mark_end <= end:
            parts += [(text[done:mark_start], False), (text[mark_start:mark_end], True)]
            done = mark_end
    parts.append((text[done:end] + ("…" if end < len(text) else ""), False))
    return [(words, is_marked) for words, is_marked in parts if words]


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + _LEAD_CHARS)
    return space + 1 if at and space >= 0 else at
