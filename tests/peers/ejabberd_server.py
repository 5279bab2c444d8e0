"""A real ejabberd on this machine, with accounts made for the tests. Debian's package ejabberd must be there."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.peers import debian
from tests.peers.running import free_ports

_START_WITHIN_S = 90.0
_CONFIGURATION = """
hosts: [localhost]
loglevel: info
auth_password_format: plain
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /xmpp-websocket: ejabberd_http_ws
      /files: mod_http_upload
access_rules:
  anyone: {{ allow: all }}
modules:
  mod_carboncopy: {{}}
  mod_disco: {{}}
  mod_ping: {{}}
  mod_roster: {{}}
  mod_caps: {{}}
  mod_mam:
    assume_mam_usage: true
    default: always
  mod_http_upload:
    host: envois.localhost
    put_url: "http://127.0.0.1:{port}/files"
    docroot: "{folder}/files"
    access: anyone
  mod_muc:
    host: salons.localhost
    access: anyone
    access_create: anyone
    access_persistent: anyone
    access_mam: anyone
    default_room_options: {{ mam: true }}
"""
_REGISTER = (
    """lists:foreach(fun(Name) -> ejabberd_auth:try_register(Name, <<"localhost">>, <<"pass">>) end, [{names}])"""
)


@contextlib.contextmanager
def ejabberd(folder: Path) -> Iterator[str]:
    """ejabberd, with what it keeps in ``folder``; the address of its WebSocket."""
    if shutil.which("erl") is None or not Path("/usr/sbin/ejabberdctl").exists():
        debian.install("ejabberd")
    port = free_ports(1)
    (folder / "files").mkdir()
    configuration = folder / "ejabberd.yml"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port))
    names = ", ".join(f'<<"{name}">>' for name in ("marque", "lea", "tom"))
    log = folder / "out.log"
    own = {
        "HOME": str(folder), "ERL_LIBS": "/usr/lib/x86_64-linux-gnu", "EJABBERD_CONFIG_PATH": str(configuration),
        "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"), "ERL_CRASH_DUMP_BYTES": "0",
    }  # fmt: skip
    with log.open("ab") as said:
        process = subprocess.Popen(
            ["erl", "-noinput", "-mnesia", "dir", f'"{folder}/mnesia"', "-s", "ejabberd", "-eval",
             _REGISTER.format(names=names)],
            env={**os.environ, **own}, stdout=said, stderr=said, cwd=folder,
        )  # fmt: skip
    try:
        _wait_until_up(port, process, log)
        yield f"ws://127.0.0.1:{port}/xmpp-websocket"
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_up(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline, pause = time.monotonic() + _START_WITHIN_S, threading.Event()
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"http://127.0.0.1:{port}/")
        except httpx.TransportError:
            pause.wait(0.2)
        else:
            pause.wait(1.0)  # the accounts are made right after
            return
    raise AssertionError(f"ejabberd did not start: {log.read_text(errors='replace')[-2000:]}")
