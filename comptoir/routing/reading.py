"""What is understood of messages: as it was kept, with what people corrected; else at a glance, here and now."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.analysis.queries import analyses_with_reasons
from comptoir.routing.facts import Facts, Reading
from comptoir.understanding.language import UNKNOWN
from comptoir.understanding.reader import understand

_MOST_READ_CHARS = 2000


def recall_facts(facts: Sequence[Facts]) -> None:
    """Give the facts what was read of their messages already: a message is about its reasons and those above them."""
    read = analyses_with_reasons(one.message_id for one in facts if one.message_id is not None)
    for one in facts:
        if one.message_id in read:
            kept, reasons = read[one.message_id]
            _give(one, kept.language, Reading(kept.intent, kept.urgency, frozenset(kept.grounds), reasons))


def glance_at(facts: Sequence[Facts]) -> None:
    """Read those that nobody has read, in the light form: some milliseconds each. Contact reasons stay unknown."""
    unread = [one for one in facts if one.reading is None]
    texts = [one.text[:_MOST_READ_CHARS] for one in unread]
    for one, found in zip(unread, understand(texts, light=True), strict=True):
        reading = Reading(found.intent.label, found.urgency.level, frozenset(found.urgency.grounds))
        _give(one, found.language, reading)


def _give(facts: Facts, language: str, reading: Reading) -> None:
    facts.language = facts.language or (language if language != UNKNOWN else "")
    facts.reading = reading
