"""The servers behind the browser: the screens in threads of this process, the live updates in a process of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from django.test.testcases import LiveServerThread
from pytest_django.live_server_helper import LiveServer

from tests.ports import own_port

_PATIENCE_S = 60.0


class _Attended(ThreadedWSGIServer):
    """Knows who is connected, so that it can tell when the last answer was given."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._connected: set[socket.socket] = set()
        self._left = threading.Condition()
        super().__init__(*arguments, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._left:
            self._connected.add(request)
        super().process_request(request, client_address)

    def close_request(self, request: Any) -> None:
        super().close_request(request)
        with self._left:
            self._connected.discard(request)
            self._left.notify_all()

    def hang_up(self) -> None:
        """Answer what was asked, listen to nobody any more, and return when every connection is over.

        A browser that stays connects ahead of what it may ask for: whoever comes meanwhile is not listened to either.
        """
        deadline = time.monotonic() + _PATIENCE_S
        with self._left:
            while self._connected:
                for one in self._connected:
                    with contextlib.suppress(OSError):  # it has left by itself
                        one.shutdown(socket.SHUT_RD)
                self._left.wait(0.1)
                assert time.monotonic() < deadline, "a request does not end"


class _Thread(LiveServerThread):
    server_class = _Attended


class AttendedServer(LiveServer):
    """pytest-django's server, with the static files as in life: by WhiteNoise, which lets a browser keep them."""

    def __init__(self) -> None:
        super().__init__("localhost", start=False)
        self.thread = _Thread("localhost", static_handler=lambda application: application, connections_override={})
        self.thread.daemon = True
        self.start()

    def hang_up(self) -> None:
        """See to it that nothing is being answered any more."""
        self.thread.httpd.hang_up()


def database_of_tests() -> str:
    """The address of the tests' database, for a process of its own."""
    parts = connection.settings_dict
    where = urlencode({"host": parts["HOST"], **({"port": parts["PORT"]} if parts["PORT"] else {})})
    login = f"{quote(parts['USER'], safe='')}:{quote(parts['PASSWORD'], safe='')}"
    return f"postgresql://{login}@/{quote(str(parts['NAME']))}?{where}"


@contextlib.contextmanager
def streaming() -> Iterator[int]:
    """The stream of live updates on the tests' database, in a process of its own as it is in life; its port."""
    port = own_port()
    environment = os.environ | {"COMPTOIR_DATABASE_URL": database_of_tests(), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "comptoir.config.asgi:application"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_until_open(f"http://127.0.0.1:{port}/healthz", process)
        yield port
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


@contextlib.contextmanager
def serving(live_port: int) -> Iterator[str]:
    """The screens as in life, by `comptoir web` on the tests' database, with the files laid out; their address."""
    port = own_port()
    environment = os.environ | {
        "COMPTOIR_DATABASE_URL": database_of_tests(),
        "COMPTOIR_PORT": str(port),
        "COMPTOIR_LIVE_PORT": str(live_port),
        "PYTHONPATH": str(Path.cwd()),
    }
    command = [sys.executable, "-m", "comptoir.config.cli", "web"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_until_open(f"http://127.0.0.1:{port}/account/login/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _wait_until_open(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except OSError as error:
            assert process.poll() is None, f"it ended by itself: {process.returncode}"
            if time.monotonic() > deadline:
                raise AssertionError(f"{address} does not answer: {error}") from error
            time.sleep(0.1)
