"""Breaking off an answer that goes on and on: whoever reads it would wait for its next word."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import httpx


@contextlib.contextmanager
def cut_on(stop: threading.Event, response: httpx.Response) -> Iterator[None]:
    """Cut the connection as soon as ``stop`` is set; reading from it then ends, or raises httpx.RequestError."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            if stop.wait(0.5):
                _shut(response)
                return

    watcher = threading.Thread(target=watch, name="stream-stop", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()


def _shut(response: httpx.Response) -> None:
    line = response.extensions.get("network_stream")
    connection = line.get_extra_info("socket") if line is not None else None
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
