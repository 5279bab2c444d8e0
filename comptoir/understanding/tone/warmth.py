"""Whether the reply reassures: it feels with the person, or names what they go through, and says that it is taken care of."""

from __future__ import annotations

from comptoir.understanding.tone.rules import found
from comptoir.understanding.tone.texts import Span, plain


def feeling(reply: str, language: str) -> list[Span]:
    """Where what the person goes through is named or felt with them; a formula about « your feeling » is not."""
    text = plain(reply)
    flat = list(found(language, "warmth.flat", text))
    return [
        span
        for span in found(language, "warmth.feeling", text)
        if not any(one.start < span.end and span.start < one.end for one in flat)
    ]


def caring(reply: str, language: str) -> list[Span]:
    """Where it is said to be taken care of, or solved."""
    return list(found(language, "warmth.care", plain(reply)))


def reassures(reply: str, language: str) -> bool:
    """Both together."""
    return bool(feeling(reply, language)) and bool(caring(reply, language))
