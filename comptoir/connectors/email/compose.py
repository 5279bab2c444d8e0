"""Writing the mail that carries one reply: the same bytes at every attempt."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime

from comptoir.connectors.base import Outgoing, OutgoingFile, PermanentError
from comptoir.connectors.email.automatic import LOOP_HEADER
from comptoir.connectors.email.subjects import is_answer

MAX_REFERENCES = 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_ADDRESS = re.compile(r'^[^\s<>"(),:;@\[\]\\]{1,64}@[^\s<>"(),:;@\[\]\\]{1,253}\Z')
_QUOTED_ADDRESS = re.compile(r'^"[^"\\\r\n]{1,62}"@[^\s<>"(),:;@\[\]\\]{1,253}\Z')
_MESSAGE_ID = re.compile(r"^<[^<>\s]{3,900}>\Z")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9._-]+")


def reserved_id(outgoing: Outgoing, address: str) -> str:
    """The Message-ID of one reply: our token in front, so that an answer leads back to its conversation."""
    key = _NOT_IN_ID.sub("-", outgoing.key)[:120]
    left = f"{outgoing.thread_token}.{key}" if outgoing.thread_token else key
    return f"<{left}@{_domain(address)}>"


def recipient_address(outgoing: Outgoing, own: Collection[str]) -> str:
    """Where the answer goes: where the customer's mail asked for it, else where it came from."""
    wanted = str(outgoing.parent_custom.get("reply_to") or "")
    if wanted and _is_address(wanted) and not _is_ours(wanted, own):
        return _transportable(wanted)
    for candidate in (outgoing.recipient.handle, outgoing.recipient.id):
        if candidate and _is_address(candidate):
            return _transportable(candidate)
    raise PermanentError("This contact has no e-mail address that can be written to.")


def composed(
    outgoing: Outgoing, *, address: str, sender_name: str, message_id: str, recipient: str, plus_addressing: bool
) -> bytes:
    """The whole mail, ready for the server."""
    ids = _references(outgoing)
    subject = _subject(outgoing)
    reply_to = _plus_address(address, outgoing.thread_token) if plus_addressing and outgoing.thread_token else ""
    lines = [
        f"From: {_mailbox(outgoing.sender_name or sender_name, address)}",
        f"To: {_mailbox(outgoing.recipient.name or '', recipient)}",
        f"Reply-To: {_mailbox(outgoing.sender_name or sender_name, reply_to)}" if reply_to else "",
        f"Subject: {_words(subject, 'Subject')}",
        f"Date: {format_datetime(outgoing.queued_at)}",
        f"Message-ID: {message_id}",
        f"In-Reply-To: {ids[-1]}" if ids and outgoing.parent_id == ids[-1] else "",
        "References: " + "\r\n ".join(ids) if ids else "",
        f"{LOOP_HEADER}: {_CONTROL.sub('', address)}",
    ]
    head = "\r\n".join(line for line in lines if line)
    return head.encode("utf-8") + b"\r\n" + _content(outgoing.text, outgoing.files)


def _content(text: str, files: Sequence[OutgoingFile]) -> bytes:
    message = EmailMessage(policy=policy.SMTP)
    message.set_content(text.replace("\r\n", "\n").replace("\r", "\n"), cte="quoted-printable", charset="utf-8")
    for file in files:
        main, _, sub = file.mime_type.partition("/")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", file.mime_type) or main in ("multipart", "message"):
            main, sub = "application", "octet-stream"
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=_CONTROL.sub(" ", file.name))
    boundary = "=_comptoir_" + "_".join(str(len(file.content)) for file in files)[:40]
    if files:
        message.set_boundary(_free_boundary(boundary, text, files))
    return message.as_bytes()


def _free_boundary(boundary: str, text: str, files: Sequence[OutgoingFile]) -> str:
    """The same at every attempt, and nowhere in what it separates: encoded parts never hold "=_"."""
    while boundary in text or any(boundary.encode() in file.content for file in files):
        boundary += "_"
    return boundary


def _subject(outgoing: Outgoing) -> str:
    subject = outgoing.subject or str(outgoing.parent_custom.get("subject") or "")
    subject = " ".join(_CONTROL.sub(" ", subject).split())[:300]
    if outgoing.parent_id is None:
        return subject or _CONTROL.sub(" ", outgoing.sender_name) or "Message"
    return subject if is_answer(subject) else f"Re: {subject}".rstrip()


def _references(outgoing: Outgoing) -> list[str]:
    """Oldest first, the message answered last; ids that we made up for mail without one stay with us."""
    chain = [*reversed(outgoing.related_ids), outgoing.parent_id or ""]
    ids = [
        one for one in chain if _MESSAGE_ID.match(one) and not one.endswith("@no-message-id.invalid>") and one.isascii()
    ]
    ids = [one for position, one in enumerate(ids) if one not in ids[position + 1 :]]
    return ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[-(MAX_REFERENCES - 1) :]]


def _mailbox(name: str, address: str) -> str:
    name = " ".join(_CONTROL.sub(" ", name).split())[:200]
    if not name:
        return address
    if name.isascii():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{_words(name, 'From')} <{address}>"


def _words(text: str, header: str) -> str:
    if text.isascii() and len(text) < 900 and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header, maxlinelen=76).encode(linesep="\r\n")


def _plus_address(address: str, token: str | None) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}+{token}@{domain}"


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.match(text) or _QUOTED_ADDRESS.match(text))


def _is_ours(address: str, own: Collection[str]) -> bool:
    local, _, domain = address.lower().rpartition("@")
    return address.lower() in own or f"{local.partition('+')[0]}@{domain}" in own


def _transportable(address: str) -> str:
    """The domain as DNS knows it; the left side stays as it is."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise PermanentError("The address %(address)s has a domain that cannot exist.", address=address) from error


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2]
    return _transportable(f"a@{domain}").rpartition("@")[2] if domain else "localhost"


def own_addresses(own_id: str | None, credentials: Mapping[str, str]) -> frozenset[str]:
    """Our address and its aliases, lower case."""
    named = ",".join((own_id or "", credentials.get("address") or "", credentials.get("aliases") or ""))
    return frozenset(one.strip().lower() for one in named.split(",") if "@" in one)
