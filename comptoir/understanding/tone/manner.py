"""How each sentence of a reply speaks (blaming, ready-made, feeling, caring), where no rule knows the phrase."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from comptoir.understanding.tone.faults import fault_signals
from comptoir.understanding.tone.model import Floats, deep_vectors, shipped
from comptoir.understanding.tone.texts import Span, plain, sentences

MANNERS = ("blame", "stock", "feeling", "care")
#: A reply's sentences are read up to here.
MAX_SENTENCES = 40

#: What is seen of a sentence beside its meaning; these decide nothing by themselves.
_SIGNALS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?:vous|tu|t'|you)\b",
        (
            r"\b(?:vous|tu|t')\s?(?:n'|l'|ne |vous |les )?(?:avez|as|aviez|avais|etes|es|etiez)\b(?! (?:raison|"
            r"besoin|le droit))"
            r"|\byou(?:'ve| have|'d| had)?(?: \w+ly)? (?:\w+ed|did|didn't|left|put|forgot|chose|went|had|were|"
            r"failed|gave)\b"
        ),
        r"(?:auriez|aurais|fallait|aurait|devriez|devez|dois|should|could have|would have|must|need to|had to)\b",
        (
            r"\b(?:car|puisque|parce|d'ou|donc|explique|vient|forcement|normal|because|since|as you|hence|"
            r"that's what|why|down to|due to)\b"
        ),
        r"\b(?:pas|jamais|sans|aucun\w*|not|never|didn't|without|no)\b",
        r"\b(?:nous|je|j'|on|we|i|i'm|i've|we've)\b",
        r"\b(?:desole|excus|pardon|navre|sorry|apolog)\w*|\b(?:notre|our) (?:faute|erreur|mistake|fault)",
        (
            r"\b(?:garantie|conditions|notice|contrat|regles|mode d'emploi|etiquette|responsabilite|warranty|"
            r"terms|leaflet|manual|instructions|policy|responsib\w+|label|rules)\b"
        ),
        r"\?",
        r"\b(?:votre|vos|ton|ta|tes|your)\b",
        r"\b(?:si|if|quand|when|lorsque)\b",
        (
            r"\b(?:pourtant|visiblement|manifestement|sans doute|surement|simplement|evidemment|clearly|evidently|"
            r"simply|obviously|only|just|actually)\b"
        ),
        r"\b(?:avant|la prochaine|a l'avenir|next time|before|in future|ahead)\b",
        r"\b(?:demain|rembours|livr|envo|technicien|tomorrow|refund|send|engineer|replacement)\w*",
        r"\b(?:lire|lu|verifi|regard|attention|read|check|careful|watch|plan)\w*",
    )
)
_LONG = 200


@dataclass(frozen=True, slots=True)
class Manner:
    """For each of MANNERS the chance of each sentence."""

    spans: list[Span]
    chances: dict[str, Floats]

    def most(self, name: str) -> float:
        """That of the sentence most so; 0 where there is none."""
        return float(self.chances[name].max()) if self.spans else 0.0

    def around(self, name: str, place: Span) -> float:
        """That of the sentences that ``place`` touches, the most of them."""
        return max(
            (
                float(chance)
                for span, chance in zip(self.spans, self.chances[name], strict=True)
                if span.start < place.end and place.start < span.end
            ),
            default=0.0,
        )

    def stands_out(self, name: str) -> list[Span]:
        """The sentences above the threshold."""
        least = shipped(name).threshold
        return [span for span, chance in zip(self.spans, self.chances[name], strict=True) if chance >= least]


def manner_of(reply: str) -> Manner:
    """Every sentence, once; the embedder is loaded when the first is read."""
    spans = sentences(reply)[:MAX_SENTENCES]
    if not spans:
        return Manner([], {name: np.zeros(0, np.float32) for name in MANNERS})
    texts = [reply[span.start : span.end] for span in spans]
    signals, vectors = manner_signals(texts), deep_vectors(texts)
    return Manner(spans, {name: shipped(name).chances(signals, vectors) for name in MANNERS})


def manner_signals(texts: list[str]) -> Floats:
    """One row a sentence."""
    read = [plain(text) for text in texts]
    return np.array(
        [
            [
                *(float(bool(form.search(text))) for form in _SIGNALS),
                min(len(text), _LONG) / _LONG,
                *fault_signals(text),
            ]
            for text in read
        ],
        np.float32,
    )
