"""From Viber's callbacks to events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, instant, items, load, mapping, name, number, text, whole
from comptoir.core.reasons import Reason

_RECEIPTS = {"delivered": EventKind.DELIVERY, "seen": EventKind.READ, "failed": EventKind.FAILED}
_OF_NO_USE = {
    "webhook": "Viber looks whether we are there",
    "conversation_started": "the exchange was opened, nothing was written yet",
    "client_status": "the state of the person’s application",
    "action": "a button that only the application acts on",
}


def read_body(body: bytes) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. Raises PayloadError."""
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(map(_read, _written(content))), content)


def _written(content: Any) -> Iterator[Mapping[str, Any]]:
    """A callback stands alone; a list of them is read too."""
    if isinstance(content, list):
        yield from (mapping(one) for one in content)
    elif isinstance(content.get("events"), list):
        yield from (mapping(one) for one in items(content["events"]))
    elif content:
        yield content


def _read(callback: Mapping[str, Any]) -> NetworkEvent:
    kind = name(callback.get("event")) or ""
    if kind == "message":
        return _message(callback)
    if kind in _RECEIPTS:
        return _receipt(callback, _RECEIPTS[kind])
    if kind in ("subscribed", "unsubscribed"):
        return _happened(callback, EventKind.FOLLOW if kind == "subscribed" else EventKind.UNFOLLOW)
    if not kind and "status" in callback and name(callback.get("message_token")):
        return NetworkEvent(
            EventKind.SENT, "outgoing", "private", target_id=name(callback.get("message_token")), reason=None
        )
    reason = _OF_NO_USE.get(kind) or f"a kind that Viber did not have when this was written ({kind or 'unnamed'})"
    return _happened(callback, EventKind.IGNORED, reason=reason)


def _happened(callback: Mapping[str, Any], kind: EventKind, reason: str | None = None) -> NetworkEvent:
    author = _author(callback)
    return NetworkEvent(
        kind,
        direction="incoming",
        visibility="private",
        thread_id=author.id,
        author=author,
        sent_at=instant(callback.get("timestamp")),
        reason=reason,
    )


def _receipt(callback: Mapping[str, Any], kind: EventKind) -> NetworkEvent:
    """What became of a message of ours."""
    reason = None
    if kind is EventKind.FAILED:
        said = name(callback.get("desc")) or name(callback.get("description")) or "?"
        reason = Reason("Viber could not deliver it: “%(said)s”.", said=said)
    return NetworkEvent(
        kind,
        direction="outgoing",
        visibility="private",
        target_id=name(callback.get("message_token")),
        thread_id=name(callback.get("user_id")),
        author=Author(id=name(callback.get("user_id"))),
        sent_at=instant(callback.get("timestamp")),
        reason=reason,
    )


def _message(callback: Mapping[str, Any]) -> NetworkEvent:
    message, author = mapping(callback.get("message")), _author(callback)
    said, files = text(message.get("text")), _attachments(message)
    return NetworkEvent(
        EventKind.MESSAGE,
        direction="incoming",
        visibility="private",
        external_id=name(callback.get("message_token")) or name(message.get("message_token")),
        thread_id=name(callback.get("chat_id")) or author.id,
        author=author,
        text=said,
        attachments=files,
        is_unreadable=not (said or files),
        sent_at=instant(callback.get("timestamp")),
        language=name(inside(callback, "sender", "language")),
    )


def _author(callback: Mapping[str, Any]) -> Author:
    person = mapping(callback.get("sender")) or mapping(callback.get("user"))
    return Author(
        id=name(person.get("id")) or name(callback.get("user_id")),
        name=name(person.get("name")),
        avatar_url=name(person.get("avatar")),
    )


def _attachments(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    kind, media = name(message.get("type")) or "", name(message.get("media"))
    if kind == "location":
        return _place(mapping(message.get("location")))
    if kind == "contact":
        return _card(mapping(message.get("contact")))
    shown = {"picture": "image", "video": "video", "file": "file", "url": "link", "sticker": "sticker"}.get(kind)
    if shown is None and media is None:
        return ()
    return (
        Attachment(
            shown or "file",
            url=media,
            name=name(message.get("file_name")) or (name(message.get("sticker_id")) if kind == "sticker" else None),
            size_bytes=whole(message.get("file_size")) or whole(message.get("size")),
        ),
    )


def _place(place: Mapping[str, Any]) -> tuple[Attachment, ...]:
    latitude, longitude = number(place.get("lat")), number(place.get("lon"))
    if latitude is None or longitude is None:
        return ()
    return (Attachment("location", f"geo:{latitude},{longitude}", name(place.get("address"))),)


def _card(card: Mapping[str, Any]) -> tuple[Attachment, ...]:
    told = name(card.get("phone_number"))
    said = ", ".join(filter(None, (name(card.get("name")), told)))
    digits = re.sub(r"[^0-9]", "", (told or "")[:40])
    return (Attachment("contact", f"tel:+{digits}" if digits else None, said or None),)
