"""How Postfix and Dovecot are told to run on loopback: their certificate and their configuration files."""

from __future__ import annotations

import os
import pwd
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DOMAIN = "comptoir.test"
SERVICE = f"service@{DOMAIN}"
CUSTOMER = f"jeanne@{DOMAIN}"
ACCENTED = f"accents@{DOMAIN}"
PASSWORD = "open sesame"
ACCENTED_PASSWORD = "sésame, ouvre-toi"


_USERS = {SERVICE: PASSWORD, CUSTOMER: PASSWORD, ACCENTED: ACCENTED_PASSWORD}


class Ports(Protocol):
    """Where everything listens, and where it lives."""

    home: Path
    smtp_port: int
    imap_port: int
    lmtp_port: int
    auth_port: int
    smtps_port: int
    imaps_port: int


def make_certificate(home: Path) -> None:
    """A certificate for localhost that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    unencrypted = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unencrypted)
    (home / "key.pem").write_bytes(pem)


def configure_dovecot(server: Ports) -> Path:
    """Its configuration file."""
    home = server.home
    mail = pwd.getpwnam("mail")
    boxes = home / "boxes"
    boxes.mkdir()
    os.chown(boxes, mail.pw_uid, mail.pw_gid)
    users = home / "users"
    users.write_text("".join(f"{user}:{{PLAIN}}{password}::::::\n" for user, password in _USERS.items()))
    configuration = home / "dovecot.conf"
    configuration.write_text(
        f"""
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
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
    port = {server.imaps_port}
    ssl = yes
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
    return configuration


def configure_postfix(server: Ports) -> Path:
    """Its configuration folder."""
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
smtpd_tls_security_level = may
smtpd_tls_cert_file = {home}/certificate.pem
smtpd_tls_key_file = {home}/key.pem
message_size_limit = 60000000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
alias_maps =
smtputf8_enable = no
"""
    )
    (folder / "master.cf").write_text(_master(server))
    return folder


def _master(server: Ports) -> str:
    services = [
        f"127.0.0.1:{server.smtp_port} inet n - n - - smtpd",
        f"127.0.0.1:{server.smtps_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes",
    ]
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
    ("tlsmgr", "1", "tlsmgr"),
    ("scache", "1", "scache"),
    ("verify", "1", "verify"),
    ("showq", "-", "showq"),
    ("flush", "0", "flush"),
)
