"""Files that a network gives only to who asks, or who shows its token."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from comptoir.connectors import registry
from comptoir.connectors.base import AuthError, LocatesMedia, MediaSource, PermanentError, TransientError
from comptoir.conversations.models import Attachment, Message
from comptoir.conversations.tasks import fetch_attachments
from tests.factories import make_account, make_conversation, make_incoming
from tests.fake_network import Fake

pytestmark = pytest.mark.django_db


class _Host(BaseHTTPRequestHandler):
    heard: ClassVar[list[tuple[int, str]]]
    elsewhere: ClassVar[str] = ""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the standard library's
        """Nothing."""

    def do_GET(self) -> None:
        self.heard.append((self.server.server_port, self.headers.get("Authorization", "")))
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", self.path.partition("?")[2] or self.elsewhere)
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"%PDF-1.7\nfacture")


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[list[str]]:
    """Two hosts; the first sends to the second who asks for /away."""
    monkeypatch.setenv("COMPTOIR_ALLOW_PRIVATE_ADDRESSES", "1")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    handler = type("Handler", (_Host,), {"heard": []})
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for _host in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    addresses = [f"http://127.0.0.1:{server.server_port}" for server in servers]
    handler.elsewhere = addresses[1] + "/file"
    monkeypatch.setattr(_Host, "heard", handler.heard, raising=False)
    yield addresses
    for server in servers:
        server.shutdown()
        server.server_close()


class Asking(Fake, LocatesMedia):
    """A network whose files have ids."""

    kind, label = "asking", "Asking network"
    media_hosts = ("127.0.0.1",)
    found: ClassVar[dict[str, MediaSource | Exception]] = {}

    def locate(self, url: str) -> MediaSource:
        answer = self.found[url]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def message(monkeypatch: pytest.MonkeyPatch) -> Message:
    monkeypatch.setattr(Asking, "found", {})
    registered = dict(registry.connector_classes()) | {"asking": Asking}
    monkeypatch.setattr(registry, "connector_classes", lambda: registered)
    said = make_incoming(make_conversation(account=make_account(kind="asking")))
    Attachment.objects.create(message=said, kind="file", source_url="asking:42")
    return said


def fetched(message: Message) -> Attachment:
    fetch_attachments(message.pk)
    return message.attachments.get()


def test_a_file_is_asked_for_and_fetched_with_what_opens_it(hosts: list[str], message: Message) -> None:
    Asking.found["asking:42"] = MediaSource(hosts[0] + "/file", {"Authorization": "Bearer t0ken"})
    assert fetched(message).state == Attachment.State.STORED
    assert [said for _port, said in _Host.heard] == ["Bearer t0ken"]


def test_what_opens_it_is_not_told_to_another_host(hosts: list[str], message: Message) -> None:
    Asking.found["asking:42"] = MediaSource(hosts[0] + "/away", {"Authorization": "Bearer t0ken"})
    assert fetched(message).state == Attachment.State.STORED
    assert [said for _port, said in _Host.heard] == ["Bearer t0ken", ""]


@pytest.mark.parametrize("error", [TransientError("Not now."), AuthError("The access is over.")])
def test_a_network_that_is_away_is_asked_again(error: Exception, message: Message) -> None:
    Asking.found["asking:42"] = error
    assert fetched(message).state == Attachment.State.PENDING


def test_a_file_that_the_network_no_longer_has_says_so(message: Message) -> None:
    Asking.found["asking:42"] = PermanentError("The file has expired.")
    found = fetched(message)
    assert (found.state, found.reason) == (Attachment.State.FAILED, "The file has expired.")


def test_a_file_that_lies_where_the_network_keeps_none_is_refused_and_nobody_is_asked(
    hosts: list[str], message: Message
) -> None:
    Asking.found["asking:42"] = MediaSource(hosts[0].replace("127.0.0.1", "localhost") + "/file")
    found = fetched(message)
    assert found.state == Attachment.State.REFUSED
    assert "“localhost” is not where this network keeps its files" in found.reason
    assert _Host.heard == []


def test_nor_may_a_network_send_us_elsewhere(hosts: list[str], message: Message) -> None:
    elsewhere = hosts[1].replace("127.0.0.1", "localhost") + "/file"
    Asking.found["asking:42"] = MediaSource(f"{hosts[0]}/away?{elsewhere}", {"Authorization": "Bearer t0ken"})
    assert fetched(message).state == Attachment.State.REFUSED
    assert len(_Host.heard) == 1


def test_whoever_runs_the_counter_may_allow_another_host(hosts: list[str], message: Message, settings: Any) -> None:
    settings.MEDIA_HOSTS = ("localhost",)
    Asking.found["asking:42"] = MediaSource(hosts[0].replace("127.0.0.1", "localhost") + "/file")
    assert fetched(message).state == Attachment.State.STORED
