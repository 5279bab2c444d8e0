"""One message of Discord's API in the words of this house."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, Visibility
from comptoir.connectors.shared.untrusted import flag, inside, instant, mapping, mappings, name, text, whole

_CDN = "https://cdn.discordapp.com"
#: Types that a person (or a bot) wrote: plain, an answer, what a command answered, a thread's first message.
_SPOKEN = frozenset([0, 19, 20, 21, 23])
_FORWARDED = 1
_BEGINS_THREAD = 21
#: The kind of component that is a text, and how many of them a message may have (Discord allows 40).
_TEXT_DISPLAY = 10
_MOST_COMPONENTS = 100
_CROSSPOSTED = 1 << 1
_MARK = re.compile(
    r"<(?:@!?(?P<user>\d{5,20})|@&(?P<role>\d{5,20})|#(?P<channel>\d{5,20})|a?:(?P<emoji>\w{1,64}):\d{5,20}"
    r"|t:(?P<at>-?\d{1,12})(?::[tTdDfFR])?|/(?P<command>[^:<>]{1,100}):\d{5,20})>"
)


def is_message(entry: Mapping[str, Any]) -> bool:
    """Whether an object is a message."""
    return "channel_id" in entry and "author" in entry and ("content" in entry or "attachments" in entry)


def author_of(user: object, member: object = None) -> Author:
    """Somebody on Discord, by the name that is shown in this server where there is one."""
    known = mapping(user)
    identifier, avatar = name(known.get("id")), name(known.get("avatar"))
    shown = name(mapping(member).get("nick")) or name(known.get("global_name"))
    ending = "gif" if (avatar or "").startswith("a_") else "png"
    url = f"{_CDN}/avatars/{identifier}/{avatar}.{ending}" if identifier and avatar else None
    return Author(identifier, name(known.get("username")), shown, url)


def visibility_of(entry: Mapping[str, Any], *, from_gateway: bool) -> Visibility | None:
    """Public in a server; a frame of the gateway that names no server is private, other objects do not say."""
    if name(entry.get("guild_id")):
        return "public"
    return "private" if from_gateway else None


def read_message(
    message: Mapping[str, Any], own_id: str | None, *, edited: bool = False, from_gateway: bool = False
) -> NetworkEvent:
    """A message, or its edit; what the server tells of itself (somebody joined, a pin) is ignored."""
    author = author_of(message.get("author"), message.get("member"))
    ours = own_id is not None and author.id == own_id
    identifier, channel = name(message.get("id")), name(message.get("channel_id"))
    kind, reason = _kind_of(message, edited=edited)
    is_edit = kind is EventKind.EDIT
    said = _content_of(message)
    return NetworkEvent(
        kind,
        "outgoing" if ours else "incoming",
        visibility_of(message, from_gateway=from_gateway),
        external_id=None if is_edit else identifier,
        target_id=identifier if is_edit else None,
        parent_id=_answered(message),
        thread_id=channel,
        author=author,
        text=readable(text(said.get("content")), message),
        attachments=tuple(attachments_of(said)),
        sent_at=instant(message.get("timestamp")),
        edited_at=instant(message.get("edited_timestamp")) if is_edit else None,
        counterpart=author_of(inside(message, "referenced_message", "author")) if ours else None,
        automatic=flag(inside(message, "author", "bot")) and not ours,
        reason=reason,
        url=_address(message),
        custom={"channel": channel} if channel else {},
    )


def _kind_of(message: Mapping[str, Any], *, edited: bool) -> tuple[EventKind, str | None]:
    number = whole(message.get("type")) or 0
    if number not in _SPOKEN:
        return EventKind.IGNORED, f"The server tells of itself (message type {number})."
    if not edited:
        return EventKind.MESSAGE, None
    if "content" in message and message.get("edited_timestamp"):
        return EventKind.EDIT, None
    return EventKind.IGNORED, "Something around a message changed, not what it says."


def _content_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message itself or, of one that is passed on or told again where its thread begins, that one."""
    if whole(message.get("type")) == _BEGINS_THREAD and not message.get("content"):
        return mapping(message.get("referenced_message")) or message
    if whole(inside(message, "message_reference", "type")) == _FORWARDED and not message.get("content"):
        return mapping(inside(message, "message_snapshots", 0, "message")) or message
    return message


def _answered(message: Mapping[str, Any]) -> str | None:
    """What it answers: not what it passes on, nor what a followed channel published."""
    reference = mapping(message.get("message_reference"))
    published = bool((whole(message.get("flags")) or 0) & _CROSSPOSTED)
    return None if published or whole(reference.get("type")) == _FORWARDED else name(reference.get("message_id"))


def _address(message: Mapping[str, Any]) -> str | None:
    place = [name(message.get(field)) for field in ("guild_id", "channel_id", "id")]
    return f"https://discord.com/channels/{'/'.join(map(str, place))}" if all(place) else None


# --- what a person reads ------------------------------------------------------------------------------------------


def readable(content: str | None, message: Mapping[str, Any]) -> str | None:
    """The text with the names of people, channels and emoji; of a card without a text what it says; of a poll its
    question and answers.
    """
    if content is None:
        return None
    people = {name(user.get("id")): user for user in mappings(message.get("mentions"))}
    channels = {name(one.get("id")): name(one.get("name")) for one in mappings(message.get("mention_channels"))}

    def named(found: re.Match[str]) -> str:
        if found["user"]:
            user = mapping(people.get(found["user"]))
            return f"@{name(user.get('global_name')) or name(user.get('username')) or found['user']}"
        if found["channel"]:
            return f"#{channels.get(found['channel']) or found['channel']}"
        if found["at"]:
            return _instant_of(int(found["at"]))
        if found["command"]:
            return f"/{found['command']}"
        return f":{found['emoji']}:" if found["emoji"] else f"@{found['role']}"

    said = _MARK.sub(named, content)
    return said or _card(message) or said


def _instant_of(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return ""


def _card(message: Mapping[str, Any]) -> str:
    lines: list[str | None] = []
    for embed in mappings(message.get("embeds"))[:10]:
        lines += [name(embed.get("title")), name(embed.get("description"))]
    lines += [name(one.get("content")) for one in _components(message)]
    poll = mapping(message.get("poll"))
    if poll:
        lines.append(name(inside(poll, "question", "text")))
        lines += [f"- {name(inside(one, 'poll_media', 'text')) or ''}" for one in mappings(poll.get("answers"))]
    return "\n".join(line for line in lines if line)


def _components(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The texts of a message that is laid out in components, also inside sections and containers."""
    waiting = [*reversed(mappings(message.get("components")))]
    found: list[Mapping[str, Any]] = []
    while waiting and len(found) < _MOST_COMPONENTS:
        one = waiting.pop()
        waiting += reversed(mappings(one.get("components")))
        if one.get("type") == _TEXT_DISPLAY:
            found.append(one)
    return found


def attachments_of(message: Mapping[str, Any]) -> list[Attachment]:
    """Its files and stickers."""
    files = [
        Attachment(
            _kind(name(file.get("content_type"))),
            name(file.get("url")) or name(file.get("proxy_url")),
            name(file.get("filename")),
            name(file.get("content_type")),
            whole(file.get("size")),
            alt_text=name(file.get("description")),
        )
        for file in mappings(message.get("attachments"))
    ]
    return files + [
        _sticker(one) for one in mappings(message.get("sticker_items")) or mappings(message.get("stickers"))
    ]


def _kind(mime_type: str | None) -> str:
    family = (mime_type or "").split("/", 1)[0]
    return family if family in ("image", "video", "audio") else "file"


def _sticker(sticker: Mapping[str, Any]) -> Attachment:
    ending = {3: "json", 4: "gif"}.get(whole(sticker.get("format_type")) or 1, "png")
    identifier = name(sticker.get("id"))
    url = f"{_CDN}/stickers/{identifier}.{ending}" if identifier else None
    return Attachment("sticker", url, name(sticker.get("name")))
