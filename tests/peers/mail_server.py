"""Real Postfix and Dovecot on loopback: installed once, started on free ports, stopped by their own process ids."""

from __future__ import annotations

import contextlib
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.peers import debian
from tests.peers.mail_configuration import (
    CUSTOMER,
    DOMAIN,
    PASSWORD,
    SERVICE,
    configure_dovecot,
    configure_postfix,
    make_certificate,
)
from tests.ports import own_port

__all__ = ["CUSTOMER", "DOMAIN", "SERVICE", "MailServer", "mail_server", "server"]

PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")


@dataclass
class MailServer:
    """Both daemons; ``smtp_port`` takes mail, ``imap_port`` gives it out."""

    home: Path
    smtp_port: int
    imap_port: int
    lmtp_port: int
    auth_port: int
    smtps_port: int
    imaps_port: int
    dovecot: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def credentials(self, **changes: str) -> dict[str, str]:
        """What an account of this server would have stored."""
        return {
            "address": SERVICE,
            "sender_name": "Service clients",
            "username": SERVICE,
            "password": PASSWORD,
            "imap_host": "127.0.0.1",
            "imap_port": str(self.imap_port),
            "imap_security": "none",
            "smtp_host": "127.0.0.1",
            "smtp_port": str(self.smtp_port),
            "smtp_security": "none",
            **changes,
        }

    def deliver(self, message: EmailMessage, sender: str = CUSTOMER, recipient: str = SERVICE) -> None:
        """Somebody else's server hands over a mail."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as smtp:
            smtp.sendmail(sender, [recipient], message.as_bytes())

    @contextlib.contextmanager
    def mailbox(self, user: str) -> Iterator[IMAPClient]:
        client = IMAPClient("127.0.0.1", self.imap_port, ssl=False, timeout=20)
        client.login(user, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        with self.mailbox(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            return [item[b"BODY[]"] for _, item in sorted(client.fetch(client.search(), ["BODY.PEEK[]"]).items())]

    def wait_for_mail(self, user: str, count: int, seconds: float = 20) -> list[bytes]:
        """All mails of a mailbox, once there are as many."""
        waiting = threading.Event()
        for _ in range(int(seconds * 5)):
            found = self.mails(user)
            if len(found) >= count:
                return found
            waiting.wait(0.2)
        raise AssertionError(f"{user} has {len(self.mails(user))} mails, not {count}.\n{self.log()}")

    def log(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-4_000:] for path in self.home.glob("*.log"))

    def empty(self, user: str) -> None:
        with self.mailbox(user) as client:
            for _, _, name in client.list_folders():
                if name != "INBOX":
                    client.delete_folder(name)
            client.select_folder("INBOX")
            client.delete_messages(client.search())
            client.expunge()

    def smtpd_pids(self) -> list[int]:
        """The processes of this Postfix that speak to clients."""
        master = int((self.home / "spool/pid/master.pid").read_text().strip())
        listed = subprocess.run(
            ["ps", "-o", "pid=,comm=", "--ppid", str(master)], capture_output=True, text=True, check=False
        )
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if line.split()[1] == "smtpd"]


def install_mail_server() -> None:
    """Install the packages without letting them start anything."""
    if shutil.which("postfix") and Path("/usr/lib/dovecot/lmtp").exists() and Path("/usr/lib/dovecot/imap").exists():
        return
    debian.install(*PACKAGES)


@contextlib.contextmanager
def running_mail_server() -> Iterator[MailServer]:
    install_mail_server()
    home = Path(tempfile.mkdtemp(prefix="comptoir-mail-"))
    home.chmod(0o755)
    server = MailServer(home, *(own_port() for _ in range(6)))
    try:
        make_certificate(home)
        server.dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(configure_dovecot(server))])
        _wait_for_port(server, server.imap_port)
        folder = configure_postfix(server)
        subprocess.run(["postfix", "-c", str(folder), "start"], check=True, capture_output=True)
        _wait_for_port(server, server.smtp_port)
        yield server
    finally:
        subprocess.run(["postfix", "-c", str(home / "postfix"), "stop"], check=False, capture_output=True)
        if server.dovecot is not None:
            server.dovecot.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.dovecot.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for_port(server: MailServer, port: int) -> None:
    waiting = threading.Event()
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        waiting.wait(0.1)
    raise AssertionError(f"Nothing listens on port {port}.\n{server.log()}")


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def server(mail_server: MailServer) -> MailServer:
    """The running servers, their mailboxes empty."""
    mail_server.empty(SERVICE)
    mail_server.empty(CUSTOMER)
    return mail_server
