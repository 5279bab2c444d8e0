"""How much of the disk large answers take while they are read: each in a file that has no name."""

from __future__ import annotations

import tempfile
import threading
from types import TracebackType
from typing import Self


class NoRoomError(Exception):
    """Too many large answers are being read to keep another one."""


class Room:
    """So many bytes, for all answers together; any number of threads takes some and gives it back."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.taken_bytes = 0
        self._lock = threading.Lock()

    def take(self, size_bytes: int) -> None:
        """Have so much more. Raises NoRoomError."""
        with self._lock:
            if self.taken_bytes + size_bytes > self.most_bytes:
                raise NoRoomError
            self.taken_bytes += size_bytes

    def give_back(self, size_bytes: int) -> None:
        """So much is free again."""
        with self._lock:
            self.taken_bytes -= size_bytes


class KeptAnswer:
    """One large answer: written once, then read; its room is given back however it ends."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._taken_bytes = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`

    def write(self, piece: bytes) -> None:
        """Add to it. Raises NoRoomError and, where the disk is full, OSError."""
        self._room.take(len(piece))
        self._taken_bytes += len(piece)
        self._file.write(piece)

    def rewind(self) -> None:
        """It is written: read it from its beginning."""
        self._file.seek(0)

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes of it."""
        return self._file.read(size)

    async def next_piece(self, most_bytes: int) -> bytes:
        """The next bytes of it, from the system's cache: it has just been written."""
        return self._file.read(most_bytes)

    def close(self) -> None:
        """Throw it away; a second time does nothing."""
        taken, self._taken_bytes = self._taken_bytes, 0
        self._room.give_back(taken)
        self._file.close()  # last: on a full disk it may fail

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:  # whoever it was for had gone before it was there
        if self._taken_bytes:
            self.close()
