"""Convolutions along texts with half of the products that they are defined by (Toom and Cook; Winograd, 1980).

What a window gives is a sum of products, one for each place in it. Of windows side by side these are the middle
coefficients of a product of polynomials, which its values at some points settle: so many products as there are points,
four windows at once. The numbers are the same to the sixth place.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Vectors

#: So many windows side by side are computed at once: a tile. More would save little, and lose places of the numbers.
TOGETHER = 4
#: Where polynomials are taken, the first ones and infinity: powers of these keep numbers near to one.
_POINTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5)


def at_points(weights: Vectors, width: int) -> Vectors:
    """``weights`` of windows of ``width``, a table above the other for each place in them, as tables for each point."""
    tables = weights.reshape(width, -1, weights.shape[1]).astype(np.float64)
    return np.tensordot(_powers(width + TOGETHER - 1, width), tables, 1).astype(np.float32)


def convolved(tiles: Vectors, weights: Vectors) -> Vectors:
    """What the windows of tiles give: first that of each tile's first window, then of each one's second, and so on.

    ``tiles`` are the first rows that the tiles reach over, then the second ones, and so on, as many as ``weights`` has
    points."""
    points, size, width = weights.shape
    before, behind = _matrices(points)
    valued = (before @ tiles.reshape(points, -1)).reshape(points, -1, size)
    products = np.matmul(valued, weights)
    return np.asarray((behind @ products.reshape(points, -1)).reshape(-1, width), np.float32)


def _powers(points: int, count: int) -> NDArray[np.float64]:
    """Of each point so many powers; of infinity only the highest counts."""
    finite = np.vander(_POINTS[: points - 1], count, increasing=True)
    return np.concatenate([finite, np.eye(1, count, count - 1)])


@cache
def _matrices(points: int) -> tuple[Vectors, Vectors]:
    """What makes values at points of the rows of a tile, and what its windows give of the products of these."""
    before = np.linalg.inv(_powers(points, points)).T
    return before.astype(np.float32), _powers(points, TOGETHER).T.astype(np.float32)
