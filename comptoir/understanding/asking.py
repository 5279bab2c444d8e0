"""What a reply asks the customer for, in French and English: told by the words around it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from comptoir.understanding.personal_data import Kind

_NAMED: Mapping[Kind, str] = {
    "order": r"(?:num[ée]ros?|r[ée]f[ée]rences?|n°)\s+de\s+(?:la\s+|votre\s+|ta\s+)?commande"
    r"|order\s+(?:number|reference|id)",
    "customer": r"(?:num[ée]ro|n°)\s+(?:de\s+)?client|customer\s+(?:number|id)",
    "email": r"adresse\s+(?:e-?mail|mail|courriel|[ée]lectronique)|votre\s+(?:e-?mail|courriel)"
    r"|(?:e-?mail|mail)\s+address",
    "phone": r"(?:num[ée]ro|n°)\s+de\s+(?:t[ée]l[ée]phone|portable|mobile)|votre\s+t[ée]l[ée]phone"
    r"|(?:tele)?phone\s+number",
    "address": r"adresse\s+(?:postale|de\s+livraison)|(?:postal|delivery|shipping|home)\s+address",
}
_WANTED = re.compile(
    r"\b(?:pou(?:vez|rriez)-vous|peux-tu|pourrais-tu|merci\s+de|veuillez|quel(?:le)?\s+est"
    r"|(?:communique|indique|transmette|envoye|donne|fourni|pr[ée]cise|rappele|confirme)[a-zé]*"
    r"|faudrait|(?:avons|aurions|ai|aurais)\s+besoin|me\s+faut|nous\s+faut"
    r"|could\s+you|can\s+you|would\s+you|please|what\s+is|what’s|may\s+(?:i|we)|we(?:’d)?\s+need|i\s+need"
    r"|send\s+(?:me|us)|tell\s+(?:me|us)|share|provide)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+")
_PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _NAMED.items()}


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A kind of personal data that is asked for, and the words that do (code points)."""

    kind: Kind
    start: int
    end: int


def asked_for(text: str) -> list[AskedFor]:
    """What the sentences of ``text`` ask for, in order: a kind of data after words that want something."""
    found: list[AskedFor] = []
    for sentence in _SENTENCE.finditer(text):
        wanted = _WANTED.search(sentence[0])
        if wanted is None:
            continue
        for kind, pattern in _PATTERNS.items():
            named = pattern.search(sentence[0], wanted.start())
            if named is not None:
                begins = sentence.start()
                found.append(AskedFor(kind, begins + named.start(), begins + named.end()))
    return sorted(found, key=lambda one: one.start)
