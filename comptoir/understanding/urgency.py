"""How soon a message must be seen to, and on what grounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, Ground, Urgency
from comptoir.understanding.surface import written_grounds

_SURE_GROUND = 0.6
_DOUBTED_GROUND = 0.08


def urgency_of(
    surface: NDArray[np.float32],
    levels: NDArray[np.float32],
    grounds: NDArray[np.float32],
    costs: NDArray[np.float32],
) -> Urgency:
    """``surface`` is how the text looks, ``levels`` are the probabilities of 0 to 3, ``grounds`` those of GROUNDS.

    ``costs`` say what giving a level (its row) to a message of another (its column) costs: a message seen too soon
    costs less than one seen too late.
    """
    level = level_of(levels, costs)
    return Urgency(level, _grounds(surface, grounds) if level else ())


def level_of(levels: NDArray[np.float32], costs: NDArray[np.float32]) -> int:
    """The level that is given for one row of probabilities: the one that is likely to cost least."""
    return int((costs @ levels).argmin())


def _grounds(surface: NDArray[np.float32], probable: NDArray[np.float32]) -> tuple[Ground, ...]:
    """What the rules find and the head does not rule out, and what the head is sure of."""
    written = written_grounds(surface)
    return tuple(
        ground
        for ground, chance in zip(GROUNDS, probable.tolist(), strict=True)
        if chance >= _SURE_GROUND or (ground in written and chance >= _DOUBTED_GROUND)
    )
