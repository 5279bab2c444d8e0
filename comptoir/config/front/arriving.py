"""Bodies of requests on their way: how slowly they may come, and where they are kept until they are whole."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any

from comptoir.config.bodies import CutError
from comptoir.config.front.watch import Watch

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: A body that stands still longer than this is given up.
LONGEST_GAP_S = 30.0
#: And one that, after so many seconds, has come at fewer than so many bytes a second since it began.
HEAD_START_S = 20.0
LEAST_BYTES_A_SECOND = 1000
#: More than this of one body is kept on the disk.
MOST_IN_MEMORY_BYTES = 64 * 1024
#: And of all bodies together no more than this.
MOST_ON_DISK_BYTES = 1024**3


class SlowError(OSError):
    """The body came more slowly than anybody's connection is."""


class TooLargeError(OSError):
    """The body is larger than it may be."""


class FullError(Exception):
    """There are too many large bodies on their way to keep another one."""


class Arriving:
    """The body of one request, as it comes."""

    def __init__(self, receive: Receive, watch: Watch) -> None:
        self._receive = receive
        self._watch = watch
        self._began_at = time.monotonic()
        self._came_bytes = 0
        self._failed: type[SlowError | CutError] | None = None
        self.is_whole = False

    async def piece(self) -> bytes:
        """The next piece of it; empty only at its end. Raises SlowError and CutError."""
        while not self.is_whole:
            if self._failed is not None:  # whoever asks again does not wait again
                raise self._failed  # a new one: one that is kept keeps its frames, and with them the connection open
            try:
                message = await self._watch.over(self._receive(), until=self._deadline())
            except TimeoutError:
                self._failed = SlowError
                continue
            if message["type"] != "http.request":
                self._failed = CutError
                continue
            self.is_whole = not message.get("more_body")
            piece: bytes = message.get("body", b"")
            self._came_bytes += len(piece)
            if piece:
                return piece
        return b""

    def _deadline(self) -> float:
        earned = self._began_at + HEAD_START_S + self._came_bytes / LEAST_BYTES_A_SECOND
        return min(earned, time.monotonic() + LONGEST_GAP_S)


class Keeping:
    """Where bodies are kept while they come: small ones in memory, the others in files that have no name."""

    def __init__(self) -> None:
        self.on_disk_bytes = 0

    async def whole(self, arriving: Arriving, *, most_bytes: int) -> Kept:
        """All of it. Raises SlowError, CutError, TooLargeError, FullError and, where the disk is full, OSError."""
        first = await arriving.piece()
        if arriving.is_whole and len(first) <= MOST_IN_MEMORY_BYTES:
            return Kept(io.BytesIO(first), len(first), 0, self)
        kept = Kept(tempfile.SpooledTemporaryFile(MOST_IN_MEMORY_BYTES), 0, 0, self)  # noqa: SIM115  # closed by its user
        try:
            piece = first
            while piece:
                if kept.size_bytes + len(piece) > most_bytes:
                    raise TooLargeError
                self._keep(kept, piece)
                piece = await arriving.piece()
        except BaseException:
            kept.close()
            raise
        kept.file.seek(0)
        return kept

    def _keep(self, kept: Kept, piece: bytes) -> None:
        kept.size_bytes += len(piece)
        if kept.size_bytes > MOST_IN_MEMORY_BYTES:
            added = kept.size_bytes - kept.on_disk_bytes
            if self.on_disk_bytes + added > MOST_ON_DISK_BYTES:
                raise FullError
            self.on_disk_bytes += added
            kept.on_disk_bytes += added
        kept.file.write(piece)

    def let_go(self, size_bytes: int) -> None:
        """So much of the disk is free again."""
        self.on_disk_bytes -= size_bytes


class Kept:
    """One body that has come, to be read like a file."""

    def __init__(self, file: IO[bytes], size_bytes: int, on_disk_bytes: int, keeping: Keeping) -> None:
        self.file = file
        self.size_bytes = size_bytes
        self.on_disk_bytes = on_disk_bytes
        self._keeping = keeping

    def close(self) -> None:
        """Throw it away."""
        self._keeping.let_go(self.on_disk_bytes)
        self.on_disk_bytes = 0
        self.file.close()  # last: on a full disk it may fail


class Untaken:
    """A body that is not read. What the application makes of it has to do with its head alone."""

    def read(self, _size: int = -1, /) -> bytes:
        """Nothing. Raises TooLargeError."""
        raise TooLargeError

    readline = read
