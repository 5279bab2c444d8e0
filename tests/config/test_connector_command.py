"""`comptoir connector`, as a program: its standard output is read by other programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from comptoir.config.payloads import content_type_of, event_lines
from comptoir.connectors.base import Connector, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.registry import connector_class

KEYS = [
    "file", "event", "direction", "visibility", "external_id", "target_id", "parent_id", "thread_id", "author", "text",
    "subject", "attachments", "rating", "sent_at", "language", "reason",
]  # fmt: skip

MAIL = (
    b"From: A <a@example.org>\r\nTo: b@example.com\r\nMessage-ID: <1@example.org>\r\n"
    b"Subject: Bonjour\r\n\r\nO\xc3\xb9 est ma lampe ?\r\n"
)


class Scripted(Connector):
    """A connector that answers as the test says."""

    kind, label = "scripted", "Scripted"
    answer: list[NetworkEvent] | Exception

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def check(self):
        raise NotImplementedError


def lines_of(tmp_path, answer, monkeypatch):
    monkeypatch.setattr(Scripted, "answer", answer, raising=False)
    (tmp_path / "x.json").write_text("{}")
    return list(event_lines(Scripted, str(tmp_path / "x.json"), own_id=None))


def comptoir(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "comptoir.config.cli", *arguments]
    return subprocess.run(
        command, capture_output=True, check=False, env=os.environ | {"COMPTOIR_LANGUAGE": "en", **environment}
    )


def test_one_line_for_each_event_with_every_key(tmp_path):
    (tmp_path / "a.eml").write_bytes(MAIL)
    done = comptoir("connector", "parse", "email", str(tmp_path / "a.eml"), LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.decode("utf-8").splitlines()
    event = json.loads(line)
    assert list(event) == KEYS
    assert (event["event"], event["text"], event["subject"]) == ("message", "Où est ma lampe ?", "Bonjour")


def test_what_cannot_be_read_is_a_line_and_exit_1_and_holds_up_nothing(tmp_path):
    (tmp_path / "a.eml").write_bytes(MAIL)
    done = comptoir("connector", "parse", "email", str(tmp_path / "none"), str(tmp_path), str(tmp_path / "a.eml"))
    assert done.returncode == 1
    assert done.stderr == b""
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert [one["event"] for one in (first, second, third)] == ["error", "error", "message"]
    assert list(first) == KEYS
    assert {key: first[key] for key in KEYS if first[key] is not None} == {
        "file": str(tmp_path / "none"),
        "event": "error",
        "reason": "The file cannot be read: No such file or directory.",
    }


def test_an_unknown_kind_is_exit_2_and_names_those_there_are():
    done = comptoir("connector", "parse", "pigeon", "x")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"email" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_list_names_the_four_kinds():
    done = comptoir("connector", "list", "--json")
    kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
    assert {"bluesky", "chat", "email", "webhook"} <= set(kinds)


def test_django_is_not_loaded(tmp_path):
    (tmp_path / "a.eml").write_bytes(MAIL)
    script = (
        "import sys; from comptoir.config.cli import run_command;"
        f"run_command(['connector', 'parse', 'email', {str(tmp_path / 'a.eml')!r}]);"
        "sys.exit(any(name.split('.')[0] in ('django', 'psycopg') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


def test_a_repeated_event_is_one_line(tmp_path, monkeypatch):
    event = NetworkEvent(EventKind.MESSAGE, external_id="1", text="a")
    other = NetworkEvent(EventKind.MESSAGE, external_id="2", text="a")
    assert len(lines_of(tmp_path, [event, other, event], monkeypatch)) == 2


@pytest.mark.parametrize("error", [PayloadError("no JSON at byte 3"), RecursionError("too deep"), KeyError("id")])
def test_a_connector_that_breaks_gives_a_line(tmp_path, monkeypatch, error):
    (line,) = lines_of(tmp_path, error, monkeypatch)
    assert line["event"] == "error"
    assert str(error) in line["reason"]


def test_half_a_character_does_not_break_the_line(tmp_path):
    (tmp_path / "a.eml").write_bytes(MAIL)
    name = os.fsencode(tmp_path) + b"/b\xff.eml"
    with open(name, "wb") as file:
        file.write(MAIL)
    command = [sys.executable.encode(), b"-m", b"comptoir.config.cli", b"connector", b"parse", b"email", name]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["event"] == "message"


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("a.json", b"x", "application/json"),
        ("a.EML", b"x", "message/rfc822"),
        ("a.form", b"x", "application/x-www-form-urlencoded"),
        ("a.xml", b"x", "application/xml"),
        ("a.html", b"x", "text/html"),
        ("a.txt", b"{}", "text/plain"),
        ("a", b"\xef\xbb\xbf {}", "application/json"),
        ("a", b"<?xml version='1.0'?>", "application/xml"),
        ("a", b"\n<p>", "text/html"),
        ("a", b"Received: from x\r\n", "message/rfc822"),
        ("a", b"From x@y Mon\nReceived: from x\r\n", "message/rfc822"),
        ("a", b"token=1&text=a+b", "application/x-www-form-urlencoded"),
        ("a", b"hello there", "text/plain"),
        ("a", b"", "text/plain"),
    ],
)
def test_what_a_payload_is_shows_in_its_name_or_its_beginning(name, body, expected):
    assert content_type_of(name, body) == expected


def test_our_name_on_the_network_says_who_we_are_as_well_as_our_id(tmp_path):
    post = {"id": "1", "created_at": "2026-03-02T08:00:00Z", "visibility": "public", "content": "<p>Ouvert</p>"}
    file = tmp_path / "status.json"
    file.write_text(json.dumps(post | {"account": {"id": "42", "acct": "boutique", "username": "boutique"}}))
    mastodon = connector_class("mastodon")
    directions = [
        line["direction"]
        for own in ("42", "@boutique", "autre")
        for line in event_lines(mastodon, str(file), own_id=own)
    ]
    assert directions == ["outgoing", "outgoing", "incoming"]


def test_a_mailbox_file_is_as_many_mails_as_are_in_it(tmp_path):
    second = MAIL.replace(b"<1@", b"<2@").replace(b"Bonjour", b"Encore")
    line = b"From a@example.org Mon May  4 10:15:00 2026\r\n"
    file = tmp_path / "mail.mbox"
    file.write_bytes(line + MAIL + b"\r\n" + line + second)
    assert [one["subject"] for one in event_lines(connector_class("email"), str(file), own_id=None)] == [
        "Bonjour",
        "Encore",
    ]
