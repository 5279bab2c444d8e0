"""A thousand browsers that only listen, in one process: `python -m benchmarks._live_clients PORT`, sessions on stdin.

Prints "ready" when all of them are connected; ends when stdin is closed, then prints one JSON list for each browser:
[last event id, monotonic time] of everything it was told.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time

_ID = re.compile(rb"id: (\d+)\n")
_PATIENCE_S = 30


def main(port: int) -> None:
    """Connect, listen, report."""
    keys = json.loads(sys.stdin.readline())
    selector = selectors.DefaultSelector()
    heard: list[list[tuple[int, float]]] = []
    for key in keys:
        browser = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)
        browser.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: comptoir_session={key}\r\n\r\n".encode())
        heard.append([])
        selector.register(browser, selectors.EVENT_READ, (len(heard) - 1, bytearray()))
    _greeted(selector, len(keys))
    print("ready", flush=True)
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    while True:
        for ready, _mask in selector.select():
            if ready.data is None:
                for one in heard:
                    print(json.dumps(one))
                return
            _hear(ready, heard)


def _greeted(selector: selectors.BaseSelector, count: int) -> None:
    """Wait for the first beat of each."""
    waiting = set(range(count))
    while waiting:
        greeted = selector.select(_PATIENCE_S)
        if not greeted:
            raise SystemExit(f"{len(waiting)} browsers were not greeted")
        for ready, _mask in greeted:
            number, buffer = ready.data
            buffer += _received(ready)
            if b"event: beat" in buffer:
                buffer.clear()
                waiting.discard(number)


def _received(ready: selectors.SelectorKey) -> bytes:
    words: bytes = ready.fileobj.recv(65536)  # type: ignore[union-attr]  # a socket
    if not words:
        raise SystemExit("the server closed a browser's stream")
    return words


def _hear(ready: selectors.SelectorKey, heard: list[list[tuple[int, float]]]) -> None:
    number, buffer = ready.data
    buffer += _received(ready)
    present = time.monotonic()
    end = 0
    for found in _ID.finditer(buffer):
        heard[number].append((int(found[1]), present))
        end = found.end()
    del buffer[:end]


if __name__ == "__main__":
    main(int(sys.argv[1]))
