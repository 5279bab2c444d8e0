"""A payload in a file, and the lines that say what a connector makes of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx

from comptoir.connectors.base import Attachment, Author, Connector, Delivery, NetworkEvent, PayloadError

_TYPES = {
    ".json": "application/json",
    ".eml": "message/rfc822",
    ".form": "application/x-www-form-urlencoded",
    ".xml": "application/xml",
    ".html": "text/html",
    ".txt": "text/plain",
}
_HEADER = re.compile(rb"(?:From [^\r\n]*\r?\n)?[!-9;-~]+:[ \t]")
#: The line before each mail of a mailbox file, at its beginning or below a blank line, with headers beneath.
_MBOX_LINE = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From [^\r\n]{1,400}\d\d:\d\d[^\r\n]{0,40}\r?\n(?=[!-9;-~]{1,80}:)"
)
_FORM = re.compile(rb"[\w.%\[\]+-]+=[^\s<>]*")
_KEYS = (
    "file", "event", "direction", "visibility", "external_id", "target_id", "parent_id", "thread_id", "author", "text",
    "subject", "attachments", "rating", "sent_at", "language", "reason",
)  # fmt: skip


def event_lines(kind: type[Connector], file: str, *, own_id: str | None) -> Iterator[dict[str, Any]]:
    """One mapping for each event of the payload, in its order, each once; one that says why where it cannot be read."""
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except (OSError, ValueError) as error:
        yield _error(file, f"The file cannot be read: {getattr(error, 'strerror', None) or error}.")
        return
    type_, seen = content_type_of(file, body), set[str]()
    for piece in _mails(body) if type_ == "message/rfc822" else [body]:
        for line in _lines(kind, file, Delivery(piece, type_), own_id):
            if repr(line) not in seen:
                seen.add(repr(line))
                yield line


def _lines(kind: type[Connector], file: str, delivery: Delivery, own_id: str | None) -> list[dict[str, Any]]:
    try:
        return [_line(file, event) for event in _parsed_by_name(kind, delivery, own_id)]
    except PayloadError as error:
        return [_error(file, str(error))]
    except Exception as error:  # noqa: BLE001  # whoever tries a payload wants a line, whatever is wrong with it or with us
        said = f"The connector broke on this payload ({type(error).__name__}: {error}): please report it."
        return [_error(file, said)]


def content_type_of(file: str, body: bytes) -> str:
    """What a payload is, by the name of its file or, where that does not say, by how it begins."""
    known = _TYPES.get(Path(file).suffix.lower())
    return known or _sniffed(body.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096])


def _sniffed(start: bytes) -> str:
    if start[:1] in (b"{", b"["):
        return "application/json"
    if start[:5] == b"<?xml":
        return "application/xml"
    if start[:1] == b"<":
        return "text/html"
    if _HEADER.match(start):
        return "message/rfc822"
    return "application/x-www-form-urlencoded" if _FORM.match(start) else "text/plain"


def _mails(body: bytes) -> list[bytes]:
    """The mails of a mailbox file (mbox); a mail alone stays as it is. Only here: a network hands on one at a time."""
    if not body.startswith(b"From "):
        return [body]
    starts = [found.start() for found in _MBOX_LINE.finditer(body)] or [0]
    ends = [*starts[1:], len(body)]
    return [body[start:end] for start, end in zip(starts, ends, strict=True)]


def _parsed_by_name(kind: type[Connector], delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Who tries a payload often knows our name on the network ("@boutique") and not our number there."""
    events = _parsed(kind, delivery, own_id)
    if own_id is None or any(event.author.id == own_id for event in events):
        return events
    called = own_id.removeprefix("@").casefold()
    named = (one.author for one in events if one.author.handle and one.author.id)
    ours = next((one.id for one in named if (one.handle or "").removeprefix("@").casefold() == called), None)
    return events if ours is None else _parsed(kind, delivery, ours)


def _parsed(kind: type[Connector], delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    with httpx.Client(transport=httpx.MockTransport(_no_network)) as http:
        return kind({}, http, own_id=own_id).parse(delivery)


def _no_network(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"parsing must not call {request.url}")


def _line(file: str, event: NetworkEvent) -> dict[str, Any]:
    sent_at = event.sent_at
    if sent_at is not None and sent_at.tzinfo is None:
        sent_at = sent_at.replace(tzinfo=UTC)
    known = {
        "file": file,
        "event": event.event.value,
        "author": _author(event.author),
        "attachments": [_attachment(one) for one in event.attachments],
        "rating": None if event.rating is None else {"value": event.rating.value, "best": event.rating.best},
        "sent_at": None if sent_at is None else sent_at.isoformat(),
    }
    return {key: known[key] if key in known else getattr(event, key) for key in _KEYS}


def _author(author: Author) -> dict[str, str | None]:
    return {"id": author.id, "handle": author.handle, "name": author.name, "avatar_url": author.avatar_url}


def _attachment(one: Attachment) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "url": one.url,
        "name": one.name,
        "mime_type": one.mime_type,
        "size_bytes": one.size_bytes,
    }


def _error(file: str, reason: str) -> dict[str, Any]:
    return dict.fromkeys(_KEYS) | {"file": file, "event": "error", "reason": reason}
