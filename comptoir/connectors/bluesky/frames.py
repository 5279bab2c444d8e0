"""Frames of the public stream (Jetstream), in its first and its second shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent
from comptoir.connectors.bluesky.records import Found, direction_of, read_record
from comptoir.connectors.bluesky.untrusted import instant, instant_of_micros, mapping, name

_NOTICES = {
    "identity": "An account changed its name or moved (identity).",
    "account": "An account was activated, deactivated or removed (account).",
    "sync": "A repository has to be read again (sync).",
    "info": "A notice of the stream about itself (info).",
}


def is_frame(document: Mapping[str, Any]) -> bool:
    if name(document.get("did")) is None:
        return False
    return frame_kind(document) in ("commit", *_NOTICES)


def frame_kind(document: Mapping[str, Any]) -> str:
    """The first shape says ``kind``, the second ``$type`` with the commit's fields on top."""
    if kind := name(document.get("kind")):
        return kind
    kind = (name(document.get("$type")) or "").rpartition("#")[2]
    if not kind and "collection" in document and "operation" in document:
        return "commit"
    return kind or next((notice for notice in _NOTICES if isinstance(document.get(notice), dict)), "")


def read_frame(frame: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    did = name(frame.get("did"))
    author = Author(id=did)
    seen_at = instant_of_micros(frame.get("time_us")) or instant(frame.get("time"))
    kind = frame_kind(frame)
    if kind != "commit":
        handle = name(mapping(frame.get("identity")).get("handle"))
        return NetworkEvent(
            EventKind.IGNORED, direction_of(author, own_id), author=Author(id=did, handle=handle),
            sent_at=seen_at, reason=_NOTICES[kind],
        )  # fmt: skip
    commit = mapping(frame.get("commit")) or frame
    collection, rkey = name(commit.get("collection")), name(commit.get("rkey"))
    uri = f"at://{did}/{collection}/{rkey}" if collection and rkey else None
    operation = name(commit.get("operation"))
    if operation == "delete":
        return NetworkEvent(EventKind.DELETE, direction_of(author, own_id), "public", target_id=uri, author=author)
    record = mapping(commit.get("record"))
    found = Found(
        record if "$type" in record else {**record, "$type": collection}, uri, name(commit.get("cid")), author,
        seen_at, updated=operation == "update",
    )  # fmt: skip
    return read_record(found, own_id)
