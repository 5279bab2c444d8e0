"""What can be imported, item by item: JSON lines, an mbox, a folder of .eml, one .eml."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, PayloadError, Rating
from comptoir.core.reasons import ReasonedError, template

#: What begins a mail in an mbox. The hour is asked for, since programs that do not escape their texts leave lines
#: like "From here on, …" in them.
_FROM = re.compile(rb"From \S.*\d:\d\d")
_ESCAPED_FROM = re.compile(rb"^>+From ")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
_NOTHING_TO_IMPORT = template("There is no .eml in this folder. Nothing was imported.")
_UNKNOWN_FORMAT = template(
    "This is neither JSON lines (one object a line), nor an mbox, nor an e-mail. Nothing was imported."
)


class UnknownFormatError(ReasonedError):
    """What was given is nothing that can be imported."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to import. ``place`` tells a person where it stands; ``is_mail``: raw e-mail, else one line of JSON.

    ``unreadable`` says why the disk did not give it.
    """

    place: str
    body: bytes
    is_mail: bool
    unreadable: str = ""


def items(path: Path) -> Iterator[Item]:
    """Everything in a file or folder, always in the same order. Raises OSError and UnknownFormatError."""
    if path.is_dir():
        files = _mails_below(path)
        if not files:
            raise UnknownFormatError(_NOTHING_TO_IMPORT)
        return (_mail(file, str(file.relative_to(path))) for file in files)
    start = _start(path)
    if _FROM.match(start):
        return _mbox(path)
    if path.suffix.lower() == ".eml" or _HEADER.match(start):
        return iter([Item(path.name, path.read_bytes(), is_mail=True)])
    if path.suffix.lower() in _JSON_SUFFIXES or start.startswith(b"{"):
        return _json_lines(path)
    raise UnknownFormatError(_UNKNOWN_FORMAT)


def _start(path: Path) -> bytes:
    """The first line that is not empty, or the beginning of it."""
    with path.open("rb") as stream:
        while line := stream.readline(1000):
            if text := line.removeprefix(_BYTE_ORDER_MARK).strip():
                return text
    return b""


def _mails_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".eml" and path.is_file())


def _mail(path: Path, place: str) -> Item:
    try:
        return Item(place, path.read_bytes(), is_mail=True)
    except OSError as error:
        return Item(place, b"", is_mail=True, unreadable=error.strerror or str(error))


def _json_lines(path: Path) -> Iterator[Item]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield Item(_("line %(number)d") % {"number": number}, line, is_mail=False)


def _mbox(path: Path) -> Iterator[Item]:
    """Mails of an mbox: each begins with a line "From …" after an empty one; such lines inside are escaped with ">"."""
    with path.open("rb") as stream:
        number, lines, after_empty = 0, list[bytes](), True
        for line in stream:
            if after_empty and _FROM.match(line.removeprefix(_BYTE_ORDER_MARK)):
                if any(map(bytes.strip, lines)):
                    number += 1
                    yield Item(_("mail %(number)d") % {"number": number}, b"".join(lines), is_mail=True)
                lines = []
            else:
                lines.append(line[1:] if _ESCAPED_FROM.match(line) else line)
            after_empty = not line.strip(b"\r\n")
        if any(map(bytes.strip, lines)):
            yield Item(_("mail %(number)d") % {"number": number + 1}, b"".join(lines), is_mail=True)


def name_of(path: Path) -> str:
    """The same for the same file or folder, unchanged since: an import of it goes on where it stopped."""
    digest = hashlib.sha256(str(path.resolve()).encode(errors="surrogateescape"))
    for file in _mails_below(path) if path.is_dir() else [path]:
        state = file.stat()
        said = f"\0{state.st_size}\0{state.st_mtime_ns}"
        digest.update((f"\0{file.relative_to(path)}{said}" if file != path else said).encode(errors="surrogateescape"))
    return digest.hexdigest()


def event_of_line(line: bytes) -> NetworkEvent:
    """One normalised event, in the keys that `comptoir connector parse` prints. Raises PayloadError."""
    try:
        kept = json.loads(line)
        if not isinstance(kept, dict):
            raise PayloadError("A line is one JSON object.")
        return _event(kept)
    except PayloadError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PayloadError("This line does not describe a message: %(error)s.", error=str(error)) from error


def _event(kept: Mapping[str, Any]) -> NetworkEvent:
    sent_at = datetime.fromisoformat(kept["sent_at"]) if kept.get("sent_at") else None
    if sent_at is not None and sent_at.tzinfo is None:
        raise PayloadError("“sent_at” needs an offset, like 2026-03-02T09:00:00+01:00.")
    event = EventKind(kept.get("event", "message"))
    if sent_at is None or not kept.get("external_id"):
        raise PayloadError("“external_id” and “sent_at” are needed: by them the same message is known again.")
    rating = kept.get("rating")
    return NetworkEvent(
        event=event,
        direction=_one_of(kept, "direction", "incoming", "outgoing"),
        visibility=_one_of(kept, "visibility", "public", "private"),
        author=_author(kept.get("author")) or Author(),
        counterpart=_author(kept.get("counterpart")),
        attachments=tuple(_attachment(file) for file in kept.get("attachments") or ()),
        rating=Rating(float(rating["value"]), float(rating["best"])) if rating else None,
        sent_at=sent_at,
        external_id=_text(kept, "external_id"),
        target_id=_text(kept, "target_id"),
        parent_id=_text(kept, "parent_id"),
        thread_id=_text(kept, "thread_id"),
        text=_text(kept, "text"),
        subject=_text(kept, "subject"),
        language=_text(kept, "language"),
        reason=_text(kept, "reason"),
    )


def _one_of(kept: Mapping[str, Any], name: str, *allowed: str) -> Any:
    value = kept.get(name)
    if value is not None and value not in allowed:
        raise PayloadError("“%(field)s” is one of: %(allowed)s.", field=name, allowed=", ".join(allowed))
    return value


def _text(kept: Mapping[str, Any], name: str) -> str | None:
    value = kept.get(name)
    if value is not None and not isinstance(value, str | int):
        raise PayloadError("“%(field)s” must be a text.", field=name)
    return None if value is None else str(value)


def _author(kept: Mapping[str, Any] | None) -> Author | None:
    if not kept:
        return None
    identifier, handle, called, avatar_url = (_text(kept, name) for name in ("id", "handle", "name", "avatar_url"))
    return Author(identifier, handle, called, avatar_url)


def _attachment(kept: Mapping[str, Any]) -> Attachment:
    size = kept.get("size_bytes")
    return Attachment(
        kind=_text(kept, "kind") or "file",
        url=_text(kept, "url"),
        name=_text(kept, "name"),
        mime_type=_text(kept, "mime_type"),
        alt_text=_text(kept, "alt_text"),
        size_bytes=size if isinstance(size, int) else None,
    )
