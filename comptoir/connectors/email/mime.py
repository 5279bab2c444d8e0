"""The parts of a mail, cut out of its bytes.

Own code rather than the standard library's: mail that breaks the rules is read as people's programs read it, work and
depth are bounded, and it is fast. Parts are ranges of one buffer until a leaf's content is asked for.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from comptoir.connectors.email import headers as h

MAX_DEPTH = 30
MAX_PARTS = 1_000
_PROSE_BYTES = 2_000

_HEADER = re.compile(rb"^([!-9;-~]+)[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_LEADING = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n:]*(?:\d\d:\d\d[^\r\n]*)?\r?\n)?")
_FIRST_DELIMITER = re.compile(rb"(?<![^\n])--([^\s-][^\r\n]{0,98}?|-{2,}[^\r\n]{4,96}?)[ \t]*\r?\n(?=[Cc]ontent-)")
_LINE_BREAKS = b"\r\n"


@dataclass(slots=True)
class Part:
    """One part: its headers, and where its body lies in ``buffer``."""

    headers: h.Headers
    buffer: bytes = field(repr=False)
    start: int = 0
    end: int = 0
    content_type: str = "text/plain"
    params: Mapping[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str | None = None
    children: list[Part] = field(default_factory=list)

    @property
    def raw(self) -> bytes:
        return self.buffer[self.start : self.end]

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @property
    def content_id(self) -> str | None:
        return h.header_text(self.headers, "content-id").strip("<> ") or None

    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        return _untransferred(self.raw, h.header_text(self.headers, "content-transfer-encoding"))


class _Budget:
    """How many more parts one mail may have."""

    def __init__(self) -> None:
        self.left = MAX_PARTS


def parse_message(raw: bytes) -> Part:
    """The tree of a whole mail."""
    if b"\n" not in raw[:4096] and b"\r" in raw[:4096]:
        raw = raw.replace(b"\r", b"\n")
    elif b"\r\r\n" in raw[:4096]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    return _parse(raw, 0, len(raw), 0, _Budget(), "text/plain")


def _parse(raw: bytes, start: int, end: int, depth: int, budget: _Budget, default_type: str) -> Part:
    budget.left -= 1
    if depth == 0 or default_type == "message/rfc822-content":
        leading = _LEADING.match(raw, start, end)
        start = leading.end() if leading else start
    headers, body = _split_headers(raw, start, end)
    part = Part(headers, raw, body, end)
    _read_type(part, default_type if "/" in default_type and not default_type.endswith("-content") else "text/plain")
    if depth >= MAX_DEPTH or budget.left <= 0:
        if part.is_multipart or part.content_type == "message/rfc822":
            part.content_type = "application/octet-stream"
        return part
    if part.is_multipart:
        _parse_children(part, depth, budget)
    elif part.content_type in ("message/rfc822", "message/global"):
        _parse_enclosed(part, depth, budget)
    return part


def _split_headers(raw: bytes, start: int, end: int) -> tuple[h.Headers, int]:
    """The headers, and where the body begins."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return {}, start + (1 if raw[start : start + 1] == b"\n" else 2)
    blank = _BLANK_LINE.search(raw, start, end)
    head_end, body = (blank.start(), blank.end()) if blank else (end, end)
    headers: h.Headers = {}
    last = start
    for found in _HEADER.finditer(raw, start, head_end):
        headers.setdefault(found.group(1).lower().decode("ascii"), []).append(found.group(2))
        last = found.end()
    if last < head_end and raw[last:head_end].strip():  # no blank line: the body began where headers ended
        return headers, last if not headers else min(last + 2, end) if raw[last : last + 2] == b"\r\n" else last + 1
    return headers, body


def _read_type(part: Part, default_type: str) -> None:
    value = h.first(part.headers, "content-type")
    part.content_type, part.params = h.parameters(value) if value else (default_type, {})
    if part.content_type.count("/") != 1 or part.content_type.startswith("/"):
        part.content_type = _SHORT_TYPES.get(part.content_type.strip("/ "), default_type)
    disposition = h.first(part.headers, "content-disposition")
    named: Mapping[str, str] = {}
    if disposition:
        part.disposition, named = h.parameters(disposition)
    located = ":"
    if "content-location" in part.headers and not part.content_type.startswith("text/"):
        located = h.header_text(part.headers, "content-location")
    part.filename = h.filename(
        named.get("filename")
        or named.get("name")
        or part.params.get("name")
        or part.params.get("filename")
        or (located if ":" not in located else None)
    )


_SHORT_TYPES = {
    "html": "text/html",
    "text/htm": "text/html",
    "text": "text/plain",
    "plain": "text/plain",
    "multipart": "multipart/mixed",
    "mixed": "multipart/mixed",
}


def _parse_children(part: Part, depth: int, budget: _Budget) -> None:
    boundary = part.params.get("boundary", "").encode("utf-8", "surrogateescape")
    spans = _spans(part, boundary) if boundary else []
    if not spans:
        guess = _FIRST_DELIMITER.search(part.buffer, part.start, min(part.end, part.start + 20_000))
        spans = _spans(part, guess.group(1)) if guess else []
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in spans[: max(budget.left, 0)]:
        part.children.append(_parse(part.buffer, start, end, depth + 1, budget, default))
    if not part.children:  # a multipart without parts is the text it holds
        part.content_type = (
            "text/html" if part.buffer[part.start : part.start + 200].lstrip()[:1] == b"<" else "text/plain"
        )


def _spans(part: Part, boundary: bytes) -> list[tuple[int, int]]:
    """Where each part lies between the delimiter lines; the closing delimiter may be missing."""
    buffer, needle = part.buffer, b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    at = buffer.find(needle, part.start, part.end)
    while at != -1:
        after = at + len(needle)
        closing = buffer[after : after + 2] == b"--"
        line_end = buffer.find(b"\n", after, part.end)
        line_end = part.end if line_end == -1 else line_end
        rest = buffer[after + (2 if closing else 0) : min(line_end, after + 200)]
        if (at == part.start or buffer[at - 1 : at] == b"\n") and not rest.strip():
            if opened is not None:
                spans.append((opened, _before_break(buffer, opened, at)))
            opened = None if closing else min(line_end + 1, part.end)
            after = line_end
        at = buffer.find(needle, after, part.end)
    if opened is not None and opened < part.end:
        spans.append((opened, part.end))
    return spans


def _before_break(buffer: bytes, start: int, at: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if at > start and buffer[at - 1 : at] == b"\n":
        at -= 1
        if at > start and buffer[at - 1 : at] == b"\r":
            at -= 1
    return at


def _parse_enclosed(part: Part, depth: int, budget: _Budget) -> None:
    encoding = h.header_text(part.headers, "content-transfer-encoding").lower()
    if "base64" in encoding or "quoted" in encoding:  # forbidden here, and done all the same
        content = part.content()
        part.children.append(_parse(content, 0, len(content), depth + 1, budget, "message/rfc822-content"))
    else:
        part.children.append(_parse(part.buffer, part.start, part.end, depth + 1, budget, "message/rfc822-content"))


def _untransferred(raw: bytes, encoding: str) -> bytes:
    encoding = encoding.lower()
    if "base64" in encoding:
        return raw if _is_prose(raw) else decode_base64(raw)
    if "quoted" in encoding:
        return quopri.decodestring(raw) if b"=" in raw else raw
    if "uu" in encoding:
        return decode_uu(raw)
    return raw


def _is_prose(raw: bytes) -> bool:
    """Whether words stand there as they are, whatever the header claims: base64 has no spaces within its lines."""
    start = raw[:_PROSE_BYTES]
    inner = sum(line.strip().count(b" ") for line in start.split(b"\n"))
    return inner * 25 > len(start)


def decode_base64(raw: bytes) -> bytes:
    """Base64 with whatever is missing or too much."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        kept = kept[:-1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def decode_uu(raw: bytes) -> bytes:
    """The content between ``begin`` and ``end``; lines that cannot be read are left out."""
    decoded: list[bytes] = []
    for line in raw.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(decoded)
