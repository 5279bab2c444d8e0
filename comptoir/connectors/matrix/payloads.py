"""Whatever a homeserver hands out: a sync, pages of a room, transactions, pushes, single events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.matrix.events import Room, is_event, read_event
from comptoir.connectors.shared.untrusted import inside, instant, items, load, mapping, mappings, name

#: Keys that our own polling adds to a sync: the rooms where we are two, those of several that nobody else reads, and
#: how people are called in each.
PRIVATE_ROOMS, CLOSED_ROOMS, MEMBERS = "comptoir_private", "comptoir_closed", "comptoir_members"
_LISTS = ("events_before", "chunk", "events", "event", "events_after", "state", "ephemeral", "to_device")


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Every event of one delivery, each once. Raises PayloadError."""
    events: dict[tuple[object, ...], NetworkEvent] = {}
    for document in _documents(delivery.body):
        for event in _read(document, Room(), own_id):
            events.setdefault((event.event, event.external_id or repr(event)), event)
    return list(events.values()) or [NetworkEvent(EventKind.IGNORED, reason="Nothing happened.")]


def _documents(body: bytes) -> list[Any]:
    lines = [line for line in body.strip().splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
        return [load(line) for line in lines]
    return [load(body)]


def _read(content: object, room: Room, own_id: str | None) -> Iterator[NetworkEvent]:
    if isinstance(content, list):
        for entry in content:
            yield from _read(entry, room, own_id)
        return
    if not isinstance(content, dict):
        raise PayloadError("The body must be an object or a list of objects.")
    if mapping(content.get("rooms")) or "next_batch" in content:
        yield from _read_sync(content, own_id)
    elif mapping(content.get("notification")):
        yield from _read_push(mapping(content["notification"]), own_id)
    elif is_event(content):
        yield from _read_one(content, room, own_id)
    elif any(isinstance(content.get(part), list | dict) for part in _LISTS):
        yield from _read_page(content, own_id)
    elif mapping(content.get("search_categories")):
        results = mappings(inside(content, "search_categories", "room_events", "results"))
        yield from _read([mapping(one.get("result")) for one in results], room, own_id)
    else:
        yield NetworkEvent(EventKind.IGNORED, reason="An answer of the server, not an event.")


def _read_one(event: Mapping[str, Any], room: Room, own_id: str | None) -> Iterator[NetworkEvent]:
    if event.get("type") == "m.receipt":
        yield from _read_receipts(event, room, own_id)
    else:
        yield read_event(event, room, own_id)


def _read_page(page: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A page of one room, what stands around one event, or a transaction of an application service."""
    identifier = name(page.get("room_id"))
    members = {**_members_in(mappings(page.get("state"))), **mapping(mapping(page.get(MEMBERS)).get(identifier or ""))}
    room = Room(identifier, _is_private(page, identifier), members, identifier in items(page.get(CLOSED_ROOMS)))
    for part in _LISTS:
        content = page.get(part)
        for event in [content] if isinstance(content, dict) and part == "event" else items(content):
            if isinstance(event, dict) and is_event(event) and (part != "state" or "event_id" in event):
                yield from _read_one(event, room, own_id)


def _read_sync(sync: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    rooms = mapping(sync.get("rooms"))
    told = False
    for membership in ("join", "leave", "knock", "invite"):
        for identifier, content in mapping(rooms.get(membership)).items():
            for event in _read_room(sync, name(identifier), mapping(content), own_id):
                told = True
                yield event
    if not told:
        yield NetworkEvent(EventKind.IGNORED, reason="A sync in which nothing was said.")


def _read_room(
    sync: Mapping[str, Any], identifier: str | None, content: Mapping[str, Any], own_id: str | None
) -> Iterator[NetworkEvent]:
    states = mappings(inside(content, "state", "events")) or mappings(inside(content, "invite_state", "events"))
    timeline = mappings(inside(content, "timeline", "events"))
    members = {**_members_in([*states, *timeline]), **mapping(mapping(sync.get(MEMBERS)).get(identifier or ""))}
    count = inside(content, "summary", "m.joined_member_count")
    is_private = _is_private(sync, identifier)
    if is_private is None and isinstance(count, int):
        is_private = count <= 2  # we and one other
    room = Room(identifier, is_private, members, identifier in items(sync.get(CLOSED_ROOMS)))
    for event in (*timeline, *mappings(inside(content, "ephemeral", "events"))):
        if is_event(event):
            yield from _read_one(event, room, own_id)
    if "invite_state" in content:
        yield NetworkEvent(EventKind.IGNORED, thread_id=identifier, reason="An invitation to a room.")


def _is_private(page: Mapping[str, Any], identifier: str | None) -> bool | None:
    """As our own polling found; nothing else says."""
    return identifier in items(page.get(PRIVATE_ROOMS)) if PRIVATE_ROOMS in page else None


def _members_in(states: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name(state.get("state_key")) or "": mapping(state.get("content"))
        for state in states
        if state.get("type") == "m.room.member" and inside(state, "content", "membership") == "join"
    }


def _read_receipts(event: Mapping[str, Any], room: Room, own_id: str | None) -> Iterator[NetworkEvent]:
    """Who has read up to which message."""
    for target, kinds in mapping(event.get("content")).items():
        for user, receipt in mapping(mapping(kinds).get("m.read")).items():
            if user != own_id:
                yield NetworkEvent(
                    EventKind.READ, "outgoing", room.visibility, target_id=name(target),
                    thread_id=room.id or name(event.get("room_id")), author=room.author(name(user)),
                    sent_at=instant(mapping(receipt).get("ts")),
                )  # fmt: skip


def _read_push(notification: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """What a server tells a push gateway: the event, or its id alone."""
    if is_event(notification):
        yield read_event(notification, Room(), own_id)
    else:
        identifier, room = name(notification.get("event_id")), name(notification.get("room_id"))
        reason = "A push that announces an event."
        yield NetworkEvent(EventKind.IGNORED, external_id=identifier, thread_id=room, reason=reason)
