"""Personal data that a customer has published: found in what they wrote, marked where it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from comptoir.analysis.models import MessageAnalysis
from comptoir.brands.numbers import Patterns
from comptoir.conversations.models import Message
from comptoir.delivery.refusals import kinds_in_words
from comptoir.understanding.personal_data import PersonalData, personal_data
from comptoir.web.marking import marked


@dataclass(frozen=True, slots=True)
class Exposed:
    """What everybody can read and should not: its kinds in words, and the text in parts, those marked."""

    kinds: str
    parts: Sequence[tuple[str, bool]]


def exposed_in(message: Message, analysis: MessageAnalysis | None = None, patterns: Patterns = ()) -> Exposed | None:
    """None where the public does not see it, or sees nothing of the kind; ``patterns`` find the brand's own numbers.

    What was read of it (``analysis``) counts, as long as its words are the ones that were read: it knows the language,
    and so the numbers of its countries.
    """
    is_seen = message.is_public and message.deleted_at is None and message.hidden_at is None
    if not is_seen or message.direction != Message.Direction.INCOMING:
        return None
    text = message.text.strip()
    found = _read(message, analysis, patterns) if analysis is not None else _found(text, patterns)
    return Exposed(kinds_in_words(found), marked(text, found)) if found else None


def _read(message: Message, analysis: MessageAnalysis, patterns: Patterns) -> tuple[PersonalData, ...]:
    if message.edited_at is not None and message.edited_at >= analysis.read_at:
        return _found(message.text.strip(), patterns)
    if not message.text.strip():
        return ()  # its subject was read
    return tuple(PersonalData(kind, start, end) for kind, start, end in analysis.personal_data)


@lru_cache(maxsize=2048)
def _found(text: str, patterns: Patterns) -> tuple[PersonalData, ...]:
    """Remembered, because the same window is shown again and again; every kind has a digit or an at sign in it, but for
    a company's own.
    """
    if not patterns and "@" not in text and not any(sign.isdigit() for sign in text):
        return ()
    return tuple(personal_data(text, patterns=patterns, incoming=True))
