"""A linear head: what turns the signals of a text into probabilities of classes. Only numbers, in one .npz file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.signals import Signals

Floats = NDArray[np.float32]

#: The languages that have a place of their own in a head; the last stands for every other.
PLACES = ("fr", "en", "es", "de", "it", "nl", "pt", "und")
TASKS = ("sentiment", "intent", "needs_answer", "urgency", "grounds", "toxicity", "spam")
_SIXTEEN_BITS = ("grams", "dense")
_THIRTY_TWO_BITS = ("bias", "temperatures", "costs")


@dataclass(frozen=True)
class Head:
    """Coefficients, one column a class.

    ``grams`` has a row for each place of the table of n-grams; ``dense`` and ``bias`` are kept for each language of
    PLACES. A probability is the softmax (where ``independent``, the logistic) of what the head says, divided by the
    language's temperature. ``costs``, where there are any, say what showing a class (its row) for another (its column)
    costs; else the likeliest is shown.
    """

    classes: tuple[str, ...]
    grams: Floats
    dense: Floats
    bias: Floats
    temperatures: Floats
    costs: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    independent: bool = False

    def said(self, signals: Signals) -> Floats:
        """One row for each text, not yet probabilities."""
        places = places_of(signals.languages)
        dense = signals.dense()
        said = signals.grams.times(self.grams) + self.bias[places]
        for place in set(places):
            rows = [row for row, own in enumerate(places) if own == place]
            said[rows] += dense[rows] @ self.dense[place]
        return np.asarray(said, np.float32)

    def probabilities(self, signals: Signals) -> Floats:
        """Calibrated, by language."""
        return self.cooled(self.said(signals), signals.languages)

    def cooled(self, said: Floats, languages: Sequence[str]) -> Floats:
        """What was said, as probabilities."""
        divided = said / self.temperatures[places_of(languages)][:, None]
        return logistic(divided) if self.independent else softmax(divided)

    def save(self, path: Path) -> None:
        """Write it down; coefficients in 16 bits, which change no figure that is shown."""
        numbers: dict[str, Any] = {name: getattr(self, name).astype(np.float16) for name in _SIXTEEN_BITS}
        numbers |= {name: getattr(self, name).astype(np.float32) for name in _THIRTY_TWO_BITS}
        np.savez_compressed(path, classes=np.array(self.classes), independent=np.array(self.independent), **numbers)


def read_head(path: Path) -> Head:
    """A head that was saved."""
    with np.load(path, allow_pickle=False) as kept:
        numbers = {name: kept[name].astype(np.float32) for name in (*_SIXTEEN_BITS, *_THIRTY_TWO_BITS)}
        classes = tuple(str(name) for name in kept["classes"])
        return Head(classes=classes, independent=bool(kept["independent"]), **numbers)


@dataclass(frozen=True)
class Adjustment:
    """What a company's corrections add to what one head says: a row for each dense signal, a column for each class."""

    weights: Floats
    bias: Floats

    def fits(self, signals: Signals) -> bool:
        """Whether it was learnt over signals like these; another version of Comptoir may have had others."""
        width: int = signals.use.shape[1] + signals.surface.shape[1] + signals.deep.shape[1]
        return len(self.weights) == width

    def said(self, signals: Signals) -> Floats:
        """One row for each text, to be added before probabilities are made of it."""
        return np.asarray(signals.dense() @ self.weights + self.bias, np.float32)


@dataclass(frozen=True)
class Heads:
    """Several heads asked at once: their tables stand side by side, so that each n-gram is looked up once."""

    together: Head
    each: dict[str, tuple[slice, Head]]

    def said(self, signals: Signals) -> dict[str, Floats]:
        """By task, what each head says, not yet probabilities."""
        said = self.together.said(signals)
        return {task: said[:, own] for task, (own, _head) in self.each.items()}

    def probabilities(self, signals: Signals, learnt: Mapping[str, Adjustment] | None = None) -> dict[str, Floats]:
        """By task, what each head says, calibrated by language; ``learnt`` is what a company has taught of a task,
        left aside where it was learnt over other signals."""
        said = self.together.said(signals)
        for task, adjustment in (learnt or {}).items():
            if adjustment.fits(signals):
                said[:, self.each[task][0]] += adjustment.said(signals)
        return {task: head.cooled(said[:, own], signals.languages) for task, (own, head) in self.each.items()}


@cache
def shipped(form: str) -> Heads:
    """Those that come with Comptoir, read once for a process; ``form`` is light or full."""
    heads: dict[str, Head] = {}
    for task in TASKS:
        with as_file(files("comptoir.understanding").joinpath(f"heads/{task}-{form}.npz")) as path:
            heads[task] = read_head(path)
    ends = np.cumsum([len(head.classes) for head in heads.values()]).tolist()
    together = Head(
        classes=tuple(name for head in heads.values() for name in head.classes),
        grams=np.concatenate([head.grams for head in heads.values()], axis=1),
        dense=np.concatenate([head.dense for head in heads.values()], axis=2),
        bias=np.concatenate([head.bias for head in heads.values()], axis=1),
        temperatures=np.ones(len(PLACES), np.float32),
    )
    nothing = np.zeros(0, np.float32)
    each = {
        task: (slice(end - len(head.classes), end), replace(head, grams=nothing, dense=nothing))
        for (task, head), end in zip(heads.items(), ends, strict=True)
    }
    return Heads(together, each)


def places_of(languages: Sequence[str]) -> list[int]:
    """Where each language stands in PLACES."""
    return [PLACES.index(code) if code in PLACES else len(PLACES) - 1 for code in languages]


def softmax(said: Floats) -> Floats:
    """Rows that sum to one."""
    raised = np.exp(said - said.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def logistic(said: Floats) -> Floats:
    """Each between 0 and 1 by itself."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(said, -50.0, 50.0))), np.float32)
