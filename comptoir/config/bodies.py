"""Bodies of requests that must come whole: the server gives what came until a cut as if it were all."""

from __future__ import annotations

from typing import Any, Protocol


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


class CutError(OSError):
    """The other side hung up before it had sent what it announced."""


class WholeBody:
    """A request's body of ``size`` bytes, read like a file."""

    def __init__(self, stream: _Stream, size: int) -> None:
        self._stream = stream
        self._left = size

    def read(self, size: int | None = -1, /) -> bytes:
        """As many bytes as asked for, fewer only at the end. Raises CutError."""
        wanted = self._wanted(size)
        read = b""
        while len(read) < wanted:
            piece = self._stream.read(wanted - len(read))
            if not piece:
                raise CutError
            read += piece
        self._left -= wanted
        return read

    def readline(self, size: int | None = -1, /) -> bytes:
        """One line, or ``size`` bytes of it. Raises CutError."""
        wanted = self._wanted(size)
        line = self._stream.readline(wanted) if wanted else b""
        if len(line) < wanted and not line.endswith(b"\n"):
            raise CutError
        self._left -= len(line)
        return line

    def _wanted(self, size: int | None) -> int:
        return self._left if size is None or size < 0 else min(size, self._left)


def must_come_whole(environ: dict[str, Any]) -> None:
    """Have a body that is cut off told as such to whoever reads it, where its length was announced."""
    declared = environ.get("CONTENT_LENGTH") or ""
    if declared.isascii() and declared.isdecimal():
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(declared))
