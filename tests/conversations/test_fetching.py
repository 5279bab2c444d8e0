"""Customers' files, fetched from hosts that strangers chose."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from comptoir.connectors.base import Attachment as NetworkFile
from comptoir.conversations import fetching
from comptoir.conversations.actions import MOST_FETCHED, attach_received
from comptoir.conversations.fetching import FetchFailedError, fetch_file
from comptoir.conversations.files import FileRefusedError, open_file
from comptoir.conversations.models import Attachment
from comptoir.conversations.tasks import fetch_attachments
from comptoir.core import http
from comptoir.core.http import UnsafeAddressError
from tests.conversations.files_away import files_away  # noqa: F401  # a fixture
from tests.factories import make_conversation, make_incoming


class _Host(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the standard library's
        """Nothing."""

    def do_GET(self) -> None:
        if self.path.startswith(("/loop", "/moved", "/nowhere")):
            self.send_response(302)
            if not self.path.startswith("/nowhere"):
                self.send_header("Location", "/loop" if self.path.startswith("/loop") else "/facture.pdf")
            self.end_headers()
            return
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        if self.path == "/drip":
            for _second in range(200):
                self.wfile.write(b".")
                threading.Event().wait(0.02)
        else:
            self.wfile.write(b"%PDF-1.7\n" + b"x" * int(self.path.partition("?")[2] or 10))


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[str]:
    monkeypatch.setenv("COMPTOIR_ALLOW_PRIVATE_ADDRESSES", "1")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Host)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_is_fetched_and_known_by_its_bytes(host: str) -> None:
    kept = fetch_file(f"{host}/facture.pdf")
    with open_file(kept.storage_key) as stream:
        assert stream.read().startswith(b"%PDF")
    assert kept.mime_type == "application/pdf"


def test_a_host_that_drips_is_left_in_time(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_SECONDS", 0.2)
    with pytest.raises(FetchFailedError, match="too slowly"):
        fetch_file(f"{host}/drip")


def test_a_file_that_is_too_large_is_refused(host: str, settings: Any) -> None:
    settings.MAX_ATTACHMENT_BYTES = 1000
    with pytest.raises(FileRefusedError):
        fetch_file(f"{host}/large?5000")


def test_redirects_end(host: str) -> None:
    with pytest.raises(FetchFailedError, match="redirects"):
        fetch_file(f"{host}/loop")


def test_a_redirect_within_a_host_stays_at_that_host(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMPTOIR_ALLOW_PRIVATE_ADDRESSES")
    monkeypatch.setattr(http, "public_address", lambda _host, _port: "127.0.0.1")  # what its name leads to
    moved = host.replace("127.0.0.1", "files.example") + "/moved"
    assert fetch_file(moved, hosts=("files.example",)).mime_type == "application/pdf"


def test_a_redirect_to_nowhere_is_an_answer_like_any_other(host: str) -> None:
    with pytest.raises(FetchFailedError, match="answered 302"):
        fetch_file(f"{host}/nowhere")


def test_an_address_of_our_own_network_is_not_fetched() -> None:
    with pytest.raises(UnsafeAddressError):
        fetch_file("http://127.0.0.1:1/")


@pytest.mark.django_db
def test_each_file_of_a_message_ends_kept_or_with_its_reason(host: str) -> None:
    message = make_incoming(make_conversation())
    for position, path in enumerate(["/facture.pdf", "/gone"]):
        Attachment.objects.create(message=message, position=position, kind="file", source_url=f"{host}{path}")
    fetch_attachments(message.pk)
    states = list(message.attachments.values_list("state", "reason"))
    assert states == [(Attachment.State.STORED, ""), (Attachment.State.FAILED, "The network answered 404.")]


@pytest.mark.django_db
def test_a_host_that_does_not_answer_is_asked_again_and_then_given_up(host: str) -> None:
    message = make_incoming(make_conversation())
    Attachment.objects.create(message=message, kind="file", source_url="http://127.0.0.1:1/")
    fetch_attachments(message.pk)
    assert message.attachments.get().state == Attachment.State.PENDING
    fetch_attachments(message.pk, tries=4)
    assert message.attachments.get().state == Attachment.State.FAILED


@pytest.mark.django_db
def test_of_a_message_with_thousands_of_files_some_are_fetched_and_all_are_listed() -> None:
    message = make_incoming(make_conversation())
    attach_received(message, [NetworkFile("image", f"https://a.example/{number}") for number in range(3000)])
    kept = message.attachments.order_by("position")
    assert kept.filter(state=Attachment.State.PENDING).count() == MOST_FETCHED
    assert (kept.count(), kept.last().state) == (3000, Attachment.State.REFUSED)


@pytest.mark.django_db
def test_a_file_that_cannot_be_kept_just_now_is_fetched_again_later(host: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("files_away")
    message = make_incoming(make_conversation())
    Attachment.objects.create(message=message, kind="file", source_url=f"{host}/facture.pdf")
    fetch_attachments(message.pk)
    assert message.attachments.get().state == Attachment.State.PENDING
