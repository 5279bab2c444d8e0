"""Replies that leave, against real Postfix and Dovecot: in the thread, bounced, refused, cut at the worst instant."""

from __future__ import annotations

import contextlib
import os
import signal

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.email.connector import Email
from tests.peers.email_account import TOKEN, Cut, Mute, connector, mail, polled, reply
from tests.peers.mail_configuration import ACCENTED, ACCENTED_PASSWORD
from tests.peers.mail_server import CUSTOMER, DOMAIN, SERVICE, MailServer, mail_server, server
from tests.ports import own_port

__all__ = ["mail_server", "server"]
pytestmark = pytest.mark.peers


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


def test_password_with_accents_opens_the_account(server: MailServer) -> None:
    account = {"username": ACCENTED, "password": ACCENTED_PASSWORD, "address": ACCENTED}
    assert connector(server, **account).check().own_id == ACCENTED
    with pytest.raises(AuthError):
        connector(server, **{**account, "password": "sésame"}).check()
    with pytest.raises(AuthError):
        connector(server, **{**account, "password": "sésame"}).send(reply())


def test_check_tells_who_we_are(server: MailServer) -> None:
    health = connector(server).check()
    assert (health.own_id, health.name) == (SERVICE, "Service clients")


def test_check_names_a_folder_that_does_not_exist(server: MailServer) -> None:
    with pytest.raises(PermanentError, match="Nulle part"):
        connector(server, folders="INBOX, Nulle part").check()


def encrypted(server: MailServer, way: str) -> dict[str, str]:
    ports = (server.imaps_port, server.smtps_port) if way == "ssl" else (server.imap_port, server.smtp_port)
    return {
        "imap_host": "localhost",
        "smtp_host": "localhost",
        "imap_port": str(ports[0]),
        "smtp_port": str(ports[1]),
        "imap_security": way,
        "smtp_security": way,
    }


@pytest.mark.parametrize("way", ["ssl", "starttls"])
def test_encrypted_connections_carry_mail_both_ways(
    server: MailServer, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.home / "certificate.pem"))
    email = connector(server, **encrypted(server, way))
    assert email.check().own_id == SERVICE
    email.send(reply())
    assert len(server.wait_for_mail(CUSTOMER, 1)) == 1


@pytest.mark.parametrize("way", ["ssl", "starttls"])
def test_certificate_that_cannot_be_trusted_gets_no_password(server: MailServer, way: str) -> None:
    email = connector(server, **encrypted(server, way))
    with pytest.raises(PermanentError, match="certificate"):
        email.check()
    with pytest.raises(PermanentError, match="certificate"):
        email.send(reply())


def test_server_that_refuses_connections_is_worth_another_try(server: MailServer) -> None:
    with pytest.raises(TransientError):
        connector(server, smtp_port=str(own_port())).send(reply())
    with pytest.raises(TransientError):
        list(connector(server, imap_port=str(own_port())).poll({}))


def test_sender_the_server_does_not_know_is_refused_for_good(server: MailServer) -> None:
    outside = Author(id="someone@elsewhere.example", handle="someone@elsewhere.example")
    with pytest.raises(PermanentError):
        connector(server, username="", password="", smtp_username="").send(reply(recipient=outside))


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


def test_server_killed_while_it_takes_the_mail_leaves_us_uncertain(server: MailServer) -> None:
    def kill() -> None:
        for pid in server.smtpd_pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    cut = Cut(server.smtp_port, after=b"\r\n.\r\n", act=kill, forward=False)
    with pytest.raises(UncertainError):
        connector(server, smtp_port=str(cut.port)).send(reply())
