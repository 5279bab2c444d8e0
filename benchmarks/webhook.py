"""Webhooks: a signed delivery acknowledged over HTTP, against a bare insert of the same row over one connection."""

from __future__ import annotations

import json
import os
import selectors
import socket
import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks._ground import ground, make_account, rate, verdict

_CLIENTS = 16
_SECONDS = 5.0
_PER_SECOND = 500
_TEXT = "Bonjour, ma commande n'est toujours pas arrivée alors qu'elle était annoncée pour mardi. " * 3


def main() -> bool:
    """Print both ratios; whether the floors are reached."""
    with ground() as environment:
        request, row = _request()
        floor = rate(lambda: _insert(row), seconds=_SECONDS / 2)
        port = _free_port()
        server = _serve(port, environment)
        try:
            _wait(port)
            _flood(port, request, seconds=1.0)  # warm: connections, prepared statements
            hooks = _flood(port, request, seconds=_SECONDS)
            latencies = _paced(port, request, seconds=_SECONDS * 2)
        finally:
            server.terminate()
            server.wait()
        floor = (floor + rate(lambda: _insert(row), seconds=_SECONDS / 2)) / 2
    p50, p99 = statistics.median(latencies), statistics.quantiles(latencies, n=100)[98]
    print(
        f"bare insert {floor:.0f}/s, acknowledged {hooks:.0f}/s, at {_PER_SECOND}/s p50 {p50:.1f} ms, p99 {p99:.1f} ms"
    )
    return all([verdict("of a bare insert", hooks / floor, 0.7), verdict("p99 ms", p99, 50, at_most=True)])


def _request() -> tuple[bytes, tuple[Any, ...]]:
    from comptoir.connectors.webhook.signing import HEADER, signature

    account = make_account("webhook", secret="s3cret", signing_secret="s3cret")
    body = json.dumps(
        {"events": [{"event": "message", "external_id": "m1", "author": {"id": "lea"}, "text": _TEXT}]}
    ).encode()
    stamp = str(int(time.time()))
    signed = signature("s3cret", stamp=stamp, body=body)
    head = (
        f"POST /hooks/webhook/{account.hook_key} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"{HEADER}: {signed}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    headers = {
        "host": "localhost",
        HEADER.lower(): signed,
        "content-length": str(len(body)),
        "content-type": "application/json",
    }
    return head.encode() + body, (account.pk, "application/json", json.dumps(headers), body)


def _insert(row: tuple[Any, ...]) -> int:
    from comptoir.intake import endpoint

    for _time in range(50):
        endpoint._connection().execute(endpoint._INSERT, row, prepare=True)
    return 50


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _serve(port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The web server as `comptoir web` starts it, one process with eight threads."""
    command = [sys.executable, "-c", "import sys; from comptoir.config.cli import main; sys.exit(main())", "web"]
    own = {"COMPTOIR_PORT": str(port), "COMPTOIR_WEB_PROCESSES": "1"}
    return subprocess.Popen(command, env=os.environ | environment | own, stdin=subprocess.DEVNULL)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            selectors.DefaultSelector().select(timeout=0.1)


class _Client:
    """One kept connection with at most one request on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0

    def send(self, request: bytes, begun: float) -> None:
        self.begun = begun
        self.socket.sendall(request)

    def answered(self) -> float:
        said = self.socket.recv(4096)
        if not said.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not acknowledged: {said[:200]!r}")
        return time.perf_counter() - self.begun


def _flood(port: int, request: bytes, *, seconds: float) -> float:
    """Acknowledged a second when every client asks again as soon as it was answered."""
    selector = selectors.DefaultSelector()
    begun = time.perf_counter()
    for _number in range(_CLIENTS):
        client = _Client(port)
        selector.register(client.socket, selectors.EVENT_READ, client)
        client.send(request, begun)
    done = 0
    while (present := time.perf_counter()) - begun < seconds:
        for key, _ready in selector.select(timeout=1):
            key.data.answered()
            done += 1
            key.data.send(request, present)
    took = time.perf_counter() - begun
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return done / took


def _paced(port: int, request: bytes, *, seconds: float) -> list[float]:
    """Milliseconds from when each delivery was due until it was acknowledged, at a steady pace."""
    selector = selectors.DefaultSelector()
    free = [_Client(port) for _number in range(64)]
    for client in free:
        selector.register(client.socket, selectors.EVENT_READ, client)
    begun, sent, taken = time.perf_counter(), 0, []
    total = int(seconds * _PER_SECOND)
    while len(taken) < total:
        due = begun + sent / _PER_SECOND
        while sent < total and free and due <= time.perf_counter():
            free.pop().send(request, due)
            sent += 1
            due = begun + sent / _PER_SECOND
        wait = max(0.0, due - time.perf_counter()) if sent < total else 1.0
        for key, _ready in selector.select(timeout=wait):
            taken.append(key.data.answered() * 1000)
            free.append(key.data)
    return taken


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
