"""Anything the YouTube Data API and its notices hand out: told apart by ``kind``, or read as a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import Author, Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, instant, items, load, mapping, mappings, name, text
from comptoir.connectors.youtube.live_chat import read_live_message
from comptoir.connectors.youtube.notices import read_notice
from comptoir.connectors.youtube.videos import read_listed, read_video


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Read an answer of the API, an object of it, or a notice about videos; each event once. Raises PayloadError."""
    body = delivery.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if body.startswith(b"<"):
        return each_once(read_notice(body, own_id))
    content = load(body)
    return unless_empty(each_once(_read(content, own_id)), content)


def _read(found: object, own_id: str | None) -> Iterator[NetworkEvent]:
    if isinstance(found, list):
        for one in mappings(found):
            yield from _object(one, own_id)
        return
    if not isinstance(found, dict):
        raise PayloadError("The body must be an object or a list of objects.")
    if isinstance(found.get("items"), list):
        for one in mappings(found["items"]):
            yield from _object(one, own_id)
        return
    yield from _object(found, own_id)


def _object(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    kind = (name(found.get("kind")) or "").removeprefix("youtube#")
    reader = _READERS.get(kind) or _by_shape(found)
    if reader is not None:
        yield from reader(found, own_id)
    elif "error" in found:
        said = html_to_text(name(inside(found, "error", "message")) or "no reason")
        yield NetworkEvent(EventKind.IGNORED, reason=f"YouTube answered with an error: {said.rstrip('.')}.")
    elif not kind.endswith("ListResponse"):
        yield NetworkEvent(EventKind.IGNORED, external_id=name(found.get("id")), reason=_why_unused(kind))


def _why_unused(kind: str) -> str:
    return f"An object of the kind “{kind or 'unknown'}” is nothing that a person said."


def _by_shape(found: Mapping[str, Any]) -> _Reader | None:
    """Objects that came without their kind."""
    snippet = mapping(found.get("snippet"))
    if "topLevelComment" in snippet:
        return read_thread
    if "textOriginal" in snippet or "textDisplay" in snippet:
        return _alone
    return read_live_message if "liveChatId" in snippet else None


def read_thread(thread: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A comment under a video, and those of its replies that came along, oldest first."""
    snippet = mapping(thread.get("snippet"))
    video = name(snippet.get("videoId"))
    top = mapping(snippet.get("topLevelComment"))
    first = {**top, "id": name(top.get("id")) or name(thread.get("id"))}
    may_reply = snippet.get("canReply") is not False
    yield from read_comment(first, own_id, thread_id=video, may_reply=may_reply)
    replies = items(inside(thread, "replies", "comments"))
    for reply in sorted(mappings(replies), key=_published):
        yield from read_comment(reply, own_id, thread_id=video)


def _published(comment: Mapping[str, Any]) -> str:
    return name(inside(comment, "snippet", "publishedAt")) or ""


def _alone(comment: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    yield from read_comment(comment, own_id)


def read_comment(
    comment: Mapping[str, Any], own_id: str | None, *, thread_id: str | None = None, may_reply: bool = True
) -> Iterator[NetworkEvent]:
    """One comment; where we listen, also that it was changed. The video is its thread."""
    snippet = mapping(comment.get("snippet"))
    comment_id, author = name(comment.get("id")), author_of(snippet)
    is_ours = own_id is not None and author.id == own_id
    video = name(snippet.get("videoId")) or thread_id
    event = NetworkEvent(
        event=EventKind.COMMENT,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=comment_id,
        parent_id=name(snippet.get("parentId")),
        thread_id=video,
        author=author,
        text=_text(snippet),
        sent_at=instant(snippet.get("publishedAt")),
        url=_address(video, comment_id),
        custom=_kept(snippet, may_reply=may_reply),
        is_held=_is_held(snippet),
    )
    yield event
    updated_at = instant(snippet.get("updatedAt"))
    if own_id is not None and comment_id and updated_at and event.sent_at and updated_at > event.sent_at:
        yield replace(event, event=EventKind.EDIT, external_id=None, target_id=comment_id, parent_id=None,
                      sent_at=updated_at, custom={}, is_held=None)  # fmt: skip


def _text(snippet: Mapping[str, Any]) -> str | None:
    """As it was written, where we may see that, or else as it is shown."""
    written, shown = text(snippet.get("textOriginal")), text(snippet.get("textDisplay"))
    return written if written is not None else None if shown is None else html_to_text(shown)


def author_of(snippet: Mapping[str, Any]) -> Author:
    """Since 2023 the name that is shown is the handle, with its @."""
    shown, channel = name(snippet.get("authorDisplayName")), snippet.get("authorChannelId")
    from_address = (name(snippet.get("authorChannelUrl")) or "").rpartition("/channel/")[2]
    return Author(
        id=name(inside(channel, "value")) or name(channel) or name(from_address),
        handle=shown if shown and shown.startswith("@") else None,
        name=shown,
        avatar_url=name(snippet.get("authorProfileImageUrl")),
    )


def _kept(snippet: Mapping[str, Any], *, may_reply: bool) -> dict[str, Any]:
    status = name(snippet.get("moderationStatus"))
    held = {"moderation": status} if status and status != "published" else {}
    return held if may_reply else {**held, "closed": True}


def _is_held(snippet: Mapping[str, Any]) -> bool | None:
    """Only whoever owns the channel is told, and not where a comment is asked for by its id."""
    status = name(snippet.get("moderationStatus"))
    return None if status is None else status != "published"


def _address(video: str | None, comment_id: str | None) -> str | None:
    return f"https://www.youtube.com/watch?v={video}&lc={comment_id}" if video and comment_id else None


def _subscription(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """Who subscribed to the channel, where the API tells (part subscriberSnippet)."""
    who = mapping(found.get("subscriberSnippet"))
    if not who:
        yield NetworkEvent(EventKind.IGNORED, external_id=name(found.get("id")), reason=_why_unused("subscription"))
        return
    author = Author(id=name(who.get("channelId")), name=name(who.get("title")))
    at = instant(inside(found, "snippet", "publishedAt"))
    yield NetworkEvent(EventKind.FOLLOW, "incoming", external_id=name(found.get("id")), author=author, sent_at=at)


_Reader = Callable[[Mapping[str, Any], str | None], Iterator[NetworkEvent]]
_READERS: Mapping[str, _Reader] = {
    "commentThread": read_thread,
    "comment": _alone,
    "liveChatMessage": read_live_message,
    "video": read_video,
    "searchResult": read_listed,
    "playlistItem": read_listed,
    "activity": read_listed,
    "subscription": _subscription,
}
