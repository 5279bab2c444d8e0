"""What a transformer does between two of its products: each number is bent, so that they are not one product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.eight_bits import Rounded

Floats = NDArray[np.float32]

#: No bent number is smaller: they are rounded from here upwards.
LEAST_BENT = -0.1701
#: What is bent at once, so that it stays beside the processor from one step to the next.
_BENT_ROWS = 48


def bend(inner: Floats) -> Floats:
    """In its form by tanh, within 0.0005 of the exact one; in place, some rows at a time."""
    room = np.empty((min(_BENT_ROWS, len(inner)), inner.shape[1]), np.float32)
    with np.errstate(over="ignore"):  # what is far below zero is divided by infinity
        for start in range(0, len(inner), _BENT_ROWS):
            _bend(inner[start : start + _BENT_ROWS], room)
    return inner


def bent_between(hidden: Floats, widened: Rounded, narrowed: Rounded) -> Floats:
    """``hidden`` times the one matrix, bent, times the other; what each product has to have done to it is done as its
    numbers are bent, while they are beside the processor."""
    scale = widened.scales(hidden)
    inner = widened.multiplied(hidden, scale)
    scale, largest, least = scale[:, None], np.empty(len(hidden), np.float32), np.float32(LEAST_BENT)
    room = np.empty((min(_BENT_ROWS, len(inner)), inner.shape[1]), np.float32)
    with np.errstate(over="ignore"):
        for start in range(0, len(inner), _BENT_ROWS):
            own = slice(start, start + _BENT_ROWS)
            part = inner[own]
            part *= scale[own]
            part += widened.bias
            _bend(part, room)
            part -= least
            np.maximum.reduce(part, axis=1, out=largest[own])
    return narrowed.finished(inner, narrowed.steps(largest))


def _bend(part: Floats, room: Floats) -> None:
    """Half of one more than a number's tanh is one through one more than the exponential of minus twice that number,
    in less time."""
    bending = room[: len(part)]
    np.multiply(part, part, out=bending)
    bending *= -2 * 0.7978845608 * 0.044715
    bending -= 2 * 0.7978845608
    bending *= part
    np.exp(bending, out=bending)
    bending += 1.0
    part /= bending
