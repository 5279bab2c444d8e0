"""One message of Slack, as events, pages of history and answers to our own calls hold it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import Attachment, Author, Direction, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, mappings, name, text, whole
from comptoir.connectors.slack.blocks import words_of_blocks
from comptoir.connectors.slack.mrkdwn import readable

#: A file that is known by its id only, as in shared channels; the connector asks for its address.
PREFIX = "slack:"
#: Subtypes of messages in which somebody says something.
SAID = frozenset(
    {"", "bot_message", "me_message", "file_share", "thread_broadcast", "file_comment", "assistant_app_thread"}
)
_FAMILIES = {"image": "image", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Here:
    """Where a message stands, and who we are there."""

    channel: str | None = None
    ours: Collection[str] = ()
    app_id: str | None = None


def place_of(external_id: str, channel: str | None) -> tuple[str | None, str]:
    """The channel and the stamp of a message that the counter keeps as <channel>/<stamp>."""
    scope, _slash, stamp = external_id.rpartition("/")
    return scope or channel, stamp


def read_message(message: Mapping[str, Any], here: Here) -> NetworkEvent:
    """A message that somebody wrote: a person, ourselves, or another application."""
    stamp, author = name(message.get("ts")), author_of(message)
    root = name(message.get("thread_ts"))
    parent = root if root != stamp else None
    said, files = said_in(message), attachments_of(message)
    return NetworkEvent(
        EventKind.MESSAGE,
        direction=direction_of(message, here),
        visibility="private",
        external_id=stamp,
        parent_id=parent,
        thread_id=here.channel,
        author=author,
        text=said,
        attachments=files,
        sent_at=instant(stamp),
        is_unreadable=not said and not files and bool(message.get("files")),  # hidden by the workspace's limit, or gone
        automatic=is_automatic(message, here),
        id_scope=here.channel or "",
        custom=_custom(message, here.channel, parent),
    )


def _custom(message: Mapping[str, Any], channel: str | None, root: str | None) -> Mapping[str, Any]:
    """What an answer needs: the channel, the root of the thread, and whether it is an exchange of two."""
    known = {"channel": channel, "root": root, "channel_type": name(message.get("channel_type"))}
    return {key: value for key, value in known.items() if value and len(value) < 100}


def author_of(message: Mapping[str, Any]) -> Author:
    """Who wrote it: a person, or the application that did."""
    profile = mapping(message.get("user_profile"))
    named = name(profile.get("display_name")) or name(profile.get("real_name")) or name(message.get("username"))
    return Author(
        id=name(message.get("user")) or name(message.get("bot_id")),
        handle=name(profile.get("name")),
        name=named or name(inside(message, "bot_profile", "name")),
        avatar_url=name(profile.get("image_72")),
    )


def is_ours(message: Mapping[str, Any], here: Here) -> bool:
    app = name(message.get("app_id")) or name(inside(message, "bot_profile", "app_id"))
    return name(message.get("user")) in here.ours or (app is not None and app == here.app_id)


def direction_of(message: Mapping[str, Any], here: Here) -> Direction:
    return "outgoing" if is_ours(message, here) else "incoming"


def is_automatic(message: Mapping[str, Any], here: Here) -> bool:
    """What another application wrote: nobody waits for an answer."""
    by_application = bool(name(message.get("bot_id"))) or message.get("subtype") == "bot_message"
    return by_application and not is_ours(message, here)


def said_in(message: Mapping[str, Any]) -> str | None:
    """The text; where it is empty, what its attachments or its blocks say in its stead."""
    said = text(message.get("text"))
    if said:
        return readable(said)
    parts = [name(one.get("text")) or name(one.get("fallback")) for one in mappings(message.get("attachments"))]
    instead = "\n".join(readable(part) for part in parts if part)
    return instead or words_of_blocks(message.get("blocks")) or said


def attachments_of(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    files = mappings(message.get("files")) or mappings([message.get("file")])
    found = [_file(one) for one in files if one.get("mode") not in ("tombstone", "hidden_by_limit")]
    return tuple(one for one in found if one is not None)


def _file(file: Mapping[str, Any]) -> Attachment | None:
    identifier, mime_type = name(file.get("id")), name(file.get("mimetype"))
    url = name(file.get("url_private_download")) or name(file.get("url_private"))
    if url is None and identifier is None:
        return None
    return Attachment(
        _FAMILIES.get((mime_type or "").partition("/")[0], "file"),
        url=url or f"{PREFIX}{identifier}",
        name=name(file.get("name")) or name(file.get("title")),
        mime_type=mime_type,
        size_bytes=whole(file.get("size")),
        alt_text=name(file.get("alt_txt")),
    )
