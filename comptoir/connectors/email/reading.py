"""One raw mail as the events it means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from typing import Any, Literal

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.email import headers as h
from comptoir.connectors.email.armour import without_armour
from comptoir.connectors.email.automatic import LOOP_HEADER, is_automatic, is_from_daemon
from comptoir.connectors.email.body import Body, Segment, read_body
from comptoir.connectors.email.bounces import DeliveryReport, delivery_report, receipt_target
from comptoir.connectors.email.charsets import decode
from comptoir.connectors.email.dates import read_date
from comptoir.connectors.email.mime import Part, parse_message
from comptoir.connectors.email.quotes import Split, split_reply
from comptoir.connectors.email.senders import author_of, counterpart_of
from comptoir.connectors.email.subjects import answered_subject
from comptoir.connectors.email.thread_ids import ThreadIds, thread_ids, thread_token, token_of_message_id
from comptoir.core.reasons import Reason

_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|head|body|div|p|table|span|style|meta|br|font|center)\b",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_MAIL_HEADERS = frozenset(
    b"from to date subject received message-id mime-version content-type return-path delivered-to reply-to sender cc "
    b"bcc in-reply-to references x-mailer envelope-to content-transfer-encoding dkim-signature x-original-to".split()
)
_ONLY_IN_MAIL = {
    b"received",
    b"message-id",
    b"mime-version",
    b"return-path",
    b"delivered-to",
    b"dkim-signature",
    b"content-type",
}
#: How Outlook's files begin, and texts in UTF-32, which have NULs in a row too.
_OUTLOOK_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
MAX_RECIPIENTS_KEPT = 20
MAX_SUBJECT_CHARS = 998


def read_delivery(delivery: Delivery, own: Collection[str]) -> list[NetworkEvent]:
    """The message, and what it says of one of ours where it is a bounce. ``own`` are our addresses, lower case."""
    raw = delivery.body
    if not raw.strip():
        raise PayloadError("The mail is empty.")
    if raw.startswith(_OUTLOOK_FILE):
        raise PayloadError("This is a file of Outlook (.msg), not a mail as it was sent: save it as .eml.")
    form = _form(raw, delivery.content_type)
    if form != "mail" and b"\x00\x00" in raw[:512] and not raw.startswith(_UTF_32):
        raise PayloadError("This is neither a mail nor a text.")
    if form != "mail":
        return [_bare_body(raw, form)]
    root = parse_message(raw)
    return _mail_events(root, raw, own, delivery)


def _form(raw: bytes, content_type: str) -> Literal["mail", "html", "text"]:
    """A whole mail, or only the body of one: told by what is there, since files have any name."""
    declared = content_type.partition(";")[0].strip().lower()
    if declared in ("text/html", "text/plain") and not _starts_with_headers(raw):
        return "html" if declared == "text/html" else "text"
    if _HTML_START.match(raw[:1_000]):
        return "html"
    return "mail" if _starts_with_headers(raw) else "text"


def _starts_with_headers(raw: bytes) -> bool:
    """Whether the first lines are a mail's headers, and not those that a program wrote above a quotation."""
    known, read = 0, 0
    for line in raw[:4_096].lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 60):
        if not line.strip():
            break
        if line[:1] in b" \t" or (read == 0 and line.startswith((b"From ", b">From "))):
            known += line.startswith(b"From ")
            continue
        found = _HEADER_LINE.match(line)
        read += 1
        if found is None:
            if known == 0 or read <= 1:
                return False
            continue
        name = found.group(1).lower()
        if name in _ONLY_IN_MAIL:
            return True
        if name == b"sent":
            return False
        known += name in _MAIL_HEADERS
    return known > 0


def _bare_body(raw: bytes, form: str) -> NetworkEvent:
    text = decode(raw)
    body = Body([Segment(html=text) if form == "html" else Segment(plain=text)])
    split = split_reply(body.text())
    return NetworkEvent(
        EventKind.MESSAGE,
        direction=None,
        visibility="private",
        text=split.text or None,
        quoted=split.quoted,
        signature=split.signature,
        html=body.html,
        custom={"surrogate_id": surrogate_id(raw)},
    )


def surrogate_id(raw: bytes) -> str:
    """A stable id for a mail that has none."""
    return f"<{hashlib.sha256(raw).hexdigest()}@no-message-id.invalid>"


def _mail_events(root: Part, raw: bytes, own: Collection[str], delivery: Delivery) -> list[NetworkEvent]:
    headers = root.headers
    ids = thread_ids(headers)
    subject = h.header_text(headers, "subject")[:MAX_SUBJECT_CHARS]
    author, direction = author_of(headers, own)
    body = read_body(root)
    full_text = without_armour(body.text())
    handle = author.handle or ""
    automatic = direction == "incoming" and is_automatic(headers, author=handle, subject=subject, own=own)
    report = delivery_report(root, full_text, from_daemon=is_from_daemon(headers, handle)) if automatic else None
    split = Split(full_text.strip()) if report else split_reply(full_text)
    related = _with_returned(ids.related, report)
    token = thread_token(headers, related, subject, full_text)
    message = NetworkEvent(
        EventKind.MESSAGE,
        direction=direction,
        visibility="private",
        external_id=ids.own,
        parent_id=ids.parent,
        thread_id=ids.thread,
        author=author,
        text=split.text or None,
        subject=subject if "subject" in headers else None,
        attachments=tuple(body.attachments),
        sent_at=read_date(h.header_text(headers, "date")),
        related_ids=related,
        thread_token=token,
        answered_subject=None if token else answered_subject(subject) or None,
        counterpart=counterpart_of(headers, own) if direction == "outgoing" else None,
        html=body.html,
        quoted=split.quoted,
        signature=split.signature,
        automatic=automatic,
        custom=_custom(root, ids, raw, report, own, subject) | _origin(delivery),
    )
    return [message, *_failures(report, own), *_readings(root if automatic else None)]


def _with_returned(related: tuple[str, ...], report: DeliveryReport | None) -> tuple[str, ...]:
    """A bounce belongs to the exchange of the mail that it returns."""
    if report is None or report.message_id is None:
        return related
    return tuple(dict.fromkeys((report.message_id, *related)))


def _custom(
    root: Part, ids: ThreadIds, raw: bytes, report: DeliveryReport | None, own: Collection[str], subject: str
) -> dict[str, Any]:
    """What an answer needs later: whom to write to, whom else, under which subject."""
    headers = root.headers
    custom: dict[str, Any] = {}
    for name, key in (("reply-to", "reply_to"), ("to", "to"), ("cc", "cc")):
        found = [address for _, address in h.addresses(headers, name)][:MAX_RECIPIENTS_KEPT]
        if found:
            custom[key] = found[0] if key == "reply_to" else found
    if custom.get("reply_to", "").lower() in own:  # a group of ours in the sender's place: an answer there comes back
        del custom["reply_to"]
    if subject:
        custom["subject"] = subject[:500]
    if ids.own is None:
        custom["surrogate_id"] = surrogate_id(raw)
    loop = h.header_text(headers, LOOP_HEADER.lower())
    if loop:
        custom["comptoir_account"] = loop[:200]
    if report is not None:
        custom["bounce"] = {
            "recipients": list(report.recipients[:MAX_RECIPIENTS_KEPT]),
            "status": report.status,
            "reason": report.reason,
            "failed": report.failed,
        }
    return custom


def _origin(delivery: Delivery) -> dict[str, str]:
    """Where the poller found the mail, and whether it is whole."""
    wanted = {"x-comptoir-folder": "folder", "x-comptoir-cut": "cut"}
    return {key: delivery.headers[name] for name, key in wanted.items() if delivery.headers.get(name)}


def _failures(report: DeliveryReport | None, own: Collection[str]) -> list[NetworkEvent]:
    """That one of our messages was not delivered: only where it is certainly ours."""
    if report is None or not report.failed or report.message_id is None:
        return []
    if report.sender not in own and not token_of_message_id(report.message_id):
        return []
    reason = _why(report)
    failure = NetworkEvent(
        EventKind.FAILED,
        direction="outgoing",
        visibility="private",
        target_id=report.message_id,
        reason=reason,
        automatic=True,
        thread_token=token_of_message_id(report.message_id),
    )
    return [failure]


def _why(report: DeliveryReport) -> str:
    said = report.reason or Reason("The mail server could not deliver the message.")
    recipients = ", ".join(report.recipients)
    return Reason("%(recipients)s: %(said)s", recipients=recipients, said=said) if recipients else said


def _readings(root: Part | None) -> list[NetworkEvent]:
    """That one of our messages was read, where a receipt says so."""
    target = receipt_target(root) if root is not None else None
    if target is None or not token_of_message_id(target):
        return []
    return [NetworkEvent(EventKind.READ, direction="outgoing", visibility="private", target_id=target, automatic=True)]
