"""The company's own tree of contact reasons, learnt from a few examples each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import Topic
from comptoir.understanding.embedding import Embedder

Floats = NDArray[np.float32]

_NEAREST = 3
_RIDGE = 0.5
_SHOWN = 3
_LEAST_CONFIDENCE = 0.2
_TEMPERATURES = np.geomspace(0.01, 1.0, 25)


class NoExamplesError(ValueError):
    """A topic without an example, or no topic at all."""


@dataclass(frozen=True)
class TopicHead:
    """Two opinions, added: how near the nearest examples are, and a regularised least-squares classifier over all."""

    keys: tuple[str, ...]
    vectors: Floats
    owners: NDArray[np.int64]
    weights: Floats
    temperature: float

    @classmethod
    def fit(cls, examples: Mapping[str, Sequence[str]], embedder: Embedder) -> TopicHead:
        """Learn from ``examples``: key -> texts. Raises NoExamplesError. A second for a thousand of them."""
        if not examples or not all(examples.values()):
            raise NoExamplesError("every topic needs an example")
        keys = tuple(examples)
        owners = np.repeat(np.arange(len(keys)), [len(examples[key]) for key in keys])
        vectors = embedder.embed([text for key in keys for text in examples[key]])
        return cls.fit_vectors(keys, vectors, owners)

    @classmethod
    def fit_vectors(cls, keys: tuple[str, ...], vectors: Floats, owners: NDArray[np.int64]) -> TopicHead:
        """The same from vectors of length one, each with the place of its key."""
        dual, said = _left_out(vectors, owners, len(keys))
        weights = np.asarray(vectors.T @ dual, np.float32)
        return cls(keys, vectors, owners, weights, _best_temperature(said, owners))

    def told_apart(self) -> list[tuple[str, str]]:
        """For each example its own key, and the one it would be given if it were no example."""
        _dual, said = _left_out(self.vectors, self.owners, len(self.keys))
        pairs = zip(self.owners.tolist(), said.argmax(axis=1).tolist(), strict=True)
        return [(self.keys[own], self.keys[told]) for own, told in pairs]

    def predict(self, vectors: Floats) -> list[tuple[Topic, ...]]:
        """For each vector the likeliest topics, the likeliest first; none where nothing is likely."""
        said = vectors @ self.weights + _nearness(vectors @ self.vectors.T, self.owners, len(self.keys))
        raised = np.exp((said - said.max(axis=1, keepdims=True)) / self.temperature)
        chances = raised / raised.sum(axis=1, keepdims=True)
        return [
            tuple(
                Topic(self.keys[place], float(row[place]))
                for place in np.argsort(-row)[:_SHOWN].tolist()
                if row[place] >= _LEAST_CONFIDENCE
            )
            for row in chances
        ]

    def save(self, path: Path | IO[bytes]) -> None:
        """Write it down. The examples' vectors are in it, their texts are not."""
        np.savez_compressed(
            path,
            keys=np.array(self.keys),
            vectors=self.vectors.astype(np.float16),
            owners=self.owners,
            weights=self.weights.astype(np.float32),
            temperature=np.float64(self.temperature),
        )

    @classmethod
    def load(cls, path: Path | IO[bytes]) -> TopicHead:
        """One that was saved."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(
                tuple(str(key) for key in kept["keys"]),
                kept["vectors"].astype(np.float32),
                kept["owners"],
                kept["weights"],
                float(kept["temperature"]),
            )


def _left_out(vectors: Floats, owners: NDArray[np.int64], count: int) -> tuple[Floats, Floats]:
    """The coefficients of each example, and what each would be told had it been left out.

    In closed form, as it is for least squares.
    """
    targets = np.eye(count, dtype=np.float32)[owners]
    kernel = vectors @ vectors.T
    inverse = np.linalg.inv(kernel + _RIDGE * np.eye(len(owners), dtype=np.float32))
    dual = inverse @ targets
    left_out = targets - dual / np.diag(inverse)[:, None]
    np.fill_diagonal(kernel, -1.0)
    said = np.asarray(left_out + _nearness(kernel, owners, count), np.float32)
    return np.asarray(dual, np.float32), said


def _nearness(similar: Floats, owners: NDArray[np.int64], count: int) -> Floats:
    """For each row and topic the mean similarity of its nearest examples."""
    near = np.full((len(similar), count), -1.0, np.float32)
    for place in range(count):
        own = np.sort(similar[:, owners == place], axis=1)[:, -_NEAREST:]
        kept = own > -1.0
        near[:, place] = np.where(kept.any(axis=1), (own * kept).sum(axis=1) / np.maximum(kept.sum(axis=1), 1), -1.0)
    return near


def _best_temperature(said: Floats, owners: NDArray[np.int64]) -> float:
    """The one under which the examples, each left out in its turn, are likeliest."""
    rows = np.arange(len(owners))

    def loss(temperature: float) -> float:
        scaled = said / temperature
        top = scaled.max(axis=1)
        return float((np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top - scaled[rows, owners]).mean())

    return float(min(_TEMPERATURES.tolist(), key=loss))
