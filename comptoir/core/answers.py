"""Answers of other machines, read only as far as is reasonable: in bytes, in time, and in what they unpack to.

httpx unpacks whatever it is sent, as often as the answer says that it was packed: some kilobytes can fill the memory.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from typing import Any, Protocol

import httpx

#: More than any page of a network's API, or feed, that a person would wait for.
MAX_ANSWER_BYTES = 32 * 1024 * 1024
#: From the first line of an answer to its end.
ANSWERED_WITHIN_S = 90.0
#: The ways of packing that are unpacked here; every client asks for no other.
UNPACKED = "gzip, deflate"
_PIECE_BYTES = 64 * 1024
#: What was true of the answer as it came, and is not of one that was unpacked.
_OF_THE_WAY = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class UnendingAnswerError(httpx.ReadError):
    """The answer is larger than anybody wants it, or takes longer."""


class _Unpacker(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, packed: bytes, max_length: int = ..., /) -> bytes: ...


def pieces(response: httpx.Response, *, deadline: float, most_bytes: int | None = None) -> Iterator[bytes]:
    """The body of a streamed answer, unpacked, in small pieces; until ``deadline`` (time.monotonic) at the latest.

    Raises UnendingAnswerError, and httpx.DecodingError for what is packed in another way, or several times.
    """
    if response.is_stream_consumed:  # it was read, and unpacked, before
        yield response.content
        return
    size = 0
    for piece in _unpacked(_in_time(response, deadline), response):
        size += len(piece)
        if most_bytes is not None and size > most_bytes:
            raise UnendingAnswerError("The answer is too large.", request=response.request)
        yield piece


def _in_time(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    for raw in response.iter_raw():
        if time.monotonic() > deadline:
            raise UnendingAnswerError("The answer comes too slowly.", request=response.request)
        yield raw


def _unpacked(packed: Iterator[bytes], response: httpx.Response) -> Iterator[bytes]:
    way = response.headers.get("content-encoding", "").strip().lower()
    if way in ("", "identity"):
        yield from packed
        return
    if way not in ("gzip", "x-gzip", "deflate"):
        said = f"The answer is packed in a way that was not asked for: {way[:40]}"
        raise httpx.DecodingError(said, request=response.request)
    unpacker: _Unpacker | None = None
    try:
        for raw in packed:
            unpacker = unpacker or _unpacker(way, raw)
            while raw:
                piece = unpacker.decompress(raw, _PIECE_BYTES)
                raw = unpacker.unconsumed_tail  # what is left of it
                if piece:
                    yield piece
            if unpacker.eof:  # what follows is none of it
                return
    except zlib.error as error:
        raise httpx.DecodingError(str(error), request=response.request) from error


def _unpacker(way: str, start: bytes) -> _Unpacker:
    """For gzip; for deflate with its header or, as some servers send it, without."""
    if way != "deflate":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    has_header = len(start) > 1 and start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


class BoundedClient(httpx.Client):
    """Reads an answer whole only where it has a reasonable end. What is streamed is bounded by whoever reads it."""

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        """As httpx does. Raises UnendingAnswerError beside what httpx raises."""
        response = super().send(request, stream=True, **options)
        if stream or response.is_stream_consumed:
            return response
        try:
            return _whole(response)
        finally:
            response.close()


def _whole(response: httpx.Response) -> httpx.Response:
    deadline = time.monotonic() + ANSWERED_WITHIN_S
    body = b"".join(pieces(response, deadline=deadline, most_bytes=MAX_ANSWER_BYTES))
    return httpx.Response(
        response.status_code,
        headers=[(name, text) for name, text in response.headers.raw if name.lower() not in _OF_THE_WAY],
        content=body,
        request=response.request,
        extensions=response.extensions,
        history=response.history,
        default_encoding=response.default_encoding,
    )
