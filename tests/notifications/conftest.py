"""A receiver of webhooks: a real server on this machine that answers as it is told."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from comptoir.core.clock import now
from comptoir.notifications.actions import create_endpoint
from comptoir.notifications.models import WebhookEndpoint


@dataclass(frozen=True)
class Call:
    """One request that came in."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``answers``: what the next calls get; then 200. ``hang`` keeps the connection open and says nothing."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: deque[tuple[int | str, dict[str, str]]] = field(default_factory=deque)
    let_go: threading.Event = field(default_factory=threading.Event)

    def answer_next(self, *answers: int | str, **headers: str) -> None:
        self.answers.extend(
            (answer, {name.replace("_", "-"): text for name, text in headers.items()}) for answer in answers
        )

    def always(self, answer: int | str, count: int = 200) -> None:
        self.answer_next(*[answer] * count)

    @property
    def event_ids(self) -> list[int]:
        return [int(call.headers["comptoir-event-id"]) for call in self.calls]


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.receiver.calls.append(Call(headers, body))
        answer, sent = self.receiver.answers.popleft() if self.receiver.answers else (200, {})
        if isinstance(answer, int):
            self._say(answer, sent, b"noted" if answer == 200 else b"no \x00 thanks")
        elif answer == "hang":
            self.receiver.let_go.wait(30)
        elif answer == "drip":
            self._drip()
        self.close_connection = True  # "cut" says nothing at all

    def _say(self, status: int, sent: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, text in sent.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.receiver.let_go.wait(0.05):
            try:
                self.wfile.write(b".")
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, *_given: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"receiver": made}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield made
    made.let_go.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def _private_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_ALLOW_PRIVATE_WEBHOOKS", "1")


@pytest.fixture
def endpoint(db: None, receiver: Receiver, _private_allowed: None) -> WebhookEndpoint:
    """An endpoint at the receiver, which wants conversations' events."""
    made, _secret = create_endpoint(url=receiver.url, event_names=["conversation.*"])
    return made


@dataclass
class Clock:
    """The present, which a test moves."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(now())
    for module in ("attempts", "actions", "notices"):
        monkeypatch.setattr(f"comptoir.notifications.{module}.now", made)
    return made
