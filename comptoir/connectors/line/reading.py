"""From LINE's webhook events to ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.line.messages import attachments_of, custom_of
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, instant, items, load, mapping, name, text

#: What happens to the account or in a group, and asks nobody to answer.
_OF_NO_USE = {
    "join": "we were added to a group",
    "leave": "we were removed from a group",
    "memberJoined": "people joined a group",
    "memberLeft": "people left a group",
    "videoPlayComplete": "a video was watched to its end",
    "beacon": "a phone came near a beacon",
    "accountLink": "a LINE account was linked to one of the company’s",
    "things": "a device was linked or did something",
    "membership": "a paid membership began or ended",
    "module": "a module was attached or detached",
    "activated": "a module channel became active",
    "deactivated": "a module channel became inactive",
    "botSuspended": "the account was suspended",
    "botResumed": "the account was resumed",
}


def read_body(body: bytes) -> list[NetworkEvent]:
    """Every event of a delivery, once, in its order. Raises PayloadError."""
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(map(_read, _written(content))), content)


def _written(content: Any) -> Iterator[Mapping[str, Any]]:
    """The events of a delivery; one alone, or a list of them, is read too."""
    if isinstance(content, list):
        for one in content:
            yield from _written(one) if isinstance(one, dict) else [{}]
    elif "events" in content:
        yield from (mapping(one) for one in items(content["events"]))
    elif content:
        yield content


def _read(event: Mapping[str, Any]) -> NetworkEvent:
    kind = name(event.get("type")) or ""
    if kind == "message":
        return _message(event)
    if kind == "messageEdited":
        return _message(event, edited=True)
    if kind == "unsend":
        target = name(inside(event, "unsend", "messageId"))
        return _happened(event, EventKind.DELETE, target_id=target)
    if kind == "postback":
        return _happened(event, EventKind.POSTBACK, external_id=name(event.get("webhookEventId")), text=_chosen(event))
    if kind in ("follow", "unfollow"):
        return _happened(event, EventKind.FOLLOW if kind == "follow" else EventKind.UNFOLLOW)
    if kind == "delivery":
        about = name(inside(event, "delivery", "data"))
        return NetworkEvent(
            EventKind.DELIVERY, "outgoing", "private", target_id=about, sent_at=instant(event.get("timestamp"))
        )
    reason = _OF_NO_USE.get(kind) or f"a kind that LINE did not have when this was written ({kind or 'unnamed'})"
    return _happened(event, EventKind.IGNORED, reason=reason)


def _chosen(event: Mapping[str, Any]) -> str | None:
    """What stands for a button that was pressed, and the day or hour that was chosen with it.

    Source: Messaging API, "Postback event" (params of a datetime picker).
    """
    chosen = (text(inside(event, "postback", "params", part)) for part in ("datetime", "date", "time"))
    said = [text(inside(event, "postback", "data")), *chosen]
    return " ".join(part for part in said if part) or None


def _happened(event: Mapping[str, Any], kind: EventKind, **said: str | None) -> NetworkEvent:
    """Something that a person did, in the exchange where they did it."""
    source = mapping(event.get("source"))
    return NetworkEvent(
        kind,
        direction="incoming",
        visibility="private",
        thread_id=thread_of(source),
        author=Author(id=name(source.get("userId"))),
        sent_at=instant(event.get("timestamp")),
        external_id=said.get("external_id"),
        target_id=said.get("target_id"),
        text=said.get("text"),
        reason=said.get("reason"),
    )


def _message(event: Mapping[str, Any], *, edited: bool = False) -> NetworkEvent:
    source, message = mapping(event.get("source")), mapping(event.get("message"))
    identifier, said, files = name(message.get("id")), text(message.get("text")), attachments_of(message)
    return NetworkEvent(
        EventKind.EDIT if edited else EventKind.MESSAGE,
        direction="incoming",
        visibility="private",
        external_id=None if edited else identifier,
        target_id=identifier if edited else None,
        parent_id=name(message.get("quotedMessageId")),
        thread_id=thread_of(source),
        author=Author(id=name(source.get("userId"))),
        text=said,
        attachments=files,
        is_unreadable=not edited and not (said or files),
        sent_at=instant(event.get("timestamp")),
        custom=custom_of(message),
    )


def thread_of(source: Mapping[str, Any]) -> str | None:
    """The group or room in which something is said, else the person."""
    return name(source.get("groupId")) or name(source.get("roomId")) or name(source.get("userId"))
