"""Fit the heads and write comptoir/understanding/heads/*.npz; `make train` runs this.

Each task has two heads: a full one, and a light one without the deep embedder. Temperatures and thresholds are chosen
by cross-validation. No text that is measured on is read here.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, INTENTS, SENTIMENTS
from comptoir.understanding.head import PLACES, Head
from comptoir.understanding.signals import Signals
from training.fitting import Scales, best_temperature, fit, macro_f1
from training.reading import chosen, signals_of_all
from training.sets import TASKS, Example, examples, one_of, unlabelled

HEADS = Path(__file__).parent.parent / "comptoir/understanding/heads"
CLASSES: dict[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "intent": INTENTS,
    "needs_answer": ("no", "yes"),
    "urgency": ("0", "1", "2", "3"),
    "grounds": GROUNDS,
    "toxicity": ("no", "yes"),
    "spam": ("no", "yes"),
}
_FOLDS = 3
#: Sets so large that one fold is enough to choose a temperature by.
_LARGE = ("sentiment", "toxicity")
#: What our own messages count beside the many of others, and a text that is only taken to be harmless.
_CARE_WEIGHT, _BENIGN_WEIGHT = 2.0, 0.3
#: Found by cross-validation: of few texts the deep embedder, with its many numbers, may say less.
_SCALES = {task: Scales(deep=2.5 if task in ("sentiment", "toxicity") else 1.5) for task in TASKS}
#: Customers of a bank or a hotel, asking something: these are taken to be neither.
_INNOCENT = ("toxicity", "spam")
_FALSE_ALARMS = 0.002
#: What a message that cannot wait and is not seen as one costs, beside one level too many or too few.
_MISSED = 15

Floats = NDArray[np.float32]


class Task:
    """One task's texts: those with a label, then those without."""

    def __init__(self, name: str, known: list[Example], extra: list[Example]) -> None:
        self.name, self.independent = name, name == "grounds"
        mine = [row for row, example in enumerate(known) if name in example.targets]
        self.rows = np.array(mine, np.int64)
        self.gold = np.stack([known[row].targets[name] for row in mine])
        self.care = np.array([known[row].source == "care" for row in mine])
        self.languages = np.array([known[row].language for row in mine])
        self.weights = np.where(self.care, _CARE_WEIGHT, 1.0).astype(np.float32)
        self.extra = len(known) + np.arange(len(extra))
        sources = [known[row].source for row in mine]
        self.folds = np.zeros(len(mine), np.int64)
        chance = np.random.default_rng(11)
        for source in sorted(set(sources)):
            own = np.array([one == source for one in sources])
            self.folds[own] = chance.permutation(int(own.sum())) % _FOLDS

    def fitted(self, signals: Signals, kept: NDArray[np.bool_], benign: Floats | None, *, light: bool) -> Head:
        """A head from the rows that are ``kept``, and from ``benign`` texts where there are some."""
        rows, wanted, weights = self.rows[kept], self.gold[kept], self.weights[kept]
        if benign is not None:
            rows, wanted = np.concatenate([rows, self.extra]), np.concatenate([wanted, benign])
            weights = np.concatenate([weights, np.full(len(self.extra), _BENIGN_WEIGHT, np.float32)])
        part = chosen(signals, rows, light=light)
        scales = _SCALES[self.name]
        return fit(part, wanted, weights, scales, CLASSES[self.name], independent=self.independent)

    def crossed(self, signals: Signals, benign: Floats | None, *, light: bool) -> tuple[NDArray[np.bool_], Floats]:
        """Rows, and what is said of each by a head that has not seen it: all of them, or one fold of a large set."""
        said = np.zeros_like(self.gold)
        folds = range(1 if self.name in _LARGE else _FOLDS)
        for fold in folds:
            out = self.folds == fold
            head = self.fitted(signals, ~out, benign, light=light)
            said[out] = head.said(chosen(signals, self.rows[out], light=light))
        judged = np.isin(self.folds, list(folds))
        self._tell("light" if light else "full", said, judged)
        return judged, said[judged]

    def _tell(self, form: str, said: Floats, judged: NDArray[np.bool_]) -> None:
        if self.independent:
            return
        truth, guess = self.gold.argmax(axis=1), said.argmax(axis=1)
        parts = {code: (self.languages == code) & ~self.care & judged for code in PLACES}
        parts["care"] = self.care & judged
        figures = {
            name: round(macro_f1(truth[part], guess[part], self.gold.shape[1]), 1)
            for name, part in parts.items()
            if part.sum() > 20
        }
        print(f"{self.name:13}{form:6}macro-F1 by cross-validation {figures}", flush=True)

    def temperatures(self, judged: NDArray[np.bool_], said: Floats) -> Floats:
        """By language; one with few texts stays near all of them."""
        gold, languages = self.gold[judged], self.languages[judged]
        common = best_temperature(said, gold, independent=self.independent)
        found = []
        for code in PLACES:
            own = languages == code
            found.append(best_temperature(said[own], gold[own], independent=self.independent, prior=common))
        return np.array(found, np.float32)


def finished(task: Task, head: Head, judged: NDArray[np.bool_], said: Floats, benign: Floats) -> Head:
    """With temperatures, thresholds, and the bias that keeps false alarms rare."""
    gold = task.gold[judged]
    if task.name in _INNOCENT:
        harmless = np.concatenate([said[task.care[judged] & (gold[:, 0] == 1)], benign])
        alarm = float(np.quantile(harmless[:, 1] - harmless[:, 0], 1 - _FALSE_ALARMS))
        shift = np.array([max(alarm, 0.0), 0.0], np.float32)
        head, said = replace(head, bias=head.bias + shift), said + shift
    head = replace(head, temperatures=task.temperatures(judged, said))
    if task.name == "urgency":
        chances = head.cooled(said, task.languages[judged].tolist())
        head = replace(head, thresholds=best_thresholds(chances, gold.argmax(axis=1)))
    return head


def best_thresholds(chances: Floats, levels: NDArray[np.int64]) -> Floats:
    """From what probability of at least 1, 2 and 3 a level is given. Two levels off costs four times what one does."""
    at_least = chances[:, ::-1].cumsum(axis=1)[:, ::-1]
    grid = np.arange(0.04, 0.66, 0.02)
    best, least = (0.5, 0.5, 0.5), float("inf")
    for third in grid:
        for second in grid:
            for first in grid:
                given = np.maximum.reduce(
                    [1 * (at_least[:, 1] >= first), 2 * (at_least[:, 2] >= second), 3 * (at_least[:, 3] >= third)]
                )
                off = abs(given - levels)
                cost = float(off.sum() + 3 * (off > 1).sum() + _MISSED * ((levels == 3) & (given < 3)).sum())
                if cost < least:
                    best, least = (float(first), float(second), float(third)), cost
    return np.array(best, np.float32)


def learn(task: Task, signals: Signals, *, light: bool) -> None:
    """One head of one task."""
    benign = np.tile(one_of(0, 2), (len(task.extra), 1)) if task.name in _INNOCENT else None
    judged, said = task.crossed(signals, benign, light=light)
    head = task.fitted(signals, np.ones(len(task.rows), bool), benign, light=light)
    of_extra = head.said(chosen(signals, task.extra, light=light))
    finished(task, head, judged, said, of_extra).save(HEADS / f"{task.name}-{'light' if light else 'full'}.npz")


def main() -> None:
    """All tasks, one after the other: about ten minutes on one core."""
    known, extra = examples(), unlabelled()
    both = [*known, *extra]
    signals = signals_of_all([example.text for example in both], [example.language for example in both])
    HEADS.mkdir(exist_ok=True)
    for name in TASKS:
        for light in (True, False):
            learn(Task(name, known, extra), signals, light=light)


if __name__ == "__main__":
    main()
