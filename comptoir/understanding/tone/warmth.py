"""Whether the reply reassures: it feels with the person or names what they go through, and says it is cared for."""

from __future__ import annotations

from comptoir.understanding.tone.manner import Manner
from comptoir.understanding.tone.model import shipped
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


def reassures(reply: str, language: str, manner: Manner) -> bool:
    """Both together: what a rule knows is sure, what only the meaning says must be surer the less the other half is."""
    felt = 1.0 if feeling(reply, language) else manner.most("feeling")
    cared = 1.0 if caring(reply, language) else manner.most("care")
    return bool((felt * cared) ** 0.5 >= shipped("feeling").threshold)
