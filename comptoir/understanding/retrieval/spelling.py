"""What a text shares with each entry in spelling: stretches of letters and words, weighed by rarity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.ngrams import BUCKETS, Grams, counted

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

#: What stands in more than this share of a catalogue tells nothing.
_COMMON = 0.5
#: Places of the table that are put in order together, so that memory stays bounded.
_STRIPE, _BLOCK = BUCKETS // 16, 500
#: What something counts that a document has so often; more than 255 times counts no more.
_WEIGHTS = (1.0 + np.log(np.arange(256).clip(min=1))).astype(np.float32)


@dataclass(frozen=True)
class Spellings:
    """Postings: for each place of the hashed table (from its ``starts`` on) the documents that have it, and how often.
    ``rarity`` is of places, ``lengths`` even long documents out.
    """

    count: int
    starts: Places
    documents: NDArray[np.int32]
    counts: NDArray[np.uint8]
    rarity: Floats
    lengths: Floats

    @classmethod
    def of(
        cls, fresh: Sequence[str], former: Spellings | None = None, own: NDArray[np.int64] | None = None
    ) -> Spellings:
        """Index what a catalogue's entries say, one document each.

        ``own`` has for each document its place in ``former``, or -1 for the next one of ``fresh``.
        """
        own = np.full(len(fresh), -1, np.int64) if own is None else own
        moved = np.full(former.count if former else 0, -1, np.int32)
        moved[own[own >= 0]] = np.flatnonzero(own >= 0)
        stripes = _table(fresh, np.flatnonzero(own < 0))
        starts = np.zeros(BUCKETS + 1, np.int64)
        documents: list[NDArray[np.int32]] = []
        counts: list[NDArray[np.uint8]] = []
        for first in range(0, BUCKETS, _STRIPE):
            places, owners, often = _stripe(first, stripes[first // _STRIPE], former, moved)
            order = np.argsort(places.astype(np.int64) * len(own) + owners, kind="stable")
            documents.append(owners[order])
            counts.append(often[order])
            found = np.bincount(places - first, minlength=_STRIPE)
            starts[first + 1 : first + _STRIPE + 1] = starts[first] + np.cumsum(found)
        rarity = np.log((1.0 + len(own)) / (1.0 + np.diff(starts))).clip(min=0.0).astype(np.float32)
        every, each = np.concatenate(documents), np.concatenate(counts)
        documents.clear()
        return cls(len(own), starts, every, each, rarity, _lengths(len(own), starts, every, each, rarity))

    def against(self, text: Grams) -> Floats:
        """How much of its spelling each document shares with one text: 0 to 1."""
        places, weights = self._weighed(text)
        firsts = self.starts[places]
        counts = self.starts[places + 1] - firsts
        counts[counts > max(1.0, _COMMON * self.count)] = 0
        if not counts.sum():
            return np.zeros(self.count, np.float32)
        offsets = np.repeat(firsts - np.concatenate([[0], counts.cumsum()[:-1]]), counts)
        postings = offsets + np.arange(counts.sum())
        shares = _WEIGHTS[self.counts[postings]] * np.repeat(weights * self.rarity[places], counts)
        summed = np.bincount(self.documents[postings], shares, minlength=self.count)
        return np.asarray(summed / self.lengths, np.float32)

    def between(self, text: Grams, document: Grams) -> float:
        """The same for a document that is not in the index."""
        places, weights = self._weighed(text)
        others, theirs = self._weighed(document)
        _, mine, same = np.intersect1d(places, others, assume_unique=True, return_indices=True)
        return float(weights[mine] @ theirs[same])

    def _weighed(self, text: Grams) -> tuple[Places, Floats]:
        weights = text.weights * self.rarity[text.places]
        return text.places, weights / max(float(np.sqrt(weights @ weights)), 1e-6)


_Table = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]


def _table(documents: Sequence[str], owners: Places) -> list[list[_Table]]:
    """What all documents have: place, document, how often; by stripe, in blocks."""
    stripes: list[list[_Table]] = [[] for _ in range(0, BUCKETS, _STRIPE)]
    for start in range(0, len(documents), _BLOCK):
        found = [counted(document) for document in documents[start : start + _BLOCK]]
        places = np.concatenate([own for own, _often in found]).astype(np.int32)
        counts = np.concatenate([often for _own, often in found]).clip(max=255).astype(np.uint8)
        whose = np.repeat(owners[start : start + _BLOCK].astype(np.int32), [len(own) for own, _often in found])
        for stripe, kept in enumerate(stripes):
            own = places // _STRIPE == stripe
            kept.append((places[own], whose[own], counts[own]))
    return stripes


def _stripe(first: int, fresh: list[_Table], former: Spellings | None, moved: NDArray[np.int32]) -> _Table:
    """What is at the places from ``first`` on, of both. What was fresh is given up."""
    parts = list(fresh)
    fresh.clear()
    if former is not None:
        starts = former.starts[first : first + _STRIPE + 1]
        own = slice(int(starts[0]), int(starts[-1]))
        documents = moved[former.documents[own]]
        kept = documents >= 0
        known = np.repeat(np.arange(first, first + _STRIPE, dtype=np.int32), np.diff(starts))
        parts.append((known[kept], documents[kept], former.counts[own][kept]))
    parts.append((np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8)))  # there may be none
    return (
        np.concatenate([places for places, _owners, _counts in parts]),
        np.concatenate([owners for _places, owners, _counts in parts]),
        np.concatenate([counts for _places, _owners, counts in parts]),
    )


def _lengths(
    count: int, starts: Places, documents: NDArray[np.int32], counts: NDArray[np.uint8], rarity: Floats
) -> Floats:
    squares = np.zeros(count)
    for first in range(0, BUCKETS, _STRIPE):
        own = slice(int(starts[first]), int(starts[first + _STRIPE]))
        found = np.diff(starts[first : first + _STRIPE + 1])
        weights = _WEIGHTS[counts[own]] * np.repeat(rarity[first : first + _STRIPE], found)
        squares += np.bincount(documents[own], weights * weights, minlength=count)
    return np.sqrt(squares).clip(min=1e-6).astype(np.float32)
