"""Whether a customer asks to be called, in French and English: told by their words. Pure, and linear in the text."""

from __future__ import annotations

import re

from comptoir.understanding.personal_data import MAX_CHARS

#: What may follow a call that is asked for: when, where, or nothing; « appelez-moi Léa » is a name.
_FOLLOWED = (
    r"(?=\s+(?:au|sur|par|d[èe]s|avant|apr[èe]s|demain|vite|rapidement|urgemment|svp|s['’]il|quand|entre|dans|ce|cet|le"
    r"|la|à|pour|en)\b|\s*[,.;:!?\n]|\s*$)"
)
_WISHED = (
    r"(?:pou(?:vez|rriez)[ -]vous|peux[ -]tu|merci\s+de|veuillez|pri[èe]re\s+de|aimerais\s+que|qu['’](?:on|un)"
    r"|quelqu['’]un(?:\s+(?:peut|pourrait)(?:[ -]il)?)?|conseiller|faudrait)"
)
_FRENCH = (
    r"(?:r?appel(?:ez|le)|t[ée]l[ée]phone[zr]?)[ -](?:moi|nous)" + _FOLLOWED,
    r"contactez[ -](?:moi|nous)\s+(?:par\s+t[ée]l[ée]phone|au\s+(?:0|\+))",
    _WISHED + r"\s+(?:[\w'’-]+\s+){0,4}?(?:me|m['’]|nous)\s?(?:r?appel(?:er|le|iez|ez)|t[ée]l[ée]phoner?)",
    r"(?:[êe]tre|me\s+faire)\s+r?appel[ée]r?(?:e|s|es)?" + _FOLLOWED,
)
_ENGLISH = (
    r"(?:please|(?:could|can|would)\s+(?:you|someone|somebody)(?:\s+please)?)\s+(?:call|phone|ring)\s+(?:me|us)\b",
    r"(?:call|phone|ring)\s+(?:me|us)\s+(?:(?:back|asap|tomorrow|today|please)\b|(?:on|at)\s+(?:0|\+))",
    r"(?:(?:i|we)(?:['’]d|\s+would)\s+like|need|want|request(?:ing)?)\s+a\s+(?:phone\s+)?call(?:\s?-?back)?\b(?!\s+cent)",
)
#: A call that the customer, or we, made already is told of in other words.
_ASKED = re.compile(rf"\b(?:{'|'.join((*_FRENCH, *_ENGLISH))})", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:ne|n['’]|don['’]t|do\s+not|never|jamais)\b[^.!?\n]{0,20}$", re.IGNORECASE)
_BEFORE_CHARS = 30


def asks_to_be_called(text: str) -> bool:
    """Whether ``text``, up to MAX_CHARS of it, asks for a call."""
    return any(
        not _DENIED.search(text[max(0, found.start() - _BEFORE_CHARS) : found.start()])
        for found in _ASKED.finditer(text[:MAX_CHARS])
    )
