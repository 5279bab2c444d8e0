"""Shelves in folders, one for each change of the catalogue that was read: every process of the machine maps the newest.

A folder is named by the mark of its change. It can be made again at any time from the database, and is, where it was
made for another embedder or by another version of Comptoir.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from comptoir.catalogue.searching.shelf import Rows, Shelf
from comptoir.understanding.embedding.loading import meaning_embedder, meaning_embedder_name
from comptoir.understanding.mapped import Arrays, UnusableFolderError, read_folder, remove_folder, write_folder
from comptoir.understanding.retrieval.calibration import Calibration
from comptoir.understanding.retrieval.confidence import coefficients
from comptoir.understanding.retrieval.index import Index
from comptoir.understanding.retrieval.keeping import FORMAT, arrays_of, index_of

logger = logging.getLogger("comptoir.catalogue")

_ROWS = ("ids", "brands", "uses", "begins", "ends")


def _folder() -> Path:
    return Path(settings.CACHE_DIR) / "catalogue"


@contextlib.contextmanager
def reading_alone() -> Iterator[None]:
    """While no other process of this machine reads the catalogue: it waits for its turn, death ends one's turn.

    Where nothing can be written everybody reads, for themselves.
    """
    with contextlib.ExitStack() as stack:
        try:
            _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = stack.enter_context((_folder() / "lock").open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            logger.warning("the folder of the catalogue's index cannot be written to", extra={"reason": str(error)})
        yield


def keep_shelf(shelf: Shelf) -> None:
    """Put it where every process maps it, in the place of the others. On a full disk nothing is kept: a warning."""
    if shelf.mark is None:
        return
    arrays = arrays_of(shelf.index) | {f"rows.{name}": getattr(shelf.rows, name) for name in _ROWS}
    told = _made_for() | {"slope": shelf.calibration.slope, "shift": shelf.calibration.shift}
    folder = _folder() / shelf.mark.hex
    try:
        remove_folder(folder)
        write_folder(folder, arrays, told)
    except OSError as error:
        logger.warning("the index of the catalogue cannot be kept", extra={"reason": str(error)})
        return
    for other in _folders():
        if other != folder:
            remove_folder(other)


def kept_shelf(mark: uuid.UUID | None) -> Shelf | None:
    """The one of a change; None where it was not kept here, or cannot be used by this version."""
    found = _read(_folder() / mark.hex) if mark else None
    if found is None:
        return None
    arrays, told, index = found
    numbers = {name: arrays[f"rows.{name}"] for name in _ROWS}
    calibration = Calibration(coefficients(), told["slope"], told["shift"])
    return Shelf(mark, Rows(index.entries, **numbers), index, calibration)


def newest_index() -> Index | None:
    """What the next one can be made from: the last that was kept here and that this version can use."""
    for folder in _folders():
        found = _read(folder)
        if found is not None:
            return found[2]
    return None


def _folders() -> list[Path]:
    """The newest first."""
    kept = [(path.stat().st_mtime, path) for path in _folder().glob("*/") if not path.name.startswith("new-")]
    return [path for _at, path in sorted(kept, reverse=True)]


def _made_for() -> dict[str, Any]:
    return {"format": FORMAT, "embedder": meaning_embedder_name()}


def _read(folder: Path) -> tuple[Arrays, dict[str, Any], Index] | None:
    try:
        arrays, told = read_folder(folder)
    except UnusableFolderError:
        return None
    if _made_for().items() <= told.items():
        with contextlib.suppress(KeyError):
            if all(isinstance(arrays[f"rows.{name}"], np.ndarray) for name in _ROWS):
                return arrays, told, index_of(arrays, meaning_embedder())
    return None
