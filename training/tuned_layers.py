"""Layers of the deep embedder that learn: what each gives, and what its coefficients would have had to be.

Weights stay as they are; each has a product of two narrow tables added to it (Hu et al., “LoRA”, 2021), and only
those are learnt, so that what is shipped is small. Everything is written out for numpy: nothing more to install, and
the same coefficients from the same seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: The four products of a layer.
MATRICES = ("qkv", "ao", "fi", "fo")
_EPSILON = 1e-12


class Learnt:
    """Numbers that learn, with the slope of the loss in each."""

    def __init__(self, value: Floats) -> None:
        self.value, self.slope = value, np.zeros_like(value)


class Product:
    """A product with a fixed matrix and the two narrow ones beside it."""

    def __init__(self, fixed: Floats, bias: Floats, rank: int, chance: np.random.Generator) -> None:
        self.fixed, self.bias = fixed, bias
        spread = chance.standard_normal((fixed.shape[0], rank), np.float32)
        self.down = Learnt(spread / np.float32(fixed.shape[0] ** 0.5))
        self.up = Learnt(np.zeros((rank, fixed.shape[1]), np.float32))
        self._given = self._narrow = np.zeros((0, 0), np.float32)

    def forward(self, given: Floats) -> Floats:
        """The product; what it needs later is kept."""
        self._given, self._narrow = given, given @ self.down.value
        return np.asarray(given @ self.fixed + self.bias + self._narrow @ self.up.value, np.float32)

    def backward(self, slope: Floats) -> Floats:
        """The slope in what was given, from the slope in what came out."""
        self.up.slope += self._narrow.T @ slope
        narrow = slope @ self.up.value.T
        self.down.slope += self._given.T @ narrow
        return np.asarray(slope @ self.fixed.T + narrow @ self.down.value.T, np.float32)


class Evened:
    """Rows brought to a mean of zero and a spread of one, then scaled."""

    def __init__(self, weight: Floats, bias: Floats) -> None:
        self.weight, self.bias = weight, bias
        self._plain = self._steep = np.zeros((0, 0), np.float32)

    def forward(self, given: Floats) -> Floats:
        """Each row evened."""
        centred = given - given.mean(axis=1, keepdims=True)
        self._steep = 1.0 / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + _EPSILON)
        self._plain = centred * self._steep
        return np.asarray(self._plain * self.weight + self.bias, np.float32)

    def backward(self, slope: Floats) -> Floats:
        """The slope in what was given."""
        inner = slope * self.weight
        along = (inner * self._plain).mean(axis=1, keepdims=True)
        return np.asarray((inner - inner.mean(axis=1, keepdims=True) - self._plain * along) * self._steep, np.float32)


class Bent:
    """The bend between the two wide products, in its form by tanh."""

    def __init__(self) -> None:
        self._given = self._tanh = np.zeros((0, 0), np.float32)

    def forward(self, given: Floats) -> Floats:
        """Bent."""
        self._given = given
        self._tanh = np.tanh(0.7978845608 * given * (1.0 + 0.044715 * given * given))
        return np.asarray(0.5 * given * (1.0 + self._tanh), np.float32)

    def backward(self, slope: Floats) -> Floats:
        """The slope in what was given."""
        inner = 0.7978845608 * (1.0 + 0.134145 * self._given * self._given)
        steep = 0.5 * (1.0 + self._tanh) + 0.5 * self._given * (1.0 - self._tanh * self._tanh) * inner
        return np.asarray(slope * steep, np.float32)


@dataclass
class _Dropped:
    """Numbers left out by chance, others raised for it."""

    share: float
    chance: np.random.Generator
    _kept: Any = field(default=1.0)

    def forward(self, given: Floats) -> Floats:
        kept = self.chance.random(given.shape, np.float32) >= self.share
        self._kept = kept * np.float32(1.0 / (1.0 - self.share))
        return np.asarray(given * self._kept, np.float32)

    def backward(self, slope: Floats) -> Floats:
        return np.asarray(slope * self._kept, np.float32)


class TunedLayer:
    """One layer: what its pieces say to one another, then what each makes of it."""

    def __init__(
        self, weights: dict[str, Floats], name: str, heads: int, rank: int, chance: np.random.Generator, dropped: float
    ) -> None:
        self.products = {
            one: Product(weights[f"{name}{one}.w"], weights[f"{name}{one}.b"], rank, chance) for one in MATRICES
        }
        self._heads = heads
        self._first, self._last = (
            Evened(weights[f"{name}{one}.w"], weights[f"{name}{one}.b"]) for one in ("aln", "oln")
        )
        self._bent, self._drops = Bent(), (_Dropped(dropped, chance), _Dropped(dropped, chance))
        self._seen: tuple[Floats, Floats, Floats, Floats] | None = None

    def learnt(self) -> list[Learnt]:
        """Whatever learns here."""
        return [one for product in self.products.values() for one in (product.down, product.up)]

    def forward(self, hidden: Floats, unseen: Floats) -> Floats:
        """``unseen`` is very negative where a text has no piece: texts × 1 × 1 × pieces."""
        seen = self._attended(self.products["qkv"].forward(hidden), unseen)
        hidden = self._first.forward(hidden + self._drops[0].forward(self.products["ao"].forward(seen)))
        inner = self._bent.forward(self.products["fi"].forward(hidden))
        return self._last.forward(hidden + self._drops[1].forward(self.products["fo"].forward(inner)))

    def backward(self, slope: Floats) -> Floats:
        """The slope in what went in."""
        slope = self._last.backward(slope)
        inner = self.products["fo"].backward(self._drops[1].backward(slope))
        slope = self._first.backward(slope + self.products["fi"].backward(self._bent.backward(inner)))
        seen = self.products["ao"].backward(self._drops[0].backward(slope))
        return np.asarray(slope + self.products["qkv"].backward(self._attended_backward(seen)), np.float32)

    def _attended(self, together: Floats, unseen: Floats) -> Floats:
        query, key, value = self._split(together, unseen.shape[-1], 3)
        shares = query @ key.transpose(0, 1, 3, 2) + unseen
        shares = np.exp(shares - shares.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        self._seen = (query, key, value, shares)
        return self._joined(shares @ value)

    def _attended_backward(self, slope: Floats) -> Floats:
        assert self._seen is not None
        query, key, value, shares = self._seen
        (out,) = self._split(slope, query.shape[2], 1)
        of_shares = out @ value.transpose(0, 1, 3, 2)
        of_scores = shares * (of_shares - (of_shares * shares).sum(axis=-1, keepdims=True))
        of_query, of_key = of_scores @ key, of_scores.transpose(0, 1, 3, 2) @ query
        of_value = shares.transpose(0, 1, 3, 2) @ out
        return np.concatenate([self._joined(one) for one in (of_query, of_key, of_value)], axis=1)

    def _split(self, rows: Floats, pieces: int, parts: int) -> Floats:
        width = rows.shape[1] // parts // self._heads
        return np.ascontiguousarray(
            rows.reshape(-1, pieces, parts, self._heads, width).transpose(2, 0, 3, 1, 4), np.float32
        )

    def _joined(self, parts: Floats) -> Floats:
        texts, heads, pieces, width = parts.shape
        return np.ascontiguousarray(parts.transpose(0, 2, 1, 3)).reshape(texts * pieces, heads * width)
