"""Texts as the rules of tone read them: accents and typographic signs evened, capitals kept, each sign in its place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

#: A reply or a message is read up to here: time stays bounded whatever is pasted.
MAX_CHARS = 6_000

_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+|[;](?=\s)|(?<=\s)[👏🙄😡😤😭](?=\s|$)")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


class _Plain(dict[int, str]):
    """One sign for each sign, worked out when it is first met."""

    def __missing__(self, sign: int) -> str:
        base = unicodedata.normalize("NFD", chr(sign))[0]
        self[sign] = base
        return base


_TABLE = _Plain(
    {ord("’"): "'", ord("ʼ"): "'", ord("`"): "'", 0xA0: " ", 0x202F: " ", 0x2009: " ", ord("œ"): "o", ord("Œ"): "O"}
)


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end], in code points."""

    start: int
    end: int


def plain(text: str) -> str:
    """As long as ``text``: no accents, straight apostrophes, plain spaces; capitals are kept."""
    return text.translate(_TABLE)


def words_of(text: str) -> list[str]:
    """Small letters, no accents, in order; what an apostrophe joins is parted."""
    return re.findall(r"\w+", plain(text).lower())


def sentences(text: str) -> list[Span]:
    """Where its sentences stand, their end signs included; none is empty."""
    found: list[Span] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        _add(found, text, start, end.end())
        start = end.end()
    _add(found, text, start, len(text))
    return found


def trimmed(text: str, start: int, end: int, signs: str = " \t\n\r.,;:!?…-–—()«»\u00a0\u202f") -> Span:
    """The span without the signs at its ends."""
    while start < end and text[start] in signs:
        start += 1
    while end > start and text[end - 1] in signs:
        end -= 1
    return Span(start, end)


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    if _WORD.search(text, start, end):
        found.append(Span(start, end))
