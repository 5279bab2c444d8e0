"""Whatever a server hands out, read as events: pages, single objects, frames of a stream in both its forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.mastodon.frames import frames_of
from comptoir.connectors.mastodon.notifications import is_notification, read_groups, read_notification, read_push
from comptoir.connectors.mastodon.statuses import is_status, read_status
from comptoir.connectors.shared.once import each_once
from comptoir.connectors.shared.untrusted import instant, items, load, mapping, mappings, name

#: Ids of posts: numbers of Mastodon, ULIDs of GoToSocial.
_ID = re.compile(r"[0-9]{15,20}|[0-9A-HJKMNP-TV-Z]{26}")
#: Objects that nobody said, by a field that only they have.
_QUIET = (
    ("acct", "A description of an account: nobody said anything."),
    ("scheduled_at", "A post that is still to be published."),
    ("hashtags", "A search that found no post."),
    ("preview_url", "A file that no post shows yet."),
    ("votes_count", "A poll."),
    ("configuration", "A description of the server."),
    ("error", "An error of the server, not an event."),
    ("access_token", "A token, not an event."),
    ("following", "How two accounts stand to each other."),
    ("history", "A hashtag."),
    ("announcement", "An announcement of the server."),
)


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Every event of one delivery, each once, in its order. Raises PayloadError."""
    events = each_once(_read_body(delivery.body, own_id))
    return events or [NetworkEvent(EventKind.IGNORED, reason="An empty page.")]


def _read_body(body: bytes, own_id: str | None) -> Iterator[NetworkEvent]:
    frames = frames_of(body)
    if frames is None:
        yield from _read(load(body), own_id, alone=True)
        return
    for frame in frames:
        yield from _read_frame(frame, own_id)


def _read(content: object, own_id: str | None, *, alone: bool = False) -> Iterator[NetworkEvent]:
    """A page (of anything) or one object."""
    if isinstance(content, list):
        for entry in content:
            yield from _read(entry, own_id)
        return
    if alone and isinstance(content, str | int) and _ID.fullmatch(str(content)):
        yield _deletion(name(content))  # all that a stream says of a post that is gone
        return
    if not isinstance(content, dict):
        raise PayloadError("The body must be an object or a list of objects.")
    if "request" in content and "body" in content:  # a recorded answer
        yield from _read(content["body"], own_id, alone=True)
        return
    yield from _read_object(content, own_id, alone=alone)


def _read_object(entry: Mapping[str, Any], own_id: str | None, *, alone: bool) -> Iterator[NetworkEvent]:
    if "notification_groups" in entry:
        yield from read_groups(entry, own_id)
    elif any(isinstance(entry.get(field), list) for field in _LISTS):
        yield from _read_lists(entry, own_id)
    elif "last_status" in entry:
        yield _read_conversation(entry, own_id)
    elif "event" in entry and ("payload" in entry or "object" in entry or "stream" in entry):
        yield from _read_frame(entry, own_id)
    elif is_status(entry):
        # An edited status that comes by itself tells of its edit; in a page it is simply what stands there now.
        yield read_status(entry, own_id, edited=alone and bool(entry.get("edited_at")))
    elif is_notification(entry):
        yield read_notification(entry, own_id)
    elif "notification_id" in entry:
        yield read_push(entry)
    else:
        yield NetworkEvent(EventKind.IGNORED, external_id=name(entry.get("id")), reason=_why_quiet(entry))


_LISTS = ("notifications", "statuses", "ancestors", "descendants", "context", "gone", "edited")


def _read_lists(entry: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """An exchange around a status, what a search found, or a page of ours with what belongs to it."""
    roots = mapping(entry.get("roots"))
    for notification in mappings(entry.get("notifications")):
        root = name(roots.get(name(mapping(notification.get("status")).get("id")) or ""))
        yield read_notification(notification, own_id, thread_id=root)
    for field in ("ancestors", "statuses", "descendants"):
        for status in mappings(entry.get(field)):
            yield read_status(status, own_id)
    for status in mappings(entry.get("edited")):
        yield read_status(status, own_id, edited=True)
    for status in mappings(entry.get("context")):
        event = read_status(status, own_id)
        yield NetworkEvent(**{**_fields(event), "custom": {**event.custom, "context": True}})
    for identifier in items(entry.get("gone")):
        yield _deletion(name(identifier))


def _fields(event: NetworkEvent) -> dict[str, Any]:
    return {field: getattr(event, field) for field in NetworkEvent.__dataclass_fields__}


def _read_conversation(entry: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A private exchange shows the last thing said in it."""
    status = mapping(entry.get("last_status"))
    if not is_status(status):
        return NetworkEvent(
            EventKind.IGNORED, thread_id=name(entry.get("id")), reason="A private exchange without a message."
        )
    return read_status(status, own_id, thread_id=name(entry.get("id")))


def _deletion(identifier: str | None) -> NetworkEvent:
    return NetworkEvent(EventKind.DELETE, "incoming", target_id=identifier)


def _read_frame(frame: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """One frame of a stream, whose payload is JSON written as a text; or of an administrator's webhook."""
    event, payload = name(frame.get("event")) or "", frame.get("payload", frame.get("object"))
    if event == "delete":
        yield _deletion(name(payload))
        return
    content = _unwrapped(payload)
    status = content if is_status(content) else None
    if status is not None and event in ("status.update", "status.updated"):
        yield read_status(status, own_id, edited=True)
    elif event == "conversation":
        yield _read_conversation(content, own_id)
    elif (status is not None and event in ("update", "status.created")) or event == "notification":
        yield from _read(content, own_id)
    else:
        yield NetworkEvent(
            EventKind.IGNORED, external_id=name(content.get("id")), sent_at=instant(frame.get("created_at")),
            reason=f"A frame of the kind “{event}”.",
        )  # fmt: skip


def _unwrapped(payload: object) -> Mapping[str, Any]:
    if not isinstance(payload, str):
        return mapping(payload)
    try:
        return mapping(load(payload.encode("utf-8", "replace")))
    except PayloadError:
        return {}


def _why_quiet(entry: Mapping[str, Any]) -> str:
    return next((reason for field, reason in _QUIET if field in entry), "Neither a post nor a notification.")
