"""Cutting words into the pieces of a vocabulary (SentencePiece's unigram model), each word once, many at a time.

Kudo, “Subword Regularization”, 2018. A piece never spans two words, so the best cut of a text is that of its words, one
after the other, and words come again and again.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.checksums import of_stretches

#: Stands before every word.
_MARK = "\u2581"
_MAX_WORD_CHARS = 64
_CACHED_WORDS = 50_000
#: Fewer are cut one after the other.
_MANY = 4


class Pieces:
    """A vocabulary. It is kept as sorted checksums, a tenth of what a dictionary of its strings would take."""

    def __init__(self, blob: bytes, offsets: NDArray[np.uint32], scores: NDArray[np.float32], *, unknown: int) -> None:
        self._blob, self._offsets, self._scores, self._unknown = blob, offsets, scores, unknown
        checksums = np.fromiter(
            (
                zlib.crc32(blob[start:end])
                for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
            ),
            np.uint32,
            len(scores),
        )
        self._order = np.argsort(checksums, kind="stable").astype(np.int32)
        self._checksums = checksums[self._order]
        #: What several pieces have: few, but then a checksum does not tell which of them is meant.
        self._shared = frozenset(self._checksums[1:][self._checksums[1:] == self._checksums[:-1]].tolist())
        self._longest = int(np.diff(offsets).max())
        self._unknown_score = float(scores.min()) - 10.0
        self._known: dict[str, tuple[int, ...]] = {}

    def of_text(self, normalized: str) -> list[int]:
        """The pieces of a text in which only plain spaces separate words."""
        return [piece for word in normalized.split(" ") if word for piece in self.of_word(word)]

    def of_word(self, word: str) -> tuple[int, ...]:
        """What is longer than words are comes once, an address with its tracking: it is not kept."""
        found = self._known.get(word)
        if found is None:
            found = self.cut(word)
            if len(word) <= _MAX_WORD_CHARS:
                self._keep([(word, found)])
        return found

    def learn(self, words: Iterable[str]) -> None:
        """Cut those of many texts that have not been met yet: together they take a fifth of the time."""
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known and 0 < len(word) <= _MAX_WORD_CHARS]
        if len(new) >= _MANY:
            self._keep(zip(new, self._cut_together(new), strict=True))

    def known_words(self) -> int:
        """How many are remembered."""
        return len(self._known)

    def _keep(self, cut: Iterable[tuple[str, tuple[int, ...]]]) -> None:
        if len(self._known) > _CACHED_WORDS:
            self._known = {}
        self._known.update(cut)

    def _cut_together(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """The same as `cut` of each; Viterbi's paths of all of them go on by one sign at a time."""
        marked = [_MARK + word for word in words]
        written = [one.encode("utf-8", "replace") for one in marked]
        wanted, owners, starts, ends = of_stretches(written, self._longest)
        shared = set(owners[np.isin(wanted, list(self._shared))].tolist())
        left = self._checksums.searchsorted(wanted)
        hits = np.flatnonzero(self._checksums.take(left, mode="clip") == wanted)
        pieces = self._order[left[hits]]
        hits, pieces = hits[pieces != self._unknown], pieces[pieces != self._unknown]
        came, cut_at = self._paths(len(words), max(map(len, marked)), owners[hits], starts[hits], ends[hits], pieces)
        return [
            self.cut(words[row]) if row in shared else self._walked(one, came[row].tolist(), cut_at[row].tolist())
            for row, one in enumerate(marked)
        ]

    def _paths(
        self,
        words: int,
        longest: int,
        owners: NDArray[np.int64],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        pieces: NDArray[np.int32],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each word and each place in it, the piece that the best path comes by, and where that piece begins."""
        best = np.full((words, longest + 1), -np.inf)
        best[:, 0] = 0.0
        by, since = np.full(best.shape, self._unknown), np.zeros(best.shape, np.int64)
        order = np.argsort(starts, kind="stable")
        owners, starts, ends, pieces = owners[order], starts[order], ends[order], pieces[order]
        scores = self._scores[pieces].astype(np.float64)
        bounds = starts.searchsorted(np.arange(longest + 1)).tolist()
        for start in range(longest):
            own = slice(bounds[start], bounds[start + 1])
            row, end = owners[own], ends[own]
            reached = best[row, start] + scores[own]
            better = reached > best[row, end]
            row, end = row[better], end[better]
            best[row, end], by[row, end], since[row, end] = reached[better], pieces[own][better], start
            alone = best[:, start] + self._unknown_score
            row = np.flatnonzero(alone > best[:, start + 1])
            best[row, start + 1], by[row, start + 1], since[row, start + 1] = alone[row], self._unknown, start
        return by, since

    def _walked(self, marked: str, by: Sequence[int], since: Sequence[int]) -> tuple[int, ...]:
        """A path from its end; where a piece only has the checksum of what it goes over, the word is cut alone."""
        found: list[int] = []
        end = len(marked)
        while end > 0:
            start, piece = since[end], by[end]
            if not self._is(piece, marked[start:end].encode("utf-8", "replace")):
                return self.cut(marked[1:])
            found.append(piece)
            end = start
        return tuple(found[::-1])

    def cut(self, word: str) -> tuple[int, ...]:
        """The pieces of one word."""
        found: list[int] = []
        for start in range(0, len(word), _MAX_WORD_CHARS):  # a run without end is cut, so that time stays bounded
            signs = _signs(word[start : start + _MAX_WORD_CHARS])
            found += self._best_cut(signs if start == 0 else signs[1:])
        return tuple(found)

    def _best_cut(self, signs: Sequence[bytes]) -> list[int]:
        """The best path where a checksum is taken for the piece itself: only the pieces that it goes over need be
        looked at, and where one of them is another string after all, every stretch is."""
        stretches = _stretches(len(signs))
        checksums = _checksums(signs)
        wanted = np.array(checksums, np.uint32)
        left = self._checksums.searchsorted(wanted)
        hits = np.flatnonzero(self._checksums.take(left, mode="clip") == wanted)
        spans = stretches[hits]
        pieces = self._order[left[hits]]
        cut, ends = self._path(len(signs), spans.tolist(), pieces.tolist(), self._scores[pieces].tolist())
        if self._shared.isdisjoint(checksums) and all(
            self._is(piece, b"".join(signs[start:end]))
            for piece, start, end in zip(cut, [0, *ends], ends, strict=False)
        ):
            return cut
        verified = [self._verified(int(left[hit]), int(wanted[hit]), signs, *stretches[hit].tolist()) for hit in hits]
        sure = [(span, piece) for span, piece in zip(spans.tolist(), verified, strict=True) if piece is not None]
        scores = [float(self._scores[piece]) for _, piece in sure]
        return self._path(len(signs), [span for span, _ in sure], [piece for _, piece in sure], scores)[0]

    def _path(
        self, count: int, spans: Sequence[Sequence[int]], pieces: Sequence[int], scores: Sequence[float]
    ) -> tuple[list[int], list[int]]:
        """Viterbi's best path, and where each piece of it ends; a sign in none of them costs more than any."""
        best = [0.0] + [float("-inf")] * count
        came = [(0, self._unknown)] * (count + 1)
        alone = 0
        for (start, end), piece, score in zip(spans, pieces, scores, strict=True):
            while alone < start:  # everything that begins before has been weighed
                self._leave_alone(alone, best, came)
                alone += 1
            if piece != self._unknown and best[start] + score > best[end]:
                best[end], came[end] = best[start] + score, (start, piece)
        for place in range(alone, count):
            self._leave_alone(place, best, came)
        cut, ends = list[int](), list[int]()
        end = count
        while end > 0:
            start, piece = came[end]
            cut.append(piece)
            ends.append(end)
            end = start
        return cut[::-1], ends[::-1]

    def _leave_alone(self, place: int, best: list[float], came: list[tuple[int, int]]) -> None:
        """The sign at a place as one that is in no piece."""
        if best[place] + self._unknown_score > best[place + 1]:
            best[place + 1], came[place + 1] = best[place] + self._unknown_score, (place, self._unknown)

    def _is(self, piece: int, written: bytes) -> bool:
        return piece == self._unknown or self._blob[self._offsets[piece] : self._offsets[piece + 1]] == written

    def _verified(self, place: int, checksum: int, signs: Sequence[bytes], start: int, end: int) -> int | None:
        """Two strings may share a checksum."""
        while place < len(self._checksums) and int(self._checksums[place]) == checksum:
            piece = int(self._order[place])
            if piece != self._unknown and self._is(piece, b"".join(signs[start:end])):
                return piece
            place += 1
        return None


def _signs(word: str) -> list[bytes]:
    """What a word is made of, the sign of its start first."""
    return [_MARK.encode(), *[sign.encode("utf-8", "replace") for sign in word]]


@lru_cache(2 * _MAX_WORD_CHARS)
def _stretches(count: int) -> NDArray[np.int64]:
    """Where each stretch of so many signs begins and ends, in the order of `_checksums`."""
    return np.array([(start, end) for start in range(count) for end in range(start + 1, count + 1)], np.int64)


def _checksums(signs: Sequence[bytes]) -> list[int]:
    """Of every stretch, each made from the one before."""
    found: list[int] = []
    crc32 = zlib.crc32
    for start in range(len(signs)):
        checksum = 0
        for sign in signs[start:]:
            checksum = crc32(sign, checksum)
            found.append(checksum)
    return found
