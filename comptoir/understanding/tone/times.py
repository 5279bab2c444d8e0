"""Whether the reply gives a next step with its time: a day, an hour, a delay that is still to come."""

from __future__ import annotations

import re
from itertools import pairwise

from comptoir.understanding.tone.rules import found, pattern
from comptoir.understanding.tone.texts import Span, plain, sentences

_PARTS = re.compile(r"[,:;()](?!\d)(?=\s)|[–—](?=\s)(?!\s?\d)|\s(?:et|mais|and|but)\s(?=\S)")
_NEAR = 24


def next_step_time(reply: str, language: str) -> Span | None:
    """The first time that stands for a step to come; opening hours and what is over do not count."""
    text, accented = plain(reply), reply.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")
    for sentence in sentences(text):
        for part in _parts(text, sentence):
            if time := _time_to_come(text, accented, part, sentence, language):
                return time
    return None


def _parts(text: str, sentence: Span) -> list[Span]:
    """A sentence's clauses: what is over in one may be to come in the next."""
    cuts = [match.start() for match in _PARTS.finditer(text, sentence.start, sentence.end)]
    edges = [sentence.start, *cuts, sentence.end]
    return [Span(start, end) for start, end in pairwise(edges)]


def _time_to_come(text: str, accented: str, part: Span, sentence: Span, language: str) -> Span | None:
    said = text[part.start : part.end]
    if _is_opening_hours(text, part, sentence, language):
        return None
    for time in found(language, "time.ahead", said):
        if not _is_over(said, time, language):
            return Span(part.start + time.start, part.start + time.end)
    if pattern(language, "time.past").search(accented[part.start : part.end]) and not pattern(
        language, "time.coming"
    ).search(said):
        return None
    for time in found(language, "time.moment", said):
        if not _is_over(said, time, language):
            return Span(part.start + time.start, part.start + time.end)
    return None


def _is_opening_hours(text: str, part: Span, sentence: Span, language: str) -> bool:
    said, whole = text[part.start : part.end], text[sentence.start : sentence.end]
    hours = pattern(language, "time.hours").search(said) or (
        re.fullmatch(r"\W*\d.*", said) and pattern(language, "time.hours").search(whole)
    )
    return bool(hours) and not pattern(language, "time.unhours").search(said)


def _is_over(said: str, time: Span, language: str) -> bool:
    before, after = said[max(0, time.start - _NEAR) : time.start], said[time.end : time.end + _NEAR]
    over = re.compile(rf"(?:{pattern(language, 'time.before').pattern})\s*$", re.IGNORECASE)
    if over.search(before):
        return True
    return bool(re.compile(rf"\s*(?:{pattern(language, 'time.after').pattern})", re.IGNORECASE).match(after))
