"""Who speaks: a customer, ourselves, or a machine."""

from __future__ import annotations

import pytest

from comptoir.connectors.base import (
    Author,
    EventKind,
)
from comptoir.connectors.email.tests.reading_mail import FIXTURES, HEAD, message, parsed


def test_mail_from_our_own_address_is_outgoing_and_names_the_other_side() -> None:
    event = message(b"From: Service <SERVICE@boutique.example>\r\nTo: Jeanne <jeanne@client.example>\r\n\r\nx")
    assert event.direction == "outgoing"
    assert event.counterpart == Author(id="jeanne@client.example", handle="jeanne@client.example", name="Jeanne")


def test_mail_from_an_alias_is_outgoing() -> None:
    raw = b"From: contact@boutique.example\r\nTo: j@client.example\r\n\r\nx"
    assert message(raw, own="service@boutique.example, Contact@boutique.example").direction == "outgoing"


@pytest.mark.parametrize(
    ("said", "direction"),
    [(b"mx.boutique.example; spf=fail; dmarc=fail (p=none) header.from=boutique.example", "incoming"),
     (b"mx.boutique.example; dmarc=pass header.from=boutique.example", "outgoing")],
)  # fmt: skip
def test_mail_in_our_name_that_our_server_disowns_is_not_our_words(said: bytes, direction: str) -> None:
    head = b"Authentication-Results: " + said + b"\r\nFrom: service@boutique.example\r\nTo: j@client.example\r\n"
    assert message(head + b"\r\nNous remboursons tout.").direction == direction


def test_contact_form_in_our_own_name_is_the_customer_writing() -> None:
    event = message(
        b"From: service@boutique.example\r\nTo: service@boutique.example\r\nReply-To: J <j@client.example>\r\n\r\nx"
    )
    assert (event.direction, event.author.id) == ("incoming", "j@client.example")


@pytest.mark.parametrize(
    "header",
    [
        b"Auto-Submitted: auto-replied",
        b"Precedence: bulk",
        b"X-Autoreply: yes",
        b"List-Unsubscribe: <mailto:x@y.z>",
        b"Return-Path: <>",
        b"X-Comptoir-Account: service@boutique.example",
        b"X-Loop: x@y.z",
    ],
)
def test_mail_no_person_wrote_is_automatic(header: bytes) -> None:
    assert message(header + b"\r\n" + HEAD + b"\r\nx").automatic


@pytest.mark.parametrize("header", [b"Auto-Submitted: no", b"List-Id: <service.boutique.example>", b"X-Mailer: x"])
def test_mail_a_person_wrote_is_not_automatic(header: bytes) -> None:
    assert not message(header + b"\r\n" + HEAD + b"\r\nx").automatic


BOUNCE = FIXTURES / "bounce_of_ours.eml"


def test_bounce_of_our_message_is_its_failure_too() -> None:
    bounce, failure = parsed(BOUNCE.read_bytes())
    assert bounce.automatic
    assert bounce.related_ids[0] == failure.target_id == "<c-0123456789abcdef.r1@boutique.example>"
    assert failure.event is EventKind.FAILED


def test_bounce_of_a_message_that_is_not_ours_fails_nothing() -> None:
    raw = (
        BOUNCE.read_bytes()
        .replace(b"<c-0123456789abcdef.r1@", b"<other@")
        .replace(b"From: service@", b"From: someone@")
    )
    assert [event.event for event in parsed(raw)] == [EventKind.MESSAGE]


def test_delay_is_not_a_failure() -> None:
    raw = BOUNCE.read_bytes().replace(b"Action: failed", b"Action: delayed").replace(b"5.1.1", b"4.1.1")
    assert [event.event for event in parsed(raw)] == [EventKind.MESSAGE]


def test_bounce_that_follows_no_standard_is_still_a_failure() -> None:
    raw = (
        b"From: MAILER-DAEMON@x.example\r\nTo: service@boutique.example\r\nSubject: failure notice\r\n\r\nSorry.\r\n"
        b"--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <c-0123456789abcdef.k@boutique.example>\r\n"
    )
    assert [event.target_id for event in parsed(raw)] == [None, "<c-0123456789abcdef.k@boutique.example>"]


def test_absence_that_quotes_our_message_fails_nothing() -> None:
    raw = b"Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n" + HEAD
    raw += b"\r\nJe suis en vacances.\r\n\r\nMessage-ID: <c-0123456789abcdef.k@boutique.example>\r\n"
    assert [event.event for event in parsed(raw)] == [EventKind.MESSAGE]


RECEIPT = (
    b"From: Jeanne <jeanne@client.example>\r\nTo: service@boutique.example\r\nSubject: Lu : Commande\r\n"
    b"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
    b"--b\r\n\r\nVotre message a \xc3\xa9t\xc3\xa9 lu.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
    b"Final-Recipient: rfc822; jeanne@client.example\r\n"
    b"Original-Message-ID: <c-0123456789abcdef.k@boutique.example>\r\n"
    b"Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
)


def test_receipt_says_that_our_message_was_read() -> None:
    notice, reading = parsed(RECEIPT)
    assert (notice.automatic, notice.text) == (True, "Votre message a été lu.")
    assert (reading.event, reading.target_id) == (EventKind.READ, "<c-0123456789abcdef.k@boutique.example>")


def test_receipt_for_a_message_deleted_unread_says_nothing_of_reading() -> None:
    assert [event.event for event in parsed(RECEIPT.replace(b"displayed", b"deleted"))] == [EventKind.MESSAGE]


GROUP = (
    b"To: service@boutique.example\r\nSubject: s\r\nList-ID: <service.boutique.example>\r\n"
    b"From: \"'Jeanne' via Service\" <service@boutique.example>\r\n"
)


@pytest.mark.parametrize(
    "told",
    [
        b"X-Original-From: Jeanne <jeanne@client.example>\r\nReply-To: service@boutique.example\r\n",
        b"X-Original-Sender: jeanne@client.example\r\nReply-To: service@boutique.example\r\n",
        b"Reply-To: Jeanne <jeanne@client.example>\r\n",
    ],
)
def test_who_writes_to_a_group_that_is_our_mailbox_is_no_one_of_us(told: bytes) -> None:
    event = message(GROUP + told + b"\r\nBonjour\r\n")
    assert (event.direction, event.author.id, event.author.name) == ("incoming", "jeanne@client.example", "Jeanne")
    assert event.custom.get("reply_to") in (None, "jeanne@client.example")


def test_what_we_write_through_our_own_group_stays_ours() -> None:
    assert message(GROUP + b"\r\nBonjour\r\n").direction == "outgoing"
