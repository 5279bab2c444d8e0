"""Real Postfix and Dovecot on loopback: installed once, started on free ports, stopped by their own process ids."""

from __future__ import annotations

import contextlib
import os
import pwd
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

PACKAGES = ("postfix", "dovecot-imapd", "dovecot-lmtpd")
DOMAIN = "comptoir.test"
SERVICE = f"service@{DOMAIN}"
CUSTOMER = f"jeanne@{DOMAIN}"
PASSWORD = "open sesame"


@dataclass
class MailServer:
    """Both daemons; ``smtp_port`` takes mail, ``imap_port`` gives it out."""

    home: Path
    smtp_port: int
    imap_port: int
    lmtp_port: int
    auth_port: int
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
    if os.geteuid() != 0:
        pytest.fail("Postfix and Dovecot are not installed, and installing them needs root.")
    policy = Path("/usr/sbin/policy-rc.d")
    was_there = policy.exists()
    if not was_there:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(["apt-get", "update", "-q"], check=True, env=environment, capture_output=True)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES]
        subprocess.run(command, check=True, env=environment, capture_output=True)
    finally:
        if not was_there:
            policy.unlink()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_mail_server() -> Iterator[MailServer]:
    install_mail_server()
    home = Path(tempfile.mkdtemp(prefix="comptoir-mail-"))
    home.chmod(0o755)
    server = MailServer(home, free_port(), free_port(), free_port(), free_port())
    try:
        _start_dovecot(server)
        _start_postfix(server)
        yield server
    finally:
        subprocess.run(["postfix", "-c", str(home / "postfix"), "stop"], check=False, capture_output=True)
        if server.dovecot is not None:
            server.dovecot.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.dovecot.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _start_dovecot(server: MailServer) -> None:
    home = server.home
    mail = pwd.getpwnam("mail")
    boxes = home / "boxes"
    boxes.mkdir()
    os.chown(boxes, mail.pw_uid, mail.pw_gid)
    users = home / "users"
    users.write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in (SERVICE, CUSTOMER)))
    configuration = home / "dovecot.conf"
    configuration.write_text(
        f"""
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 8
mail_uid = {mail.pw_uid}
mail_gid = {mail.pw_gid}
mail_location = maildir:{boxes}/%u
lmtp_rcpt_check_quota = no
recipient_delimiter = +
auth_username_format = %Lu
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {users}
}}
userdb {{
  driver = static
  args = uid={mail.pw_uid} gid={mail.pw_gid} home={boxes}/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {server.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {server.lmtp_port}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {server.auth_port}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""
    )
    server.dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(configuration)])
    _wait_for_port(server, server.imap_port)


def _start_postfix(server: MailServer) -> None:
    home = server.home
    folder, spool, state = home / "postfix", home / "spool", home / "postfix-data"
    for path in (folder, spool, state):
        path.mkdir()
    postfix = pwd.getpwnam("postfix")
    os.chown(state, postfix.pw_uid, postfix.pw_gid)
    (folder / "mailboxes").write_text(f"{SERVICE} x\n{CUSTOMER} x\n")
    (folder / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {spool}
data_directory = {state}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.{DOMAIN}
mydestination =
mynetworks = 192.0.2.0/24
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_maps = texthash:{folder}/mailboxes
virtual_transport = lmtp:inet:127.0.0.1:{server.lmtp_port}
recipient_delimiter = +
local_recipient_maps =
default_transport = error:no outside mail
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{server.auth_port}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_reject_unlisted_recipient = no
smtpd_client_connection_rate_limit = 0
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
alias_maps =
smtputf8_enable = no
"""
    )
    (folder / "master.cf").write_text(_master(server.smtp_port))
    subprocess.run(["postfix", "-c", str(folder), "start"], check=True, capture_output=True)
    _wait_for_port(server, server.smtp_port)


def _master(port: int) -> str:
    services = [f"127.0.0.1:{port} inet n - n - - smtpd"]
    services += [f"{name} unix n - n {wake} {most} {program}" for name, wake, most, program in _DAEMONS]
    services += [f"{name} unix - - n - {most} {program}" for name, most, program in _CLIENTS]
    services.append("postlog unix-dgram n - n - 1 postlogd")
    return "\n".join(services) + "\n"


_DAEMONS = (
    ("cleanup", "-", "0", "cleanup"),
    ("qmgr", "300", "1", "qmgr"),
    ("pickup", "60", "1", "pickup"),
)
_CLIENTS = (
    ("rewrite", "-", "trivial-rewrite"),
    ("bounce", "0", "bounce"),
    ("defer", "0", "bounce"),
    ("trace", "0", "bounce"),
    ("error", "-", "error"),
    ("retry", "-", "error"),
    ("lmtp", "-", "lmtp"),
    ("proxymap", "-", "proxymap"),
    ("anvil", "1", "anvil"),
    ("scache", "1", "scache"),
    ("verify", "1", "verify"),
    ("showq", "-", "showq"),
    ("flush", "0", "flush"),
)


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
