"""A whole AT Protocol network of our own: PLC directory, PDS and AppView, started for the peer tests.

The servers come from npm, by the lock file of the folder ``bluesky``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from comptoir.config.postgres.server import EmbeddedPostgres
from tests.peers import debian
from tests.peers.node_packages import packages
from tests.ports import own_port

_HERE = Path(__file__).parent / "bluesky"
_PASSWORD = "a password for tests"


@dataclass
class Person:
    """Somebody with an account on the network, who uses it without Comptoir."""

    pds_url: str
    handle: str
    did: str
    token: str
    http: httpx.Client = field(repr=False)

    def call(self, verb: str, method: str, **request: Any) -> dict[str, Any]:
        response = self.http.request(
            verb, f"{self.pds_url}/xrpc/{method}", headers={"authorization": f"Bearer {self.token}"}, **request
        )
        assert response.is_success, f"{method}: {response.status_code} {response.text}"
        return dict(response.json()) if response.content else {}

    def post(self, text: str, **fields: Any) -> dict[str, Any]:
        """Publish a post; fields are the record's (facets, reply, embed, langs)."""
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": now(), **fields}
        body = {"repo": self.did, "collection": "app.bsky.feed.post", "record": record}
        return self.call("POST", "com.atproto.repo.createRecord", json=body)

    def mention(self, other: Person, text: str, **fields: Any) -> dict[str, Any]:
        """Publish a post that begins by naming somebody."""
        named = f"@{other.handle}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": other.did}
        facet = {"index": {"byteStart": 0, "byteEnd": len(named)}, "features": [feature]}
        return self.post(f"{named} {text}", facets=[facet], **fields)

    def delete(self, uri: str) -> None:
        rkey = uri.rpartition("/")[2]
        body = {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": rkey}
        self.call("POST", "com.atproto.repo.deleteRecord", json=body)

    def thread(self, uri: str) -> dict[str, Any]:
        return dict(self.call("GET", "app.bsky.feed.getPostThread", params={"uri": uri})["thread"])

    def see(self, uri: str) -> None:
        """Wait until the network shows a post: nobody answers before, and it would tell nobody of such an answer."""
        eventually(lambda: self.call("GET", "app.bsky.feed.getPosts", params={"uris": [uri]})["posts"])

    def posts(self) -> list[dict[str, Any]]:
        """The posts that really stand in this person's repository."""
        place = {"repo": self.did, "collection": "app.bsky.feed.post", "limit": 100}
        return list(self.call("GET", "com.atproto.repo.listRecords", params=place)["records"])


@dataclass
class BlueskyNetwork:
    pds_url: str
    http: httpx.Client = field(repr=False)

    def join(self, name: str) -> Person:
        """Make an account ``name.test`` and wait until the whole network knows it."""
        account = {"handle": f"{name}.test", "email": f"{name}@example.test", "password": _PASSWORD}
        response = self.http.post(f"{self.pds_url}/xrpc/com.atproto.server.createAccount", json=account)
        assert response.is_success, response.text
        opened = response.json()
        person = Person(self.pds_url, opened["handle"], opened["did"], opened["accessJwt"], self.http)
        profile = {"$type": "app.bsky.actor.profile", "displayName": name.capitalize()}
        record = {"repo": person.did, "collection": "app.bsky.actor.profile", "rkey": "self", "record": profile}
        person.call("POST", "com.atproto.repo.putRecord", json=record)
        eventually(lambda: person.call("GET", "app.bsky.actor.getProfile", params={"actor": person.did}))
        return person

    def credentials_of(self, person: Person) -> dict[str, str]:
        """What a person would enter to connect this account to Comptoir."""
        made = person.call(
            "POST", "com.atproto.server.createAppPassword", json={"name": f"comptoir {time.monotonic_ns()}"}
        )
        return {"identifier": person.handle, "app_password": made["password"], "service": self.pds_url}


def now() -> str:
    """The instant as clients write it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def eventually(look: Callable[[], Any], patience_s: float = 120) -> Any:
    """Look again until there is something to see: the AppView follows the PDS a second or two later."""
    deadline, pause = time.monotonic() + patience_s, threading.Event()
    while True:
        try:
            if seen := look():
                return seen
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"nothing to see after {patience_s} s"
        pause.wait(0.25)


@pytest.fixture(scope="session")
def bluesky_network() -> Iterator[BlueskyNetwork]:
    with running_network() as network:
        yield network


@contextlib.contextmanager
def running_network() -> Iterator[BlueskyNetwork]:
    """Start the servers on free ports of this machine only, and stop them by their own process ids."""
    node, installed = packages("bluesky")
    redis_program = _redis_program()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="comptoir-bluesky-")))
        folder.chmod(0o755)
        postgres = EmbeddedPostgres(folder / "database", durable=False)
        stack.callback(postgres.stop)
        database_url = postgres.start()
        redis_port = stack.enter_context(_redis(redis_program, folder))
        environment = {
            **os.environ,
            "DB_POSTGRES_URL": database_url,
            "REDIS_HOST": f"127.0.0.1:{redis_port}",
            "LOG_ENABLED": "false",
            "NODE_OPTIONS": "--no-deprecation",
        }
        pds_url = stack.enter_context(_servers(node, installed, environment, folder / "servers.log"))
        yield BlueskyNetwork(pds_url, stack.enter_context(httpx.Client(timeout=30)))


@contextlib.contextmanager
def _servers(node: Path, installed: Path, environment: dict[str, str], log: Path) -> Iterator[str]:
    ports = [str(own_port()) for _ in range(4)]
    command = [str(node), "--require", str(_HERE / "loopback.cjs"), str(_HERE / "network.cjs"), str(installed), *ports]
    with log.open("wb") as output:
        servers = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, env=environment, text=True
        )
    try:
        assert servers.stdout is not None
        said = servers.stdout.readline()
        assert said, f"the network did not start: {log.read_text(errors='replace')[-2000:]}"
        yield str(json.loads(said)["pds"])
    finally:
        _stop(servers)
        for pipe in (servers.stdin, servers.stdout):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def _redis(program: str, folder: Path) -> Iterator[int]:
    port = own_port()
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    redis = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: redis.poll() is not None or _answers(port))
        assert redis.poll() is None, "redis-server did not start"
        yield port
    finally:
        _stop(redis)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _redis_program() -> str:
    """Redis of the system; installed where that is possible, without letting its package start a daemon."""
    if program := shutil.which("redis-server"):
        return program
    debian.install("redis-server")
    program = shutil.which("redis-server")
    assert program, "apt-get installed redis-server, but it is not in PATH"
    return program
