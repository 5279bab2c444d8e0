"""A mail server that no connection comes about with: what is most likely amiss in the settings."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator

import pytest

from comptoir.connectors.base import AuthError, TransientError
from comptoir.connectors.email import imap, smtp
from comptoir.connectors.email.refusals import unreachable

OTHERWISE = "%(host)s failed: “%(said)s”."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "No server named “imap.example” was found"),
        (ConnectionRefusedError(111, "Connection refused"), "takes no mail at this port"),
        (TimeoutError("timed out"), "did not answer in time"),
        (ssl.SSLError(1, "WRONG_VERSION_NUMBER"), "does not speak encrypted at this port"),
        (ConnectionResetError(104, "reset by peer"), "imap.example failed: “[Errno 104] reset by peer”."),
    ],
)
def test_what_failed_is_said_in_words_and_not_in_numbers(error: Exception, said: str) -> None:
    assert said in unreachable("imap.example", error, otherwise=OTHERWISE).reason


@pytest.fixture
def closed_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def test_a_port_where_nothing_listens_is_told_for_reading(closed_port: str) -> None:
    settings = {"imap_host": "127.0.0.1", "imap_port": closed_port, "username": "a", "password": "b"}
    with pytest.raises(TransientError, match="takes no mail at this port"), imap.mailbox(settings):
        pass


def test_a_port_where_nothing_listens_is_told_for_sending(closed_port: str) -> None:
    settings = {"smtp_host": "127.0.0.1", "smtp_port": closed_port, "address": "a@example.org"}
    with pytest.raises(TransientError, match="takes no mail at this port"), smtp.mail_server(settings):
        pass


@pytest.fixture
def refusing_port() -> Iterator[str]:
    """A mailbox that lets nobody in."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_refuse_sign_in, args=(server,), daemon=True).start()
        yield str(server.getsockname()[1])


def _refuse_sign_in(server: socket.socket) -> None:
    connection, _address = server.accept()
    with connection, connection.makefile("rwb") as wire:
        wire.write(b"* OK IMAP4rev1 ready\r\n")
        wire.flush()
        for line in wire:
            tag, command = line.split()[:2]
            answers = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n"}
            wire.write(answers.get(command.upper(), tag + b" NO [AUTHENTICATIONFAILED] Not you.\r\n"))
            wire.flush()


def test_a_wrong_password_is_told_in_the_servers_own_words(refusing_port: str) -> None:
    settings = {
        "imap_host": "127.0.0.1", "imap_port": refusing_port, "imap_security": "none", "username": "a", "password": "b",
    }  # fmt: skip
    with pytest.raises(AuthError, match=r"“.AUTHENTICATIONFAILED. Not you.”"), imap.mailbox(settings):
        pass
