"""The catalogue as one process has it at hand, where a message is compared with all of it in milliseconds."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from comptoir.catalogue.content import USES
from comptoir.understanding.retrieval.calibration import Calibration
from comptoir.understanding.retrieval.entries import Entry
from comptoir.understanding.retrieval.index import Index


@dataclass(frozen=True)
class Rows:
    """Everything that was approved and not retired, one place an entry, with what says where it may be used.

    ``brands`` has 0 for every brand; ``uses`` three columns in the order of `content.USES`; days are ordinals.
    """

    entries: Sequence[Entry]
    ids: NDArray[np.int64]
    brands: NDArray[np.int64]
    uses: NDArray[np.bool_]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class Shelf:
    """The catalogue as it was at the change that ``mark`` names (none before the first was read)."""

    mark: uuid.UUID | None
    rows: Rows
    index: Index
    calibration: Calibration
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open_to(self, *, brand_id: int | None, uses: Collection[str], on: date) -> NDArray[np.int64]:
        """The places of what one of ``uses`` may answer with on a day, for one brand or (None) for any."""
        rows = self.rows
        columns = [USES.index(use) for use in uses]
        held = rows.uses[:, columns].any(axis=1) & (rows.begins <= on.toordinal()) & (rows.ends >= on.toordinal())
        if brand_id is not None:
            held &= (rows.brands == 0) | (rows.brands == brand_id)
        return np.flatnonzero(held)
