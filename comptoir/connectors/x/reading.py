"""Anything X hands out, whatever version of its API wrote it: told apart by its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, load, mapping, mappings, name
from comptoir.connectors.x.activity import (
    is_activity,
    read_activity,
    read_streamed_deletion,
    read_user_stream_event,
    read_xaa_event,
)
from comptoir.connectors.x.expansions import Expansions, expansions_of
from comptoir.connectors.x.messages import (
    looks_like_dm_event,
    read_dm_event,
    read_message_create,
    read_old_message,
)
from comptoir.connectors.x.posts import deleted_post, looks_like_post, page_objects, read_post, read_referenced
from comptoir.connectors.x.statuses import id_of, looks_like_status, read_status

#: Notices of streams that carry nothing a person said.
_NOTICES = (
    "limit", "scrub_geo", "status_withheld", "user_withheld", "disconnect", "warning", "friends", "friends_str",
    "user_update", "sitestream", "control",
)  # fmt: skip


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Read a webhook, a page, an object or lines of a stream; each event once. Raises PayloadError."""
    contents = list(_contents(delivery.body))
    return unless_empty(each_once(event for found in contents for event in _events(found, own_id)), contents)


def _contents(body: bytes) -> Iterator[Any]:
    """The JSON of the body or, where it is a piece of a stream, of each of its lines; empty lines keep it open."""
    try:
        yield load(body)
        return
    except PayloadError as error:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        first = error
    try:
        yield from [load(line) for line in lines]
    except PayloadError:
        raise first from None


def _events(found: object, own_id: str | None) -> Iterator[NetworkEvent]:
    if isinstance(found, list):
        for one in mappings(found):
            yield from _object(one, own_id)
        return
    if not isinstance(found, dict):
        raise PayloadError("The body must be an object or a list of objects.")
    yield from _object(found, own_id)


def _object(found: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    if is_activity(found):
        yield from read_activity(found, own_id)
    elif "data" in found:
        yield from _answer(found, own_id)
    elif looks_like_status(found):
        yield read_status(found, own_id)
    elif isinstance(found.get("statuses"), list):
        yield from (read_status(status, own_id) for status in mappings(found["statuses"]))
    elif "message_create" in found:
        yield read_message_create(found, {}, own_id)
    elif isinstance(found.get("events"), list):
        users = mapping(found.get("users"))
        yield from (read_message_create(one, users, own_id) for one in mappings(found["events"]))
    elif isinstance(found.get("event"), dict):
        yield read_message_create(found["event"], mapping(found.get("users")), own_id)
    else:
        yield _streamed(found, own_id)


def _streamed(found: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """What the older streams send between posts, and single objects."""
    if isinstance(found.get("delete"), dict):
        return read_streamed_deletion(found["delete"], own_id)
    if isinstance(found.get("event"), str):
        return read_user_stream_event(found, own_id)
    if isinstance(found.get("direct_message"), dict):
        return read_old_message(found["direct_message"], own_id)
    if "recipient" in found or "recipient_id" in found:
        return read_old_message(found, own_id)
    if looks_like_dm_event(found):
        return read_dm_event(found, Expansions(), own_id)
    if looks_like_post(found) and "id" in found:
        return read_post(found, Expansions(), own_id)
    return NetworkEvent(EventKind.IGNORED, reason=_why_unused(found))


def _why_unused(found: Mapping[str, Any]) -> str:
    notice = next((one for one in _NOTICES if one in found), None)
    if notice:
        return f"A stream's notice ({notice}), nothing that a person said."
    if "errors" in found or "error" in found:
        said = name(inside(found, "errors", 0, "message")) or name(inside(found, "errors", 0, "detail"))
        return f"X answered with an error: {(said or 'without a reason').rstrip('.')}."
    return "Nothing that a person said: " + (", ".join(sorted(map(str, found))[:5]) or "an empty object") + "."


def _answer(page: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    """An answer of API v2, a line of its streams, or an event of the X Activity API."""
    beside = expansions_of(page.get("includes"))
    for found in page_objects(page):
        if "event_type" in found and "payload" in found:
            yield from read_xaa_event(found, own_id)
        elif isinstance(inside(found, "delete", "tweet"), dict):  # a stream that tells what must be forgotten
            gone = found["delete"]["tweet"]
            yield deleted_post(id_of(gone), name(gone.get("author_id")), found["delete"].get("event_at"), own_id)
        elif looks_like_dm_event(found) and "dm_event_id" not in found:
            yield read_dm_event(found, beside, own_id)
        elif looks_like_status(found):
            yield read_status(found, own_id)
        elif looks_like_post(found):
            yield read_post(found, beside, own_id)
        else:
            yield NetworkEvent(EventKind.IGNORED, external_id=name(found.get("id")), reason=_why_unused(found))
    if own_id is not None:  # there is a thread of ours to show them above
        yield from read_referenced(beside, own_id)
