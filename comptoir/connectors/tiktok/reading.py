"""From what TikTok hands out to events: webhook deliveries, pages of comments and videos, single messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import instant, items, load, mapping, mappings, name
from comptoir.connectors.tiktok.comments import is_comment, is_video, read_comment, read_video, told_of_comment
from comptoir.connectors.tiktok.messages import is_message, read_message, read_receipt

_DEEPEST = 4
_LISTS = ("comments", "comment_list", "reply_list", "videos", "messages", "data", "list")


def read_body(body: bytes, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. Raises PayloadError."""
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_events(content, own_id, 0)), content)


def _events(content: Any, own_id: str | None, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST or not isinstance(content, dict | list):
        yield _ignored("neither a message nor a comment")
    elif isinstance(content, list):
        for one in content:
            yield from _events(one, own_id, depth + 1)
    elif "event" in content:
        yield from _delivered(content, own_id)
    elif is_message(content):
        yield read_message(content, own_id)
    elif is_comment(content):
        yield from read_comment(content, own_id)
    elif is_video(content):
        yield read_video(content)
    else:
        yield from _of_page(content, own_id, depth)


def _of_page(content: Mapping[str, Any], own_id: str | None, depth: int) -> Iterator[NetworkEvent]:
    if isinstance(content.get("video"), dict):
        yield read_video(content["video"])
    lists = [content[key] for key in _LISTS if isinstance(content.get(key), list | dict)]
    for one in lists:
        yield from _events(one, own_id, depth + 1)
    if content and not lists and not {"has_more", "cursor", "code", "video"} & set(content):
        yield _ignored("an object without messages or comments")


def _delivered(envelope: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A webhook: its content is JSON inside a text."""
    kind, ours = name(envelope.get("event")) or "", name(envelope.get("user_openid")) or own_id
    content = _content(envelope.get("content"))
    at = instant(envelope.get("create_time"))
    if kind in ("im_receive_msg", "im_send_msg") and content:
        read = read_message(content, ours)
        yield replace(read, direction="outgoing") if kind == "im_send_msg" else read
    elif kind == "im_mark_read_msg" and content:
        yield read_receipt(content)
    elif kind == "comment.update" and content:
        yield told_of_comment(content, at)
    else:
        thread = name(content.get("conversation_id"))
        reason = f"an event that is no message and no comment ({kind or 'unnamed'})"
        yield NetworkEvent(EventKind.IGNORED, "incoming", thread_id=thread, sent_at=at, reason=reason)


def _content(value: object) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    try:
        return mapping(load(value.encode("utf-8", "replace"))) if isinstance(value, str) else {}
    except PayloadError:
        return {}


def comments_of(content: Any) -> list[Mapping[str, Any]]:
    """The comments of one page of a listing."""
    told = mapping(mapping(content).get("data"))
    return mappings(next((told[key] for key in _LISTS if items(told.get(key))), []))


def _ignored(reason: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=reason)
