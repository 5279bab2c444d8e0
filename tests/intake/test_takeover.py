"""A worker that is killed while it listens: another one takes its account over, and nothing is lost or doubled."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from comptoir.config.schema import fingerprint, record_fingerprint
from comptoir.conversations.models import Conversation, Message
from comptoir.intake.models import RawDelivery
from tests.factories import make_account

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]

TAKEN_OVER_WITHIN_S = 30.0
PEOPLE = 7
_PAGE = 40
_FIRST_ID = 100_000


class OwnServer(ThreadingHTTPServer):
    """A server that speaks what the Mastodon connector asks for: notifications by pages, and as they happen."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.said: list[dict[str, Any]] = []
        self.spoke = threading.Condition()
        self.listening = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def say(self) -> str:
        """Somebody mentions us; the post's id."""
        with self.spoke:
            number = len(self.said) + 1
            self.said.append(_mention(number))
            self.spoke.notify_all()
        return str(_FIRST_ID + number)

    def page_after(self, min_id: str | None) -> list[dict[str, Any]]:
        """The notifications right after ``min_id``, or the newest ones; newest first, as Mastodon gives them."""
        if min_id is None:
            return self.said[-_PAGE:][::-1]
        return [one for one in self.said if int(one["id"]) > int(min_id)][:_PAGE][::-1]


class _Answering(BaseHTTPRequestHandler):
    server: OwnServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path == "/api/v1/streaming/user":
            with contextlib.suppress(OSError):
                self._stream()
        elif parts.path == "/api/v1/notifications":
            self._answer(self.server.page_after(query.get("min_id", [None])[0]))
        elif parts.path == "/api/v1/statuses":
            wanted = set(query.get("id[]", []))
            self._answer([one["status"] for one in self.server.said if one["status"]["id"] in wanted])
        else:
            self._answer([])

    def _answer(self, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b":)\n")
        with self.server.spoke:
            told = len(self.server.said)
            self.server.listening += 1
        try:
            while True:
                with self.server.spoke:
                    self.server.spoke.wait_for(lambda told=told: len(self.server.said) > told, timeout=1.0)
                    fresh = self.server.said[told:]
                told += len(fresh)
                frames = [f"event: notification\ndata: {json.dumps(one)}\n\n" for one in fresh]
                self.wfile.write("".join(frames or [":thump\n"]).encode())
        finally:
            with self.server.spoke:
                self.server.listening -= 1

    def log_message(self, *_anything: object) -> None:
        return


def _mention(number: int) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    who = number % PEOPLE
    person = {"id": f"p{who}", "username": f"client{who}", "acct": f"client{who}@ailleurs.example"}
    status = {
        "id": str(_FIRST_ID + number), "created_at": at, "visibility": "public", "account": person,
        "content": f"<p>Où est ma commande ? ({number})</p>", "mentions": [{"id": "1", "username": "marque"}],
    }  # fmt: skip
    return {"id": str(number), "type": "mention", "created_at": at, "account": person, "status": status}


@pytest.fixture
def network() -> Iterator[OwnServer]:
    server = OwnServer()
    yield server
    server.shutdown()
    server.server_close()


class Worker:
    """`comptoir worker`, as `comptoir up` starts it, on the test's database."""

    def __init__(self, log: Path) -> None:
        self.log = log
        server = urlsplit(os.environ["COMPTOIR_DATABASE_URL"])
        url = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        own = {"COMPTOIR_DATABASE_URL": url, "COMPTOIR_LOG_LEVEL": "warning"}
        with log.open("ab") as said:
            command = [sys.executable, "-m", "comptoir.config.cli", "worker", "--concurrency", "1"]
            self.process = subprocess.Popen(command, env={**os.environ, **own}, stdout=said, stderr=said)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    connection.ensure_connection()
    record_fingerprint(connection.connection, fingerprint())  # a worker starts only on a database that is up to date
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(tmp_path / f"worker{len(started)}.log"))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
    connection.connection.execute("DROP TABLE comptoir_installation")


def eventually(holds: Callable[[], bool], within_s: float, worker: Worker) -> float:
    """Wait until something holds; the seconds that took."""
    begun = time.monotonic()
    while not holds():
        took = time.monotonic() - begun
        assert took < within_s, f"not within {within_s} s\n{worker.log.read_text(errors='replace')[-3000:]}"
        assert worker.process.poll() is None, worker.log.read_text(errors="replace")[-3000:]
        threading.Event().wait(0.1)
    return time.monotonic() - begun


@contextlib.contextmanager
def talking(network: OwnServer) -> Iterator[None]:
    """Customers who go on speaking, whoever listens."""
    stop = threading.Event()

    def talk() -> None:
        while not stop.wait(0.05):
            network.say()

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(10)


def stored() -> Counter[str]:
    """How many messages there are of each post."""
    return Counter(filter(None, Message.objects.incoming().values_list("external_id", flat=True)))


def test_the_account_of_a_killed_worker_is_taken_over_and_nothing_is_lost_or_doubled(
    network: OwnServer, workers: Callable[[], Worker]
) -> None:
    credentials = {"instance": network.url, "access_token": "t"}
    make_account(kind="mastodon", own_id="1", credentials=credentials)
    first = workers()
    eventually(lambda: network.listening == 1, 60.0, first)
    second = workers()
    eventually(lambda: beats() == 2, 60.0, second)
    with talking(network):
        eventually(lambda: sum(stored().values()) > 20, 60.0, first)
        assert network.listening == 1, "one listener in the whole deployment"
        first.kill()
        after = network.say()
        took = eventually(lambda: after in stored(), TAKEN_OVER_WITHIN_S, second)
        eventually(lambda: network.listening == 1, 10.0, second)
        time.sleep(1)  # what is said while it streams again
    expected = {one["status"]["id"] for one in network.said}
    eventually(lambda: expected <= set(stored()), 30.0, second)
    print(f"taken over after {took:.1f} s; {len(expected)} posts")
    assert stored() == Counter(dict.fromkeys(expected, 1))
    assert Conversation.objects.values("identity", "thread_id").distinct().count() == Conversation.objects.count()
    assert not RawDelivery.objects.filter(state="set_aside").exists()


def beats() -> int:
    """How many workers say that they work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_heartbeat WHERE name LIKE 'worker:%%'")
        return int(cursor.fetchone()[0])
