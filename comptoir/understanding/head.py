"""A linear head: what turns the signals of a text into probabilities of classes. Only numbers, in one .npz file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
_SIXTEEN_BITS = ("grams", "dense")
_THIRTY_TWO_BITS = ("bias", "temperatures", "thresholds")


@dataclass(frozen=True)
class Head:
    """Coefficients, one column a class.

    ``grams`` has a row for each place of the table of n-grams; ``dense`` and ``bias`` are kept for each language of
    PLACES. A probability is the softmax (where ``independent``, the logistic) of what the head says, divided by the
    language's temperature.
    """

    classes: tuple[str, ...]
    grams: Floats
    dense: Floats
    bias: Floats
    temperatures: Floats
    thresholds: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
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


@cache
def shipped(task: str, form: str) -> Head:
    """One of those that come with Comptoir, read once for a process; ``form`` is light or full."""
    with as_file(files("comptoir.understanding").joinpath(f"heads/{task}-{form}.npz")) as path:
        return read_head(path)


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
