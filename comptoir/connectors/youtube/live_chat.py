"""Messages of a live chat: public, fast, gone when the broadcast ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, text

#: Where the words of a message stand, by the type of its event.
_WORDS = {
    "textMessageEvent": ("textMessageDetails", "messageText"),
    "superChatEvent": ("superChatDetails", "userComment"),
    "superStickerEvent": ("superStickerDetails", "superStickerMetadata", "altText"),
    "memberMilestoneChatEvent": ("memberMilestoneChatDetails", "userComment"),
    "fanFundingEvent": ("fanFundingEventDetails", "userComment"),
}
_DELETIONS = {
    "messageDeletedEvent": ("messageDeletedDetails", "deletedMessageId"),
    "messageRetractedEvent": ("messageRetractedDetails", "retractedMessageId"),
}
#: What live chat's ids begin with.
LIVE_PREFIX = "LCC."


def read_live_message(message: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """One event of a live chat: something said (also with money), taken back, or nothing to answer."""
    snippet = mapping(message.get("snippet"))
    kind = name(snippet.get("type")) or "textMessageEvent"
    author, chat = _author(message, snippet), name(snippet.get("liveChatId"))
    message_id, at = name(message.get("id")), instant(snippet.get("publishedAt"))
    is_ours = own_id is not None and author.id == own_id
    if kind in _DELETIONS:
        target = name(inside(snippet, *_DELETIONS[kind]))
        yield NetworkEvent(
            EventKind.DELETE, "outgoing" if is_ours else "incoming", "public", external_id=message_id,
            target_id=target, thread_id=chat, author=author, sent_at=at,
        )  # fmt: skip
        return
    if kind not in _WORDS:
        reason = f"An event of the live chat ({kind}), nothing that a person said."
        yield NetworkEvent(EventKind.IGNORED, external_id=message_id, thread_id=chat, sent_at=at, reason=reason)
        return
    shown = text(snippet.get("displayMessage"))
    yield NetworkEvent(
        event=EventKind.MESSAGE,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=message_id,
        thread_id=chat,
        author=author,
        text=text(inside(snippet, *_WORDS[kind])) or shown,
        subject=_amount(snippet, kind),
        sent_at=at,
        custom={"live_chat": chat} if chat else {},
    )


def _author(message: Mapping[str, Any], snippet: Mapping[str, Any]) -> Author:
    details = mapping(message.get("authorDetails"))
    shown = name(details.get("displayName"))
    return Author(
        id=name(details.get("channelId")) or name(snippet.get("authorChannelId")),
        handle=shown if shown and shown.startswith("@") else None,
        name=shown,
        avatar_url=name(details.get("profileImageUrl")),
    )


def _amount(snippet: Mapping[str, Any], kind: str) -> str | None:
    """What was paid to be seen, as YouTube writes it."""
    return name(inside(snippet, kind.removesuffix("Event") + "Details", "amountDisplayString"))
