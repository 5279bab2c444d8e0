"""A WebSocket (RFC 6455) over a connection of httpx, read with patience: for networks that stream by nothing else."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CONTINUED, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10
_MOST_BYTES = 8 * 1024 * 1024
_PIECE = 65_536


class ClosedError(Exception):
    """The other side closed, with this ``code`` (1006 where it gave none)."""

    def __init__(self, code: int = 1006) -> None:
        super().__init__(f"closed ({code})")
        self.code = code


class RefusedHandshakeError(Exception):
    """The server answered the handshake with something else than a WebSocket."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


@dataclass(slots=True)
class WebSocket:
    """An open connection. Made by `connected`."""

    _line: Any
    _unread: bytearray = field(default_factory=bytearray)
    _pieces: bytearray = field(default_factory=bytearray)

    def receive(self, patience_s: float) -> str | None:
        """The next message, or None where none came in time, whatever else came. Raises ClosedError and
        httpx.TransportError.
        """
        until = time.monotonic() + patience_s
        while True:
            frame = self._frame()
            message = self._taken(*frame) if frame is not None else None
            if message is not None:
                return message
            left = until - time.monotonic()
            if left <= 0:  # a piece of a frame now and then, or nothing but pings
                return None
            if frame is None:
                self._read(left)

    def _read(self, timeout_s: float) -> None:
        try:
            more = self._line.read(_PIECE, timeout=timeout_s)
        except httpcore.ReadTimeout:
            return
        except httpcore.NetworkError as error:
            raise httpx.ReadError(str(error)) from error
        if not more:
            raise ClosedError
        self._unread += more

    def send(self, text: str) -> None:
        """Send one message. Raises httpx.TransportError."""
        self._write(_TEXT, text.encode())

    def _taken(self, is_last: bool, kind: int, content: bytes) -> str | None:
        if kind == _PING:
            self._write(_PONG, content)
        elif kind == _CLOSE:
            raise ClosedError(struct.unpack("!H", content[:2])[0] if len(content) >= 2 else 1005)
        elif kind in (_TEXT, _BINARY, _CONTINUED):
            self._pieces += content
            if len(self._pieces) > _MOST_BYTES:
                raise ClosedError(1009)
            if is_last:
                message = self._pieces.decode("utf-8", "replace")
                self._pieces.clear()
                return message
        return None

    def _frame(self) -> tuple[bool, int, bytes] | None:
        """The first whole frame of what was read (5.2); None where it is not all there."""
        read = self._unread
        if len(read) < 2:
            return None
        length, start = read[1] & 0x7F, 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            if len(read) < start + wide:
                return None
            length = int.from_bytes(read[start : start + wide], "big")
            start += wide
        if length > _MOST_BYTES:
            raise ClosedError(1009)
        if len(read) < start + length:
            return None
        frame = bool(read[0] & 0x80), read[0] & 0x0F, bytes(read[start : start + length])
        del read[: start + length]
        return frame

    def _write(self, kind: int, content: bytes) -> None:
        """One frame, masked as a client's must be (5.3)."""
        size = len(content)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | size)
        elif size < 65_536:
            head = struct.pack("!BBH", 0x80 | kind, 0xFE, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0xFF, size)
        mask = os.urandom(4)
        masked = bytes(letter ^ mask[position % 4] for position, letter in enumerate(content))
        try:
            self._line.write(head + mask + masked, timeout=10)
        except (httpcore.NetworkError, httpcore.WriteTimeout) as error:
            raise httpx.WriteError(str(error)) from error


@contextlib.contextmanager
def connected(http: httpx.Client, url: str, *, headers: Mapping[str, str] | None = None) -> Iterator[WebSocket]:
    """Open ``url`` (ws or wss, http or https). Raises RefusedHandshakeError and httpx.TransportError."""
    key = base64.b64encode(os.urandom(16))
    asked = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key.decode(),
        **(headers or {}),
    }
    plain = url.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
    with http.stream("GET", plain, headers=asked) as response:
        accepted = base64.b64encode(hashlib.sha1(key + _MAGIC).digest()).decode()  # noqa: S324  # the protocol's own
        if response.status_code != 101 or response.headers.get("sec-websocket-accept") != accepted:
            raise RefusedHandshakeError(response.status_code)
        socket = WebSocket(response.extensions["network_stream"])
        try:
            yield socket
        finally:
            with contextlib.suppress(httpx.TransportError):
                socket._write(_CLOSE, struct.pack("!H", 1000))
