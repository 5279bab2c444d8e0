"""A text in parts, those that something was found in marked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from comptoir.understanding.personal_data import PersonalData


def marked(text: str, found: Sequence[PersonalData]) -> list[tuple[str, bool]]:
    """Cut ``text`` into (words, is marked) parts that, joined, are the text again.

    The text was searched as `queue_reply` keeps it: without the blank space around it.
    """
    whole = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    parts: list[tuple[str, bool]] = []
    done = 0
    for one in sorted(found, key=lambda each: each.start):
        start, end = max(done, one.start), max(done, one.end)
        parts += [(whole[done:start], False), (whole[start:end], True)]
        done = end
    parts.append((whole[done:], False))
    return [(words, is_marked) for words, is_marked in parts if words]


def marked_words(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Cut ``text`` into (words, is marked) parts, wherever one of ``words`` stands."""
    if not words:
        return []
    pieces = re.split("(" + "|".join(re.escape(one) for one in words) + ")", text.replace("\r\n", "\n").strip())
    return [(piece, piece in words) for piece in pieces if piece]
