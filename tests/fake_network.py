"""A network of our own to test against: a real HTTP server on this machine that answers as it is told.

Its connector comes in three kinds: ``fake`` (no way to know what became of a cut attempt), ``fake_safe`` (resends
safely: the network drops what bears a key it knows) and ``fake_findable`` (can be asked what arrived).
"""

from __future__ import annotations

import itertools
import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from comptoir.connectors import registry
from comptoir.connectors.base import (
    ANYWHERE,
    Addressee,
    Answer,
    AuthError,
    Author,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    EventKind,
    FindsSent,
    Health,
    HidesOthers,
    HookRequest,
    Likes,
    Limits,
    Moderates,
    NetworkEvent,
    Outgoing,
    PayloadError,
    PermanentError,
    ReceivesWebhooks,
    Reports,
    SendsMessages,
    Sent,
    SignatureError,
    Standing,
    TransientError,
    UncertainError,
)

#: Longer than the fake network needs on any machine; how long its silence is listened to.
PATIENCE_S, SILENCE_S = 30.0, 2.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that the network took."""

    id: str
    key: str
    text: str
    said: Mapping[str, Any]


@dataclass
class FakeNetwork:
    """What arrived, and how the next requests are answered.

    An answer is ``accept``; ``429``, ``429:SECONDS``, ``500``, ``400``, ``401`` (not accepted); ``cut before`` (the
    connection breaks, nothing is kept); ``cut after``, ``half``, ``garbage``, ``silence`` (accepted, and the answer is
    missing, halved, not JSON, or never comes). ``hold`` keeps requests waiting until it is set.
    """

    url: str = ""
    arrived: list[Arrival] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    liked: list[str] = field(default_factory=list)
    unliked: list[str] = field(default_factory=list)
    edits: list[Mapping[str, Any]] = field(default_factory=list)
    reports: list[Mapping[str, Any]] = field(default_factory=list)
    at: datetime | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    _answers: deque[str] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer_next(self, *answers: str) -> None:
        """Answer the next requests to send like this; those after them are accepted."""
        self._answers.extend(answers)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.arrived]

    @property
    def patience(self) -> httpx.Timeout:
        """How long to wait for the next answer: not for one that will never come."""
        is_silent = bool(self._answers) and self._answers[0] == "silence"
        return httpx.Timeout(PATIENCE_S, read=SILENCE_S if is_silent else PATIENCE_S)

    def next_answer(self) -> str:
        with self._lock:
            return self._answers.popleft() if self._answers else "accept"

    def accept(self, said: Mapping[str, Any], *, knows_keys: bool) -> Arrival:
        with self._lock:
            for one in self.arrived:
                if knows_keys and one.key == said["key"]:
                    return one
            external_id = said.get("external_id") or f"net-{len(self.arrived) + 1}"
            arrival = Arrival(external_id, said["key"], said["text"], said)
            self.arrived.append(arrival)
            return arrival


#: The networks of the tests that run, by the first part of their addresses.
_networks: dict[str, FakeNetwork] = {}
_number = itertools.count(1)


class _Handler(BaseHTTPRequestHandler):
    network: FakeNetwork
    protocol_version = "HTTP/1.1"

    def parse_request(self) -> bool:
        """Find the network that is meant; nobody is left of a test that is over."""
        if not super().parse_request():
            return False
        _root, number, path = self.path.split("/", 2)
        self.path = f"/{path}"
        if number not in _networks:
            self.send_error(410)
            return False
        self.network = _networks[number]
        return True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the standard library's
        """Nothing: what a test wants to see is in FakeNetwork."""

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, *, kept: int = -1) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",  # said, since it is done: a client would send the next request into a closed one
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if kept < 0 else body[:kept])
        self.close_connection = True

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.network.reached.set()
        self.network.hold.wait(30)
        how = self.network.next_answer()
        number, _colon, seconds = how.partition(":")
        if number.isdigit():
            self._answer(int(number), b"{}", {"Retry-After": seconds} if seconds else None)
        elif how == "cut before":
            self.close_connection = True
        else:
            self._accepted(how, said)

    def _accepted(self, how: str, said: Mapping[str, Any]) -> None:
        arrival = self.network.accept(said, knows_keys="Idempotency-Key" in self.headers)
        at = (self.network.at or datetime.now(UTC)).isoformat()
        body = json.dumps({"id": arrival.id, "at": at}).encode()
        if how == "silence":
            self.network.over.wait(PATIENCE_S)
        elif how == "half":
            self._answer(200, body, kept=len(body) // 2)
        elif how == "garbage":
            self._answer(200, b"<html>\xff\xfe not json")
        elif how != "cut after":
            self._answer(200, body)
        self.close_connection = True

    def do_GET(self) -> None:
        key = parse_qs(urlsplit(self.path).query)["key"][0]
        self.network.asked.append(key)
        how = self.network.next_answer()
        if how.isdigit():
            self._answer(int(how), b"{}")
            return
        found = [{"id": one.id} for one in self.network.arrived if one.key == key]
        self._answer(200, json.dumps(found).encode())

    def do_PUT(self) -> None:
        how = self.network.next_answer()
        written = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
        if written is not None:
            (self.network.edits if self.path.startswith("/messages/") else self.network.reports).append(written)
            self._answer(int(how) if how.isdigit() else 200, b"{}")
            return
        done = self.network.liked if self.path.startswith("/likes/") else self.network.hidden
        done.append(self.path.rpartition("/")[2])
        self._answer(int(how) if how.isdigit() else 200, b"{}")

    def do_DELETE(self) -> None:
        where = {"hidden": self.network.shown, "likes": self.network.unliked, "comments": self.network.removed}
        gone = where.get(self.path.split("/")[1], self.network.deleted)
        gone.append(self.path.rpartition("/")[2])
        how = self.network.next_answer()
        self._answer(int(how) if how.isdigit() else 200, b"{}")


class Fake(
    Connector, ReceivesWebhooks, SendsMessages, EditsMessages, Moderates, HidesOthers, DeletesOthers, Likes, Reports
):  # fmt: skip
    """A network that offers nothing against doubling."""

    kind, label = "fake", "Fake network"
    media_hosts = ANYWHERE
    limits = Limits(max_text_chars=300, max_files=2, file_types=("image/*",), sends_per_minute=6000)
    url: ClassVar[str] = ""
    network: ClassVar[FakeNetwork] = FakeNetwork()
    sends_key: ClassVar[bool] = False
    writes_from_any_account = True

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        """A JSON list of events: {"event", "id", "author", "text", "thread", "parent", "at", "direction"…}."""
        try:
            return [self._event(one) for one in json.loads(delivery.body)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PayloadError(f"Not a list of events: {error}") from error

    def _event(self, one: Mapping[str, Any]) -> NetworkEvent:
        is_ours = one.get("direction") == "outgoing"
        return NetworkEvent(
            event=EventKind(one.get("event", "message")),
            direction="outgoing" if is_ours else "incoming",
            visibility=one.get("visibility", "private"),
            external_id=one.get("id"),
            target_id=one.get("target"),
            parent_id=one.get("parent"),
            thread_id=one.get("thread"),
            author=Author(id=one.get("author"), name=one.get("name")),
            counterpart=Author(id=one["to"]) if one.get("to") else None,
            text=one.get("text"),
            sent_at=datetime.fromisoformat(one["at"]) if one.get("at") else None,
        )

    def verify(self, request: HookRequest) -> None:
        if request.headers.get("x-fake-secret") != "s3cret":
            raise SignatureError("The secret does not match.")

    def addressees(self, request: HookRequest) -> list[Addressee]:
        return [Addressee("fake", own_id) for own_id in request.headers.get("x-fake-about", "").split()]

    def challenge(self, request: HookRequest) -> Answer | None:
        asked = request.query.get("challenge")
        return Answer(body=asked.encode()) if asked is not None else None

    def check(self) -> Health:
        return Health(own_id=self.own_id or "us")

    def send(self, outgoing: Outgoing) -> Sent:
        said = {
            "key": outgoing.key,
            "text": outgoing.text,
            "external_id": outgoing.external_id,
            "recipient": outgoing.recipient.id,
            "parent_id": outgoing.parent_id,
            "files": [file.name for file in outgoing.files],
        }
        headers = {"Idempotency-Key": outgoing.key} if self.sends_key else {}
        answer = self._call("POST", "/messages", json=said, headers=headers).json()
        return Sent(answer["id"], datetime.fromisoformat(answer["at"]), custom={"kept": outgoing.key})

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        said = {"id": external_id, "text": outgoing.text, "key": outgoing.key, "kept": custom.get("kept")}
        self._call("PUT", f"/messages/{external_id}", json=said)

    def report(self, external_id: str, author: Author, *, comment: str) -> None:
        said = {"id": external_id, "author": author.id, "comment": comment}
        self._call("PUT", f"/reports/{external_id}", json=said)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._call("DELETE", f"/messages/{external_id}")

    def may_hide(self, message: Standing) -> bool:
        return message.thread_id.startswith("ours")

    def hide(self, external_id: str, *, thread_id: str) -> None:
        self._call("PUT", f"/hidden/{external_id}")

    def show(self, external_id: str, *, thread_id: str) -> None:
        self._call("DELETE", f"/hidden/{external_id}")

    def may_remove(self, message: Standing) -> bool:
        return message.thread_id.startswith("ours")

    def remove(self, external_id: str, *, thread_id: str) -> None:
        self._call("DELETE", f"/comments/{external_id}")

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._call("PUT", f"/likes/{external_id}")

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._call("DELETE", f"/likes/{external_id}")

    def _call(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            response = self.http.request(method, self.url + path, timeout=self.network.patience, **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise TransientError("The network cannot be reached.") from error
        except httpx.HTTPError as error:
            raise UncertainError("The connection was cut before the network had answered.") from error
        if response.status_code == 401:
            raise AuthError("The network no longer knows us.")
        if response.status_code == 429 or response.status_code >= 500:
            after = response.headers.get("retry-after")
            wish = timedelta(seconds=float(after)) if after else None
            raise TransientError(f"The network answered {response.status_code}.", retry_after=wish)
        if response.status_code >= 400:
            raise PermanentError(f"The network refused it ({response.status_code}).")
        return response


class FakeSafe(Fake):
    """A network that drops what it has already: it takes our key, and the id that we choose."""

    kind, label = "fake_safe", "Fake network with keys"
    resends_safely = True
    writes_from_any_account = False
    sends_key = True

    def reserve_external_id(self, outgoing: Outgoing) -> str | None:
        return f"ours-{outgoing.key}"


class FakeFindable(Fake, FindsSent):
    """A network that can be asked what arrived."""

    kind, label = "fake_findable", "Fake network with a search"

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        found = self._call("GET", f"/messages?key={outgoing.key}").json()
        return Sent(found[0]["id"]) if found else None


KINDS = (Fake, FakeSafe, FakeFindable)


@cache
def _server() -> ThreadingHTTPServer:
    """The one server of this process: starting and stopping one takes longer than most tests."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@contextmanager
def running_network() -> Iterator[FakeNetwork]:
    """A network, and its three connectors registered, until the end."""
    network, number = FakeNetwork(), str(next(_number))
    network.hold.set()
    network.url = f"http://127.0.0.1:{_server().server_port}/{number}"
    _networks[number] = network
    registered = dict(registry.connector_classes()) | {kind.kind: kind for kind in KINDS}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fake, "url", network.url)
        patch.setattr(Fake, "network", network)
        patch.setattr(registry, "connector_classes", lambda: registered)
        yield network
    del _networks[number]
    network.hold.set()
    network.over.set()


@pytest.fixture
def fake_network() -> Iterator[FakeNetwork]:
    """A running network for the time of one test."""
    with running_network() as network:
        yield network
