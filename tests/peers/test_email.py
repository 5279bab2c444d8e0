"""Mail that arrives, against real Postfix and Dovecot: announced, in batches, renumbered, too large."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import httpx
import pytest

from comptoir.connectors.base import (
    EventKind,
    TransientError,
)
from comptoir.connectors.email import imap
from comptoir.connectors.email.connector import Email
from tests.peers.email_account import Cut, connector, mail, next_mail, polled, streaming
from tests.peers.mail_server import CUSTOMER, SERVICE, MailServer, mail_server, server

__all__ = ["mail_server", "server"]
pytestmark = pytest.mark.peers


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


def test_stream_ends_with_a_transient_error_when_the_server_goes_away(server: MailServer) -> None:
    cut = Cut(server.imap_port, after=b"IDLE", act=lambda: None, forward=False)
    with pytest.raises(TransientError):
        list(connector(server, imap_port=str(cut.port)).stream({}, threading.Event()))
