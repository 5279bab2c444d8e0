"""Answers of the WSGI application, taken whole by its thread and sent by the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any
from wsgiref.util import FileWrapper

from comptoir.config.front.lying import LyingFile, lying_file
from comptoir.config.front.room import KeptAnswer, Room

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: More than this of one answer waits on the disk for whoever reads it slowly.
_MOST_IN_MEMORY_BYTES = 256 * 1024
#: And of all answers together no more than this.
_ROOM = Room(1024**3)
_PIECE_BYTES = 64 * 1024
#: Whoever takes longer to read one piece is given up.
_LONGEST_PIECE_S = 60.0


@dataclass(slots=True)
class Answer:
    """What is sent: ``body`` is kept on the disk where it is large, and left where it lies if it is a file."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | KeptAnswer | LyingFile


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
    """Call the application, and take all that it says; of what is only asked after (HEAD) no more than its beginning.

    Raises NoRoomError, and whatever the application raises.
    """
    begun = _Begun()
    said = application(environ, begun)
    if isinstance(said, list) and not begun.written:
        return Answer(begun.status, begun.in_bytes(), b"".join(said))
    try:
        body = _only_begun(said) if environ["REQUEST_METHOD"] == "HEAD" else _taken(said)
    finally:
        close = getattr(said, "close", None)
        if close is not None:
            close()
    if begun.written:
        body = b"".join([*begun.written, body if isinstance(body, bytes) else body.read()])
    return Answer(begun.status, begun.in_bytes(), body)


def _only_begun(said: Iterable[bytes]) -> bytes:
    next(iter(said), b"")  # by then it has said its status and headers
    return b""


def _taken(said: Iterable[bytes]) -> bytes | KeptAnswer | LyingFile:
    if isinstance(said, FileWrapper) and (lying := lying_file(said.filelike)) is not None:
        if lying.left_bytes > _MOST_IN_MEMORY_BYTES:
            return lying
        with lying:
            return lying.read()
    pieces: list[bytes] = []
    size_bytes = 0
    coming = iter(said)
    for piece in coming:
        pieces.append(piece)
        size_bytes += len(piece)
        if size_bytes > _MOST_IN_MEMORY_BYTES:
            return _on_disk(pieces, coming)
    return b"".join(pieces)


def _on_disk(pieces: list[bytes], coming: Iterator[bytes]) -> KeptAnswer:
    kept = KeptAnswer(_ROOM)
    try:
        for piece in pieces:
            kept.write(piece)
        for piece in coming:
            kept.write(piece)
        kept.rewind()
    except BaseException:
        kept.close()
        raise
    return kept


async def send_answer(send: Send, answer: Answer) -> None:
    """Send it, at the pace at which it is read. Raises TimeoutError where it is not, and OSError where nobody does."""
    start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
    if isinstance(answer.body, bytes):
        await send(start)
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})
        return
    with answer.body as kept:
        await send(start)
        while piece := await kept.next_piece(_PIECE_BYTES):
            async with asyncio.timeout(_LONGEST_PIECE_S):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
