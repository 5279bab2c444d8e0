"""Updates, as a webhook brings them or `getUpdates` lists them; and messages as the API's own answers show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once
from comptoir.connectors.shared.untrusted import instant, items, load, mapping, mappings, name
from comptoir.connectors.telegram.messages import Place, author_of, read_message, reply_buttons

_MESSAGES = ("message", "channel_post", "business_message", "guest_message")
_EDITED = ("edited_message", "edited_channel_post", "edited_business_message")
Reader = Callable[[Mapping[str, Any], str | None], Iterator[NetworkEvent]]


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Every event of one delivery, each once. Raises PayloadError."""
    events = each_once(event for content in _documents(delivery.body) for event in _read(content, own_id))
    return events or [NetworkEvent(EventKind.IGNORED, reason="No update.")]


def _documents(body: bytes) -> list[Any]:
    """One document, or one a line."""
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
        raise PayloadError("The body must be an update or a list of updates.")
    if "ok" in content and "update_id" not in content:
        yield from _read_answer(content, own_id)
    elif "message_id" in content and "chat" in content and "update_id" not in content:
        yield read_message(content, own_id, edited="edit_date" in content)
    else:
        yield from _read_update(content, own_id)


def _read_answer(answer: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """What a method of the API answered."""
    result = answer.get("result")
    if isinstance(result, dict | list):
        yield from _read(result, own_id)
    else:
        said = name(answer.get("description")) or "nothing more"
        yield NetworkEvent(EventKind.IGNORED, reason=f"An answer of the API, not an event: {said}.")


def _read_update(update: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    for field, content in update.items():
        if field in _MESSAGES and isinstance(content, dict):
            yield read_message(content, own_id)
        elif field in _EDITED and isinstance(content, dict):
            yield read_message(content, own_id, edited=True)
        elif field in _READERS and isinstance(content, dict):
            yield from _READERS[field](content, own_id)
        elif field != "update_id":
            yield _ignored(field, mapping(content))
    if not set(update) - {"update_id"}:
        yield NetworkEvent(EventKind.IGNORED, reason="An update of a kind that this version does not know.")


def _ignored(kind: str, content: Mapping[str, Any]) -> NetworkEvent:
    author = author_of(content.get("from") or content.get("user"))
    return NetworkEvent(
        EventKind.IGNORED, "incoming", external_id=name(content.get("id")), author=author,
        sent_at=instant(content.get("date")), reason=f"An update of the kind “{kind}”: nobody said anything.",
    )  # fmt: skip


# --- what is not a message ----------------------------------------------------------------------------------------


def _read_callback(query: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A button was pressed: what it sends or, of a message of ours that is shown, what it says."""
    message = mapping(query.get("message"))
    place, sends = Place.of(message), name(query.get("data")) or name(query.get("game_short_name"))
    identifier = name(query.get("id"))
    kept: dict[str, Any] = {"callback": identifier, "business": place.business, "sends": sends}
    yield NetworkEvent(
        EventKind.POSTBACK,
        "incoming",
        place.visibility if place.chat else "private",
        external_id=identifier,
        parent_id=name(message.get("message_id")) or name(query.get("inline_message_id")),
        thread_id=place.chat_id,
        author=author_of(query.get("from")),
        text=reply_buttons(message).get(sends or "") or sends,
        id_scope=place.scope,
        custom={key: value for key, value in kept.items() if value},
    )


def _read_reaction(change: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """Which reactions one person has on one message, before and after."""
    before, after = ([_emoji(one) for one in mappings(change.get(field))] for field in ("old_reaction", "new_reaction"))
    place = Place.of(change)
    author = author_of(change.get("user") or change.get("actor_chat"))
    ours = own_id is not None and author.id == own_id
    added: list[tuple[str | None, bool]] = [(emoji, False) for emoji in after if emoji not in before]
    gone: list[tuple[str | None, bool]] = [(emoji, True) for emoji in before if emoji not in after]
    for emoji, removed in added or gone[:1] or [(None, True)]:
        yield NetworkEvent(
            EventKind.REACTION,
            "outgoing" if ours else "incoming",
            place.visibility,
            target_id=name(change.get("message_id")),
            thread_id=place.chat_id,
            author=author,
            sent_at=instant(change.get("date")),
            reaction=emoji,
            reaction_removed=removed,
            id_scope=place.scope,
        )


def _emoji(reaction: Mapping[str, Any]) -> str:
    return name(reaction.get("emoji")) or ("⭐" if reaction.get("type") == "paid" else "👍")


def _read_deleted(deleted: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    place = Place.of(deleted)
    for identifier in items(deleted.get("message_ids")):
        yield NetworkEvent(
            EventKind.DELETE, "incoming", place.visibility, target_id=name(identifier), thread_id=place.chat_id,
            author=author_of(place.chat), id_scope=place.scope,
        )  # fmt: skip


def _read_own_membership(change: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """Somebody blocked our bot, or lets it write again; in groups it was added or removed."""
    place, state = Place.of(change), name(mapping(change.get("new_chat_member")).get("status"))
    if not place.is_private or state not in ("kicked", "member"):
        yield _ignored(f"my_chat_member ({state})", change)
        return
    yield NetworkEvent(
        EventKind.UNFOLLOW if state == "kicked" else EventKind.FOLLOW, "incoming", "private",
        thread_id=place.chat_id, author=_person(change), sent_at=instant(change.get("date")),
    )  # fmt: skip


def _person(change: Mapping[str, Any]) -> Author:
    return author_of(change.get("from"))


_READERS: Mapping[str, Reader] = {
    "callback_query": _read_callback,
    "message_reaction": _read_reaction,
    "deleted_business_messages": _read_deleted,
    "my_chat_member": _read_own_membership,
}
