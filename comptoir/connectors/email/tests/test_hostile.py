"""Charsets that lie, and mail made to break its reader."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.base import (
    PayloadError,
)
from comptoir.connectors.email.charsets import decode
from comptoir.connectors.email.quotes import split_reply
from comptoir.connectors.email.tests.reading_mail import HEAD, message, parsed


@pytest.mark.parametrize(
    "raw, label, expected",
    [
        (b"L\x92\xe9t\xe9 5 \x80", "iso-8859-1", "L’été 5 €"),
        ("été".encode(), "iso-8859-1", "été"),
        ("Ça été".encode().decode("latin-1").encode(), "utf-8", "Ça été"),
        ("你好，镕基".encode("gb18030"), "gb2312", "你好，镕基"),
        (b"Hi +Jjo-", "unicode-1-1-utf-7", "Hi ☺"),
        ("こんにちは".encode("iso2022_jp"), None, "こんにちは"),
        ("été ".encode() * 10 + b"\xe9", "utf-8", "été " * 10 + "é"),
        (b"a\x00b\x07", "us-ascii", "ab"),
        (b"abc", "base64", "abc"),
    ],
)
def test_bytes_are_read_whatever_their_label_says(raw: bytes, label: str | None, expected: str) -> None:
    assert decode(raw, label) == expected


def test_empty_delivery_is_refused_with_a_reason() -> None:
    with pytest.raises(PayloadError, match="empty"):
        parsed(b"\r\n")


@pytest.mark.parametrize(
    "raw",
    [
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2_000))
        + b"\r\nx",
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"x",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nhi\r\n" * 20_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000 + b"x",
        HEAD + b"\r\n" + b"on 3 may 2020 a b c:\r\n" * 20_000,
        HEAD + b"\r\n" + b"From: x\r\nSent: y\r\n" * 20_000,
        b"From: " + b"(" * 20_000 + b"\r\nSubject: " + b"=?utf-8?q?" * 5_000 + b"\r\n\r\nx",
        HEAD + b"\r\n" + b"x" * 8_000_000,
    ],
    ids=["nested parts", "nested mails", "many parts", "deep html", "colons", "headers", "brackets", "one line"],
)
def test_mail_made_to_break_us_is_read_in_bounded_time(raw: bytes) -> None:
    start = time.process_time()
    parsed(raw)
    assert time.process_time() - start < 5


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=600),
    st.sampled_from(
        [b"text/plain", b"text/html", b"multipart/mixed; boundary=b", b"text/calendar", b"application/ms-tnef"]
    ),
)
def test_no_bytes_make_the_reader_fail(noise: bytes, kind: bytes) -> None:
    for raw in (HEAD + b"Content-Type: " + kind + b"\r\n\r\n--b\r\n" + noise, b"From: " + noise + b"\r\n\r\nx"):
        (event, *_) = parsed(raw)
        for text in (event.text, event.subject, event.author.name, event.author.handle):
            assert text is None or (text.isascii() or text.encode("utf-8")) is not None
            assert "\x00" not in (text or "")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_splitting_a_reply_loses_no_word_of_a_person(text: str) -> None:
    body = decode(text.encode("utf-8", "replace"))
    split = split_reply(body)
    assert split.text or not body.strip("\n \t\u00a0") or not split.quoted


@pytest.mark.parametrize(
    ("raw", "said"), [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", ".eml"), (b"%PDF-1.4\n\x00\x00\x00", "neither")]
)
def test_what_is_no_mail_is_refused_in_words(raw: bytes, said: str) -> None:
    with pytest.raises(PayloadError, match=said):
        parsed(raw)


def test_words_that_only_claim_to_be_base64_are_read_as_they_are() -> None:
    head = HEAD + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert message(head + b"Il manque une piece dans mon colis de lundi.\r\n").text == (
        "Il manque une piece dans mon colis de lundi."
    )
    assert message(head + b"Qm9uam91cg==\r\n").text == "Bonjour"


def test_signs_numbered_as_windows_does_are_read() -> None:
    assert message(HEAD + "\r\nL\u0092ami paye 12 \u0080".encode()).text == "L’ami paye 12 €"
