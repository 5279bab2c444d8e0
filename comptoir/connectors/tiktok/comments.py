"""Comments under our videos, and the videos themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import flag, instant, mappings, name, text


def is_comment(content: Mapping[str, Any]) -> bool:
    return "comment_id" in content or ("video_id" in content and "text" in content)


def is_video(content: Mapping[str, Any]) -> bool:
    return "item_id" in content or ("share_url" in content and "comment_id" not in content)


def read_comment(
    comment: Mapping[str, Any], own_id: str | None, above: Mapping[str, Any] | None = None
) -> Iterator[NetworkEvent]:
    """A comment and the answers within it; ``above`` is the one that it answers, where it stands in it."""
    above = above or {}
    video = name(comment.get("video_id")) or name(above.get("video_id"))
    parent = name(comment.get("parent_comment_id")) or name(above.get("comment_id"))
    author = author_of(comment)
    is_ours = flag(comment.get("owner")) or (own_id is not None and author.id == own_id)
    yield NetworkEvent(
        EventKind.COMMENT,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=name(comment.get("comment_id")) or name(comment.get("id")),
        parent_id=_other(parent, "0") or video,
        thread_id=video,
        author=author,
        counterpart=author_of(above) if is_ours and above else None,
        text=text(comment.get("text")),
        sent_at=instant(comment.get("create_time")),
        custom={"video_id": video} if video else {},
    )
    for answer in mappings(comment.get("reply_list")):
        if not above:  # TikTok has two levels
            yield from read_comment({"video_id": video, **answer}, own_id, comment)


def _other(identifier: str | None, than: str) -> str | None:
    return identifier if identifier != than else None


def author_of(comment: Mapping[str, Any]) -> Author:
    return Author(
        id=name(comment.get("user_id")) or name(comment.get("unique_identifier")),
        handle=name(comment.get("username")),
        name=name(comment.get("display_name")) or name(comment.get("username")),
        avatar_url=name(comment.get("profile_image")),
    )


def told_of_comment(content: Mapping[str, Any], at: datetime | None) -> NetworkEvent:
    """A webhook about a comment: that it was removed; or that it is there, where it comes with its words."""
    action = name(content.get("comment_action")) or ""
    identifier, video = name(content.get("comment_id")), name(content.get("video_id"))
    if action == "delete":
        return NetworkEvent(
            EventKind.DELETE,
            "incoming",
            "public",
            target_id=identifier,
            thread_id=video,
            author=author_of(content),
            sent_at=instant(content.get("timestamp")) or at,
        )
    if action == "insert" and name(content.get("text")):
        told = {"create_time": content.get("timestamp"), **content}
        return next(read_comment(told, None))
    why = "a comment without its words: they are read by asking" if action == "insert" else f"a comment was {action}"
    return NetworkEvent(
        EventKind.IGNORED, "incoming", "public", target_id=identifier, thread_id=video, sent_at=at, reason=why
    )


def read_video(video: Mapping[str, Any]) -> NetworkEvent:
    """A video of ours, for those who read what is said under it."""
    identifier = name(video.get("item_id")) or name(video.get("video_id")) or name(video.get("id"))
    return NetworkEvent(
        EventKind.POST,
        direction="outgoing",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        text=text(video.get("caption")) or text(video.get("video_description")) or text(video.get("title")),
        sent_at=instant(video.get("create_time")),
        url=name(video.get("share_url")),
        custom={"context": True},
    )
