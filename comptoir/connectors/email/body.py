"""What a mail holds: the text to read, the HTML original, and the files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from comptoir.connectors.base import Attachment
from comptoir.connectors.email import headers as h
from comptoir.connectors.email.charsets import clean, decode
from comptoir.connectors.email.html_text import html_to_text
from comptoir.connectors.email.invitations import invitation_text
from comptoir.connectors.email.mime import Part, decode_uu
from comptoir.connectors.email.winmail import unpack_winmail

MAX_ATTACHMENTS = 200
MAX_TEXT_BYTES = 4_000_000

_HTML_START = re.compile(
    r"\s*<(?:!doctype\s+html|html|head|body|div|p|table|span|style|meta|br|font|center|b|a)\b", re.IGNORECASE
)
_STUB = re.compile(
    r"(?:\bhtml\b|format).{0,120}(?:view|support|client|reader|capable|afficher|anzeigen|program)|(?:view"
    r"|support|client|reader).{0,120}\bhtml\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^<>]{1,200}>")
_UU = re.compile(
    rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,200})\r?\n"
    # Lines stop at the next "begin": none is then read twice.
    rb"((?:(?!(?:end|====)[ \t]*\r?$|begin(?:-base64)? )[^\r\n]{1,90}\r?\n)*)(?:end|====)[ \t]*\r?$",
    re.MULTILINE,
)
_DROPPED_TYPES = {
    "text/x-amp-html",
    "application/applefile",
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
}
_REPORT_TYPES = {"text/rfc822-headers", "message/global-headers"}
_ENCLOSED_TYPES = {"message/rfc822", "message/global"}


@dataclass(slots=True)
class Segment:
    """One piece of the body, in the forms it came in."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class Body:
    """All that was read off the parts."""

    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    invitations: list[str] = field(default_factory=list)

    @property
    def html(self) -> str | None:
        return "\n".join(segment.html for segment in self.segments if segment.html) or None

    def text(self) -> str:
        """The body as text, quoted history included."""
        pieces = [_readable(segment) for segment in self.segments]
        text = "\n\n".join(piece for piece in pieces if piece.strip())
        for summary in self.invitations:
            if summary.split("\n", 1)[0] not in text:
                text = f"{text}\n\n{summary}" if text.strip() else summary
        return text


def read_body(root: Part) -> Body:
    """Walk the parts of one mail; its depth is bounded by the parser."""
    body = Body()
    _read(root, body, in_related=False, in_report=False)
    if not body.segments and root.content_type in _ENCLOSED_TYPES and root.children:
        body.segments = _read_inner(root.children[0]).segments  # nothing but another mail: that is what was sent
    del body.attachments[MAX_ATTACHMENTS:]
    return body


def _read(part: Part, body: Body, *, in_related: bool, in_report: bool) -> None:
    kind = part.content_type
    if part.is_multipart:
        if kind == "multipart/alternative":
            _read_alternative(part, body, in_report)
            return
        related, report = kind == "multipart/related", in_report or kind == "multipart/report"
        for child in part.children:
            _read(child, body, in_related=related, in_report=report)
    elif kind in _DROPPED_TYPES or (in_report and kind in _REPORT_TYPES):
        return
    elif kind in _ENCLOSED_TYPES:
        _read_enclosed(part, body)
    else:
        _read_leaf(part, body, in_related=in_related)


def _read_alternative(part: Part, body: Body, in_report: bool) -> None:
    """One thing in several forms: the first plain text and the last HTML are kept, and every file."""
    merged = Segment()
    for child in part.children:
        inner = Body()
        _read(child, inner, in_related=False, in_report=in_report)
        plain = "\n\n".join(segment.plain for segment in inner.segments if segment.plain)
        merged.plain = merged.plain if merged.plain.strip() else plain
        merged.html = inner.html or merged.html
        body.attachments += inner.attachments
        body.invitations += inner.invitations
    if merged.plain.strip() or merged.html.strip():
        body.segments.append(merged)


def _read_enclosed(part: Part, body: Body) -> None:
    """A mail inside the mail is a file, and its own files are files too: nobody opens an .eml to find a "
    "photograph."""
    content = part.content()
    name = part.filename
    body.attachments.append(
        Attachment(kind="file", name=name, mime_type=part.content_type, size_bytes=len(content), content=content)
    )
    for child in part.children:
        body.attachments += [file for file in _read_inner(child).attachments if file.name]


def _read_inner(root: Part) -> Body:
    inner = Body()
    _read(root, inner, in_related=False, in_report=False)
    return inner


def _read_leaf(part: Part, body: Body, *, in_related: bool) -> None:
    kind = part.content_type
    if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or (part.filename or "").lower() == "winmail.dat":
        _read_winmail(part, body)
    elif kind == "text/calendar" or (kind == "application/ics" and not body.invitations):
        _read_calendar(part, body)
    elif kind in ("text/plain", "text/html", "text/enriched", "text/richtext") and _is_body(part, body, in_related):
        _read_text(part, body)
        if part.filename is not None:  # a named text shown in the mail is both
            body.attachments.append(attachment_of(part))
    else:
        attachment = attachment_of(part)
        if attachment.size_bytes or attachment.name:
            body.attachments.append(attachment)


def _is_body(part: Part, body: Body, in_related: bool) -> bool:
    """Text is the body unless it is a file: told so, or named and not the first text."""
    if part.disposition == "attachment":
        return False
    if part.filename is None:
        return True
    return not body.segments and not in_related


def _read_text(part: Part, body: Body) -> None:
    raw = part.content()
    if len(raw) > MAX_TEXT_BYTES:
        body.attachments.append(attachment_of(part))
        raw = raw[:MAX_TEXT_BYTES]
    if b"\nbegin" in raw or raw.startswith(b"begin"):
        raw = _without_uu(raw, body)
    text = decode(raw, part.params.get("charset"))
    if part.content_type in ("text/enriched", "text/richtext"):
        text = _TAG.sub("", text)
    elif part.content_type == "text/html" or _HTML_START.match(text):
        body.segments.append(Segment(html=text))
        return
    elif part.params.get("format", "").lower() == "flowed":
        text = unflowed(text, delete_space=part.params.get("delsp", "").lower() == "yes")
    if text.strip():
        body.segments.append(Segment(plain=text))


def _without_uu(raw: bytes, body: Body) -> bytes:
    """Files that old programs wrote into the text."""

    def take(found: re.Match[bytes]) -> bytes:
        content = decode_uu(found.group(2))
        if not content:
            return found.group()
        name = h.filename(decode(found.group(1)))
        body.attachments.append(_attachment(content, name, _type_by_name(name), None))
        return b""

    return _UU.sub(take, raw)


def _read_winmail(part: Part, body: Body) -> None:
    unpacked = unpack_winmail(part.content())
    if unpacked is None:
        body.attachments.append(attachment_of(part))
        return
    is_empty = not any(segment.plain.strip() or segment.html.strip() for segment in body.segments)
    if is_empty and (unpacked.text or unpacked.html):
        body.segments.append(Segment(plain=unpacked.text, html=unpacked.html))
    for name, content in unpacked.files:
        body.attachments.append(_attachment(content, h.filename(name), _type_by_name(name), None))


def _read_calendar(part: Part, body: Body) -> None:
    content = part.content()
    summary = invitation_text(content)
    if summary and summary not in body.invitations:
        body.invitations.append(summary)
    same = any(file.kind == "calendar" and file.content == content for file in body.attachments)
    if not same:
        body.attachments.append(
            Attachment(
                kind="calendar",
                name=part.filename,
                mime_type=part.content_type,
                size_bytes=len(content),
                content=content,
            )
        )


def attachment_of(part: Part) -> Attachment:
    return _attachment(part.content(), part.filename, part.content_type, part.content_id)


def _attachment(content: bytes, name: str | None, mime_type: str, content_id: str | None) -> Attachment:
    main = mime_type.partition("/")[0]
    kind = main if main in ("image", "video", "audio") else "file"
    if mime_type in ("text/calendar", "application/ics") or (name or "").lower().endswith(".ics"):
        kind = "calendar"
    return Attachment(
        kind=kind, name=name, mime_type=mime_type, size_bytes=len(content), content=content, content_id=content_id
    )


_TYPES_BY_ENDING = {
    "csv": "text/csv",
    "gif": "image/gif",
    "html": "text/html",
    "ics": "text/calendar",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "wav": "audio/wav",
    "webp": "image/webp",
    "zip": "application/zip",
}


def _type_by_name(name: str | None) -> str:
    return _TYPES_BY_ENDING.get((name or "").rsplit(".", 1)[-1].lower(), "application/octet-stream")


def _readable(segment: Segment) -> str:
    plain = segment.plain
    if plain.strip() and not (segment.html and len(plain) < 300 and _STUB.search(plain)):
        return plain
    return html_to_text(segment.html) if segment.html else plain


def unflowed(text: str, *, delete_space: bool) -> str:
    """RFC 3676: lines that end in a space go on in the next of the same quotation depth."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content[1:] if content.startswith(" ") else content
        soft = content.endswith(" ") and content != "-- "
        if open_depth == depth and out:
            out[-1] += content[:-1] if soft and delete_space else content
        else:
            content = content[:-1] if soft and delete_space else content
            out.append(">" * depth + (" " if depth else "") + content)
        open_depth = depth if soft else None
    return clean("\n".join(out))
