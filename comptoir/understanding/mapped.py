"""Numbers in a folder, mapped by every process that reads them: they take memory once, however many read.

A folder is written whole or not at all, and never changed: whoever has it mapped goes on with it when it is removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

_TOLD = "told.json"
_BEGUN = "new-"
#: A smaller file is read: mapping it would take as much.
_SMALL_BYTES = 65_536
#: What was begun so long ago was left behind by somebody who was killed.
_LEFT_BEHIND_S = 3600.0


class UnusableFolderError(Exception):
    """The folder is not there, or not whole."""


class Texts(Sequence[str]):
    """Many texts in two arrays: their bytes in UTF-8, one after the other, and where each ends."""

    def __init__(self, signs: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self.signs, self.ends = signs, ends

    @classmethod
    def of(cls, texts: Sequence[str]) -> Texts:
        """Put texts together; halves of characters become question marks."""
        written = [text.encode("utf-8", "replace") for text in texts]
        ends = np.cumsum([len(one) for one in written], dtype=np.int64) if written else np.zeros(0, np.int64)
        return cls(np.frombuffer(b"".join(written), np.uint8), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place = int(place) % len(self)
        first = int(self.ends[place - 1]) if place else 0
        return self.signs[first : int(self.ends[place])].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        whole, first = self.signs.tobytes(), 0
        for end in self.ends.tolist():
            yield whole[first:end].decode()
            first = end


def write_folder(folder: Path, arrays: Mapping[str, NDArray[Any]], told: Mapping[str, Any]) -> None:
    """Put arrays, and what JSON can hold besides, into a folder that appears once all of it is on the disk.

    Where somebody else has made it meanwhile, theirs stays. Raises OSError where it cannot be written.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder.parent)
    begun = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=folder.parent))
    try:
        for name, array in arrays.items():
            with (begun / f"{name}.npy").open("wb") as file:
                np.save(file, array, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
        (begun / _TOLD).write_text(json.dumps(told), "utf-8")
        with contextlib.suppress(FileExistsError):
            _rename(begun, folder)
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _rename(begun: Path, folder: Path) -> None:
    try:
        begun.rename(folder)
    except OSError as error:  # ENOTEMPTY where there is one already
        if folder.exists():
            raise FileExistsError(folder) from error
        raise


def read_folder(folder: Path) -> tuple[Arrays, dict[str, Any]]:
    """What `write_folder` wrote, the arrays mapped. Raises UnusableFolderError."""
    try:
        told = json.loads((folder / _TOLD).read_text("utf-8"))
        arrays = {path.stem: _mapped(path) for path in folder.glob("*.npy")}
    except (OSError, ValueError, EOFError) as error:
        raise UnusableFolderError(f"{folder}: {error}") from error
    return arrays, told


def _mapped(path: Path) -> NDArray[Any]:
    """As a plain array: each slice of numpy's own class for it costs microseconds."""
    is_small = path.stat().st_size < _SMALL_BYTES
    return np.asarray(np.load(path, mmap_mode=None if is_small else "r", allow_pickle=False))


def remove_folder(folder: Path) -> None:
    """Take it away, from under its name at once; whoever has it mapped keeps what they have."""
    if not folder.exists():
        return
    with contextlib.suppress(OSError):
        gone = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=folder.parent))
        with contextlib.suppress(OSError):  # somebody else was first
            folder.rename(gone / folder.name)
        shutil.rmtree(gone, ignore_errors=True)


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{_BEGUN}*"):
        with contextlib.suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)
