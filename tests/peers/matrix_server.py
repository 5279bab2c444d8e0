"""A real Synapse on this machine, with three accounts made for the tests."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.peers.python_packages import python_of
from tests.peers.running import free_ports

_START_WITHIN_S = 120.0
_SECRET = "between-us"
_LISTENERS = """
report_stats: false
registration_shared_secret: "{secret}"
suppress_key_server_warning: true
trusted_key_servers: []
rc_message: {{per_second: 1000, burst_count: 1000}}
rc_joins: {{local: {{per_second: 1000, burst_count: 1000}}}}
rc_invites: {{per_room: {{per_second: 1000, burst_count: 1000}}, per_user: {{per_second: 1000, burst_count: 1000}}}}
listeners:
  - {{port: {port}, type: http, tls: false, bind_addresses: ["127.0.0.1"], resources: [{{names: [client, media]}}]}}
"""


@dataclass
class MatrixServer:
    base_url: str
    http: httpx.Client
    tokens: dict[str, str] = field(default_factory=dict)

    def id_of(self, username: str) -> str:
        return f"@{username}:localhost"

    def join(self, username: str) -> None:
        """Make an account (Synapse's registration by a shared secret)."""
        register = f"{self.base_url}/_synapse/admin/v1/register"
        nonce = self.http.get(register).json()["nonce"]
        said = "\x00".join((nonce, username, "pass", "notadmin")).encode()
        mac = hmac.new(_SECRET.encode(), said, hashlib.sha1).hexdigest()
        form = {"nonce": nonce, "username": username, "password": "pass", "admin": False, "mac": mac}
        response = self.http.post(register, json=form)
        assert response.is_success, response.text
        self.tokens[username] = response.json()["access_token"]

    def call(self, username: str, method: str, path: str, **options: Any) -> Any:
        """Do something as one of the accounts, as a client would."""
        headers = {"Authorization": f"Bearer {self.tokens[username]}"}
        url = f"{self.base_url}/_matrix/client/v3{path}"
        response = self.http.request(method, url, headers=headers, **options)
        assert response.is_success, response.text
        return response.json()

    def credentials_of(self, username: str) -> dict[str, str]:
        """What a person would enter to connect this account to Comptoir."""
        return {"homeserver": self.base_url, "access_token": self.tokens[username]}


@pytest.fixture(scope="session")
def matrix_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MatrixServer]:
    port, folder = free_ports(1), tmp_path_factory.mktemp("synapse")
    python = str(python_of("matrix"))
    configuration, log = folder / "homeserver.yaml", (folder / "out.log").open("ab")
    made = [python, "-m", "synapse.app.homeserver", "--server-name", "localhost", "--report-stats", "no"]
    made += ["--config-path", str(configuration), "--data-directory", str(folder), "--generate-config"]
    subprocess.run(made, check=True, stdout=log, stderr=log, timeout=120, cwd=folder)
    more = folder / "more.yaml"
    more.write_text(_LISTENERS.format(secret=_SECRET, port=port))
    command = [python, "-m", "synapse.app.homeserver", "--config-path", str(configuration), "--config-path", str(more)]
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        with httpx.Client(timeout=30) as http:
            server = MatrixServer(f"http://127.0.0.1:{port}", http)
            _wait_until_up(server, folder / "out.log")
            for username in ("marque", "lea", "tom"):
                server.join(username)
            yield server
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_up(server: MatrixServer, log: Path) -> None:
    deadline, pause = time.monotonic() + _START_WITHIN_S, threading.Event()
    while time.monotonic() < deadline:
        try:
            if server.http.get(f"{server.base_url}/_matrix/client/versions").is_success:
                return
        except httpx.TransportError:
            pause.wait(0.3)
    raise AssertionError(f"Synapse did not start: {log.read_text(errors='replace')[-2000:]}")
