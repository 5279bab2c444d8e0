"""Which words and stretches of letters a text has, as places in a table of fixed size (the hashing trick).

Nothing is kept of the texts that coefficients were learnt from: a place in the table is shared by many strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

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
        out = np.zeros((len(self), table.shape[1]), np.float32)
        bounds = self.starts.tolist()
        for row, (start, end) in enumerate(pairwise(bounds)):
            np.matmul(self.weights[start:end], table[self.places[start:end]], out=out[row])
        return out


def written_plainly(text: str) -> str:
    """Small letters, without what differs in every message: addresses, people, figures, letters drawn out."""
    text = unicodedata.normalize("NFC", text[:_MAX_CHARS]).lower()
    text = _NUMBER.sub("0", _MENTION.sub("@", _LINK.sub("§", text)))
    return _REPEATED.sub(r"\1\1\1", text.replace("’", "'"))


def grams_of(texts: Sequence[str]) -> Grams:
    """All of them at once; each text's weights are 1 + log of how often, divided so that its row has length one."""
    places, counts, starts = _counted([written_plainly(text) for text in texts])
    weights = 1.0 + np.log(counts)
    squares = np.concatenate([np.zeros(1), np.cumsum(weights * weights)])
    lengths = np.sqrt(np.diff(squares[starts]))
    return Grams(places, (weights / np.repeat(lengths, np.diff(starts))).astype(np.float32), starts)


def counted(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of what a text has, each once, and how often it has it."""
    places, counts, _ = _counted([written_plainly(text)])
    return places, counts


def _counted(plain: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The places of what each text has, one text after the other, how often it has it, and where each text begins."""
    words = [_WORD.findall(text) for text in plain]
    letters, owners = _of_letters([" " + " ".join(own) + " " if own else "" for own in words])
    single, whose = _of_words(words)
    both = np.sort(np.concatenate([owners << BITS | letters, whose << BITS | single]))
    firsts = np.flatnonzero(np.concatenate([np.ones(min(1, len(both)), bool), both[1:] != both[:-1]]))
    counts = np.diff(np.append(firsts, len(both)))
    starts = both[firsts].searchsorted(np.arange(len(plain) + 1) << BITS)
    return both[firsts] & (BUCKETS - 1), counts, starts


def _of_letters(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Stretches of two to five signs of each text, spaces among them, and whose they are."""
    signs = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    rolling, found, whose = signs + np.uint64(1), [], []
    for length in range(2, max(_LETTERS) + 1):
        rolling = (rolling[:-1] * _MULTIPLIER) ^ signs[length - 1 :]
        within = owners[: len(rolling)] == owners[length - 1 :]
        found.append((rolling + np.uint64(length))[within])
        whose.append(owners[: len(rolling)][within])
    return _bucket(np.concatenate(found)), np.concatenate(whose)


def _of_words(texts: Sequence[Sequence[str]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Words of each text and pairs of them, and whose they are."""
    hashes = (_word_hash(word) if len(word) <= _MAX_WORD_CHARS else _hash(word) for words in texts for word in words)
    owners = np.repeat(np.arange(len(texts)), [len(words) for words in texts])
    single = np.fromiter(hashes, np.uint64, len(owners))
    within = owners[:-1] == owners[1:]
    pairs = ((single[:-1] * _MULTIPLIER) ^ single[1:])[within]
    return _bucket(np.concatenate([single, pairs])), np.concatenate([owners, owners[:-1][within]])


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
