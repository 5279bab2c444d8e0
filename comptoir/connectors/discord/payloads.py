"""Whatever Discord hands out: frames of the gateway, interactions, webhook events, messages as the API lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.discord.interactions import is_interaction, read_interaction
from comptoir.connectors.discord.messages import author_of, is_message, read_message, visibility_of
from comptoir.connectors.shared.once import each_once
from comptoir.connectors.shared.untrusted import inside, items, load, mapping, mappings, name

Reader = Callable[[Mapping[str, Any], str | None], Iterator[NetworkEvent]]


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Every event of one delivery, each once. Raises PayloadError."""
    events = each_once(event for document in _documents(delivery.body) for event in _read(document, own_id))
    return events or [NetworkEvent(EventKind.IGNORED, reason="An empty page.")]


def _documents(body: bytes) -> list[Any]:
    lines = [line for line in body.strip().splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
        return [load(line) for line in lines]
    return [load(body)]


def _read(content: object, own_id: str | None) -> Iterator[NetworkEvent]:
    if isinstance(content, list):
        for entry in content:
            yield from _read(entry, own_id)
        return
    if not isinstance(content, dict):
        raise PayloadError("The body must be an object or a list of objects.")
    if "t" in content and "d" in content:
        yield from _read_frame(content, own_id)
    elif "op" in content:
        yield _ignored(f"gateway {content.get('op')}")
    elif is_message(content):
        yield read_message(content, own_id)
    elif is_interaction(content):
        yield read_interaction(content)
    elif isinstance(content.get("messages"), list):
        yield from _read_page(content, own_id)
    elif mapping(content.get("event")) and "application_id" in content:
        yield from _read_webhook_event(mapping(content["event"]), own_id)
    else:
        yield _ignored("no message")


def _read_page(page: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A page of messages: a search's (lists in a list), or ours, which names the server that they are of."""
    guild = {"guild_id": page["guild_id"]} if name(page.get("guild_id")) else {}
    for entry in items(page.get("messages")):
        for message in mappings(entry) or mappings([entry]):
            if is_message(message):
                yield read_message({**guild, **message}, own_id)


def _read_webhook_event(event: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    content = mapping(event.get("data"))
    if is_message(content):
        yield read_message(content, own_id)
    else:
        yield _ignored(name(event.get("type")) or "webhook event")


def _read_frame(frame: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    kind, content = name(frame.get("t")) or f"gateway {frame.get('op')}", mapping(frame.get("d"))
    reader = _FRAMES.get(kind)
    if reader is None:
        yield _ignored(kind)
    else:
        yield from reader(content, own_id)


def _ignored(kind: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=f"Nobody said anything ({kind[:60]}).")


def _created(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    yield read_message(content, own_id, from_gateway=True)


def _updated(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    yield read_message(content, own_id, edited=True, from_gateway=True)


def _deleted(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    for identifier in items(content.get("ids")) or [content.get("id")]:
        yield NetworkEvent(
            EventKind.DELETE, "incoming", visibility_of(content, from_gateway=True), target_id=name(identifier),
            thread_id=name(content.get("channel_id")),
        )  # fmt: skip


def _reaction(content: Mapping[str, Any], own_id: str | None, *, removed: bool) -> Iterator[NetworkEvent]:
    who = author_of(inside(content, "member", "user"), content.get("member"))
    who = who if who.id else Author(name(content.get("user_id")))
    emoji = name(inside(content, "emoji", "name"))
    is_custom = name(inside(content, "emoji", "id")) is not None
    yield NetworkEvent(
        EventKind.REACTION,
        "outgoing" if own_id is not None and who.id == own_id else "incoming",
        visibility_of(content, from_gateway=True),
        target_id=name(content.get("message_id")),
        thread_id=name(content.get("channel_id")),
        author=who,
        reaction=f":{emoji}:" if is_custom and emoji else emoji,
        reaction_removed=removed,
    )


def _reacted(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    yield from _reaction(content, own_id, removed=False)


def _unreacted(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    yield from _reaction(content, own_id, removed=True)


def _interacted(content: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    yield read_interaction(content)


_FRAMES: Mapping[str, Reader] = {
    "MESSAGE_CREATE": _created,
    "MESSAGE_UPDATE": _updated,
    "MESSAGE_DELETE": _deleted,
    "MESSAGE_DELETE_BULK": _deleted,
    "MESSAGE_REACTION_ADD": _reacted,
    "MESSAGE_REACTION_REMOVE": _unreacted,
    "INTERACTION_CREATE": _interacted,
}
