"""From what Google posts to events.

Sources: RCS Business Messaging, "UserMessage", "UserEvent", "Receive messages", "Receive events".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.rcs.payloads import told_in
from comptoir.connectors.shared.opting_out import OPTED_OUT, wish_of
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, number, text, whole
from comptoir.core.reasons import Reason

_RECEIPTS = {"DELIVERED": EventKind.DELIVERY, "READ": EventKind.READ}
#: What people choose in the telephone's own menu: kept as a message, since it binds whoever answers.
_WISHES = {"SUBSCRIBE": {OPTED_OUT: False}, "UNSUBSCRIBE": {OPTED_OUT: True}}
#: The time in which a message could be delivered ended; whether it was taken back is told.
_ENDED = {
    "TTL_EXPIRATION_REVOKED": Reason("The telephone was not reached in time: Google took the message back."),
    "TTL_EXPIRATION_REVOKE_FAILED": Reason("The telephone was not reached in time; it may still get the message."),
}
_OF_NO_USE = {"IS_TYPING": "the customer is typing"}
_FAMILIES = ("image", "video", "audio")


def read_body(body: bytes) -> list[NetworkEvent]:
    """The one event of a delivery. Raises PayloadError."""
    told = told_in(body)
    kind = name(told.get("eventType"))
    return [_event(told, kind) if kind else _message(told)]


# --- events ---------------------------------------------------------------------------------------------------------


def _event(told: Mapping[str, Any], kind: str) -> NetworkEvent:
    if kind in _RECEIPTS:
        return _about_ours(told, _RECEIPTS[kind])
    if kind in _ENDED:
        return _about_ours(told, EventKind.FAILED, reason=_ENDED[kind])
    if kind in _WISHES:
        chosen = _happened(told, EventKind.POSTBACK)
        return replace(chosen, external_id=name(told.get("eventId")), text=kind, custom=_WISHES[kind])
    reason = _OF_NO_USE.get(kind) or f"a kind that Google did not have when this was written ({kind})"
    return _happened(told, EventKind.IGNORED, reason=reason)


def _about_ours(told: Mapping[str, Any], kind: EventKind, reason: str | None = None) -> NetworkEvent:
    """What became of a message of ours."""
    person = _person(told)
    return NetworkEvent(
        kind,
        direction="outgoing",
        visibility="private",
        target_id=name(told.get("messageId")),
        thread_id=person.id,
        author=person,
        sent_at=instant(told.get("sendTime")),
        reason=reason,
    )


def _happened(told: Mapping[str, Any], kind: EventKind, reason: str | None = None) -> NetworkEvent:
    person = _person(told)
    return NetworkEvent(
        kind,
        direction="incoming",
        visibility="private",
        thread_id=person.id,
        author=person,
        sent_at=instant(told.get("sendTime")),
        reason=reason,
    )


def _person(told: Mapping[str, Any]) -> Author:
    number_ = name(told.get("senderPhoneNumber")) or name(told.get("phoneNumber"))
    return Author(id=number_, handle=number_)


# --- messages -------------------------------------------------------------------------------------------------------


def _message(told: Mapping[str, Any]) -> NetworkEvent:
    person, pressed = _person(told), mapping(told.get("suggestionResponse"))
    if person.id is None and not pressed:
        return NetworkEvent(EventKind.IGNORED, reason="neither a message nor an event")
    said = text(pressed.get("text")) or text(pressed.get("postbackData")) if pressed else text(told.get("text"))
    files = _attachments(told)
    return NetworkEvent(
        EventKind.POSTBACK if pressed else EventKind.MESSAGE,
        direction="incoming",
        visibility="private",
        external_id=name(told.get("messageId")),
        thread_id=person.id,
        author=person,
        text=said,
        attachments=files,
        is_unreadable=not (said or files),
        custom=wish_of(said, None) or {},
        sent_at=instant(told.get("sendTime")),
    )


def _attachments(told: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = (_file(mapping(inside(told, "userFile", "payload"))), _place(mapping(told.get("location"))))
    return tuple(one for one in found if one is not None)


def _file(file: Mapping[str, Any]) -> Attachment | None:
    url, mime_type = name(file.get("fileUri")), name(file.get("mimeType"))
    if url is None:
        return None
    family = (mime_type or "").partition("/")[0]
    return Attachment(
        family if family in _FAMILIES else "file",
        url=url,
        name=name(file.get("fileName")),
        mime_type=mime_type,
        size_bytes=whole(file.get("fileSizeBytes")),
    )


def _place(place: Mapping[str, Any]) -> Attachment | None:
    latitude, longitude = number(place.get("latitude")), number(place.get("longitude"))
    if latitude is None or longitude is None:
        return None
    return Attachment("location", f"geo:{latitude},{longitude}")
