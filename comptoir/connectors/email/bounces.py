"""Delivery reports: which of our messages did not arrive, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comptoir.connectors.email import headers as h
from comptoir.connectors.email.charsets import clean
from comptoir.connectors.email.mime import Part

_FIELD = re.compile(r"^([A-Za-z-]+)[ \t]*:[ \t]*((?:.*)(?:\n[ \t].*)*)", re.MULTILINE)
_RETURNED_ID = re.compile(r"^[ \t>]*message-id[ \t]*:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_RETURNED_FROM = re.compile(r"^[ \t>]*from[ \t]*:\s*+(.{1,400})$", re.IGNORECASE | re.MULTILINE)
MAX_SCANNED_CHARS = 100_000


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """``message_id`` and ``sender`` are the returned mail's; ``failed`` is false for a mere delay."""

    message_id: str | None
    sender: str | None
    recipients: tuple[str, ...]
    failed: bool
    reason: str
    status: str


def delivery_report(root: Part, text: str, *, from_daemon: bool) -> DeliveryReport | None:
    """What a bounce says, whether in the standard's form or in a server's own words; None when it is none."""
    status = _find(root, ("message/delivery-status", "message/global-delivery-status"))
    if status is None and not from_daemon:
        return None
    fields = (
        _fields(clean(status.content()[:MAX_SCANNED_CHARS].decode("utf-8", "replace"))) if status is not None else {}
    )
    if status is not None and not fields:
        return None
    returned = _returned_headers(root)
    message_id, sender = _ids_in_text(text) if returned is None else _ids_of(returned)
    actions = {action.split()[0].lower() for action in fields.get("action", []) if action.split()}
    code = next(iter(fields.get("status", [])), "")
    recipients = (
        fields.get("final-recipient", [])
        or fields.get("original-recipient", [])
        or [h.header_text(root.headers, "x-failed-recipients")]
    )
    failed = "failed" in actions if actions else (code.startswith("5") or (status is None and message_id is not None))
    reason = next(iter(fields.get("diagnostic-code", [])), "") or code
    return DeliveryReport(
        message_id, sender, tuple(_bare(one) for one in recipients if one), failed, _sentence(reason), code
    )


def receipt_target(root: Part) -> str | None:
    """The message that a reading receipt says was shown to its reader; None where it is no such receipt."""
    receipt = _find(root, ("message/disposition-notification",))
    if receipt is None:
        return None
    fields = _fields(clean(receipt.content()[:MAX_SCANNED_CHARS].decode("utf-8", "replace")))
    shown = any("displayed" in value.lower() for value in fields.get("disposition", []))
    ids = h.message_ids(" ".join(fields.get("original-message-id", [])))
    return ids[0] if shown and ids else None


def _find(part: Part, kinds: tuple[str, ...]) -> Part | None:
    if part.content_type in kinds:
        return part
    if part.content_type == "message/rfc822":
        return None
    for child in part.children:
        found = _find(child, kinds)
        if found is not None:
            return found
    return None


def _fields(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for match in _FIELD.finditer(text):
        found.setdefault(match.group(1).lower(), []).append(re.sub(r"\s+", " ", match.group(2)).strip())
    return found


def _returned_headers(root: Part) -> h.Headers | None:
    """The headers of the mail that came back, whole or cut after its headers."""
    enclosed = _find(root, ("message/rfc822", "message/global")) if root.children else None
    if enclosed is not None and enclosed.children:
        return enclosed.children[0].headers
    cut = _find(root, ("text/rfc822-headers", "message/global-headers"))
    if cut is None:
        return None
    headers: h.Headers = {}
    for match in _FIELD.finditer(clean(cut.content()[:MAX_SCANNED_CHARS].decode("utf-8", "replace"))):
        headers.setdefault(match.group(1).lower(), []).append(match.group(2).encode())
    return headers


def _ids_of(headers: h.Headers) -> tuple[str | None, str | None]:
    ids = h.message_ids(h.raw_header(headers, "message-id"))
    senders = h.addresses(headers, "from")
    return (ids[0] if ids else None), (senders[0][1].lower() if senders else None)


def _ids_in_text(text: str) -> tuple[str | None, str | None]:
    """Servers that follow no standard paste the returned mail into the text."""
    found = _RETURNED_ID.search(text[:MAX_SCANNED_CHARS])
    sender = _RETURNED_FROM.search(text[:MAX_SCANNED_CHARS])
    address = h.addresses({"from": [sender.group(1).encode()]}, "from") if sender else []
    return (found.group(1) if found else None), (address[0][1].lower() if address else None)


def _bare(recipient: str) -> str:
    return recipient.split(";", 1)[-1].strip().strip("<>")


def _sentence(reason: str) -> str:
    return re.sub(r"^\s*(?:smtp|x-\S+)\s*;\s*", "", reason, flags=re.IGNORECASE)[:500]
