"""Whether a customer says that they wait for us, however kindly, in French and English: told by their words. Pure."""

from __future__ import annotations

import re

from comptoir.understanding.personal_data import MAX_CHARS

_OURS = (
    r"(?:vo(?:tre|s)|t(?:a|on|es)|une?|la|de\s+(?:vos|tes))\s+(?:\w+\s+)?"
    r"(?:r[ée]ponses?|retours?|nouvelles?|appel|suite)"
)
_FRENCH = (
    r"(?:j['’]\s?attends?|attendons|on\s+attend|attente\s+de)\s+" + _OURS,
    r"(?:tene[zr]|tiens)[ -](?:moi|nous)\s+(?:au\s+courant|inform[ée]e?s?)",
    r"merci\s+(?:d['’]avance|de\s+(?:me|nous|bien\s+vouloir)(?!\s+avoir))",
)
_ENGLISH = (
    r"(?:a|be\s+)?waiting\s+(?:for\s+)?(?:your|an?|the)\s+(?:\w+\s+)?(?:answer|reply|response|news|call)",
    r"look(?:ing)?\s+forward\s+to\s+(?:hearing|your)",
    r"(?:keep\s+(?:me|us)\s+(?:posted|updated|informed)|let\s+(?:me|us)\s+know)",
)
_WAITS = re.compile(rf"(?<!\w)(?:{'|'.join((*_FRENCH, *_ENGLISH))})(?!\w)", re.IGNORECASE)


def waits_for_us(text: str) -> bool:
    """Whether ``text``, up to MAX_CHARS of it, says that an answer of ours is waited for."""
    return _WAITS.search(text[:MAX_CHARS]) is not None
