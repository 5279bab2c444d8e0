"""The one shelf of this process.

When what serves has changed and its texts are read, another one is taken: the one that is kept on this machine, which
takes milliseconds to map; where there is none, one that is made at once of a small catalogue, and of a large one in a
process of its own, behind the back of who asks; the old one is used until then. What comes out of it is always looked
up again in the database, so that an old one never shows what was retired.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import close_old_connections, connection

from comptoir.catalogue.edition import Edition, edition
from comptoir.catalogue.models import CatalogueEntry
from comptoir.catalogue.searching.keeping import kept_shelf
from comptoir.catalogue.searching.reading import catalogue_rows, read_catalogue, shelf_of
from comptoir.catalogue.searching.shelf import Shelf
from comptoir.core.apart import ApartError, do_apart

logger = logging.getLogger("comptoir.catalogue")

#: Up to so many entries one waits for it: well under a second.
_AT_ONCE = 300
#: So long after one could not be made, it is not tried again.
_PAUSE_S = 30.0


class AtHand:
    """A shelf, and how it is replaced by a newer one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._is_being_made = False
        self._not_before = 0.0

    def shelf(self, *, waits: bool = False) -> Shelf | None:
        """None where nothing serves, or (unless one ``waits``) while a large catalogue is being read."""
        present = edition()
        with self._lock:
            if self._is_current(present):
                return self._shelf
            kept = kept_shelf(present.read_mark)
            if kept is not None:
                self._shelf = kept
            elif CatalogueEntry.objects.filter(approved_version__isnull=False).count() <= _AT_ONCE:
                self._shelf = _made(present)
            elif waits:
                read_catalogue()
                self._shelf = kept_shelf(edition().read_mark) or _made(edition())
            elif present.number:
                self._make_behind()
        return self._shelf

    def _is_current(self, present: Edition) -> bool:
        return self._shelf is not None and self._shelf.mark == present.read_mark

    def _make_behind(self) -> None:
        if self._is_being_made or time.monotonic() < self._not_before:
            return
        self._is_being_made = True
        threading.Thread(target=self._make, name="catalogue", daemon=True).start()

    def _make(self) -> None:
        """The shelf, and that it is no longer being made, are told at once: who asks between them had it made twice."""
        made = None
        try:
            do_apart("catalogue.read")
            made = kept_shelf(edition().read_mark)
        except ApartError as error:
            logger.warning("the catalogue could not be read, to be tried again", extra={"reason": str(error)})
            self._not_before = time.monotonic() + _PAUSE_S
        except Exception:
            logger.exception("the catalogue that was read could not be taken, to be tried again")
            self._not_before = time.monotonic() + _PAUSE_S
        finally:
            with self._lock:
                self._shelf, self._is_being_made = made or self._shelf, False
            close_old_connections()
            connection.close()


def _made(present: Edition) -> Shelf | None:
    rows = catalogue_rows()
    return shelf_of(present.read_mark, rows) if rows.entries else None


AT_HAND = AtHand()
