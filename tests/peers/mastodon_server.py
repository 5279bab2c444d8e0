"""mastodon-mock, a server with state that speaks Mastodon's client API, with three accounts made for the tests."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.peers.python_packages import python_of
from tests.peers.running import free_ports

_START_WITHIN_S = 60.0
_ACCOUNTS = {"marque": "token-of-the-brand", "lea": "token-of-lea", "tom": "token-of-tom"}
_CONFIGURATION = """
[server]
host = "127.0.0.1"
port = {port}
[auth]
enforce_scopes = true
[streaming]
heartbeat_seconds = 1.0
"""


@dataclass
class MastodonServer:
    base_url: str
    http: httpx.Client

    def credentials_of(self, username: str) -> dict[str, str]:
        """What a person would enter to connect this account to Comptoir."""
        return {"instance": self.base_url, "access_token": _ACCOUNTS[username]}

    def call(self, username: str, method: str, path: str, **options: Any) -> Any:
        """Do something as one of the accounts, as an app would."""
        headers = {"Authorization": f"Bearer {_ACCOUNTS[username]}"}
        response = self.http.request(method, f"{self.base_url}{path}", headers=headers, **options)
        assert response.is_success, response.text
        return response.json()

    def id_of(self, username: str) -> str:
        return str(self.call(username, "GET", "/api/v1/accounts/verify_credentials")["id"])


@pytest.fixture(scope="session")
def mastodon_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MastodonServer]:
    port, folder = free_ports(1), tmp_path_factory.mktemp("mastodon")
    configuration = _CONFIGURATION.format(port=port) + "".join(
        f'[[seed.accounts]]\nusername = "{name}"\naccess_token = "{token}"\n' for name, token in _ACCOUNTS.items()
    )
    (folder / "server.toml").write_text(configuration)
    log = (folder / "server.log").open("ab")
    command = [str(python_of("mastodon")), "-m", "mastodon_mock", "serve", "--in-memory", "--config"]
    process = subprocess.Popen([*command, str(folder / "server.toml")], stdout=log, stderr=log)
    try:
        with httpx.Client(timeout=20) as http:
            _wait_until_up(f"http://127.0.0.1:{port}", http, folder / "server.log")
            yield MastodonServer(f"http://127.0.0.1:{port}", http)
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(base_url: str, http: httpx.Client, log: Path) -> None:
    deadline, pause = time.monotonic() + _START_WITHIN_S, threading.Event()
    while time.monotonic() < deadline:
        try:
            if http.get(f"{base_url}/api/v1/instance").is_success:
                return
        except httpx.TransportError:
            pause.wait(0.2)
    raise AssertionError(f"mastodon-mock did not start: {log.read_text(errors='replace')[-2000:]}")
