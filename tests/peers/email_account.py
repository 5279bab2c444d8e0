"""An account on the test server, mail to it and replies from it, and wires to it that can be cut."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import httpx

from comptoir.connectors.base import (
    Author,
    Delivery,
    Outgoing,
    Page,
)
from comptoir.connectors.email.connector import Email
from tests.peers.mail_server import CUSTOMER, SERVICE, MailServer

TOKEN = "c-0123456789abcdef"


def connector(server: MailServer, **changes: str) -> Email:
    return Email(server.credentials(**changes), httpx.Client(), own_id=SERVICE)


def mail(subject: str = "Ma commande", text: str = "Où est ma commande ?", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Jeanne Dupont <{CUSTOMER}>"
    message["To"] = SERVICE
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def reply(**changes: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "key": "reply-1",
        "queued_at": datetime(2026, 5, 4, 9, 0, tzinfo=UTC),
        "text": "Bonjour,\n\nElle part demain.\n.\nService clients",
        "visibility": "private",
        "recipient": Author(id=CUSTOMER, handle=CUSTOMER, name="Jeanne Dupônt"),
        "thread_token": TOKEN,
        "parent_id": "<question@client.example>",
        "related_ids": ("<older@client.example>",),
        "subject": "Ma commande n° 5",
    }
    outgoing = Outgoing(**{**fields, **changes})
    return Outgoing(
        **{
            **fields,
            **changes,
            "external_id": Email({"address": SERVICE}, httpx.Client()).reserve_external_id(outgoing),
        }
    )


def polled(email: Email, cursor: Mapping[str, Any]) -> tuple[list[Delivery], Mapping[str, Any]]:
    deliveries: list[Delivery] = []
    for page in email.poll(cursor):
        deliveries += page.deliveries
        cursor = page.cursor
    return deliveries, cursor


@contextlib.contextmanager
def streaming(email: Email, cursor: Mapping[str, Any]) -> Iterator[queue.Queue[Page]]:
    """Pages as they come; leaving stops the stream and sees that it stops in time."""
    pages: queue.Queue[Page] = queue.Queue()
    stop = threading.Event()

    def run() -> None:
        for page in email.stream(cursor, stop):
            pages.put(page)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield pages
    finally:
        stop.set()
        thread.join(5)
        assert not thread.is_alive(), "the stream did not notice that it should stop"


def next_mail(pages: queue.Queue[Page], seconds: float = 10) -> Delivery:
    while True:
        page = pages.get(timeout=seconds)
        if page.deliveries:
            return page.deliveries[0]


class Cut(threading.Thread):
    """A wire to the server that acts when the mail's first bytes, or its end, come by."""

    def __init__(self, target: int, *, after: bytes, act: Callable[[], None], forward: bool) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.target, self.after, self.act, self.forward = target, after, act, forward
        self.start()

    def run(self) -> None:
        near, _ = self.listener.accept()
        far = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=self._back, args=(far, near), daemon=True).start()
        seen = b""
        with contextlib.suppress(OSError):
            while chunk := near.recv(65_536):
                seen = (seen + chunk)[-200_000:]
                if self.after in seen:
                    if self.forward:
                        far.sendall(chunk)
                    self.act()
                    break
                far.sendall(chunk)
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    @staticmethod
    def _back(far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := far.recv(65_536):
                near.sendall(chunk)
            near.shutdown(socket.SHUT_RDWR)


class Mute(threading.Thread):
    """A wire whose way back falls silent once the mail is under way."""

    def __init__(self, target: int) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.target = target
        self.silent = threading.Event()
        self.start()

    def run(self) -> None:
        near, _ = self.listener.accept()
        far = socket.create_connection(("127.0.0.1", self.target))
        threading.Thread(target=self._back, args=(far, near), daemon=True).start()
        with contextlib.suppress(OSError):
            while chunk := near.recv(65_536):
                if chunk.endswith(b".\r\n"):
                    self.silent.set()
                far.sendall(chunk)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := far.recv(65_536):
                if not self.silent.is_set():
                    near.sendall(chunk)
            near.shutdown(socket.SHUT_RDWR)
