"""The mail that carries a reply, without a network; tests/peers has the real servers."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

import pytest

from comptoir.connectors.base import (
    Author,
    Outgoing,
    OutgoingFile,
    PermanentError,
)
from comptoir.connectors.email import smtp
from comptoir.connectors.email.compose import recipient_address
from comptoir.connectors.email.connector import Email
from comptoir.connectors.email.headers import unencoded
from comptoir.connectors.email.tests.reading_mail import NO_NETWORK, OWN


def outgoing(**changes: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "key": "k1",
        "queued_at": datetime(2026, 5, 4, 9, tzinfo=UTC),
        "text": "Bonjour",
        "visibility": "private",
        "recipient": Author(id="j@client.example", handle="j@client.example", name="Jeanne"),
        "thread_token": "c-0123456789abcdef",
        "parent_id": "<c@x>",
        "related_ids": ("<b@x>", "<a@x>"),
        "subject": "Commande",
    }
    return Outgoing(**{**fields, **changes})


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What would have been handed to the mail server."""
    sent: list[bytes] = []
    monkeypatch.setattr(smtp, "_connected", lambda credentials, host: _NoServer())

    def take(server: object, sender: str, recipients: list[str], raw: bytes) -> dict[str, str]:
        sent.append(raw)
        return {}

    monkeypatch.setattr(smtp, "hand_over", take)
    return sent


class _NoServer:
    sock = None

    def has_extn(self, name: str) -> bool:
        return False

    def quit(self) -> None: ...

    def close(self) -> None: ...


CREDENTIALS = {"address": OWN, "smtp_host": "mail.example", "smtp_security": "none", "sender_name": "Service"}


def sent(wire: list[bytes], reply: Outgoing, **credentials: str) -> Any:
    Email({**CREDENTIALS, **credentials}, NO_NETWORK, own_id=OWN).send(reply)
    return message_from_bytes(wire[-1])


def test_reply_continues_the_thread(wire: list[bytes]) -> None:
    mail = sent(wire, outgoing())
    assert mail["References"].split() == ["<a@x>", "<b@x>", "<c@x>"]
    assert (mail["In-Reply-To"], mail["Subject"]) == ("<c@x>", "Re: Commande")
    assert mail["Message-ID"] == "<c-0123456789abcdef.k1@boutique.example>"


def test_reply_is_the_same_bytes_at_every_attempt(wire: list[bytes]) -> None:
    reply = outgoing(text="é" * 200, files=(OutgoingFile("a.txt", "text/plain", b"x"),))
    sent(wire, reply)
    sent(wire, reply)
    assert wire[0] == wire[1]


@pytest.mark.parametrize("subject", ["Re: Commande", "RE: Commande", "Réf: x", "AW: x", "Re[2]: x"])
def test_subject_says_re_only_once(wire: list[bytes], subject: str) -> None:
    assert unencoded(sent(wire, outgoing(subject=subject))["Subject"]).count(":") <= 2
    assert not unencoded(sent(wire, outgoing(subject="Re: x"))["Subject"]).startswith("Re: Re:")


def test_no_text_can_add_a_header(wire: list[bytes]) -> None:
    evil = "x\r\nBcc: victim@example.org\r\n\r\nbody"
    reply = outgoing(
        subject=evil,
        sender_name=evil,
        recipient=Author(id="j@client.example", handle="j@client.example", name=evil),
        parent_id="<a@b>\r\nBcc: v@example.org",
        related_ids=("<a@b>\nBcc: v@example.org",),
        files=(OutgoingFile("a\r\nBcc: v@example.org", "text/plain\r\nBcc: v@example.org", b"x"),),
    )
    mail = sent(wire, reply)
    assert mail["Bcc"] is None
    assert b"\nBcc:" not in wire[-1]


def test_reply_address_carries_the_token_where_the_server_allows(wire: list[bytes]) -> None:
    assert sent(wire, outgoing(), plus_addressing="yes")["Reply-To"].endswith(
        "<service+c-0123456789abcdef@boutique.example>"
    )
    assert sent(wire, outgoing())["Reply-To"] is None


def test_answer_goes_where_the_customer_asked() -> None:
    own = frozenset({OWN})
    assert (
        recipient_address(outgoing(parent_custom={"reply_to": "other@client.example"}), own) == "other@client.example"
    )
    assert (
        recipient_address(outgoing(parent_custom={"reply_to": "service+c-1@boutique.example"}), own)
        == "j@client.example"
    )


def test_contact_without_an_address_cannot_be_written_to() -> None:
    with pytest.raises(PermanentError):
        recipient_address(outgoing(recipient=Author(id="mailer-daemon", handle="MAILER-DAEMON")), frozenset())


def test_line_that_is_only_a_full_stop_does_not_end_the_mail() -> None:
    assert smtp._dotted(b"a\n.\n.b\r\n") == b"a\r\n..\r\n..b\r\n"


@pytest.mark.parametrize("port", ["smtp", "0", "70000", "-1"])
def test_port_that_is_none_is_said_plainly(port: str) -> None:
    with pytest.raises(PermanentError, match="no port"):
        Email({**CREDENTIALS, "smtp_port": port}, NO_NETWORK).send(outgoing())


def test_server_name_that_is_none_is_said_plainly() -> None:
    with pytest.raises(PermanentError, match="no name of a server"):
        Email({**CREDENTIALS, "smtp_host": "mail..example"}, NO_NETWORK).send(outgoing())


@pytest.mark.parametrize(
    "address", ["j@client.example\n", "j@client.example\nBcc: x@y.example", '"j"@client.example\n']
)
def test_an_address_that_ends_a_header_is_none(address: str) -> None:
    with pytest.raises(PermanentError):
        recipient_address(outgoing(recipient=Author(id=address, handle=address)), OWN)


def test_an_id_that_ends_a_header_is_not_referred_to(wire: list[bytes]) -> None:
    credentials = {"address": "service@boutique.example", "smtp_host": "x", "imap_host": "x"}
    Email(credentials, NO_NETWORK).send(outgoing(parent_id="<c@x>\n", related_ids=("<b@x>\n",)))
    sent = message_from_bytes(wire[0])
    assert (sent["References"], sent["In-Reply-To"], sent["Subject"]) == (None, None, "Re: Commande")
