"""Teach the deep embedder, fit the heads, and write what both learnt; `make train` runs this.

Each task has two heads: a full one, and a light one without the deep embedder. In the full one what the embedder's own
head says is weighed against what is fitted beside it. Weights, temperatures and thresholds are chosen on texts that are
held back; then the heads, not the embedder, learn from those too. No text that is measured on is read here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, INTENTS, SENTIMENTS
from comptoir.understanding.embedding.e5 import E5, FIRST_TUNED, LAST_LAYER
from comptoir.understanding.head import PLACES, Head, logistic, softmax
from comptoir.understanding.signals import Signals
from training.fitting import Scales, best_temperature, fit, macro_f1
from training.reading import chosen, deep_of_all, kept, signals_of_all
from training.sets import TASKS, Example, examples, one_of, unlabelled
from training.tuning import Tuned, tune

_HERE = Path(__file__).parent
HEADS = _HERE.parent / "comptoir/understanding/heads"
TABLES = HEADS.parent / "embedding/tuned.npz"
CLASSES: dict[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "intent": INTENTS,
    "needs_answer": ("no", "yes"),
    "urgency": ("0", "1", "2", "3"),
    "grounds": GROUNDS,
    "toxicity": ("no", "yes"),
    "spam": ("no", "yes"),
}
#: Of each set so much is held back, to choose weights, temperatures and thresholds by; of our few messages more.
_HELD, _HELD_OF_CARE = 0.2, 0.4
#: What our own messages count beside the many of others, and a text that is only taken to be harmless.
_CARE_WEIGHT, _BENIGN_WEIGHT = 2.0, 0.9
#: Found by cross-validation: of few texts the deep embedder, with its many numbers, may say less.
_SCALES = {task: Scales(deep=2.5 if task in ("sentiment", "toxicity") else 1.5) for task in TASKS}
#: How many numbers a layer of the deep embedder gives.
WIDTH = E5.dimensions
_WEIGHTS = tuple(round(0.1 * step, 1) for step in range(31))
#: Customers of a bank or a hotel, asking something: these are taken to be neither.
_INNOCENT = ("toxicity", "spam")
_FALSE_ALARMS, _FALSE_ALARMS_OF_CARE = 0.002, 0.004
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
        self.extra_languages = [example.language for example in extra]
        self.held = held_of(known)[self.rows]

    def fitted(self, signals: Signals, kept: NDArray[np.bool_], benign: Floats | None, *, light: bool) -> Head:
        """A head from the rows that are ``kept``, and from ``benign`` texts where there are some."""
        rows, wanted, weights = self.rows[kept], self.gold[kept], self.weights[kept]
        if benign is not None:
            rows, wanted = np.concatenate([rows, self.extra]), np.concatenate([wanted, benign])
            weights = np.concatenate([weights, np.full(len(self.extra), _BENIGN_WEIGHT, np.float32)])
        part = beside(signals, rows, light=light)
        scales = _SCALES[self.name]
        return fit(part, wanted, weights, scales, CLASSES[self.name], independent=self.independent)

    def unseen(self, signals: Signals, benign: Floats | None, *, light: bool) -> Floats:
        """What is said of the texts that were held back, by a head that has not seen them."""
        head = self.fitted(signals, ~self.held, benign, light=light)
        said = head.said(beside(signals, self.rows[self.held], light=light))
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


def finished(task: Task, head: Head, said: Floats, benign: Floats) -> Head:
    """With temperatures, thresholds, and the bias that keeps false alarms rare."""
    gold = task.gold[task.held]
    if task.name in _INNOCENT:
        ours = said[task.care[task.held] & (gold[:, 0] == 1)]
        alarm = max(
            float(np.quantile(of[:, 1] - of[:, 0], 1 - rare))
            for of, rare in ((ours, _FALSE_ALARMS_OF_CARE), (benign, _FALSE_ALARMS))
        )
        shift = np.array([max(alarm, 0.0), 0.0], np.float32)
        head, said = replace(head, bias=head.bias + shift), said + shift
    task.tell("shown", said)
    head = replace(head, temperatures=task.temperatures(said))
    if task.name == "urgency":
        chances = head.cooled(said, task.languages[task.held].tolist())
        head = replace(head, thresholds=best_thresholds(chances, gold.argmax(axis=1)))
    return head


def best_thresholds(chances: Floats, levels: NDArray[np.int64]) -> Floats:
    """From what probability of at least 1, 2 and 3 a level is given: the middle of what is equally good.

    Two levels off costs four times what one does.
    """
    at_least = chances[:, ::-1].cumsum(axis=1)[:, ::-1]
    grid = np.arange(0.04, 0.66, 0.02)
    best: list[tuple[float, float, float]] = []
    least = float("inf")
    for third in grid:
        for second in grid:
            for first in grid:
                given = np.maximum.reduce(
                    [1 * (at_least[:, 1] >= first), 2 * (at_least[:, 2] >= second), 3 * (at_least[:, 3] >= third)]
                )
                off = abs(given - levels)
                cost = float(off.sum() + 3 * (off > 1).sum() + _MISSED * ((levels == 3) & (given < 3)).sum())
                if cost < least:
                    best, least = [], cost
                if cost == least:
                    best.append((float(first), float(second), float(third)))
    return np.median(best, axis=0).astype(np.float32)


def weighed(task: Task, said: Floats, own: Floats) -> tuple[float, Floats]:
    """How much what the embedder's ``own`` head says counts beside ``said``, and the two together."""
    gold, activation = task.gold[task.held], logistic if task.independent else softmax

    def fits(weight: float) -> float:
        both = said + weight * own
        temperature = best_temperature(both, gold, independent=task.independent)
        chances = activation(np.asarray(both / temperature, np.float32))
        return float((gold * np.log(chances + 1e-9) + task.independent * (1 - gold) * np.log(1 - chances + 1e-9)).sum())

    weight = max(_WEIGHTS, key=fits)
    both = said + weight * own
    task.tell("own", own)
    task.tell(f"×{weight}", both)
    return weight, both


def joined(head: Head, tuned: Tuned, task: str, weight: float) -> Head:
    """One head in the place of two: the coefficients of the last layer stand below the others."""
    last = np.repeat(weight * tuned.coefficients[task][None], len(PLACES), axis=0)
    return replace(
        head,
        dense=np.concatenate([head.dense, last.astype(np.float32)], axis=1),
        bias=head.bias + np.float32(weight) * tuned.biases[task],
    )


@dataclass(frozen=True)
class Beside:
    """A head that knows nothing of the taught layers, and what it says of texts that it has not seen."""

    task: Task
    head: Head
    of_held: Floats
    of_extra: Floats

    def save(self, form: str, tuned: Tuned, last: Floats) -> None:
        """Join it in the full form with what the embedder was taught, and write it down."""
        head, said, of_extra, task = self.head, self.of_held, self.of_extra, self.task
        if form == "full":
            rows = task.rows[task.held]
            weight, said = weighed(task, said, tuned.said(task.name, last[rows], task.languages[task.held].tolist()))
            head = joined(head, tuned, task.name, weight)
            of_extra = of_extra + weight * tuned.said(task.name, last[task.extra], task.extra_languages)
        finished(task, head, said, of_extra).save(HEADS / f"{task.name}-{form}.npz")


def learnt_beside(task: Task, signals: Signals, form: str) -> Beside:
    """Fitted twice: without the texts that are held back, to see how well that does, and with all."""
    benign = np.tile(one_of(0, 2), (len(task.extra), 1)) if task.name in _INNOCENT else None
    said = task.unseen(signals, benign, light=form == "light")
    head = task.fitted(signals, np.ones(len(task.rows), bool), benign, light=form == "light")
    return Beside(task, head, said, head.said(beside(signals, task.extra, light=form == "light")))


def held_of(known: list[Example]) -> NDArray[np.bool_]:
    """Which texts are held back, by chance, as large a share of each set."""
    sources, chance = np.array([example.source for example in known]), np.random.default_rng(11)
    held = np.zeros(len(known), bool)
    for source in sorted(set(sources.tolist())):
        own = np.flatnonzero(sources == source)
        share = _HELD_OF_CARE if source == "care" else _HELD
        held[chance.permutation(own)[: int(share * len(own))]] = True
    return held


def taught_by(mine: list[Example]) -> Tuned:
    """The embedder taught, or as it was taught before by the same texts and code; in 16 bits, as it is shipped."""
    told = [f"{one.text} {one.language} {one.targets}".encode() for one in mine]
    code = [f"{FIRST_TUNED} {LAST_LAYER}".encode(), *(path.read_bytes() for path in sorted(_HERE.glob("tun*.py")))]
    tuned = kept("tuned", [*code, *told], lambda: tune(mine))
    return replace(tuned, tables={name: table.astype(np.float16) for name, table in tuned.tables.items()})


def last_of(texts: list[str], wanted: NDArray[np.bool_], tuned: Tuned) -> Floats:
    """The last layer, as it was taught, of the texts that are wanted; zero for the others."""
    last = np.zeros((len(texts), WIDTH), np.float32)
    tables = {name: table.astype(np.float32) for name, table in tuned.tables.items()}
    last[wanted] = deep_of_all([text for text, mine in zip(texts, wanted, strict=True) if mine], tables, LAST_LAYER)
    return last


def main() -> None:
    """All tasks, one after the other: about forty minutes on one core, most of them for the deep embedder."""
    known, extra = examples(), unlabelled()
    both = [*known, *extra]
    texts, languages = [example.text for example in both], [example.language for example in both]
    signals = signals_of_all(texts, languages, FIRST_TUNED - 1)
    found = [
        (form, learnt_beside(Task(name, known, extra), signals, form)) for name in TASKS for form in ("light", "full")
    ]
    held = held_of(known)
    tuned = taught_by([example for example, back in zip(known, held, strict=True) if not back])
    np.savez_compressed(TABLES, **tuned.tables)  # type: ignore[arg-type]  # its stub takes a table for an option
    last = last_of(texts, np.concatenate([held, np.ones(len(extra), bool)]), tuned)
    HEADS.mkdir(exist_ok=True)
    for form, learnt in found:
        learnt.save(form, tuned, last)


if __name__ == "__main__":
    main()
