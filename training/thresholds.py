"""From what probability a level of urgency is given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: Of the messages that cannot wait so large a share at most may be given less than 3.
MISSED = 0.05


def best_thresholds(chances: Floats, levels: NDArray[np.int64]) -> Floats:
    """From what probability of at least 1, 2 and 3 a level is given.

    The third is the highest that misses no more than is allowed; the others are the middle of what is equally good,
    where two levels off cost four times what one does.
    """
    at_least = chances[:, ::-1].cumsum(axis=1)[:, ::-1]
    third = float(np.quantile(at_least[levels == 3, 3], MISSED, method="lower"))
    grid = np.arange(0.04, 0.66, 0.02)
    best: list[tuple[float, float]] = []
    least = float("inf")
    for second in grid:
        for first in grid:
            given = given_levels(at_least, (float(first), float(second), third))
            off = abs(given - levels)
            cost = float(off.sum() + 3 * (off > 1).sum())
            if cost < least:
                best, least = [], cost
            if cost == least:
                best.append((float(first), float(second)))
    return np.array([*np.median(best, axis=0), third], np.float32)


def given_levels(at_least: Floats, thresholds: Sequence[float]) -> NDArray[np.int64]:
    """The level of each row, from the probabilities of at least 0, 1, 2 and 3."""
    steps = [level * (at_least[:, level] >= thresholds[level - 1]) for level in (1, 2, 3)]
    return np.asarray(np.maximum.reduce(steps), np.int64)


def told_levels(chances: Floats, levels: NDArray[np.int64], thresholds: Floats) -> str:
    """What the thresholds miss of the most urgent, and at what price."""
    given = given_levels(chances[:, ::-1].cumsum(axis=1)[:, ::-1], thresholds.tolist())
    missed, price = int(((levels == 3) & (given < 3)).sum()), np.bincount(levels[given == 3], minlength=4)
    return (
        f"urgency      from {thresholds.round(3).tolist()}: of {(levels == 3).sum()} of level 3 {missed} missed; "
        f"given 3: {price[::-1].tolist()} of levels 3 to 0; within one {100 * (abs(given - levels) < 2).mean():.1f} %"
    )
