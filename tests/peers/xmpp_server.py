"""Real XMPP servers on this machine, with accounts made for the tests: Prosody and ejabberd, Debian's packages."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.peers import debian
from tests.peers.ejabberd_server import ejabberd
from tests.peers.running import free_ports

_START_WITHIN_S = 60.0
_CONFIGURATION = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ }}
s2s_ports = {{ }}
http_ports = {{ {port} }}
http_interfaces = {{ "127.0.0.1" }}
https_ports = {{ }}
http_default_host = "localhost"
modules_enabled = {{ "roster", "saslauth", "disco", "carbons", "mam", "ping", "websocket" }}
modules_disabled = {{ "s2s" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_websocket_secure = true
authentication = "internal_plain"
storage = "internal"
default_archive_policy = true
log = {{ info = "{folder}/prosody.log" }}
VirtualHost "localhost"
disco_items = {{ {{ "envois.localhost" }} }}
Component "envois.localhost" "http_file_share"
http_host = "127.0.0.1"
http_external_url = "http://127.0.0.1:{port}/"
Component "salons.localhost" "muc"
modules_enabled = {{ "muc_mam" }}
"""


@dataclass
class XmppServer:
    websocket_url: str
    kind: str

    @property
    def gives_lasting_ids(self) -> bool:
        """Whether people in rooms have an id beside their nickname (XEP-0421): ejabberd since 23.10."""
        return self.kind == "prosody"

    def credentials_of(self, username: str) -> dict[str, str]:
        """What a person would enter to connect this account to Comptoir."""
        return {"jid": f"{username}@localhost", "password": "pass", "websocket_url": self.websocket_url}


@pytest.fixture(scope="session", params=["prosody", "ejabberd"])
def xmpp_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[XmppServer]:
    running = prosody if request.param == "prosody" else ejabberd
    with running(tmp_path_factory.mktemp(request.param)) as websocket_url:
        yield XmppServer(websocket_url, request.param)


@contextlib.contextmanager
def prosody(folder: Path) -> Iterator[str]:
    """Prosody, with what it keeps in ``folder``; the address of its WebSocket."""
    if shutil.which("prosody") is None:
        debian.install("prosody")
    port = free_ports(1)
    configuration = folder / "prosody.cfg.lua"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port))
    for username in ("marque", "lea", "tom"):
        made = ["prosodyctl", "--root", "--config", str(configuration), "register", username, "localhost", "pass"]
        subprocess.run(made, check=True, capture_output=True, timeout=60)
    log = (folder / "out.log").open("ab")
    process = subprocess.Popen(
        ["prosody", "-F", "--root", "--config", str(configuration)], stdout=log, stderr=log, cwd=folder
    )
    try:
        _wait_until_up(port, folder / "prosody.log")
        yield f"ws://127.0.0.1:{port}/xmpp-websocket"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(port: int, log: Path) -> None:
    deadline, pause = time.monotonic() + _START_WITHIN_S, threading.Event()
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
            return
        except httpx.TransportError:
            pause.wait(0.2)
    raise AssertionError(f"Prosody did not start: {log.read_text(errors='replace')[-2000:] if log.exists() else ''}")
