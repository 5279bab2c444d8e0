"""Teach the upper layers of the deep embedder what our tasks ask of a text, from the same sets as the heads.

What comes out: for each layer two narrow tables a matrix (comptoir/understanding/embedding/tuned.npz, added to the
weights when they are loaded), and what the tasks made of the last layer while it learnt: the heads go on from there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.e5 import E5, FIRST_TUNED, LAST_LAYER
from comptoir.understanding.head import PLACES, logistic, places_of, softmax
from training.sets import TASKS, Example
from training.tuned_layers import MATRICES, Learnt, TunedLayer

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

RANK = 16
_EPOCHS, _TEXTS, _RATE, _WARMING, _DROPPED, _LONGEST_SLOPE = 3, 32, 1e-3, 0.06, 0.1, 1.0
#: Brings what heads look at to a spread of about one.
_STRETCHED = np.float32(4.0)
#: What is taken together before it is sorted by length, so that batches waste little.
_POOL = 30
#: What a task counts: those with few texts more, those that are yes or no less.
_COUNTS = {
    "sentiment": 1.0,
    "intent": 1.5,
    "needs_answer": 0.7,
    "urgency": 1.5,
    "grounds": 0.5,
    "toxicity": 0.7,
    "spam": 0.5,
}
_INDEPENDENT = ("grounds",)


@dataclass(frozen=True)
class Tuned:
    """What was learnt: tables by name, and by task coefficients of the last layer and a bias for each of PLACES."""

    tables: dict[str, Floats]
    coefficients: dict[str, Floats]
    biases: dict[str, Floats]

    def said(self, task: str, last: Floats, languages: Sequence[str]) -> Floats:
        """What the network itself says of texts, not yet probabilities."""
        return np.asarray(last @ self.coefficients[task] + self.biases[task][places_of(languages)], np.float32)


class Network:
    """The embedder with layers that learn, and one linear head a task on the mean of the last."""

    def __init__(self, tasks: Sequence[str], chance: np.random.Generator) -> None:
        self.embedder = E5(tuned=None)
        shape = self.embedder.shape
        self._chance = chance
        self.layers = [
            TunedLayer(self.embedder.weights, f"l{place}.", shape.heads, RANK, chance, _DROPPED)
            for place in range(FIRST_TUNED - 1, LAST_LAYER)
        ]
        self.heads = {task: Learnt(np.zeros((shape.width, TASKS[task]), np.float32)) for task in tasks}
        self.biases = {task: Learnt(np.zeros((len(PLACES), TASKS[task]), np.float32)) for task in tasks}
        self._shares, self._kept = np.zeros((0, 0), np.float32), np.zeros((0, 0), np.float32)

    def learnt(self) -> list[Learnt]:
        """Whatever learns."""
        layers = [one for layer in self.layers for one in layer.learnt()]
        return [*layers, *self.heads.values(), *self.biases.values()]

    def forward(self, cut: Sequence[Sequence[int]]) -> Floats:
        """The mean of the last layer of each text, some of it left out by chance."""
        hidden, unseen, self._shares = self.embedder.begun(cut, FIRST_TUNED - 1)
        for layer in self.layers:
            hidden = layer.forward(hidden, unseen)
        mean = (self._shares[:, None, :] @ hidden.reshape(*self._shares.shape, -1))[:, 0]
        self._kept = (self._chance.random(mean.shape, np.float32) >= _DROPPED) * (_STRETCHED / np.float32(1 - _DROPPED))
        return np.asarray(mean * self._kept, np.float32)

    def backward(self, slope: Floats) -> None:
        """From the slope in what ``forward`` gave, those in all that learns."""
        spread = (slope * self._kept)[:, None, :] * self._shares[:, :, None]
        hidden = np.ascontiguousarray(spread.reshape(-1, slope.shape[1]), np.float32)
        for layer in reversed(self.layers):
            hidden = layer.backward(hidden)

    def learn(self, cut: Sequence[Sequence[int]], places: Rows, targets: dict[str, Floats]) -> float:
        """Slopes from one batch, and its loss. A row of ``targets`` that is not a number is not known."""
        mean, lost = self.forward(cut), 0.0
        slope = np.zeros_like(mean)
        for task, target in targets.items():
            known = ~np.isnan(target[:, 0])
            if not known.any():
                continue
            said = mean[known] @ self.heads[task].value + self.biases[task].value[places[known]]
            chances = logistic(said) if task in _INDEPENDENT else softmax(said)
            wrong = (chances - target[known]) * np.float32(_COUNTS[task] / len(cut))
            lost -= float((target[known] * np.log(np.maximum(chances, 1e-6))).sum()) / len(cut)
            self.heads[task].slope += mean[known].T @ wrong
            np.add.at(self.biases[task].slope, places[known], wrong)
            slope[known] += wrong @ self.heads[task].value.T
        self.backward(slope)
        return lost

    def tuned(self) -> Tuned:
        """What has been learnt so far."""
        tables = {}
        for place, layer in enumerate(self.layers, FIRST_TUNED - 1):
            for matrix in MATRICES:
                product = layer.products[matrix]
                tables[f"l{place}.{matrix}.down"] = product.down.value
                tables[f"l{place}.{matrix}.up"] = product.up.value
        heads = {task: head.value * _STRETCHED for task, head in self.heads.items()}
        return Tuned(tables, heads, {task: bias.value for task, bias in self.biases.items()})


class Steps:
    """Adam (Kingma and Ba, 2015): each number's own pace, warmed up, then slower to the end."""

    def __init__(self, learnt: Sequence[Learnt], count: int) -> None:
        self._learnt, self._count, self._done = learnt, count, 0
        self._means = [np.zeros_like(one.value) for one in learnt]
        self._squares = [np.zeros_like(one.value) for one in learnt]

    def take(self) -> None:
        """One step down the slopes, which are zero afterwards."""
        self._done += 1
        warming = max(1.0, _WARMING * self._count)
        rate = _RATE * min(self._done / warming, (self._count - self._done) / (self._count - warming))
        length = float(np.sqrt(sum(float((one.slope * one.slope).sum()) for one in self._learnt)))
        shortened = np.float32(min(1.0, _LONGEST_SLOPE / max(length, 1e-9)))
        for one, mean, square in zip(self._learnt, self._means, self._squares, strict=True):
            one.slope *= shortened
            mean += 0.1 * (one.slope - mean)
            square += 0.02 * (one.slope * one.slope - square)
            fair = mean / np.float32(1 - 0.9**self._done)
            one.value -= np.float32(rate) * fair / (np.sqrt(square / np.float32(1 - 0.98**self._done)) + 1e-8)
            one.slope[:] = 0.0


def tune(mine: Sequence[Example], *, seed: int = 5) -> Tuned:
    """Fifteen minutes on one core."""
    chance, tasks = np.random.default_rng(seed), tuple(TASKS)
    network = Network(tasks, chance)
    cut = [network.embedder.pieces_of(example.text) for example in mine]
    places = np.array(places_of([example.language for example in mine]))
    targets = {task: np.stack([example.targets.get(task, _unknown(task)) for example in mine]) for task in tasks}
    epochs = [list(_batches(cut, chance)) for _ in range(_EPOCHS)]
    steps, begun = Steps(network.learnt(), sum(map(len, epochs))), time.monotonic()
    for batches in epochs:
        lost = 0.0
        for rows in batches:
            part = {task: target[rows] for task, target in targets.items()}
            lost += network.learn([cut[row] for row in rows], places[rows], part)
            steps.take()
        print(f"tuning: loss {lost / len(batches):.3f} after {time.monotonic() - begun:.0f} s", flush=True)
    return network.tuned()


def _unknown(task: str) -> Floats:
    return np.full(TASKS[task], np.nan, np.float32)


def _batches(cut: Sequence[Sequence[int]], chance: np.random.Generator) -> Iterator[Any]:
    """Rows in an order by chance, texts of like length together."""
    order, found = chance.permutation(len(cut)), []
    for start in range(0, len(order), _TEXTS * _POOL):
        pool = sorted(order[start : start + _TEXTS * _POOL].tolist(), key=lambda row: len(cut[row]))
        found += [np.array(pool[one : one + _TEXTS]) for one in range(0, len(pool), _TEXTS)]
    for place in chance.permutation(len(found)):
        yield found[place]
