"""Fitting linear heads by L-BFGS: logistic regression on soft targets, each block of signals on its own scale.

For each language the dense coefficients are the common ones and a deviation that is held to zero more strongly, so that
a language with many texts goes its own way and one with few follows the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from comptoir.understanding.head import PLACES, Head, logistic, places_of, softmax
from comptoir.understanding.ngrams import BUCKETS, Grams
from comptoir.understanding.signals import Signals

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Scales:
    """How much each block may say, and how strongly coefficients are held to zero."""

    grams: float = 2.0
    use: float = 1.0
    surface: float = 1.0
    deep: float = 3.0
    penalty: float = 1.0
    own_penalty: float = 3.0


def rarity(grams: Grams) -> Floats:
    """For each place of the table how rare it is: the logarithm that TF-IDF knows, evened to a mean of one."""
    seen = np.bincount(grams.places, minlength=BUCKETS)
    rare = np.log((1 + len(grams)) / (1 + seen)) + 1.0
    rare[seen < 2] = 0.0
    return np.asarray(rare / rare[grams.places].mean(), np.float32)


class Design:
    """Signals made ready for fitting: rows in the order of their languages, blocks evened."""

    def __init__(self, signals: Signals, scales: Scales) -> None:
        places = np.array(places_of(signals.languages))
        self.order = np.argsort(places, kind="stable")
        self.slices = [slice(*np.searchsorted(places[self.order], [place, place + 1])) for place in range(len(PLACES))]
        self.scales, self.rare = scales, rarity(signals.grams) * scales.grams
        grams = signals.grams
        words = csr_matrix((grams.weights * self.rare[grams.places], grams.places, grams.starts), (len(grams), BUCKETS))
        self.seen = np.flatnonzero(np.bincount(grams.places, minlength=BUCKETS) >= 2)  # what is alone says nothing
        self.words = words[self.order][:, self.seen].tocsr().astype(np.float32)
        self.turned = self.words.T.tocsr()
        blocks = [(signals.use, scales.use), (signals.surface, scales.surface), (signals.deep, scales.deep)]
        self.middle = np.concatenate([block.mean(axis=0) for block, _ in blocks])
        self.factor = np.concatenate([_evened(block) * scale for block, scale in blocks])
        self.dense = ((signals.dense() - self.middle) * self.factor)[self.order].astype(np.float32)

    def head(self, values: Floats, classes: tuple[str, ...], *, independent: bool) -> Head:
        """Coefficients of the evened blocks, as those of the signals."""
        words, common, own, bias = self.parts(values)
        grams = np.zeros((BUCKETS, values.shape[1]), np.float32)
        grams[self.seen] = words * self.rare[self.seen][:, None]
        dense = (common + own) * self.factor[:, None]
        shifted = bias - np.einsum("d,pdc->pc", self.middle, dense)
        plain = np.ones(len(PLACES), np.float32)
        return Head(classes, grams, dense, shifted, plain, independent=independent)

    def parts(self, values: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Words, common dense, own dense and bias, cut out of one table."""
        count, width = len(self.seen), self.dense.shape[1]
        words, rest = values[:count], values[count:]
        common, rest = rest[:width], rest[width:]
        own, bias = rest[: width * len(PLACES)], rest[width * len(PLACES) :]
        return words, common, own.reshape(len(PLACES), width, -1), bias

    def rows(self) -> int:
        """How many coefficients a class has."""
        return len(self.seen) + self.dense.shape[1] * (1 + len(PLACES)) + len(PLACES)

    def strengths(self) -> Floats:
        """How strongly each is held to zero."""
        width = self.dense.shape[1]
        own = self.scales.penalty * self.scales.own_penalty
        parts = [(len(self.seen) + width, self.scales.penalty), (width * len(PLACES), own), (len(PLACES), 0.01)]
        return np.concatenate([np.full(count, strength, np.float32) for count, strength in parts])

    def said(self, values: Floats) -> Floats:
        """What the coefficients make of each row."""
        words, common, own, bias = self.parts(values)
        said = np.asarray(self.words @ words) + self.dense @ common
        for place, rows in enumerate(self.slices):
            said[rows] += self.dense[rows] @ own[place] + bias[place]
        return np.asarray(said, np.float32)

    def slope(self, wrong: Floats) -> Floats:
        """The transpose of that."""
        own = [self.dense[rows].T @ wrong[rows] for rows in self.slices]
        bias = np.stack([wrong[rows].sum(axis=0) for rows in self.slices])
        return np.concatenate([np.asarray(self.turned @ wrong), sum(own[1:], own[0]), *own, bias])


def _evened(block: Floats) -> Floats:
    """What makes the rows of a block about one long, each signal counting the same."""
    return np.asarray(1.0 / np.maximum(block.std(axis=0), 0.01) / max(1.0, block.shape[1]) ** 0.5, np.float32)


def fit(
    signals: Signals, targets: Floats, weights: Floats, scales: Scales, classes: tuple[str, ...], *, independent: bool
) -> Head:
    """One head. ``targets`` are probabilities, ``weights`` what each text counts."""
    design = Design(signals, scales)
    targets, weights = targets[design.order], weights[design.order].astype(np.float32)
    strengths, count, total = design.strengths()[:, None], targets.shape[1], float(weights.sum())
    activation = logistic if independent else softmax

    def loss(flat: Any) -> tuple[float, Any]:
        values = flat.reshape(-1, count).astype(np.float32)
        chances = np.clip(activation(design.said(values)), 1e-6, 1 - 1e-6)
        lost = _lost(chances, targets, independent=independent)
        held = float((strengths * values * values).sum()) / 2
        slope = design.slope((chances - targets) * weights[:, None]) + strengths * values
        return (float((lost * weights).sum()) + held) / total, (slope / total).ravel().astype(np.float64)

    start = np.zeros(design.rows() * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80, "ftol": 1e-6})
    return design.head(found.x.reshape(-1, count).astype(np.float32), classes, independent=independent)


def fit_on(said: Floats, features: Floats, targets: Floats, penalty: float) -> tuple[Floats, Floats]:
    """Coefficients and a bias to add to what a head has ``said`` already, held to zero."""
    even, count = np.concatenate([features, np.ones((len(said), 1), np.float32)], axis=1), targets.shape[1]

    def loss(flat: Any) -> tuple[float, Any]:
        values = flat.reshape(-1, count)
        chances = np.clip(softmax(said + even @ values), 1e-6, 1 - 1e-6)
        slope = even.T @ (chances - targets) + penalty * values
        held = penalty * float((values * values).sum()) / 2
        return float(_lost(chances, targets, independent=False).sum()) + held, slope.ravel().astype(np.float64)

    found = minimize(loss, np.zeros(even.shape[1] * count), jac=True, method="L-BFGS-B")
    values = found.x.reshape(-1, count).astype(np.float32)
    return values[:-1], values[-1]


def _lost(chances: Floats, targets: Floats, *, independent: bool) -> Floats:
    lost = -(targets * np.log(chances)).sum(axis=1)
    return np.asarray(lost - ((1 - targets) * np.log(1 - chances)).sum(axis=1) if independent else lost, np.float32)


def best_temperature(
    said: Floats, targets: Floats, *, independent: bool, prior: float = 1.0, trust: float = 20.0
) -> float:
    """The one under which the targets are likeliest; few texts move it little away from ``prior``."""
    if not len(said):
        return prior
    activation = logistic if independent else softmax

    def loss(temperature: float) -> float:
        chances = np.clip(activation(said / temperature), 1e-6, 1 - 1e-6)
        lost = float(_lost(chances, targets, independent=independent).sum())
        return lost + trust * float(np.log(temperature / prior)) ** 2

    options: Sequence[float] = np.geomspace(0.2, 5.0, 60).tolist()
    return min(options, key=loss)


def macro_f1(truth: NDArray[np.int64], guess: NDArray[np.int64], classes: int) -> float:
    """The mean over classes of the harmonic mean of precision and recall, in per cent."""
    found = []
    for place in range(classes):
        both = ((truth == place) & (guess == place)).sum()
        found.append(2 * both / max(1, (truth == place).sum() + (guess == place).sum()))
    return 100 * float(np.mean(found))
