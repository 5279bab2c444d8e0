"""One message of Telegram's Bot API in the words of this house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import Author, Direction, EventKind, NetworkEvent, Visibility
from comptoir.connectors.shared.untrusted import flag, inside, instant, mapping, mappings, name
from comptoir.connectors.telegram.attachments import attachments_of, text_of

#: What is in every message and says nothing by itself.
_FRAME = frozenset(
    [
        *("message_id", "message_thread_id", "date", "edit_date", "chat", "from", "sender_chat", "author_signature"),
        *("sender_boost_count", "sender_business_bot", "sender_tag", "business_connection_id", "via_bot"),
        *("direct_messages_topic", "is_topic_message", "is_automatic_forward", "is_from_offline", "media_group_id"),
        *("forward_origin", "forward_from", "forward_from_chat", "forward_date", "forward_from_message_id"),
        *("forward_signature", "forward_sender_name", "has_protected_content", "link_preview_options", "effect_id"),
        *("reply_to_message", "external_reply", "quote", "reply_to_story", "reply_markup", "entities"),
        *("caption_entities",),
    ]
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened: the chat, whether all its members read it, and how its messages are told apart."""

    chat_id: str | None
    is_private: bool
    is_channel: bool
    business: str | None
    chat: Mapping[str, Any]

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Place:
        chat = mapping(message.get("chat"))
        identifier, kind = name(chat.get("id")), name(chat.get("type"))
        is_private = kind == "private" or (kind is None and not (identifier or "").startswith("-"))
        return cls(identifier, is_private, kind == "channel", name(message.get("business_connection_id")), chat)

    @property
    def visibility(self) -> Visibility:
        return "private" if self.is_private else "public"

    @property
    def scope(self) -> str:
        """Numbers of messages are those of one chat; of a business account, those of its own side."""
        return ":".join(part for part in (self.business, self.chat_id) if part)


def author_of(user: object) -> Author:
    """A person or a bot; of a chat that speaks itself (a channel, an anonymous administrator), the chat."""
    known = mapping(user)
    called = [part for part in (name(known.get("first_name")), name(known.get("last_name"))) if part]
    return Author(name(known.get("id")), name(known.get("username")), " ".join(called) or name(known.get("title")))


def speaker_of(message: Mapping[str, Any]) -> Author:
    """Who said it: a chat speaks for itself where one is named."""
    chat = mapping(message.get("sender_chat"))
    if chat:
        return author_of(chat)
    if "from" in message:
        return author_of(message["from"])
    place = Place.of(message)
    return author_of(place.chat) if place.is_channel else Author()


def read_message(message: Mapping[str, Any], own_id: str | None, *, edited: bool = False) -> NetworkEvent:
    """A message, or its edit; what the chat tells of itself (somebody joined, it was renamed) is ignored."""
    place, author = Place.of(message), speaker_of(message)
    identifier = name(message.get("message_id"))
    direction = _direction(message, place, author, own_id)
    said, files = text_of(message), attachments_of(message)
    kind, reason = _kind_of(message, place, edited=edited, says_something=said is not None or bool(files))
    is_edit = kind is EventKind.EDIT
    return NetworkEvent(
        kind,
        direction,
        place.visibility,
        external_id=None if is_edit else identifier,
        target_id=identifier if is_edit else None,
        parent_id=name(inside(message, "reply_to_message", "message_id")),
        thread_id=place.chat_id,
        author=author,
        text=said if kind is not EventKind.POSTBACK else name(inside(message, "web_app_data", "data")),
        attachments=files,
        sent_at=instant(message.get("date")),
        edited_at=instant(message.get("edit_date")) if is_edit else None,
        counterpart=author_of(place.chat) if direction == "outgoing" and place.is_private else None,
        reason=reason,
        automatic=flag(message.get("is_from_offline")),
        is_unreadable=kind is EventKind.MESSAGE and said is None and not files,  # a story, of which nothing is told
        id_scope=place.scope,
        url=_address(place, identifier),
        custom=_kept(message, place),
    )


def _kind_of(
    message: Mapping[str, Any], place: Place, *, edited: bool, says_something: bool
) -> tuple[EventKind, str | None]:
    if "web_app_data" in message:
        return EventKind.POSTBACK, None
    if not says_something and "story" not in message:
        notices = [field for field, said in message.items() if field not in _FRAME and said is not False]
        return EventKind.IGNORED, f"The chat tells of itself: {', '.join(notices[:5]) or 'nothing was said'}."
    if edited:
        return EventKind.EDIT, None
    return (EventKind.POST if place.is_channel else EventKind.MESSAGE), None


def _direction(message: Mapping[str, Any], place: Place, author: Author, own_id: str | None) -> Direction:
    """Ours is what our bot says, what the owner of a business account writes, and what our own channel publishes."""
    by_bot = flag(inside(message, "from", "is_bot")) and "sender_chat" not in message
    if (own_id is not None and author.id == own_id) or (by_bot and place.is_private):
        return "outgoing"
    if place.business and place.is_private and author.id != place.chat_id:
        return "outgoing"
    if own_id is not None and (place.is_channel or flag(message.get("is_automatic_forward"))):
        return "outgoing"  # only who is made an administrator of a channel is told of its posts
    return "incoming"


def _address(place: Place, identifier: str | None) -> str | None:
    """The public address of what is said in a group or channel that has a name."""
    handle = name(place.chat.get("username"))
    return f"https://t.me/{handle}/{identifier}" if handle and identifier and not place.is_private else None


def _kept(message: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """What an answer needs: the business account it goes through, the topic it belongs to."""
    topic = name(message.get("message_thread_id")) if flag(message.get("is_topic_message")) else None
    kept: dict[str, Any] = {"business": place.business, "topic": topic}
    if flag(message.get("is_automatic_forward")) or (place.is_channel and not place.is_private):
        kept["context"] = True
    return {key: value for key, value in kept.items() if value}


def reply_buttons(message: Mapping[str, Any]) -> dict[str, str]:
    """What the buttons under a message say, by what pressing them sends."""
    rows = inside(message, "reply_markup", "inline_keyboard")
    buttons = [button for row in (rows if isinstance(rows, list) else []) for button in mappings(row)]
    return {
        name(button.get("callback_data")) or "": name(button.get("text")) or ""
        for button in buttons
        if name(button.get("callback_data"))
    }
