"""Files that are sent from where they lie: however many read them slowly, nothing of them is copied."""

from __future__ import annotations

import asyncio
import os
import stat
from types import TracebackType
from typing import Any, Self


class LyingFile:
    """``size_bytes`` of a file of the disk, from ``start`` on; taking it away meanwhile harms nothing."""

    def __init__(self, descriptor: int, *, start: int, size_bytes: int) -> None:
        self._descriptor: int | None = descriptor
        self._at = start
        self._end = start + size_bytes

    @property
    def left_bytes(self) -> int:
        """How much of it is still to be sent."""
        return self._end - self._at

    async def next_piece(self, most_bytes: int) -> bytes:
        """The next bytes of it; read apart, since a disk may be slow."""
        assert self._descriptor is not None  # it is not read once it is closed
        size = min(most_bytes, self.left_bytes)
        piece = await asyncio.to_thread(os.pread, self._descriptor, size, self._at) if size else b""
        self._at += len(piece)
        return piece

    def read(self) -> bytes:
        """All that is left of it, at once."""
        assert self._descriptor is not None  # it is not read once it is closed
        return os.pread(self._descriptor, self.left_bytes, self._at)

    def close(self) -> None:
        """Let it go; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:  # whoever it was for had gone before it was there
        self.close()


def lying_file(given: Any) -> LyingFile | None:
    """The rest of what the application opened, if it is a file that has a name on the disk; None for anything else.

    It stays open when the application closes its own. How much of it is sent ``given`` may say (``left_bytes``).
    """
    try:
        descriptor, start = given.fileno(), given.tell()
    except (AttributeError, OSError):
        return None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or not found.st_nlink:  # of a copy that is nowhere else, the room is counted
        return None
    rest = max(0, found.st_size - start)
    return LyingFile(os.dup(descriptor), start=start, size_bytes=min(rest, getattr(given, "left_bytes", rest)))
