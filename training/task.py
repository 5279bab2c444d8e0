"""One task: its texts, what of them is held back, and a head fitted on the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, INTENTS, SENTIMENTS
from comptoir.understanding.head import PLACES, Head
from comptoir.understanding.signals import Signals
from comptoir.understanding.surface import FIRST_GROUND, WIDTH
from training.fitting import Scales, best_temperature, fit, macro_f1
from training.reading import chosen
from training.sets import TASKS, Example

CLASSES: dict[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "intent": INTENTS,
    "needs_answer": ("no", "yes"),
    "urgency": ("0", "1", "2", "3"),
    "grounds": GROUNDS,
    "toxicity": ("no", "yes"),
    "spam": ("no", "yes"),
}
#: Of each set so much is held back, to choose weights, temperatures and costs by; of our few messages more, but
#: none of those that say the same in several languages.
_HELD, _HELD_OF = 0.2, {"care": 0.4, "care_more": 0.0, "care_urgent": 0.0}
#: What the deep embedder is not taught, which was before these were written.
_LATER = ("care_more", "care_urgent")
#: What our own messages count beside the many of others, and a text that is only taken to be harmless.
_CARE_WEIGHT, _BENIGN_WEIGHT = 2.0, 0.9
_LATER_WEIGHT = 0.7
#: Rules were written by those who had these messages before them: they find less in others. So they are hidden from as
#: many of ours, where heads are fitted and where costs are chosen.
_BLIND = 0.5
#: Found by cross-validation: of few texts the deep embedder, with its many numbers, may say less.
_SCALES = {task: Scales(deep=2.5 if task in ("sentiment", "toxicity") else 1.5) for task in TASKS}

Floats = NDArray[np.float32]


class Task:
    """One task's texts: those with a label, then those without."""

    def __init__(self, name: str, known: list[Example], extra: list[Example]) -> None:
        self.name, self.independent = name, name == "grounds"
        mine = [row for row, example in enumerate(known) if name in example.targets]
        self.rows = np.array(mine, np.int64)
        self.gold = np.stack([known[row].targets[name] for row in mine])
        self.care = np.array([known[row].source in _HELD_OF for row in mine])
        self.languages = np.array([known[row].language for row in mine])
        self.weights = np.where(self.care, _CARE_WEIGHT, 1.0).astype(np.float32)
        self.weights[is_later(known)[self.rows]] = _LATER_WEIGHT
        self.extra = len(known) + np.arange(len(extra))
        self.extra_languages = [example.language for example in extra]
        self.held = held_of(known)[self.rows]
        self.blind = self.care & (np.random.default_rng(7).random(len(self.rows)) < _BLIND)

    def fitted(self, signals: Signals, kept: NDArray[np.bool_], benign: Floats | None, *, light: bool) -> Head:
        """A head from the rows that are ``kept``, and from ``benign`` texts where there are some."""
        rows, wanted, weights, blind = self.rows[kept], self.gold[kept], self.weights[kept], self.blind[kept]
        if benign is not None:
            rows, wanted = np.concatenate([rows, self.extra]), np.concatenate([wanted, benign])
            weights = np.concatenate([weights, np.full(len(self.extra), _BENIGN_WEIGHT, np.float32)])
            blind = np.concatenate([blind, np.zeros(len(self.extra), bool)])
        part, scales = blinded(beside(signals, rows, light=light), blind), _SCALES[self.name]
        return fit(part, wanted, weights, scales, CLASSES[self.name], independent=self.independent)

    def unseen(self, signals: Signals, benign: Floats | None, *, light: bool) -> Floats:
        """What is said of the texts that were held back, by a head that has not seen them."""
        head = self.fitted(signals, ~self.held, benign, light=light)
        said = head.said(blinded(beside(signals, self.rows[self.held], light=light), self.blind[self.held]))
        self.tell("light" if light else "beside", said)
        return said

    def tell(self, form: str, said: Floats) -> None:
        """Print how well what is ``said`` of the texts that were held back fits."""
        if self.independent:
            return
        gold, care, languages = self.gold[self.held], self.care[self.held], self.languages[self.held]
        parts = {code: (languages == code) & ~care for code in PLACES} | {"care": care}
        figures = {
            name: round(macro_f1(gold[part].argmax(axis=1), said[part].argmax(axis=1), gold.shape[1]), 1)
            for name, part in parts.items()
            if part.sum() > 20
        }
        print(f"{self.name:13}{form:7}macro-F1 of those held back {figures}", flush=True)

    def temperatures(self, said: Floats) -> Floats:
        """By language; one with few texts stays near all of them."""
        gold, languages = self.gold[self.held], self.languages[self.held]
        common = best_temperature(said, gold, independent=self.independent)
        found = []
        for code in PLACES:
            own = languages == code
            found.append(best_temperature(said[own], gold[own], independent=self.independent, prior=common))
        return np.array(found, np.float32)


def beside(signals: Signals, rows: NDArray[np.int64], *, light: bool) -> Signals:
    """The signals that a head is fitted on: not the embedder's taught layers, which know the very texts."""
    return chosen(signals, rows, 0 if light else None)


def blinded(signals: Signals, blind: NDArray[np.bool_]) -> Signals:
    """Without what the rules of urgency find in some of the texts."""
    surface = signals.surface.copy()
    surface[np.ix_(blind, range(FIRST_GROUND, WIDTH))] = 0.0
    return replace(signals, surface=surface)


def held_of(known: list[Example]) -> NDArray[np.bool_]:
    """Which texts are held back, by chance, as large a share of each set."""
    sources, chance = np.array([example.source for example in known]), np.random.default_rng(11)
    held = np.zeros(len(known), bool)
    for source in sorted(set(sources.tolist())):
        own = np.flatnonzero(sources == source)
        if share := _HELD_OF.get(source, _HELD):
            held[chance.permutation(own)[: int(share * len(own))]] = True
    return held


def is_later(known: list[Example]) -> NDArray[np.bool_]:
    """Which texts the deep embedder is not taught although they are not held back."""
    return np.array([example.source in _LATER for example in known])
