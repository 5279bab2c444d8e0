"""How soon a message must be seen to, and on what grounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, Ground, Urgency
from comptoir.understanding.surface import written_grounds

Floats = NDArray[np.float32]

_SURE_GROUND = 0.6
_DOUBTED_GROUND = 0.08


def urgencies_of(surface: Floats, levels: Floats, grounds: Floats, costs: Floats) -> list[Urgency]:
    """One for each text, a row of each: ``surface`` is how it looks, ``levels`` are the probabilities of 0 to 3,
    ``grounds`` those of GROUNDS.

    ``costs`` say what giving a level (its row) to a message of another (its column) costs: a message seen too soon
    costs less than one seen too late.
    """
    shown = levels_of(levels, costs).tolist()
    return [
        Urgency(level, _grounds(look, probable) if level else ())
        for level, look, probable in zip(shown, surface, grounds, strict=True)
    ]


def levels_of(levels: Floats, costs: Floats) -> NDArray[np.int64]:
    """The level that is given for each row of probabilities: the one that is likely to cost least."""
    return np.asarray((levels @ costs.T).argmin(axis=1), np.int64)


def _grounds(surface: Floats, probable: Floats) -> tuple[Ground, ...]:
    """What the rules find and the head does not rule out, and what the head is sure of."""
    written = written_grounds(surface)
    return tuple(
        ground
        for ground, chance in zip(GROUNDS, probable.tolist(), strict=True)
        if chance >= _SURE_GROUND or (ground in written and chance >= _DOUBTED_GROUND)
    )
