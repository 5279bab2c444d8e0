"""The e-mail channel against real Postfix and Dovecot: arriving, answering, bouncing, and being cut at the worst instant."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    Outgoing,
    OutgoingFile,
    Page,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.email import imap
from comptoir.connectors.email.connector import Email
from tests.peers.mail_server import CUSTOMER, DOMAIN, SERVICE, MailServer, free_port, mail_server

__all__ = ["mail_server"]
pytestmark = pytest.mark.peers

TOKEN = "c-0123456789abcdef"


@pytest.fixture
def server(mail_server: MailServer) -> MailServer:
    mail_server.empty(SERVICE)
    mail_server.empty(CUSTOMER)
    return mail_server


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


def test_mail_that_arrives_is_announced_by_the_stream(server: MailServer) -> None:
    email = connector(server)
    _, cursor = polled(email, {})
    with streaming(email, cursor) as pages:
        server.wait_for_mail(SERVICE, 0)
        server.deliver(mail())
        delivery = next_mail(pages)
    (event,) = email.parse(delivery)
    assert (event.event, event.direction, event.author.id) == (EventKind.MESSAGE, "incoming", CUSTOMER)
    assert (event.subject, event.text) == ("Ma commande", "Où est ma commande ?")


def test_mail_in_a_second_folder_is_found_too(server: MailServer) -> None:
    email = connector(server, folders="INBOX, Réclamations")
    with server.mailbox(SERVICE) as client:
        client.create_folder("Réclamations")
        _, cursor = polled(email, {})
        client.append("Réclamations", mail(subject="Dossier").as_bytes())
    deliveries, _ = polled(email, cursor)
    assert [email.parse(one)[0].subject for one in deliveries] == ["Dossier"]
    assert deliveries[0].headers["x-comptoir-folder"] == "Réclamations"


def test_first_poll_leaves_history_where_it_is(server: MailServer) -> None:
    server.deliver(mail(subject="Ancien"))
    server.wait_for_mail(SERVICE, 1)
    deliveries, cursor = polled(connector(server), {})
    assert deliveries == []
    server.deliver(mail(subject="Nouveau"))
    server.wait_for_mail(SERVICE, 2)
    deliveries, cursor = polled(connector(server), cursor)
    assert [Email({}, httpx.Client()).parse(one)[0].subject for one in deliveries] == ["Nouveau"]
    assert polled(connector(server), cursor)[0] == []


def test_first_poll_reads_the_days_of_history_asked_for(server: MailServer) -> None:
    with server.mailbox(SERVICE) as client:
        for days, subject in ((40, "Trop ancien"), (3, "Récent"), (0, "Dernier")):
            moment = datetime(2026, 5, 3 - days % 3, 12, tzinfo=UTC) if days < 40 else datetime(2026, 3, 1, tzinfo=UTC)
            client.append("INBOX", mail(subject=subject).as_bytes(), msg_time=moment)
    deliveries, _ = polled(connector(server, history_days="7"), {})
    assert [Email({}, httpx.Client()).parse(one)[0].subject for one in deliveries] == ["Récent", "Dernier"]


def test_reading_marks_nothing_as_read(server: MailServer) -> None:
    _, cursor = polled(connector(server), {})
    server.deliver(mail())
    server.wait_for_mail(SERVICE, 1)
    polled(connector(server), cursor)
    with server.mailbox(SERVICE) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") == client.search("ALL")


def test_folder_numbered_anew_gives_the_same_keys(server: MailServer) -> None:
    email = connector(server, folders="Suivi")
    raws = [mail(subject=f"Message {number}").as_bytes() for number in range(3)]
    with server.mailbox(SERVICE) as client:
        client.create_folder("Suivi")
        _, cursor = polled(email, {})
        for raw in raws:
            client.append("Suivi", raw)
        first, cursor = polled(email, cursor)
        client.delete_folder("Suivi")
        client.create_folder("Suivi")
        for raw in [*raws, mail(subject="Arrivé entre-temps").as_bytes()]:
            client.append("Suivi", raw)
        again, cursor = polled(email, cursor)
    assert len({one.key for one in first}) == 3
    assert {one.key for one in again} >= {one.key for one in first}
    assert len({one.key for one in again}) == 4
    assert polled(email, cursor)[0] == []


def test_many_mails_come_in_batches_with_a_cursor_each(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "BATCH_MESSAGES", 4)
    email = connector(server)
    _, cursor = polled(email, {})
    with server.mailbox(SERVICE) as client:
        for number in range(10):
            client.append("INBOX", mail(subject=str(number)).as_bytes())
    pages = list(email.poll(cursor))
    assert [len(page.deliveries) for page in pages if page.deliveries] == [4, 4, 2]
    rest, _ = polled(email, pages[0].cursor)
    assert [email.parse(one)[0].subject for one in rest] == ["4", "5", "6", "7", "8", "9"]


def test_mail_that_is_too_large_comes_as_its_headers_and_a_note(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "MAX_MAIL_BYTES", 2_000)
    email = connector(server)
    _, cursor = polled(email, {})
    server.deliver(mail(subject="Grand", text="x" * 5_000))
    server.wait_for_mail(SERVICE, 1)
    (delivery,), _ = polled(email, cursor)
    (event,) = email.parse(delivery)
    assert (event.subject, event.author.id) == ("Grand", CUSTOMER)
    assert "INBOX" in (event.text or "")
    assert "xxxx" not in (event.text or "")


def test_reply_reaches_the_customer_in_the_same_thread(server: MailServer) -> None:
    email = connector(server, plus_addressing="yes", sent_folder="Sent")
    with server.mailbox(SERVICE) as client:
        client.create_folder("Sent")
    outgoing = reply(files=(OutgoingFile("reçu n° 5.txt", "text/plain", b"merci"),))
    sent = email.send(outgoing)
    (raw,) = server.wait_for_mail(CUSTOMER, 1)
    (event,) = Email({}, httpx.Client(), own_id=CUSTOMER).parse(Delivery(raw, "message/rfc822"))
    assert event.external_id == sent.external_id == f"<{TOKEN}.reply-1@{DOMAIN}>"
    assert event.parent_id == "<question@client.example>"
    assert event.thread_id == "<older@client.example>"
    assert event.subject == "Re: Ma commande n° 5"
    assert event.text == outgoing.text
    assert event.custom["reply_to"] == f"service+{TOKEN}@{DOMAIN}"
    assert [(file.name, file.content) for file in event.attachments] == [("reçu n° 5.txt", b"merci")]
    assert event.author.name == "Service clients"
    (echo,) = [email.parse(Delivery(one, "message/rfc822"))[0] for one in server.mails(SERVICE, "Sent")]
    assert (echo.direction, echo.external_id) == ("outgoing", sent.external_id)
    assert echo.counterpart is not None
    assert echo.counterpart.id == CUSTOMER


def test_answer_to_our_reply_brings_the_conversation_token_back(server: MailServer) -> None:
    email = connector(server, plus_addressing="yes")
    _, cursor = polled(email, {})
    sent = email.send(reply())
    answer = mail(subject="Re: Ma commande", In_Reply_To=sent.external_id)
    server.deliver(answer, recipient=f"service+{TOKEN}@{DOMAIN}")
    server.wait_for_mail(SERVICE, 1)
    (delivery,), _ = polled(email, cursor)
    (event,) = email.parse(delivery)
    assert (event.thread_token, event.parent_id) == (TOKEN, sent.external_id)


def test_mail_to_an_unknown_person_comes_back_as_a_failure_of_our_message(server: MailServer) -> None:
    email = connector(server)
    _, cursor = polled(email, {})
    nobody = Author(id=f"nobody@{DOMAIN}", handle=f"nobody@{DOMAIN}")
    sent = email.send(reply(recipient=nobody))
    server.wait_for_mail(SERVICE, 1)
    (delivery,), _ = polled(email, cursor)
    message, failure = email.parse(delivery)
    assert (message.event, message.automatic, message.direction) == (EventKind.MESSAGE, True, "incoming")
    assert (failure.event, failure.target_id, failure.direction) == (EventKind.FAILED, sent.external_id, "outgoing")
    assert f"nobody@{DOMAIN}" in (failure.reason or "")


def test_wrong_password_is_an_authentication_error_both_ways(server: MailServer) -> None:
    email = connector(server, password="wrong")
    with pytest.raises(AuthError):
        email.check()
    with pytest.raises(AuthError):
        list(email.poll({}))
    with pytest.raises(AuthError):
        email.send(reply())


def test_check_tells_who_we_are(server: MailServer) -> None:
    health = connector(server).check()
    assert (health.own_id, health.name) == (SERVICE, "Service clients")


def test_check_names_a_folder_that_does_not_exist(server: MailServer) -> None:
    with pytest.raises(PermanentError, match="Nulle part"):
        connector(server, folders="INBOX, Nulle part").check()


def test_server_that_refuses_connections_is_worth_another_try(server: MailServer) -> None:
    with pytest.raises(TransientError):
        connector(server, smtp_port=str(free_port())).send(reply())
    with pytest.raises(TransientError):
        list(connector(server, imap_port=str(free_port())).poll({}))


def test_sender_the_server_does_not_know_is_refused_for_good(server: MailServer) -> None:
    outside = Author(id="someone@elsewhere.example", handle="someone@elsewhere.example")
    with pytest.raises(PermanentError):
        connector(server, username="", password="", smtp_username="").send(reply(recipient=outside))


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


def test_wire_cut_before_the_end_of_the_mail_is_worth_another_try(server: MailServer) -> None:
    cut = Cut(server.smtp_port, after=b"Subject:", act=lambda: None, forward=False)
    with pytest.raises(TransientError):
        connector(server, smtp_port=str(cut.port)).send(
            reply(files=(OutgoingFile("x.bin", "application/pdf", os.urandom(3_000_000)),))
        )
    assert server.mails(CUSTOMER) == []


def test_wire_cut_after_the_end_of_the_mail_leaves_us_uncertain(server: MailServer) -> None:
    def until_delivered() -> None:
        server.wait_for_mail(CUSTOMER, 1)

    cut = Cut(server.smtp_port, after=b"\r\n.\r\n", act=until_delivered, forward=True)
    cut_back = connector(server, smtp_port=str(Mute(cut.port).port))
    with pytest.raises(UncertainError):
        cut_back.send(reply())
    assert len(server.mails(CUSTOMER)) == 1, "it had been delivered: a blind retry would have made two"


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


def test_server_killed_while_it_takes_the_mail_leaves_us_uncertain(server: MailServer) -> None:
    def kill() -> None:
        for pid in server.smtpd_pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    cut = Cut(server.smtp_port, after=b"\r\n.\r\n", act=kill, forward=False)
    with pytest.raises(UncertainError):
        connector(server, smtp_port=str(cut.port)).send(reply())


def test_stream_ends_with_a_transient_error_when_the_server_goes_away(server: MailServer) -> None:
    cut = Cut(server.imap_port, after=b"IDLE", act=lambda: None, forward=False)
    with pytest.raises(TransientError):
        list(connector(server, imap_port=str(cut.port)).stream({}, threading.Event()))
