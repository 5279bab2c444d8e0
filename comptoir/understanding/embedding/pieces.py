"""Cutting words into the pieces of a vocabulary (SentencePiece's unigram model), each word once.

Kudo, “Subword Regularization”, 2018. A piece never spans two words, so the best cut of a text is that of its words, one
after the other, and words come again and again.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_WORD_START = "\u2581"
_MAX_WORD_CHARS = 64
_CACHED_WORDS = 50_000


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
        self._unknown_score = float(scores.min()) - 10.0
        self.of_word = lru_cache(_CACHED_WORDS)(self.cut)

    def of_text(self, normalized: str) -> list[int]:
        """The pieces of a text in which only plain spaces separate words."""
        return [piece for word in normalized.split(" ") if word for piece in self._of_any_word(word)]

    def _of_any_word(self, word: str) -> tuple[int, ...]:
        """What is longer than words are comes once, an address with its tracking: it is not kept."""
        return self.of_word(word) if len(word) <= _MAX_WORD_CHARS else self.cut(word)

    def cut(self, word: str) -> tuple[int, ...]:
        """The pieces of one word."""
        found: list[int] = []
        for start in range(0, len(word), _MAX_WORD_CHARS):  # a run without end is cut, so that time stays bounded
            chars = [sign.encode("utf-8", "replace") for sign in word[start : start + _MAX_WORD_CHARS]]
            found += self._best_cut([_WORD_START.encode(), *chars] if start == 0 else chars)
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
            self._is(piece, signs[start:end]) for piece, start, end in zip(cut, [0, *ends], ends, strict=False)
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

    def _is(self, piece: int, signs: Sequence[bytes]) -> bool:
        written = self._blob[self._offsets[piece] : self._offsets[piece + 1]]
        return piece == self._unknown or written == b"".join(signs)

    def _verified(self, place: int, checksum: int, signs: Sequence[bytes], start: int, end: int) -> int | None:
        """Two strings may share a checksum."""
        while place < len(self._checksums) and int(self._checksums[place]) == checksum:
            piece = int(self._order[place])
            if piece != self._unknown and self._is(piece, signs[start:end]):
                return piece
            place += 1
        return None


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
