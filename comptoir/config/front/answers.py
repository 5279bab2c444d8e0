"""Answers of the WSGI application, taken whole by its thread and sent by the loop."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any, BinaryIO

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: More than this of one answer waits on the disk for whoever reads it slowly.
_MOST_IN_MEMORY_BYTES = 256 * 1024
_PIECE_BYTES = 64 * 1024
#: Whoever takes longer to read one piece is given up.
_LONGEST_PIECE_S = 60.0


@dataclass(slots=True)
class Answer:
    """What is sent: ``body`` is a file at its beginning where it is large."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | BinaryIO


class _Begun:
    """What the application said with ``start_response``."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[str, str]] = []
        self.written: list[bytes] = []

    def __call__(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        self.status, self.headers = int(status[:3]), headers
        return self.written.append

    def in_bytes(self) -> list[tuple[bytes, bytes]]:
        """The headers as they are sent."""
        return [(name.encode("latin-1"), text.encode("latin-1")) for name, text in self.headers]


def answer_of(application: Application, environ: dict[str, Any]) -> Answer:
    """Call the application, and take all that it says. Raises whatever it raises."""
    begun = _Begun()
    said = application(environ, begun)
    if isinstance(said, list) and not begun.written:
        return Answer(begun.status, begun.in_bytes(), b"".join(said))
    try:
        body = _taken(said)
    finally:
        close = getattr(said, "close", None)
        if close is not None:
            close()
    if begun.written:
        body = b"".join([*begun.written, body if isinstance(body, bytes) else body.read()])
    return Answer(begun.status, begun.in_bytes(), body)


def _taken(said: Iterable[bytes]) -> bytes | BinaryIO:
    pieces: list[bytes] = []
    size_bytes = 0
    coming = iter(said)
    for piece in coming:
        pieces.append(piece)
        size_bytes += len(piece)
        if size_bytes > _MOST_IN_MEMORY_BYTES:
            return _on_disk(pieces, coming)
    return b"".join(pieces)


def _on_disk(pieces: list[bytes], coming: Iterator[bytes]) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    try:
        file.writelines(pieces)
        file.writelines(coming)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


async def send_answer(send: Send, answer: Answer) -> None:
    """Send it, at the pace at which it is read. Raises TimeoutError where it is not, and OSError where nobody does."""
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    if isinstance(answer.body, bytes):
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})
        return
    with answer.body as file:
        while piece := file.read(_PIECE_BYTES):  # from the system's cache: it has just been written
            async with asyncio.timeout(_LONGEST_PIECE_S):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
