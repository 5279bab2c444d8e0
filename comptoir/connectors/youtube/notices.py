"""What YouTube's hub (WebSub, PubSubHubbub before) posts: Atom feeds of new, changed and deleted videos."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.shared.untrusted import instant, name
from comptoir.connectors.shared.xml_tree import local_name, parse_xml
from comptoir.connectors.youtube.videos import video_event


def read_notice(body: bytes, own_id: str | None) -> Iterator[NetworkEvent]:
    """Videos of a feed. Raises PayloadError where it is none."""
    root = parse_xml(body)
    entries = [one for one in root.iter() if local_name(one) in ("entry", "deleted-entry")]
    if not entries:
        yield NetworkEvent(EventKind.IGNORED, reason="A feed without a video.")
    for entry in entries:
        yield _deleted(entry) if local_name(entry) == "deleted-entry" else _video(entry, own_id)


def _video(entry: Any, own_id: str | None) -> NetworkEvent:
    author = Author(id=_said(entry, "channelId"), name=_said(entry, "author", "name"))
    return video_event(
        _said(entry, "videoId") or _bare(_said(entry, "id")),
        author,
        title=_said(entry, "title") or _said(entry, "group", "title"),
        description=_said(entry, "group", "description"),
        at=instant(_said(entry, "published")),
        picture=None,
        own_id=own_id,
    )


def _deleted(entry: Any) -> NetworkEvent:
    return NetworkEvent(
        event=EventKind.DELETE,
        direction="outgoing",
        visibility="public",
        target_id=_bare(name(entry.get("ref"))),
        author=Author(name=_said(entry, "by", "name")),
        sent_at=instant(entry.get("when")),
    )


def _bare(reference: str | None) -> str | None:
    """“yt:video:ID” without its prefix."""
    return name((reference or "").rpartition(":")[2])


def _said(element: Any, *path: str) -> str | None:
    """The text at a path of names, whatever their namespaces."""
    for step in path:
        element = next((child for child in element if local_name(child) == step), None)
        if element is None:
            return None
    return name((element.text or "").strip())
