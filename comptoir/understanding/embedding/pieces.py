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
        lengths = np.diff(offsets.astype(np.int64))
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
        self._unknown_score = float(scores.min()) - 10.0
        self._longest = int(lengths.max())
        self.of_word = lru_cache(_CACHED_WORDS)(self.cut)

    def of_text(self, normalized: str) -> list[int]:
        """The pieces of a text in which only plain spaces separate words."""
        return [piece for word in normalized.split(" ") if word for piece in self.of_word(word)]

    def cut(self, word: str) -> tuple[int, ...]:
        """The pieces of one word."""
        found: list[int] = []
        for start in range(0, len(word), _MAX_WORD_CHARS):  # a run without end is cut, so that time stays bounded
            chars = [sign.encode("utf-8", "replace") for sign in word[start : start + _MAX_WORD_CHARS]]
            found += self._best_cut([_WORD_START.encode(), *chars] if start == 0 else chars)
        return tuple(found)

    def _best_cut(self, signs: Sequence[bytes]) -> list[int]:
        """Viterbi's best path over the pieces; a sign in none of them costs more than any."""
        count = len(signs)
        spans = self._spans(signs)
        best = [0.0] + [float("-inf")] * count
        came: list[tuple[int, int]] = [(0, self._unknown)] * (count + 1)
        for start in range(count):
            options = [*spans.get(start, ()), (start + 1, self._unknown, self._unknown_score)]
            for end, piece, score in options:
                if best[start] + score > best[end]:
                    best[end], came[end] = best[start] + score, (start, piece)
        cut: list[int] = []
        end = count
        while end > 0:
            end, piece = came[end]
            cut.append(piece)
        return cut[::-1]

    def _spans(self, signs: Sequence[bytes]) -> dict[int, list[tuple[int, int, float]]]:
        """Start -> (end, piece, score) of every stretch that is a piece; all are looked up at once."""
        stretches: list[tuple[int, int, bytes]] = []
        for start in range(len(signs)):
            stretch = b""
            for end in range(start, len(signs)):
                stretch += signs[end]
                if len(stretch) > self._longest:
                    break
                stretches.append((start, end + 1, stretch))
        wanted = np.fromiter((zlib.crc32(stretch) for _, _, stretch in stretches), np.uint32, len(stretches))
        left = np.searchsorted(self._checksums, wanted)
        hits = np.flatnonzero(self._checksums[np.minimum(left, len(self._checksums) - 1)] == wanted)
        spans: dict[int, list[tuple[int, int, float]]] = {}
        for hit in hits.tolist():
            start, end, stretch = stretches[hit]
            piece = self._verified(int(left[hit]), int(wanted[hit]), stretch)
            if piece is not None and piece != self._unknown:
                spans.setdefault(start, []).append((end, piece, float(self._scores[piece])))
        return spans

    def _verified(self, place: int, checksum: int, stretch: bytes) -> int | None:
        """Two strings may share a checksum."""
        while place < len(self._checksums) and int(self._checksums[place]) == checksum:
            piece = int(self._order[place])
            if self._blob[self._offsets[piece] : self._offsets[piece + 1]] == stretch:
                return piece
            place += 1
        return None
