"""What pieces of text give by themselves, kept for those met lately: most pieces of a message are every message's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding import Vectors

#: The row of what is no piece, and gives nothing.
NOTHING = 0
#: So many are worked out together: of more, what is computed on the way would take memory that is only wanted once.
_AT_ONCE = 512


class Kept:
    """A table with some parts of one width for each of some pieces, as many as there is room for. It is one block, of
    which memory is taken, in large pages where the system has such, as it fills."""

    def __init__(self, room: int, vocabulary: int, parts: int, width: int) -> None:
        self._table = np.empty((room, parts, width), np.float32)
        self._table[NOTHING] = 0.0
        self._rows = np.zeros(vocabulary + 1, np.int64)
        self._pieces = np.full(room, vocabulary, np.int64)  # an empty row's is none of the vocabulary
        self._asked_at = np.zeros(room, np.int64)
        self._now = 0

    def part(self, number: int, rows: NDArray[np.int64], out: Vectors) -> Vectors:
        """One of their parts, for pieces by their rows, in any order and number."""
        _, parts, width = self._table.shape
        return self._table.reshape(-1, width).take(rows * parts + number, 0, out, "clip")

    def has_room_for(self, count: int) -> bool:
        """Whether so many pieces can be asked for at once."""
        return count < len(self._pieces)

    def rows(
        self, pieces: NDArray[np.int64], worked_out: Callable[[NDArray[np.int64]], Sequence[Vectors]]
    ) -> NDArray[np.int64]:
        """Where each of ``pieces``, all different, stands. What is not kept is ``worked_out``, part by part, and takes
        the place of what was asked for longest ago."""
        self._now += 1
        rows = self._rows[pieces]
        self._asked_at[NOTHING] = self._asked_at[rows] = self._now
        is_new = rows == NOTHING
        if is_new.any():
            new = pieces[is_new]
            rows[is_new] = taken = np.argsort(self._asked_at, kind="stable")[: len(new)]
            self._rows[self._pieces[taken]] = NOTHING
            for start in range(0, len(new), _AT_ONCE):
                for number, part in enumerate(worked_out(new[start : start + _AT_ONCE])):
                    self._table[taken[start : start + _AT_ONCE], number] = part
            self._rows[new], self._pieces[taken], self._asked_at[taken] = taken, new, self._now
        return rows
