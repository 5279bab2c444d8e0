"""What two texts share in words: stretches of letters weighed by rarity, and words that mean nearly the same."""

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
from comptoir.understanding.ngrams import BUCKETS, Grams, grams_of

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

#: What stands in more than this share of a catalogue tells nothing.
_COMMON = 0.5
_BLOCK = 500
_WORD = re.compile(r"[^\W\d_]{2,}")
_MAX_WORDS = 60
_FUNCTION_WORD = 0.2
#: Words of messages that are remembered, about 1 kB each.
_MAX_STRANGE = 20_000
#: Below this likeness two words have nothing in common.
_UNLIKE = 0.3


@dataclass(frozen=True)
class Spellings:
    """Postings: for each place of the hashed table the documents that have it; ``lengths`` even long documents out."""

    count: int
    rarity: Floats
    starts: Places
    documents: NDArray[np.int32]
    weights: Floats

    @classmethod
    def of(cls, documents: Sequence[str]) -> Spellings:
        """Index what a catalogue's entries say, one document each."""
        count = len(documents)
        places, weights, owners = _table(documents)
        found = np.bincount(places, minlength=BUCKETS)
        rarity = np.log((1.0 + count) / (1.0 + found)).clip(min=0.0).astype(np.float32)
        weights *= rarity[places]
        lengths = np.sqrt(np.bincount(owners, weights * weights, minlength=count)).clip(min=1e-6)
        weights /= lengths.astype(np.float32)[owners]
        kept = np.flatnonzero(found[places] <= max(1.0, _COMMON * count))
        kept = kept[np.argsort(places[kept], kind="stable")]
        starts = np.searchsorted(places[kept], np.arange(BUCKETS + 1))
        return cls(count, rarity, starts, owners[kept], weights[kept])

    def against(self, text: Grams) -> Floats:
        """How much of its spelling each document shares with one text: 0 to 1."""
        places, weights = self._weighed(text)
        firsts, lasts = self.starts[places], self.starts[places + 1]
        counts = lasts - firsts
        if not counts.sum():
            return np.zeros(self.count, np.float32)
        offsets = np.repeat(firsts - np.concatenate([[0], counts.cumsum()[:-1]]), counts)
        postings = offsets + np.arange(counts.sum())
        shares = self.weights[postings] * np.repeat(weights, counts)
        return np.bincount(self.documents[postings], shares, minlength=self.count).astype(np.float32)

    def between(self, text: Grams, document: Grams) -> float:
        """The same for a document that is not in the index."""
        places, weights = self._weighed(text)
        others, theirs = self._weighed(document)
        _, mine, same = np.intersect1d(places, others, assume_unique=True, return_indices=True)
        return float(weights[mine] @ theirs[same])

    def _weighed(self, text: Grams) -> tuple[Places, Floats]:
        weights = text.weights * self.rarity[text.places]
        return text.places, weights / max(float(np.sqrt(weights @ weights)), 1e-6)


@dataclass
class Vocabulary:
    """The vectors of words, each worked out once; its language's function words count little."""

    embedder: Embedder
    mean: Vectors
    places: dict[str, int]
    vectors: NDArray[np.float16]
    strange: dict[str, NDArray[np.float16]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[str], embedder: Embedder) -> Vocabulary:
        """All words of ``texts``."""
        words = dict.fromkeys(word for text in texts for word in words_of(text))
        raw = _in_batches(list(words), embedder)
        mean = raw.mean(axis=0) if len(raw) else np.zeros(embedder.dimensions, np.float32)
        vectors = of_length_one(raw - mean).astype(np.float16)
        return cls(embedder, mean, {word: place for place, word in enumerate(words)}, vectors)

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


def _table(documents: Sequence[str]) -> tuple[NDArray[np.int32], Floats, NDArray[np.int32]]:
    """What all documents have, as narrow as it goes: place, weight, document."""
    places: list[NDArray[np.int32]] = []
    weights: list[Floats] = []
    owners: list[NDArray[np.int32]] = []
    for start in range(0, len(documents), _BLOCK):
        grams = grams_of(documents[start : start + _BLOCK])
        places.append(grams.places.astype(np.int32))
        weights.append(grams.weights)
        owners.append(np.repeat(np.arange(start, start + len(grams), dtype=np.int32), np.diff(grams.starts)))
    return np.concatenate(places), np.concatenate(weights), np.concatenate(owners)


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
    parts = [embedder.embed(texts[start : start + 64]) for start in range(0, len(texts), 64)]
    return np.concatenate(parts) if parts else np.zeros((0, embedder.dimensions), np.float32)


@cache
def _function_words() -> frozenset[str]:
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/language.toml").read_text("utf-8"))
    return frozenset(folded(word) for lists in rules.values() for word in lists["words"].split())
