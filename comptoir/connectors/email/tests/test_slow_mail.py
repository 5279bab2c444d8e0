"""Mail made to keep its reader busy: each of these once took seconds or minutes."""

from __future__ import annotations

import struct
import time

import pytest

from comptoir.connectors.base import NetworkEvent
from comptoir.connectors.email.tests.reading_mail import FIXTURES, HEAD, message
from comptoir.connectors.email.winmail import unpack_winmail

MAGIC = b"\x78\x9f\x3e\x22\x01\x00"
MARKS = ["-", "_", "=", "*", ">", "|", ":", '"', "'", "<", "(", " ", "\u00a0", "a:", "a ", "> ", "\u1427", "x wrote "]


def quickly(raw: bytes, seconds: float = 2.0) -> NetworkEvent:
    """The seconds leave room for a machine that does other things."""
    start = time.process_time()
    event = message(raw)
    assert time.process_time() - start < seconds
    return event


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("width", [90, 480, 990, 200_000])
@pytest.mark.parametrize("end", ["", ":", "--"])
def test_runs_of_one_mark_are_read_quickly(mark: str, width: int, end: str) -> None:
    line = mark * (width // len(mark)) + end
    quickly(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "\n".join([line] * (200_000 // width)).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b'"\\' * 10_000 + b"\r\n\r\nx",
        b"From: a" + "\u00a0".encode() * 10_000 + b"b\r\n\r\nx",
        b"From: " + b"a" * 20_000 + b"\r\n\r\nx",
        b"From: " + b"a:" * 10_000 + b"\r\n\r\nx",
        HEAD + b"Content-Type: text/plain; " + b"1" * 60_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?u?q?a" * 9_000 + b"\r\n" + HEAD + b"\r\nx",
        HEAD + b"\r\n" + b"begin 644 a\r\n" * 20_000,
        HEAD + b"\r\n" + b"On 3 May 2026, Jo <jo@x.example> wrote:\r\n" * 5_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote type=cite>x" * 8_000,
        HEAD + b'Content-Type: text/html\r\n\r\n<blockquote style="' + b"border-left:" * 16_000 + b'">x',
    ],
    ids=[
        "quotes",
        "spaces",
        "no at sign",
        "groups",
        "digits",
        "words",
        "uu",
        "attributions",
        "citations",
        "style",
    ],
)
def test_one_thing_repeated_is_read_quickly(raw: bytes) -> None:
    quickly(raw, 3.0)


def test_a_number_too_long_in_a_parameter_is_no_number() -> None:
    assert quickly(HEAD + b"Content-Type: text/plain; a*" + b"9" * 5_000 + b"=x\r\n\r\nhello").text == "hello"


@pytest.mark.parametrize(
    "content",
    [
        MAGIC + bytes(2_000_000),
        MAGIC + struct.pack("<BHHI", 1, 0x9003, 6, 4) + b"\xff\xff\xff\xff" + bytes(2_000),
        MAGIC + struct.pack("<BHHI", 1, 0x9003, 6, 12) + struct.pack("<IHHI", 1, 0x1002, 1, 2**32 - 1) + bytes(20),
        MAGIC + (struct.pack("<BHHI", 1, 0x8004, 1, 0) + bytes(2)) * 100_000,
    ],
    ids=["zeros", "properties", "values", "objects"],
)
def test_a_winmail_that_is_none_stays_a_file(content: bytes) -> None:
    raw = HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + content
    assert [file.name for file in quickly(raw, 1.0).attachments] == ["winmail.dat"]
    assert unpack_winmail(content) is None


def test_a_true_winmail_is_still_opened() -> None:
    assert "winmail.dat" not in [file.name for file in message((FIXTURES / "winmail.eml").read_bytes()).attachments]
