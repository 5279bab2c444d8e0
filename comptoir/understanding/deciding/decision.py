"""What the bot does with a message: answer alone, propose to a person, or nothing; and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from comptoir.understanding.analysis import Analysis
from comptoir.understanding.deciding.forbidding import Rule, forbidding
from comptoir.understanding.embedding import Embedder
from comptoir.understanding.language import LANGUAGES, UNKNOWN, languages_of
from comptoir.understanding.retrieval.calibration import Calibration, calibrate
from comptoir.understanding.retrieval.confidence import Ranked, coefficients, rank
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index, Message
from comptoir.understanding.retrieval.ranking import ready

Mode = Literal["answer", "propose", "nothing"]

#: Under so many phrasings an entry is never answered alone: its calibration would be a guess.
LEAST_PHRASINGS = 5
#: What obtains 98 % of right answers where it was measured (docs/bot.md): confidence is cautious at its upper end.
ANSWERS_FROM = 0.93
PROPOSES_FROM = 0.25
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry, and how probable it is that it answers."""

    entry: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with one message. ``nearest`` is the phrasing of the entry that comes nearest, ``language`` the
    message's; ``forbidden_by`` are the rules that forbid an answer alone."""

    mode: Mode
    entry: str | None
    candidates: tuple[Candidate, ...]
    confidence: float
    forbidden_by: tuple[Rule, ...]
    nearest: str | None = None
    language: str = UNKNOWN

    def to_json(self) -> dict[str, object]:
        """The keys of `comptoir bot try --json`."""
        return {
            "mode": self.mode,
            "entry": self.entry,
            "candidates": [{"entry": one.entry, "confidence": round(one.confidence, 4)} for one in self.candidates],
            "confidence": round(self.confidence, 4),
            "forbidden_by": list(self.forbidden_by),
        }


@dataclass(frozen=True)
class Bot:
    """A catalogue, read and calibrated."""

    index: Index | None
    calibration: Calibration | None

    @classmethod
    def of(
        cls, entries: Sequence[Entry], embedder: Embedder, told: Callable[[int, int], None] = lambda done, total: None
    ) -> Self:
        """Read a catalogue; ``told`` is called with how many of its texts are read, of how many."""
        if not entries:
            return cls(None, None)
        index = ready(entries, embedder, told)
        return cls(index, calibrate(index, coefficients()))

    def decide(self, texts: Sequence[str], analyses: Sequence[Analysis] | None = None) -> list[Decision]:
        """One decision for each text, in order; ``analyses`` of the same texts, where there are any, forbid more."""
        languages = languages_of(texts, LANGUAGES, self._home())
        read: Sequence[Analysis | None] = analyses or [None] * len(texts)
        rules = [forbidding(*one) for one in zip(texts, languages, read, strict=True)]
        if self.index is None or self.calibration is None:
            return [_nothing(forbidden, language) for forbidden, language in zip(rules, languages, strict=True)]
        messages = self.index.messages(texts, languages)
        return [
            self._decided(message, forbidden) if _says_something(text) else _nothing(forbidden, message.language)
            for text, message, forbidden in zip(texts, messages, rules, strict=True)
        ]

    def _home(self) -> str:
        """The language that most entries are written in: it wins a draw."""
        own = [entry.language for entry in self.index.entries] if self.index else []
        return max(dict.fromkeys(own), key=own.count, default=LANGUAGES[0])

    def _decided(self, message: Message, forbidden: tuple[Rule, ...]) -> Decision:
        index, calibration = self.index, self.calibration
        assert index is not None
        assert calibration is not None
        ranked = rank(index, message, calibration.coefficients)
        confidence = calibration.confidence(ranked.signs)
        first = index.entries[int(ranked.places[0])]
        every = _about_entry(first, message.language) + forbidden
        mode: Mode = "propose" if confidence >= PROPOSES_FROM else "nothing"
        if confidence >= ANSWERS_FROM and not every:
            mode = "answer"
        return Decision(
            mode=mode,
            entry=None if mode == "nothing" else first.key,
            candidates=_candidates(index, ranked, confidence),
            confidence=confidence,
            forbidden_by=every,
            nearest=index.originals[ranked.nearest_text],
            language=message.language,
        )


def _about_entry(entry: Entry, language: str) -> tuple[Rule, ...]:
    found: list[Rule] = []
    if len(entry.phrasings) < LEAST_PHRASINGS:
        found.append("few_phrasings")
    if not entry.bot_may_answer:
        found.append("not_allowed")
    if language != entry.language:
        found.append("language")
    return tuple(found)


def _candidates(index: Index, ranked: Ranked, confidence: float) -> tuple[Candidate, ...]:
    """The first as it is believed, the others by their share beside it, and never by more than what is left."""
    found = [Candidate(index.entries[int(ranked.places[0])].key, confidence)]
    for place, share in zip(ranked.places[1:_SHOWN].tolist(), ranked.shares[1:_SHOWN].tolist(), strict=True):
        believed = min(confidence * share / max(float(ranked.shares[0]), 1e-9), max(0.0, 1.0 - confidence))
        found.append(Candidate(index.entries[place].key, believed))
    return tuple(found)


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _nothing(forbidden: tuple[Rule, ...], language: str) -> Decision:
    return Decision("nothing", None, (), 0.0, forbidden, language=language)
