"""Private messages as the Conversations API lists them: a message, a list, a map by id, whole conversations.

Source: Messenger Platform, "Conversations API"; the ids of messages are those of webhooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.graph.messaging.attachments import of_api, story_role
from comptoir.connectors.shared.untrusted import flag, inside, instant, mapping, mappings, name, text

_OF_A_MESSAGE = frozenset({"message", "to", "shares", "sticker", "story", "is_unsupported", "attachments", "tags"})
_OF_A_CONVERSATION = frozenset({"messages", "participants", "senders", "snippet", "message_count", "can_reply"})


def read_objects(content: object, own_id: str | None) -> list[NetworkEvent]:
    """Every message of an answer of the API, in its order; what is none is ignored, with a reason."""
    return [event for one in _objects(content) for event in _read(one, own_id)]


def _objects(content: object) -> Iterator[Mapping[str, Any]]:
    told = mapping(content)
    if isinstance(told.get("data"), list):
        yield from mappings(told["data"])
    elif told and all(isinstance(one, dict) and "id" in one for one in told.values()):
        yield from told.values()  # ?ids=…: objects by their ids
    else:
        yield told


def _read(one: Mapping[str, Any], own_id: str | None) -> list[NetworkEvent]:
    if _OF_A_CONVERSATION & one.keys() and not isinstance(one.get("message"), str):
        return _conversation(one, own_id)
    if _OF_A_MESSAGE & one.keys():
        return [_message(one, own_id, None)]
    return [NetworkEvent(EventKind.IGNORED, external_id=name(one.get("id")), reason="no private message")]


def _conversation(one: Mapping[str, Any], own_id: str | None) -> list[NetworkEvent]:
    people = [_person(person) for person in mappings(inside(one, "participants", "data"))]
    customer = next((person for person in people if own_id and person.id != own_id), None)
    messages = mappings(inside(one, "messages", "data"))
    if not messages:
        why = "a conversation without its messages"
        return [NetworkEvent(EventKind.IGNORED, visibility="private", thread_id=_id(customer), reason=why)]
    return [_message(message, own_id, customer) for message in messages]


def _message(one: Mapping[str, Any], own_id: str | None, customer: Author | None) -> NetworkEvent:
    author = _person(mapping(one.get("from")))
    is_ours = own_id is not None and author.id == own_id
    to = [_person(person) for person in mappings(inside(one, "to", "data"))]
    other = customer or next((person for person in to if person.id != author.id), None) if is_ours else author
    said, files = text(one.get("message")), of_api(one)
    return NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=name(one.get("id")),
        parent_id=name(inside(one, "reply_to", "mid")) or name(inside(one, "story", "reply_to", "id")),
        thread_id=_id(other),
        author=author,
        counterpart=other if is_ours else None,
        text=said or None,
        attachments=files,
        sent_at=instant(one.get("created_time")),
        scope=own_id or "",
        is_unreadable=flag(one.get("is_unsupported")) and not (said or files),
        custom={"story": role} if (role := story_role(one)) else {},
    )


def _person(told: Mapping[str, Any]) -> Author:
    return Author(id=name(told.get("id")), handle=name(told.get("username")), name=name(told.get("name")))


def _id(person: Author | None) -> str | None:
    return person.id if person else None
