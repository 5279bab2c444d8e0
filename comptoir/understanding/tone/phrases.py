"""Phrases that a rule knows: the ready-made ones, and those that put it on the customer."""

from __future__ import annotations

from comptoir.understanding.tone.rules import found
from comptoir.understanding.tone.texts import Span, plain


def stock_phrases(reply: str, language: str) -> list[Span]:
    """Phrases that would fit any reply."""
    return list(found(language, "stock.phrases", plain(reply)))


def blaming_phrases(reply: str, language: str) -> list[Span]:
    """What says that it is the customer's doing; taking the fault off them is not."""
    text = plain(reply)
    excused = list(found(language, "blame.excused", text))
    return [
        span
        for span in found(language, "blame.phrases", text)
        if not any(one.start < span.end and span.start < one.end for one in excused)
    ]
