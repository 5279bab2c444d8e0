"""Which words and stretches of letters a text has, as places in a table of fixed size (the hashing trick).

Nothing is kept of the texts that coefficients were learnt from: a place in the table is shared by many strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BITS = 17
BUCKETS = 1 << BITS
_MAX_CHARS = 1_500
_CACHED_WORDS = 20_000
#: What is longer comes once, and is not kept.
_MAX_WORD_CHARS = 64
_LETTERS = range(2, 6)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)

_LINK = re.compile(r"https?://\S*|www\.\S+|\bhttp\b")
_MENTION = re.compile(r"@\w+")
_NUMBER = re.compile(r"\d+")
_REPEATED = re.compile(r"(.)\1{2,}", re.DOTALL)
_WORD = re.compile(r"[^\W_]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Grams:
    """For each text the places of what it has, with weights, one text after the other; ``starts`` has one more."""

    places: NDArray[np.int64]
    weights: NDArray[np.float32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def times(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product with a table of BUCKETS rows: one row for each text."""
        rows = np.concatenate([table[self.places] * self.weights[:, None], np.zeros((1, table.shape[1]), np.float32)])
        summed = np.add.reduceat(rows, self.starts[:-1], axis=0)
        summed[self.starts[:-1] == self.starts[1:]] = 0.0
        return summed


def written_plainly(text: str) -> str:
    """Small letters, without what differs in every message: addresses, people, figures, letters drawn out."""
    text = unicodedata.normalize("NFC", text[:_MAX_CHARS]).lower()
    text = _NUMBER.sub("0", _MENTION.sub("@", _LINK.sub("§", text)))
    return _REPEATED.sub(r"\1\1\1", text.replace("’", "'"))


def grams_of(texts: Sequence[str]) -> Grams:
    """All of them at once; each text's weights are 1 + log of how often, divided so that its row has length one."""
    found = [_places(written_plainly(text)) for text in texts]
    starts = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(places) for places, _ in found], out=starts[1:])
    if not found:
        return Grams(np.zeros(0, np.int64), np.zeros(0, np.float32), starts)
    return Grams(
        np.concatenate([places for places, _ in found]), np.concatenate([weights for _, weights in found]), starts
    )


def _places(text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    places, counts = _counted(text)
    weights = 1.0 + np.log(counts)
    return places, (weights / np.sqrt((weights * weights).sum())).astype(np.float32)


def counted(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of what a text has, each once, and how often it has it."""
    return _counted(written_plainly(text))


def _counted(plain: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    words = _WORD.findall(plain)
    if not words:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    hashed = [_of_letters(" " + " ".join(words) + " "), _of_words(words)]
    places, counts = np.unique(np.concatenate(hashed), return_counts=True)
    return places, counts


def _of_letters(text: str) -> NDArray[np.int64]:
    """Stretches of two to five signs, spaces among them."""
    signs = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    rolling = signs + np.uint64(1)
    found = []
    for length in range(1, max(_LETTERS) + 1):
        if length > 1:
            if len(signs) < length:
                break
            rolling = (rolling[: len(signs) - length + 1] * _MULTIPLIER) ^ signs[length - 1 :]
        if length in _LETTERS:
            found.append(rolling + np.uint64(length))
    return _bucket(np.concatenate(found))


def _of_words(words: Sequence[str]) -> NDArray[np.int64]:
    """Words, and pairs of them."""
    hashes = (_word_hash(word) if len(word) <= _MAX_WORD_CHARS else _hash(word) for word in words)
    single = np.fromiter(hashes, np.uint64, len(words))
    pairs = (single[:-1] * _MULTIPLIER) ^ single[1:]
    return _bucket(np.concatenate([single, pairs]))


def _hash(word: str) -> int:
    """FNV-1a over the signs, the same in every process (Python's own hash is not)."""
    value = 0xCBF29CE484222325
    for sign in word:
        value = ((value ^ ord(sign)) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


_word_hash = lru_cache(_CACHED_WORDS)(_hash)


def _bucket(hashed: NDArray[np.uint64]) -> NDArray[np.int64]:
    mixed = (hashed ^ (hashed >> np.uint64(29))) * _MULTIPLIER
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)
