"""What the customer complains of: the clauses of their message that say so, as they stand there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from comptoir.understanding.tone.model import Floats, light_vectors, shipped
from comptoir.understanding.tone.rules import languages, pattern
from comptoir.understanding.tone.texts import MAX_CHARS, Span, plain, sentences, trimmed, words_of

#: A message's clauses are read up to here.
MAX_CLAUSES = 60
_CUT = re.compile(
    (
        r",(?!\d)|:(?!\d|//)| [–—-] |[+()]|(?<=\s)(?:et|mais|pourtant|puis|alors que|sauf que|donc|du coup|"
        r"en plus|and|but|then|so|because|yet|plus)(?=\s)"
    ),
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:et|mais|puis|en plus|car|donc|par ailleurs|non seulement|surtout|pire|que|qu'|d'abord|maintenant|"
    r"ensuite|je constate que|je recapitule|"
    r"and|but|then|also|plus|because|so|that|worse|by the way|bonjour|bonsoir|salut|hello|hi|hey|slt|cc|"
    r"coucou|bjr|madame|monsieur)(?=\s)[\s,:]*",
    re.IGNORECASE,
)


def clauses(message: str) -> list[Span]:
    """Where the clauses of a message stand; each is a candidate."""
    text = plain(message[:MAX_CHARS])
    found: list[Span] = []
    for sentence in sentences(text):
        cuts = [(match.start(), match.end()) for match in _CUT.finditer(text, sentence.start, sentence.end)]
        start = sentence.start
        for cut_start, cut_end in [*cuts, (sentence.end, sentence.end)]:
            span = _clean(text, start, cut_start)
            if len(words_of(text[span.start : span.end])) >= 1:
                found.append(span)
            start = cut_end
    return _joined(text, found)[:MAX_CLAUSES]


def _clean(text: str, start: int, end: int) -> Span:
    span = trimmed(text, start, end)
    while lead := _LEAD.match(text, span.start, span.end):
        if lead.end() == span.start:
            break
        span = trimmed(text, lead.end(), span.end)
    return span


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """A word or two by themselves say nothing, unless they complain: they go with their neighbour of the sentence."""
    joined: list[Span] = []
    for span in spans:
        if (
            joined
            and _says_nothing(text[span.start : span.end])
            and not re.search(r"[.!?\n]", text[joined[-1].end : span.start])
        ):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _says_nothing(said: str) -> bool:
    count = len(words_of(said))
    return count <= 1 or (
        count == 2 and not any(pattern(language, "grievance.cues").search(said) for language in languages())
    )


@dataclass(frozen=True, slots=True)
class Point:
    """One grievance, in the customer's words, where it stands and how sure it is (0 to 1)."""

    text: str
    span: Span
    chance: float


def complaint_points(message: str, language: str) -> list[Point]:
    """The customer's distinct grievances, in order."""
    spans = clauses(message)
    if not spans:
        return []
    model, texts = shipped("grievances"), [message[one.start : one.end] for one in spans]
    chances = model.chances(grievance_signals(message, spans, language), light_vectors(texts))
    return [
        Point(text, span, float(chance))
        for text, span, chance in zip(texts, spans, chances, strict=True)
        if chance >= model.threshold
    ]


def grievance_signals(message: str, spans: Sequence[Span], language: str) -> Floats:
    """One row a clause: what tells a grievance from its surroundings."""
    text = plain(message)
    cues, background = pattern(language, "grievance.cues"), pattern(language, "grievance.background")
    whole = len(list(cues.finditer(text)))
    return np.array(
        [_row(text, span, place, len(spans), whole, cues, background) for place, span in enumerate(spans)], np.float32
    )


def _row(
    text: str, span: Span, place: int, count: int, whole: int, cues: re.Pattern[str], background: re.Pattern[str]
) -> list[float]:
    said = text[span.start : span.end]
    words = words_of(said)
    hits = len(list(cues.finditer(said)))
    after = text[span.end : span.end + 3]
    return [
        min(hits, 3) / 3,
        float(hits > 0),
        float(bool(background.match(said))),
        float("?" in after or "?" in said),
        float("!" in after),
        float("?" in text),
        min(len(words), 20) / 20,
        float(len(words) <= 2),
        float(place == 0),
        float(place == count - 1),
        float(any(sign.isdigit() for sign in said)),
        min(whole, 5) / 5,
        float(whole == 0),
        float(bool(re.match(r"(?:je|j'|i|i'm|i've)\b", said, re.IGNORECASE))),
        float(bool(re.search(r"\b(?:votre|vos|vous|on m'|your?|you)\b", said, re.IGNORECASE))),
        float(bool(re.search(r"\b(?:mon|ma|mes|my|the|le|la|les)\b", said, re.IGNORECASE))),
        float(bool(re.search(r"@\w|merci|thank", said, re.IGNORECASE))),
        min(count, 8) / 8,
        float(bool(re.search(r"\b(?:si|if|voudrais|souhaite|want|would)\b", said, re.IGNORECASE))),
    ]
