"""What a message of LINE holds beside its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment
from comptoir.connectors.shared.untrusted import inside, items, mapping, name, number, whole

#: How an attachment that has no address yet is named: the connector finds it by the message's id.
PREFIX = "line:"
_MEDIA = {"image": "image", "video": "video", "audio": "audio", "file": "file"}


def attachments_of(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The message's file, place or sticker."""
    kind = name(message.get("type")) or ""
    if kind in _MEDIA:
        return (_media(message, _MEDIA[kind]),)
    if kind == "location":
        return (_place(message),)
    return (_sticker(message),) if kind == "sticker" else ()


def _media(message: Mapping[str, Any], kind: str) -> Attachment:
    """Kept by LINE under the message's id, or elsewhere at an address of its own."""
    elsewhere = name(inside(message, "contentProvider", "originalContentUrl"))
    identifier = name(message.get("id"))
    return Attachment(
        kind,
        url=elsewhere or (f"{PREFIX}{identifier}" if identifier else None),
        name=name(message.get("fileName")),
        size_bytes=whole(message.get("fileSize")),
    )


def _place(message: Mapping[str, Any]) -> Attachment:
    latitude, longitude = number(message.get("latitude")), number(message.get("longitude"))
    known = latitude is not None and longitude is not None
    named = ", ".join(filter(None, (name(message.get("title")), name(message.get("address")))))
    return Attachment("location", f"geo:{latitude},{longitude}" if known else None, named or None)


def _sticker(message: Mapping[str, Any]) -> Attachment:
    """A sticker is known by what it shows, where LINE tells."""
    words = [word for word in map(name, items(message.get("keywords"))) if word]
    return Attachment("sticker", name=name(message.get("stickerId")), alt_text=", ".join(words[:5]) or None)


def custom_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What quoting this message in an answer needs."""
    token = name(mapping(message).get("quoteToken"))
    return {"quote_token": token} if token and len(token) < 1000 else {}
