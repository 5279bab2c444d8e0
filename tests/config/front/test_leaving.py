"""Who asks and leaves before their turn: what they sent is taken, what they only wanted to read is not made."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from comptoir.config.front.application import Front, Largest

_MANY = 30


class Behind:
    """The application: its only thread waits in the first call until it may go on."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.may_go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.called.append(environ["REQUEST_METHOD"])
        assert self.may_go_on.wait(60)
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]


def scope(method: str) -> dict[str, Any]:
    headers = [(b"host", b"localhost"), (b"content-length", b"1")] if method == "POST" else []
    return {
        "type": "http", "method": method, "raw_path": b"/", "query_string": b"", "http_version": "1.1",
        "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "headers": headers,
    }  # fmt: skip


def leaving(method: str) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Sends all, and has then gone."""
    coming = iter([{"type": "http.request", "body": b"x", "more_body": False}] if method == "POST" else [])

    async def receive() -> dict[str, Any]:
        return next(coming, {"type": "http.disconnect"})

    return receive


async def nobody_reads(_message: Any) -> None:
    raise OSError("gone")


async def many_ask_and_leave(behind: Behind, method: str) -> None:
    front = Front(behind, threads=1, largest=Largest(1024, 2048, lambda _environ: False))
    asked = [asyncio.ensure_future(front(scope(method), leaving(method), nobody_reads)) for _number in range(_MANY)]
    while not behind.called:  # it is a thread that calls
        await asyncio.sleep(0.01)
    behind.may_go_on.set()
    await asyncio.wait_for(asyncio.gather(*asked), 60)


@pytest.mark.parametrize(("method", "least", "most"), [("POST", _MANY, _MANY), ("GET", 1, 3)])
def test_what_was_sent_is_taken_and_what_was_to_be_read_is_not_made(method, least, most):
    behind = Behind()
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, many_ask_and_leave(behind, method)).result()
    assert least <= len(behind.called) <= most
