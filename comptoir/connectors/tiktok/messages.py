"""Direct messages, as webhooks tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, text

#: A file of a message, which is asked for by three ids: tiktok:<conversation>/<message>/<media>?<type>.
PREFIX = "tiktok:"
_MEDIA = ("image", "video", "audio", "file")


def is_message(content: Mapping[str, Any]) -> bool:
    return "message_id" in content and ("conversation_id" in content or "from_user" in content)


def read_message(content: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A message: of ours where we are its sender, else of a person."""
    sender, receiver = _person(content, "from"), _person(content, "to")
    is_ours = own_id is not None and sender.id == own_id
    return NetworkEvent(
        EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="private",
        external_id=name(content.get("message_id")),
        parent_id=name(inside(content, "referenced_message_info", "referenced_message_id")),
        thread_id=name(content.get("conversation_id")),
        author=sender,
        counterpart=receiver if is_ours else None,
        text=text(inside(content, "text", "body"))
        if isinstance(content.get("text"), dict)
        else text(content.get("text")),
        attachments=_attachments(content),
        sent_at=instant(content.get("timestamp")) or instant(content.get("create_time")),
    )


def read_receipt(content: Mapping[str, Any]) -> NetworkEvent:
    """A person has read all that we wrote until an instant."""
    return NetworkEvent(
        EventKind.READ,
        direction="outgoing",
        visibility="private",
        thread_id=name(content.get("conversation_id")),
        author=_person(content, "from"),
        sent_at=instant(inside(content, "read", "last_read_timestamp")) or instant(content.get("timestamp")),
    )


def _person(content: Mapping[str, Any], side: str) -> Author:
    told = mapping(content.get(f"{side}_user"))
    called = name(content.get(side)) or name(told.get("display_name")) or name(told.get("username"))
    return Author(id=name(told.get("id")), name=called, avatar_url=name(told.get("profile_image")))


def _attachments(content: Mapping[str, Any]) -> tuple[Attachment, ...]:
    kind = (name(content.get("type")) or "").lower()
    if kind == "share_post":
        return (Attachment("link", url=name(inside(content, "share_post", "embed_url"))),)
    if kind == "sticker":
        return (Attachment("sticker", url=name(inside(content, "sticker", "url"))),)
    if kind not in _MEDIA:
        return ()
    media = mapping(content.get(kind))
    ids = (name(content.get("conversation_id")), name(content.get("message_id")), name(media.get("media_id")))
    named = "/".join(part or "" for part in ids)
    url = f"{PREFIX}{named}?{kind.upper()}" if all(ids) else name(media.get("url"))
    return (Attachment(kind, url=url, name=name(media.get("name"))),)
