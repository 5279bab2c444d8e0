"""Videos: what the comments stand under. Our own are shown above their threads; they are nobody's message to us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, text


def read_video(video: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A video as the API lists it."""
    snippet, video_id = mapping(video.get("snippet")), name(video.get("id"))
    if not snippet:
        yield NetworkEvent(EventKind.IGNORED, external_id=video_id, reason="Figures of a video, nothing that was said.")
        return
    author = Author(id=name(snippet.get("channelId")), name=name(snippet.get("channelTitle")))
    yield video_event(
        video_id,
        author,
        title=name(snippet.get("title")),
        description=text(snippet.get("description")),
        at=instant(snippet.get("publishedAt")),
        picture=name(inside(snippet, "thumbnails", "high", "url")),
        own_id=own_id,
    )


def video_event(
    video_id: str | None, author: Author, *, title: str | None, description: str | None, at: Any, picture: str | None,
    own_id: str | None,
) -> NetworkEvent:  # fmt: skip
    """A video as the first thing of its thread."""
    address = f"https://www.youtube.com/watch?v={video_id}" if video_id else None
    return NetworkEvent(
        event=EventKind.POST,
        direction="outgoing" if own_id is None or author.id in (own_id, None) else "incoming",
        visibility="public",
        external_id=video_id,
        thread_id=video_id,
        author=author,
        text=description or title,
        subject=title,
        attachments=(Attachment("image", url=picture),) if picture else (),
        sent_at=at,
        url=address,
        custom={"context": True},
    )
