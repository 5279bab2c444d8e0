"""What two texts share in words that mean nearly the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Embedder, Vectors
from comptoir.understanding.folding import folded

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

_BATCH, _BLOCK = 64, 2_000
_WORD = re.compile(r"[^\W\d_]{2,}")
_MAX_WORDS = 60
_FUNCTION_WORD = 0.2
#: Words of messages that are remembered, about 1 kB each.
_MAX_STRANGE = 20_000
#: Below this likeness two words have nothing in common.
_UNLIKE = 0.3


@dataclass
class Vocabulary:
    """The vectors of words, each worked out once; its language's function words count little. ``raw`` are those that
    the embedder gave, ``vectors`` what is left of them without what all have in common (``mean``).
    """

    embedder: Embedder
    mean: Vectors
    words: Sequence[str]
    raw: NDArray[np.float16]
    vectors: NDArray[np.float16]
    strange: dict[str, NDArray[np.float16]] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Sequence[str], embedder: Embedder, former: Vocabulary | None = None) -> Vocabulary:
        """Of different words; those that ``former`` has too are not worked out again."""
        known = former.places if former else {}
        raw = np.empty((len(words), embedder.dimensions), np.float16)
        fresh = [place for place, word in enumerate(words) if word not in known]
        for start in range(0, len(fresh), _BATCH):
            batch = fresh[start : start + _BATCH]
            raw[batch] = embedder.embed([words[place] for place in batch])
        if former:
            own = [place for place, word in enumerate(words) if word in known]
            raw[own] = former.raw[[known[words[place]] for place in own]]
        mean, vectors = _without_their_mean(raw)
        return cls(embedder, mean, words, raw, vectors)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each word stands."""
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def wide(self) -> Vectors:
        """The vectors, as arithmetic is quickest: twice the memory, for small vocabularies."""
        return self.vectors.astype(np.float32)

    def learn(self, words: Sequence[str]) -> None:
        """Work out the vectors of words that no entry has, all at once."""
        strange = [word for word in dict.fromkeys(words) if word not in self.places and word not in self.strange]
        if len(self.strange) > _MAX_STRANGE:
            self.strange.clear()
        if strange:
            vectors = of_length_one(_in_batches(strange, self.embedder) - self.mean)
            self.strange |= dict(zip(strange, vectors.astype(np.float16), strict=True))

    def vectors_of(self, words: Sequence[str]) -> Vectors:
        """One row for each word, those that no entry has too."""
        if any(word not in self.places and word not in self.strange for word in words):
            self.learn(words)
        rows = [self.vectors[self.places[word]] if word in self.places else self.strange[word] for word in words]
        return np.array(rows, np.float32).reshape(len(words), self.embedder.dimensions)


def _without_their_mean(raw: NDArray[np.float16]) -> tuple[Vectors, NDArray[np.float16]]:
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(raw), _BLOCK)]
    total = sum((raw[block].sum(axis=0, dtype=np.float64) for block in blocks), start=np.zeros(raw.shape[1]))
    mean = np.asarray(total / max(len(raw), 1), np.float32)
    vectors = np.empty_like(raw)
    for block in blocks:
        vectors[block] = of_length_one(raw[block].astype(np.float32) - mean)
    return mean, vectors


def words_of(text: str) -> list[str]:
    """The different words of a text, small letters."""
    return list(dict.fromkeys(_WORD.findall(text.lower())))


def weights_of(words: Sequence[str]) -> Floats:
    """What each counts."""
    function = _function_words()
    return np.array([_FUNCTION_WORD if folded(word) in function else 1.0 for word in words], np.float32)


def likeness(asked: Vectors, weights: Floats, held: Vectors, where: NDArray[np.integer[Any]], starts: Places) -> Floats:
    """For each entry the share of the asked words that it has something like. Its words are the rows of ``held`` that
    ``where`` names from its place in ``starts`` on."""
    if not len(asked) or not len(held):
        return np.zeros(len(starts), np.float32)
    best = np.maximum.reduceat((asked @ held.T)[:, where], starts, axis=1)
    near = ((best - _UNLIKE) / (1.0 - _UNLIKE)).clip(0.0, 1.0)
    return np.asarray(weights @ near / max(float(weights.sum()), 1e-6), np.float32)


def of_length_one(vectors: Vectors) -> Vectors:
    """Each row divided by its length."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9), np.float32)


def _in_batches(texts: Sequence[str], embedder: Embedder) -> Vectors:
    parts = [embedder.embed(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, embedder.dimensions), np.float32)


@cache
def _function_words() -> frozenset[str]:
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/language.toml").read_text("utf-8"))
    return frozenset(folded(word) for lists in rules.values() for word in lists["words"].split())
