"""The rows of several texts one after the other, and what their pieces say to one another.

Texts of a batch are of like length, not of the same. Attention reads each as if it were as long as the longest: what
it reads behind a text's end are the next one's rows, and they are hidden. So nothing is computed for what is no piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

#: Beyond this the exponential of a score would leave the range of the numbers.
_HIGHEST_SCORE = 80.0
#: Of this the exponential is nothing.
_HIDDEN = -1e9
#: So many scores are worked out at once, so that they stay beside the processor from one step to the next.
_SCORES = 1 << 16


class Rows:
    """The pieces of some texts: which each row is, ``ids``, and where in its text it stands, ``places``. Behind the
    last are some rows more, for what is read behind a text's end."""

    def __init__(self, cut: Sequence[Sequence[int]]) -> None:
        self._lengths = [len(pieces) for pieces in cut]
        self._longest = max(self._lengths)
        self._starts = [0, *np.cumsum(self._lengths).tolist()]
        more = max(self._starts[:-1]) + self._longest - self._starts[-1]
        self.ids = np.fromiter(chain(*cut, (0 for _ in range(more))), np.int64, self._starts[-1] + more)
        self.places = np.fromiter(chain(*map(range, self._lengths), (0 for _ in range(more))), np.int64, len(self.ids))

    def shares(self) -> Floats:
        """Each row's share of each text."""
        shares = np.zeros((len(self._lengths), len(self.ids)), np.float32)
        for text, (start, length) in enumerate(zip(self._starts, self._lengths, strict=False)):
            shares[text, start : start + length] = 1.0 / length
        return shares

    def side_by_side(self) -> tuple[Floats, Places]:
        """For texts side by side, all as long as the longest: one where a piece is; which row stands there."""
        number = np.arange(self._longest)
        kept = (number < np.array(self._lengths)[:, None]).astype(np.float32)
        return kept, (np.array(self._starts[:-1])[:, None] + number).ravel()

    def attended(self, asked: Floats, heads: int) -> Floats:
        """What each row sees of the rows of its text. ``asked`` are questions, keys and values side by side."""
        width, longest = asked.shape[1] // 3, self._longest
        size = width // heads
        out = np.zeros((len(asked), width), np.float32)
        together = max(1, _SCORES // (heads * longest * longest))
        scores = np.empty((together, heads, longest, longest), np.float32)
        summed = np.empty((together, heads, longest, size + 1), np.float32)
        summed[..., size] = 1.0  # a column of ones: what to divide by
        row, number = asked.strides
        for start, count, length in self._alike(together):
            query, key, value = as_strided(
                asked[start:],
                (3, count, heads, longest, size),
                (width * number, length * row, size * number, row, number),
                writeable=False,
            )
            highest = np.full(longest, _HIDDEN, np.float32)
            highest[:length] = _HIGHEST_SCORE
            score = np.matmul(query, key.transpose(0, 1, 3, 2), out=scores[:count])
            np.minimum(score, highest, out=score)
            np.exp(score, out=score)
            summed[:count, ..., :size] = value
            seen = (score @ summed[:count])[:, :, :length]
            own = out[start : start + count * length].reshape(count, length, heads, size)
            np.divide(seen[..., :size], seen[..., size:], out=own.transpose(0, 2, 1, 3))
        return out

    def _alike(self, most: int) -> Iterator[tuple[int, int, int]]:
        """Texts of one length that follow one another: the row that they begin at, how many they are, their length."""
        start = 0
        for length, texts in groupby(self._lengths):
            left = sum(1 for _ in texts)
            while left:
                count = min(left, most)
                yield start, count, length
                start, left = start + count * length, left - count
