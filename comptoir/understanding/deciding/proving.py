"""A catalogue put to the proof: each entry is taken out as if it had never been, and what is asked of it should find
nothing. Leaving a phrasing out is not enough for that: its entry has taught the others what they are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Embedder, Vectors
from comptoir.understanding.retrieval.confidence import Coefficients, rank
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import MAX_PHRASINGS
from comptoir.understanding.retrieval.ranking import ready

#: The catalogue is made anew so often, each time without that share of its entries.
_PARTS = 5
#: Beyond so many entries that takes too long: what people judge proves such a catalogue.
_MOST_ENTRIES = 1_000


def near_misses(
    entries: Sequence[Entry], embedder: Embedder, found: Coefficients, most_asked: int
) -> list[NDArray[np.float32]]:
    """The signs (`Ranked.signs`) of what is found for phrasings whose own entry is not there; none of a catalogue that
    is too small or too large to be put to the proof."""
    if not 2 * _PARTS <= len(entries) <= _MOST_ENTRIES:
        return []
    kept, parts = _Kept(embedder), list(_parts(len(entries)))
    signs: list[NDArray[np.float32]] = []
    for part in parts:
        asked = [(text, entries[place].language) for place in part for text in entries[place].phrasings[:MAX_PHRASINGS]]
        step = max(1, len(asked) * len(parts) // most_asked)
        rest = ready([one for place, one in enumerate(entries) if place not in part], kept)
        chosen = asked[::step]
        messages = rest.messages([text for text, _ in chosen], [language for _, language in chosen])
        signs += [rank(rest, message, found).signs for message in messages]
    return signs


def _parts(count: int) -> Iterator[frozenset[int]]:
    places = np.random.default_rng(0).permutation(count)
    for part in range(_PARTS):
        yield frozenset(places[part::_PARTS].tolist())


class _Kept:
    """An embedder that reads each text once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, in order."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors |= zip(missing, self._embedder.embed(missing), strict=True)
        empty = np.zeros((0, self.dimensions), np.float32)
        return np.stack([self._vectors[text] for text in texts]) if texts else empty
