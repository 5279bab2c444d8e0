"""Connections that are over in time whatever the other side does: also one that sends a byte now and then."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore


class Hurry:
    """How long everything may take, from the last `begin` on."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._deadline = time.monotonic() + within_s

    def begin(self) -> None:
        self._deadline = time.monotonic() + self._within_s

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """The seconds that one step may take. Raises ``late`` once there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise late("It took too long.")
        return left if timeout is None else min(left, timeout)


class HurriedBackend(httpcore.NetworkBackend):
    """Opens connections of which each step has only the time that is left."""

    def __init__(self, hurry: Hurry) -> None:
        self._hurry = hurry
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """As httpcore does."""
        left = self._hurry.left(timeout, httpcore.ConnectTimeout)
        return _HurriedStream(self._inner.connect_tcp(host, port, left, local_address, socket_options), self._hurry)


class _HurriedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, hurry: Hurry) -> None:
        self._inner = inner
        self._hurry = hurry

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._hurry.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._hurry.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._hurry.left(timeout, httpcore.ConnectTimeout)
        return _HurriedStream(self._inner.start_tls(ssl_context, server_hostname, left), self._hurry)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
