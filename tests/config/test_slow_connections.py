"""A thousand slow connections to `comptoir up` with no proxy before it: webhooks, pages and live updates go on."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.config.parents import allow_many_files
from tests.peers.running import RunningCounter, message
from tests.ports import own_port

pytestmark = pytest.mark.peers

EACH = 500
ROUNDS_S = 35.0  # longer than a head or a body may take: those that are closed come back
SLOW_BODY = b"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n"
SLOW_HEAD = b"GET /account/login/ HTTP/1.1\r\nHost: local"

_LISTENER = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from comptoir.people.models import Agent, User
user = User.objects.create_user(email="lea@example.com", password="not needed here")
Agent.objects.create(user=user, name="Léa", role=Agent.Role.ADMINISTRATOR)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.create()
print(json.dumps(session.session_key))
"""


class Slow:
    """Connections that send the first bytes of something, and then one a minute; whichever is closed is opened anew."""

    def __init__(self, port: int, first: bytes) -> None:
        self._port, self._first = port, first
        self._open = [self._opened() for _number in range(EACH)]

    def _opened(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        connection.sendall(self._first)
        connection.setblocking(False)
        return connection

    def come_back(self) -> int:
        """Open again what was closed; how many that were."""
        closed = [number for number, connection in enumerate(self._open) if _is_closed(connection)]
        for number in closed:
            self._open[number].close()
            self._open[number] = self._opened()
        return len(closed)

    def close(self) -> None:
        for connection in self._open:
            connection.close()


def _is_closed(connection: socket.socket) -> bool:
    with contextlib.suppress(BlockingIOError):
        try:
            while connection.recv(4096):
                pass
        except ConnectionResetError:
            pass
        return True
    return False


@pytest.fixture(scope="module")
def counter(open_folder: Path) -> Iterator[RunningCounter]:
    environment = {"COMPTOIR_POSTGRES_DIR": str(open_folder / "elsewhere"), "COMPTOIR_LIVE_PORT": str(own_port())}
    counter = RunningCounter(open_folder / "var", port=own_port(), environment=environment)
    counter.start()
    counter.connect_webhook()
    yield counter
    counter.stop()


@pytest.fixture
def live(counter: RunningCounter) -> Iterator[socket.socket]:
    """A browser that listens."""
    key = counter.run(_LISTENER)
    port = int(counter.environment["COMPTOIR_LIVE_PORT"])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as browser:
        browser.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: comptoir_session={key}\r\n\r\n".encode())
        heard(browser, b"event: beat")
        yield browser


def heard(browser: socket.socket, words: bytes) -> None:
    """Wait until the stream says so."""
    said = b""
    while words not in said:
        piece = browser.recv(65536)
        assert piece, "the stream was closed"
        said += piece


def test_webhooks_pages_and_live_updates_go_on_among_slow_connections(counter, live):
    allow_many_files()
    pages, streams = counter.port, int(counter.environment["COMPTOIR_LIVE_PORT"])
    body = SLOW_BODY.replace(b"{path}", counter.hook.encode()) + b'{"events": ['
    slow = [Slow(pages, body), Slow(pages, SLOW_HEAD), Slow(streams, SLOW_HEAD)]
    closed, slowest_s, number, began_at = 0, 0.0, 0, time.monotonic()
    try:
        while time.monotonic() - began_at < ROUNDS_S:
            number += 1
            begun = time.monotonic()
            assert counter.deliver(message(number)) == 200
            assert counter._request("GET", "/account/login/")[0] == 200
            slowest_s = max(slowest_s, time.monotonic() - begun)
            heard(live, b"data: ")
            closed += sum(one.come_back() for one in slow)
            time.sleep(0.2)  # a customer writes now and then
    finally:
        for one in slow:
            one.close()
    assert closed >= EACH, "slow connections were not closed"
    assert number > ROUNDS_S / 2
    assert slowest_s < 5.0  # on a machine that has much else to do
