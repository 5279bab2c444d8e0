"""The catalogue in the memory of one process, where a message is compared with all of it in milliseconds.

Each process has its own, made when first asked for. When what serves has changed and its texts are read, a new one is
made: at once where that takes a moment, behind the back of who asks where it takes seconds; the old one is used until
then. What comes out of it is always looked up again in the database, so that an old one never shows what was retired.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.db import close_old_connections, connection
from numpy.typing import NDArray

from comptoir.catalogue.content import USES
from comptoir.catalogue.edition import edition
from comptoir.catalogue.models import CatalogueEntry
from comptoir.catalogue.searching.reading import Rows, catalogue_rows, indexed
from comptoir.understanding.retrieval.calibration import Calibration, calibrate
from comptoir.understanding.retrieval.confidence import coefficients
from comptoir.understanding.retrieval.index import Index

logger = logging.getLogger("comptoir.catalogue")

#: Up to so many entries one waits for it: well under a second once the embedder is loaded.
_AT_ONCE = 300
#: Beyond so many, what ships is trusted as it is: to calibrate would take longer than all the rest.
_CALIBRATED = 1_000


@dataclass(frozen=True)
class Shelf:
    """The catalogue as it was at one edition."""

    edition: int
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


class _AtHand:
    """The one of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._is_being_made = False

    def get(self, *, waits: bool) -> Shelf | None:
        number = edition()[1]
        shelf = self._shelf
        if shelf is not None and shelf.edition == number:
            return shelf
        if waits or CatalogueEntry.objects.filter(approved_version__isnull=False).count() <= _AT_ONCE:
            with self._lock:
                if self._shelf is None or self._shelf.edition != number:
                    self._shelf = _made(number)
            return self._shelf
        if number:  # before a large catalogue has been read once, each process would read all of it by itself
            self._make_behind(number)
        return self._shelf

    def _make_behind(self, number: int) -> None:
        with self._lock:
            if self._is_being_made:
                return
            self._is_being_made = True
        threading.Thread(target=self._make, args=(number,), name="catalogue", daemon=True).start()

    def _make(self, number: int) -> None:
        try:
            self._shelf = _made(number)
        except Exception:
            logger.exception("the catalogue could not be read into memory, to be tried again")
        finally:
            self._is_being_made = False
            close_old_connections()
            connection.close()


def _made(number: int) -> Shelf | None:
    rows = catalogue_rows()
    if not rows.entries:
        return None
    index = indexed(rows)
    few = len(rows.entries) <= _CALIBRATED
    calibration = calibrate(index, coefficients()) if few else Calibration(coefficients())
    return Shelf(number, rows, index, calibration)


_at_hand = _AtHand()


def shelf_at_hand(*, waits: bool = False) -> Shelf | None:
    """The catalogue in this process; None where nothing serves, or (unless one ``waits``) while it is being made."""
    return _at_hand.get(waits=waits)
