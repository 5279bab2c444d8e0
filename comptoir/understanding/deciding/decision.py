"""What the bot does with a message: answer alone, propose to a person, or nothing; and why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import Analysis
from comptoir.understanding.deciding.certainty import USUAL, Case, Proof, Surety, sureties_of
from comptoir.understanding.deciding.forbidding import Rule, forbidding
from comptoir.understanding.deciding.proving import near_misses
from comptoir.understanding.embedding import Embedder
from comptoir.understanding.language import LANGUAGES, UNKNOWN, languages_of
from comptoir.understanding.retrieval.calibration import MOST_ASKED, Calibration, calibrate
from comptoir.understanding.retrieval.confidence import Ranked, believed, coefficients, ranked
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index, Message
from comptoir.understanding.retrieval.ranking import compare, ready

Mode = Literal["answer", "propose", "nothing"]

#: Under so many phrasings an entry is never answered alone: its calibration would be a guess.
LEAST_PHRASINGS = 5
#: What is proposed is likelier right than wrong (docs/decisions/0017).
PROPOSES_FROM = 0.5
_SHOWN = 5
#: So many of a catalogue's phrasings are asked, each left out, to prove from where on its answers are right.
_MOST_ASKED = 2_000


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
    """A catalogue, read and calibrated. It answers alone where what people judged, or its own phrasings, prove that it
    is right often enough (`certainty`); where they prove nothing, it never does."""

    index: Index | None
    calibration: Calibration | None
    sureties: Mapping[int, Surety] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        entries: Sequence[Entry],
        embedder: Embedder,
        told: Callable[[int, int], None] = lambda done, total: None,
        judged: Sequence[Case] = (),
        proof: Proof | None = None,
    ) -> Self:
        """Read a catalogue; ``told`` is called with how many of its texts are read, of how many. ``judged`` are
        messages of which people have said whether the entry answered; ``proof`` is what was found of the same before.
        """
        if not entries:
            return cls(None, None)
        index = ready(entries, embedder, told)
        found = coefficients()
        if proof is not None:
            return cls(index, Calibration(found, proof.slope, proof.shift), proof.sureties)
        near = near_misses(entries, embedder, found, _MOST_ASKED)
        calibration = calibrate(index, found, _MOST_ASKED if near else MOST_ASKED, near)
        asked = [Case(confidence, is_right) for confidence, is_right in calibration.asked]
        return cls(index, calibration, sureties_of(judged, asked if near else ()))

    @property
    def surety(self) -> Surety:
        """Where USUAL per cent must be right, as whoever decides from a file alone asks."""
        return self.proof.surety(USUAL)

    @property
    def proof(self) -> Proof:
        """What need not be found out again of the same catalogue."""
        if self.calibration is None:
            return Proof(1.0, 0.0, self.sureties)
        return Proof(self.calibration.slope, self.calibration.shift, self.sureties)

    def decide(
        self,
        texts: Sequence[str],
        analyses: Sequence[Analysis] | None = None,
        among: Collection[str] | None = None,
    ) -> list[Decision]:
        """One decision for each text, in order; ``analyses`` of the same texts, where there are any, forbid more.
        ``among`` are the keys of the entries that may be found here: by default all."""
        languages = languages_of(texts, LANGUAGES, self._home())
        read: Sequence[Analysis | None] = analyses or [None] * len(texts)
        rules = [forbidding(*one) for one in zip(texts, languages, read, strict=True)]
        if self.index is None or self.calibration is None:
            return [_nothing(forbidden, language) for forbidden, language in zip(rules, languages, strict=True)]
        places = self._places(among)
        messages = self.index.messages(texts, languages)
        return [
            self._decided(message, forbidden, places)
            if len(places) and _says_something(text)
            else _nothing(forbidden, message.language)
            for text, message, forbidden in zip(texts, messages, rules, strict=True)
        ]

    def _home(self) -> str:
        """The language that most entries are written in: it wins a draw."""
        own = [entry.language for entry in self.index.entries] if self.index else []
        return max(dict.fromkeys(own), key=own.count, default=LANGUAGES[0])

    def _places(self, among: Collection[str] | None) -> NDArray[np.int64]:
        entries = self.index.entries if self.index else []
        wanted = None if among is None else set(among)
        return np.array([place for place, one in enumerate(entries) if wanted is None or one.key in wanted], np.int64)

    def _decided(self, message: Message, forbidden: tuple[Rule, ...], among: NDArray[np.int64]) -> Decision:
        index, calibration = self.index, self.calibration
        assert index is not None
        assert calibration is not None
        found = calibration.coefficients
        order = ranked(index, message, compare(index, message, found.slopes, among=among), found)
        confidence = calibration.confidence(order.signs)
        first = index.entries[int(order.places[0])]
        every = _about_entry(first, message.language, self.surety) + forbidden
        mode: Mode = "propose" if confidence >= PROPOSES_FROM else "nothing"
        least = self.surety.answers_from
        if least is not None and confidence >= least and not every:
            mode = "answer"
        return Decision(
            mode=mode,
            entry=None if mode == "nothing" else first.key,
            candidates=_candidates(index, order, confidence),
            confidence=confidence,
            forbidden_by=every,
            nearest=index.originals[order.nearest_text],
            language=message.language,
        )


def _about_entry(entry: Entry, language: str, surety: Surety) -> tuple[Rule, ...]:
    found: list[Rule] = []
    if entry.key in surety.doubted:
        found.append("doubted")
    if len(entry.phrasings) < LEAST_PHRASINGS:
        found.append("few_phrasings")
    if not entry.bot_may_answer:
        found.append("not_allowed")
    if language != entry.language:
        found.append("language")
    return tuple(found)


def _candidates(index: Index, order: Ranked, confidence: float) -> tuple[Candidate, ...]:
    sure = believed(confidence, order.shares[:_SHOWN].tolist())
    return tuple(
        Candidate(index.entries[place].key, one)
        for place, one in zip(order.places[:_SHOWN].tolist(), sure, strict=True)
    )


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _nothing(forbidden: tuple[Rule, ...], language: str) -> Decision:
    return Decision("nothing", None, (), 0.0, forbidden, language=language)
