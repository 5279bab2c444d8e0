"""winmail.dat: what Outlook wraps a mail in when it thinks that everybody has Outlook."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from tnefparse import TNEF

from comptoir.connectors.email.charsets import decode

MAX_WINMAIL_BYTES = 40_000_000
#: A mail has a few objects for itself and four for each of its files.
MAX_OBJECTS = 1_000
#: The reader copies what is left of the file for each object.
MAX_COPIED_BYTES = 2_000_000_000
MAX_PROPERTIES = 2_000
_SIGNATURE = b"\x78\x9f\x3e\x22"
_OBJECT = struct.Struct("<BHHI")
_HEAD_BYTES = 6
_OBJECT_BYTES = 11
_LEVELS = (1, 2)
_PROPERTIES, _RECIPIENTS, _FILE_PROPERTIES = 0x9003, 0x9004, 0x9005
_CODE_PAGE, _FILE_NAME, _TEXT_OBJECT = 0x9007, 0x8010, 0x0001
#: How many bytes one value of a MAPI type takes; types of any length count their values and each value's bytes.
_FIXED = {0x02: 2, 0x0B: 2, 0x03: 4, 0x04: 4, 0x0A: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_COUNTED = {0x00, 0x0D, 0x1E, 0x1F, 0x102}
_MANY, _NAMED = 0x1000, 0x8000
_FILE_OBJECT = 0x3701
#: What stands before a mail inside the file. The reader would open that mail, and those in it, without any bound.
_EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")
_HIDDEN = b"comptoir\xff\x01mail\xfe\x02"


@dataclass(slots=True)
class Winmail:
    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def unpack_winmail(content: bytes) -> Winmail | None:
    """The body and the files; None when it is no such file or is broken."""
    if not content.startswith(_SIGNATURE) or len(content) > MAX_WINMAIL_BYTES:
        return None
    try:
        known = _readable_objects(content)
        if known is None:
            return None
        envelope = TNEF(known.replace(_EMBEDDED, _HIDDEN), do_checksum=False)
        found = Winmail(text=_text(envelope.body), html=_text(envelope.htmlbody))
        for file in envelope.attachments:
            found.files.append((_text(file.long_filename() or file.name), _file(file.data)))
    except Exception:  # noqa: BLE001 - any fault inside a foreign binary: the file stays attached as it came
        return None
    return found


def _file(content: bytes) -> bytes:
    return bytes(content).replace(_HIDDEN, _EMBEDDED).removeprefix(_EMBEDDED)


def _readable_objects(content: bytes) -> bytes | None:
    """The file without its table of recipients; None where it is not built as Outlook builds it."""
    kept = [content[:_HEAD_BYTES]]
    offset, count, code_page = _HEAD_BYTES, 0, None
    while offset + _OBJECT_BYTES < len(content):
        level, name, _, size = _OBJECT.unpack_from(content, offset)
        end = offset + _OBJECT_BYTES + size
        count += 1
        if level not in _LEVELS or end > len(content) or count > MAX_OBJECTS:
            return None
        body = content[offset + _OBJECT.size : end - 2]
        if name in (_PROPERTIES, _FILE_PROPERTIES) and not _are_bounded(body):
            return None
        if name == _CODE_PAGE:
            code_page = f"cp{int.from_bytes(body[:4], 'little')}"
        if name == _FILE_NAME:
            kept.append(_in_utf8(body, code_page))
        elif name != _RECIPIENTS:
            kept.append(content[offset:end])
        offset = end
    return b"".join(kept) if count * len(content) <= MAX_COPIED_BYTES else None


def _in_utf8(name: bytes, code_page: str | None) -> bytes:
    """The object of a file's name as the reader expects it: Outlook writes it in the code page of its computer."""
    written = decode(name, code_page).encode()
    return _OBJECT.pack(_LEVELS[1], _FILE_NAME, _TEXT_OBJECT, len(written)) + written + b"\0\0"


def _are_bounded(body: bytes) -> bool:
    """Whether a list of properties says no more than it holds: the reader believes every count it meets."""
    if len(body) < 4:
        return False
    count: int = struct.unpack_from("<I", body, 0)[0]
    offset, left = 4, MAX_PROPERTIES
    try:
        for _ in range(min(count, MAX_PROPERTIES)):
            if offset >= len(body):
                break
            kind, name = struct.unpack_from("<HH", body, offset)
            offset = _after_name(body, offset + 4, name)
            many = 1
            if kind & _MANY or kind in _COUNTED:
                (many,) = struct.unpack_from("<I", body, offset)
                offset += 4
            left -= many
            if left < 0 or (kind & _MANY and not many) or (name == _FILE_OBJECT and many != 1):
                return False
            offset = _after_values(body, offset, kind & ~_MANY, many)
    except (struct.error, KeyError):  # the reader stops here too, and keeps what it read
        return count <= MAX_PROPERTIES
    return count <= MAX_PROPERTIES and offset <= len(body) + 3


def _after_name(body: bytes, offset: int, name: int) -> int:
    """Behind the long name that some properties bear."""
    if name < _NAMED:
        return offset
    by_text, size = struct.unpack_from("<II", body, offset + 16)
    return offset + 24 + (_padded(size) if by_text else 0)


def _after_values(body: bytes, offset: int, kind: int, many: int) -> int:
    if kind in _COUNTED:
        for _ in range(many):
            offset += 4 + _padded(struct.unpack_from("<I", body, offset)[0])
        return offset
    return offset + _padded(many * _FIXED[kind])


def _padded(size: int) -> int:
    return size + -size % 4


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decode(value).strip("\x00")
    return str(value).strip("\x00") if value else ""
