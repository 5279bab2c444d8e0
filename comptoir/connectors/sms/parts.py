"""Long messages come in parts, each an SMS of its own, in any order (3GPP TS 23.040, concatenation)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from comptoir.connectors.base import NetworkEvent
from comptoir.connectors.shared.untrusted import whole
from comptoir.connectors.sms.charsets import readable
from comptoir.connectors.sms.fields import Fields

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){4,70}")
_MOST_PARTS = 255


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of which long message an SMS is."""

    reference: str
    total: int
    number: int


def part_of(fields: Fields) -> Part | None:
    """From a gateway's fields, or from the header that stands before the text in the SMS itself."""
    reference = fields.said("concatref", "concatreference", "multipartref", "messageref", "partreference", "refnum")
    total = whole(fields.any("concattotal", "concatcount", "totalparts", "parttotal", "partscount", "segmentstotal"))
    number = whole(fields.any("concatpart", "concatindex", "partnumber", "partindex", "partnum", "segmentseqnum"))
    if total is None or number is None:
        return _of_header(fields)
    return _checked(reference or "", total, number)


def _of_header(fields: Fields) -> Part | None:
    """Of the user data header: element 00 (a reference of 8 bits) or 08 (of 16)."""
    header = fields.raw.get("udh", b"")
    if not header or _HEX.fullmatch(header.decode("latin-1")):
        written = fields.said("udh", "userdataheader") or ""
        if not _HEX.fullmatch(written):
            return None
        header = bytes.fromhex(written)
    position = 1
    while position + 2 <= len(header):
        element, length = header[position], header[position + 1]
        value = header[position + 2 : position + 2 + length]
        if (element, length) in ((0, 3), (8, 4)) and len(value) == length:
            return _checked(value[:-2].hex(), value[-2], value[-1])
        position += 2 + length
    return None


def _checked(reference: str, total: int, number: int) -> Part | None:
    return Part(reference, total, number) if 1 < total <= _MOST_PARTS and 1 <= number <= total else None


def joined(events: Sequence[tuple[NetworkEvent, Part | None]]) -> list[NetworkEvent]:
    """Long messages whose parts are all there become one, where its first part came; others stay as they are."""
    groups: dict[tuple[object, ...], dict[int, NetworkEvent]] = {}
    for event, part in events:
        if part is not None:
            groups.setdefault(_key(event, part), {}).setdefault(part.number, event)
    told: set[tuple[object, ...]] = set()
    result: list[NetworkEvent] = []
    for event, part in events:
        group = groups[_key(event, part)] if part is not None else {}
        if part is None or len(group) < part.total:
            kept = {**event.custom, "part": part.number, "parts": part.total} if part is not None else event.custom
            result.append(replace(event, text=_shown(event.text), custom=kept))
        elif _key(event, part) not in told:
            told.add(_key(event, part))
            whole_text = "".join(group[number].text or "" for number in sorted(group))
            result.append(replace(group[1], text=readable(whole_text)))
    return result


def _shown(text: str | None) -> str | None:
    return None if text is None else readable(text)


def _key(event: NetworkEvent, part: Part) -> tuple[object, ...]:
    return event.author.id, event.thread_id, part.reference, part.total
