"""Videos: what the comments stand under. Our own are shown above their threads; they are nobody's message to us."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import replace
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


def read_listed(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """A video where a search, a playlist or a channel's activities name it; what else they name, nobody said."""
    snippet, kind = mapping(found.get("snippet")), (name(found.get("kind")) or "").removeprefix("youtube#")
    paths = (("id", "videoId"), ("snippet", "resourceId", "videoId"), ("contentDetails", "upload", "videoId"))
    video_id = next((one for path in paths if (one := name(inside(found, *path)))), None)
    if not snippet or video_id is None:
        reason = f"An object of the kind “{kind}” is nothing that a person said."
        yield NetworkEvent(EventKind.IGNORED, external_id=name(found.get("id")), reason=reason)
        return
    channel = name(snippet.get("videoOwnerChannelId")) or name(snippet.get("channelId"))
    called = name(snippet.get("videoOwnerChannelTitle")) or name(snippet.get("channelTitle"))
    title, description = name(snippet.get("title")), text(snippet.get("description"))
    is_escaped = kind == "searchResult"
    event = video_event(
        video_id,
        Author(id=channel, name=called),
        title=html.unescape(title) if title and is_escaped else title,
        description=html.unescape(description) if description and is_escaped else description,
        at=instant(snippet.get("publishedAt")),
        picture=name(inside(snippet, "thumbnails", "high", "url")),
        own_id=own_id,
    )
    yield replace(event, direction="outgoing" if own_id is not None and channel == own_id else "incoming")


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
