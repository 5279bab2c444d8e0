"""What is understood of messages: as it was kept, with what people corrected; else at a glance, here and now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from comptoir.analysis.glancing import glances
from comptoir.analysis.queries import analyses_with_reasons
from comptoir.routing.facts import Facts, Reading
from comptoir.understanding.language import UNKNOWN

_MOST_READ_CHARS = 2000


def recall_facts(facts: Sequence[Facts]) -> None:
    """Give the facts what was read of their messages already: a message is about its reasons and those above them."""
    read = analyses_with_reasons(one.message_id for one in facts if one.message_id is not None)
    for one in facts:
        if one.message_id in read:
            kept, reasons = read[one.message_id]
            _give(one, kept.language, Reading(kept.intent, kept.urgency, frozenset(kept.grounds), reasons))


def glance_at(facts: Sequence[Facts]) -> None:
    """Give the facts that nobody has read what is seen at a glance, some milliseconds each: no contact reasons, and
    nothing at all while the reading process cannot be reached. Hold no lock meanwhile.
    """
    unread = [one for one in facts if one.reading is None]
    found = glances([one.text[:_MOST_READ_CHARS] for one in unread])
    for one, seen in zip(unread, found or [], strict=False):
        reading = Reading(seen.intent.label, seen.urgency.level, frozenset(seen.urgency.grounds))
        _give(one, seen.language, reading)


def give_glances(facts: Sequence[Facts], seen: Mapping[int, Facts]) -> None:
    """Give those that nobody has read meanwhile what was seen of the same words before; ``seen`` by conversation."""
    for one in facts:
        before = seen.get(one.conversation_id)
        if one.reading is None and before is not None and before.reading is not None and before.text == one.text:
            _give(one, before.language, before.reading)


def _give(facts: Facts, language: str, reading: Reading) -> None:
    facts.language = facts.language or (language if language != UNKNOWN else "")
    facts.reading = reading
