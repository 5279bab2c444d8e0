"""Entries of a feed as events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Attachment, Author, Delivery, EventKind, NetworkEvent
from comptoir.connectors.shared.feeds import Entry, read_feed
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import inside, instant, load, mapping, mappings, name, text, whole


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Read a feed; each entry once. Raises PayloadError."""
    body = delivery.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _json_feed(load(body)) if body.startswith((b"{", b"[")) else _xml_feed(delivery.body)
    events: dict[tuple[object, ...], NetworkEvent] = {}
    for event, changed_at in found:
        key = (event.event, event.external_id) if event.external_id else (repr(event),)
        events.setdefault(key, event)
        if own_id is not None and changed_at and event.sent_at and changed_at > event.sent_at and event.external_id:
            edit = replace(
                event, event=EventKind.EDIT, external_id=None, target_id=event.external_id, sent_at=changed_at
            )
            events.setdefault((EventKind.EDIT, event.external_id), edit)
    return list(events.values())


def _xml_feed(body: bytes) -> Iterator[tuple[NetworkEvent, datetime | None]]:
    feed = read_feed(body)
    if not feed.entries:
        yield NetworkEvent(EventKind.IGNORED, subject=feed.title, reason="A feed without an entry."), None
    for entry in feed.entries:
        yield _event(entry), entry.changed_at


def _event(entry: Entry) -> NetworkEvent:
    """A post or, where it says what it answers or its address is that of a comment, a comment in that thread."""
    page, _hash, place = (entry.link or "").partition("#")
    is_comment = bool(entry.answered) or place.startswith(("comment", "c-", "respond"))
    return NetworkEvent(
        event=EventKind.COMMENT if is_comment else EventKind.POST,
        direction="incoming",
        visibility="public",
        external_id=entry.id,
        parent_id=entry.answered,
        thread_id=(entry.answered_link or page or entry.answered) if is_comment else entry.id,
        author=entry.author,
        text=entry.text,
        subject=entry.title,
        attachments=entry.attachments,
        sent_at=entry.published_at,
        language=entry.language,
        url=entry.link,
    )


def _json_feed(found: Any) -> Iterator[tuple[NetworkEvent, datetime | None]]:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    entries = mappings(inside(found, "items"))
    if not entries:
        yield (
            NetworkEvent(EventKind.IGNORED, subject=name(inside(found, "title")), reason="A feed without an entry."),
            None,
        )
    language = name(inside(found, "language"))
    for item in entries:
        yield _json_entry(item, language), instant(item.get("date_modified"))


def _json_entry(item: Mapping[str, Any], language: str | None) -> NetworkEvent:
    author = mapping(inside(item, "authors", 0)) or mapping(item.get("author"))
    shown, who = text(item.get("content_html")), name(author.get("name"))
    files = (
        Attachment(_kind(one), name(one.get("url")), name(one.get("title")), name(one.get("mime_type")),
                   whole(one.get("size_in_bytes")))
        for one in mappings(item.get("attachments"))
    )  # fmt: skip
    identifier = name(item.get("id")) or name(item.get("url"))
    return NetworkEvent(
        event=EventKind.POST,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=Author(id=name(author.get("url")) or who, name=who, avatar_url=name(author.get("avatar"))),
        text=text(item.get("content_text")) or (html_to_text(shown) if shown else name(item.get("summary"))),
        subject=name(item.get("title")),
        attachments=tuple(files),
        sent_at=instant(item.get("date_published")) or instant(item.get("date_modified")),
        language=name(item.get("language")) or language,
        url=name(item.get("url")),
    )


def _kind(file: Mapping[str, Any]) -> str:
    kind = (name(file.get("mime_type")) or "").partition("/")[0]
    return kind if kind in ("image", "video", "audio") else "file"
