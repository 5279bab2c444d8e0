"""What it costs to give a message another level of urgency than its own: the one likely to cost least is given."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Levels = NDArray[np.int64]

#: Of the messages that cannot wait so large a share at most may be given less than 3.
MISSED = 0.05
#: What it may cost, beside a level off, to be two levels off, and to give less than 3 to what cannot wait.
_FAR, _MISSING = (1.0, 2.0, 3.0, 4.0, 6.0), tuple(np.geomspace(3.0, 60.0, 25).tolist())


def costs_of(far: float, missing: float) -> Floats:
    """A row for each level that may be given, a column for each true one."""
    given, true = np.arange(4)[:, None], np.arange(4)
    off = abs(given - true)
    return np.asarray(off + far * (off > 1) + missing * ((true == 3) & (given < 3)), np.float32)


def best_costs(chances: Floats, levels: Levels) -> Floats:
    """Of those that miss no more than is allowed, those under which the most are within one level: the middle of what
    is equally good."""
    tried = {costs: _found(chances, levels, costs) for costs in product(_FAR, _MISSING)}
    least = min(missed for missed, _ in tried.values())
    near = {costs: within for costs, (missed, within) in tried.items() if missed <= max(MISSED, least)}
    best = [costs for costs, within in near.items() if within == max(near.values())]
    far, missing = np.exp(np.log(best).mean(axis=0)).tolist()
    return costs_of(far, missing)


def given_levels(chances: Floats, costs: Floats) -> Levels:
    """The level of each row of probabilities."""
    return np.asarray((chances @ costs.T).argmin(axis=1), np.int64)


def told_levels(chances: Floats, levels: Levels, costs: Floats) -> str:
    """What is missed of the most urgent, and at what price."""
    given = given_levels(chances, costs)
    missed, price = int(((levels == 3) & (given < 3)).sum()), np.bincount(levels[given == 3], minlength=4)
    return (
        f"urgency      {costs[0, 2] - 2:.1f} for two levels off, {costs[2, 3] - 1:.1f} for a 3 that is missed: "
        f"of {(levels == 3).sum()} of level 3 {missed} missed; "
        f"given 3: {price[::-1].tolist()} of levels 3 to 0; within one {100 * (abs(given - levels) < 2).mean():.1f} %"
    )


def _found(chances: Floats, levels: Levels, costs: tuple[float, float]) -> tuple[float, float]:
    """The share that is missed of the most urgent, and the share of all within one level."""
    given = given_levels(chances, costs_of(*costs))
    return float((given[levels == 3] < 3).mean()), float((abs(given - levels) < 2).mean())
