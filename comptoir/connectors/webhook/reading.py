"""From the documented JSON to events: docs/webhook-channel.md describes every key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast, get_args

from comptoir.connectors.base import (
    Attachment,
    Author,
    Direction,
    EventKind,
    NetworkEvent,
    PayloadError,
    Rating,
    Visibility,
)
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.webhook.fields import Fields, load, storable
from comptoir.core.reasons import Reason

_KINDS = frozenset(kind.value for kind in EventKind) - {EventKind.ERROR.value}
_DIRECTIONS = frozenset(get_args(Direction))
_VISIBILITIES = frozenset(get_args(Visibility))
_ATTACHMENT_KINDS = frozenset({"image", "video", "audio", "file", "location", "contact", "sticker", "link", "calendar"})
#: What happens to messages of our own.
_ABOUT_OURS = frozenset({EventKind.READ, EventKind.DELIVERY, EventKind.SENT, EventKind.FAILED})
_NEED_A_TARGET = frozenset({EventKind.EDIT, EventKind.DELETE, EventKind.READ, EventKind.DELIVERY, EventKind.FAILED})
_NEED_AN_ID = frozenset({EventKind.MESSAGE, EventKind.COMMENT, EventKind.POST, EventKind.REVIEW, EventKind.SENT})
_MAX_CUSTOM_CHARS = 4000


def read_body(body: bytes, *, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a body, once, in its order.

    An event that cannot be read beside others that can becomes an ERROR event. Raises PayloadError when none can.
    """
    content = load(body)
    read = [_read_or_error(one, own_id) for one in _written_events(content)]
    broken = [event for event in read if event.event is EventKind.ERROR]
    if broken and len(broken) == len(read):
        raise PayloadError(broken[0].reason or Reason("No event can be read."))
    return unless_empty(each_once(read), content)


def _written_events(content: Any) -> list[Fields]:
    if isinstance(content, list):
        content = {"events": content}
    if not isinstance(content, dict):
        raise PayloadError("The body must be an event, a list of events, or an object with “events”.")
    if "events" not in content:
        return [Fields(content)]
    if not isinstance(content["events"], list):
        raise Fields(content).wrong("events", Reason("a list"))
    return [
        Fields(one if isinstance(one, dict) else {"event": one}, f"events[{position}]")
        for position, one in enumerate(content["events"])
    ]


def _read_or_error(written: Fields, own_id: str | None) -> NetworkEvent:
    try:
        return _read(written, own_id)
    except PayloadError as error:
        return NetworkEvent(event=EventKind.ERROR, reason=error.reason)


def _read(written: Fields, own_id: str | None) -> NetworkEvent:
    kind = EventKind(written.choice("event", _KINDS) or EventKind.MESSAGE)
    _check_named(kind, written)
    read = {name: _READERS[name](written, name) for name in written.said() if name in _READERS}
    author = read.setdefault("author", Author())
    read.setdefault("visibility", "private")
    read["direction"] = _direction(written, kind, author, own_id)
    return NetworkEvent(event=kind, **read)


def _check_named(kind: EventKind, written: Fields) -> None:
    """Idempotence stands on ids: what becomes a message needs its own, what changes one needs that one's."""
    if kind in _NEED_AN_ID and written.identifier("external_id") is None:
        raise PayloadError(
            "“%(field)s” is missing: a %(kind)s needs an id of its own.",
            field=written.where("external_id"),
            kind=kind.value,
        )
    if kind in _NEED_A_TARGET and written.identifier("target_id") is None:
        raise PayloadError(
            "“%(field)s” is missing: which message is this %(kind)s about?",
            field=written.where("target_id"),
            kind=kind.value,
        )


def _direction(written: Fields, kind: EventKind, author: Author, own_id: str | None) -> Direction:
    said = written.choice("direction", _DIRECTIONS)
    if said is not None:
        return cast("Direction", said)
    if kind in _ABOUT_OURS:
        return "outgoing"
    return "outgoing" if own_id is not None and author.id == own_id else "incoming"


def _author(written: Fields | None) -> Author:
    if written is None:
        return Author()
    return Author(
        id=written.identifier("id"),
        handle=written.text("handle"),
        name=written.text("name"),
        avatar_url=_picture(written),
    )


def _picture(written: Fields) -> str | None:
    """None where what stands there is no address: nobody misses a message because of a picture."""
    try:
        return _web_address(written, "avatar_url")
    except PayloadError:
        return None


def _attachment(written: Fields) -> Attachment:
    mime_type = written.text("mime_type")
    kind = written.choice("kind", _ATTACHMENT_KINDS) or _kind_of(mime_type)
    url = _web_address(written, "url")
    if url is None:
        raise PayloadError("“%(field)s” is missing: where is this %(kind)s?", field=written.where("url"), kind=kind)
    return Attachment(
        kind=kind,
        url=url,
        name=written.text("name"),
        mime_type=mime_type,
        size_bytes=written.count("size_bytes"),
        alt_text=written.text("alt_text"),
    )


def _kind_of(mime_type: str | None) -> str:
    family = (mime_type or "").partition("/")[0]
    return family if family in {"image", "video", "audio"} else "file"


def _rating(written: Fields | None) -> Rating | None:
    if written is None:
        return None
    value, best = written.number("value"), written.number("best")
    if value is None:
        raise PayloadError("“%(field)s” is missing: how many out of the best?", field=written.where("value"))
    return Rating(value=value, best=5.0 if best is None else best)


def _identifiers(written: Fields, name: str) -> tuple[str, ...]:
    listed = Fields({str(at): one for at, one in enumerate(written.items(name))}, written.where(name))
    found = (listed.identifier(str(at)) for at in range(len(written.items(name))))
    return tuple(one for one in found if one is not None)


def _web_address(written: Fields, name: str) -> str | None:
    address = written.text(name)
    if address and not address.startswith(("https://", "http://")):
        raise written.wrong(name, Reason("a web address (https://…)"))
    return address or None


def _custom(written: Fields) -> Mapping[str, Any]:
    if written.nested("custom") is None:
        return {}
    try:
        custom = _storable(written.raw("custom"))
        length = len(json.dumps(custom))
    except RecursionError as error:
        raise PayloadError("“%(field)s” is nested too deeply to be kept.", field=written.where("custom")) from error
    if length > _MAX_CUSTOM_CHARS:
        raise PayloadError(
            "“%(field)s” is longer than %(most)s characters of JSON.",
            field=written.where("custom"),
            most=_MAX_CUSTOM_CHARS,
        )
    return cast("Mapping[str, Any]", custom)


def _storable(found: Any) -> Any:
    if isinstance(found, dict):
        return {storable(name): _storable(one) for name, one in found.items()}
    if isinstance(found, list):
        return [_storable(one) for one in found]
    if isinstance(found, Decimal):
        return float(found) if abs(found) < 10**300 else str(found)
    return storable(found) if isinstance(found, str) else found


#: How each key of an event is read; most events have few of them.
_READERS: dict[str, Callable[[Fields, str], Any]] = {
    "visibility": lambda written, name: written.choice(name, _VISIBILITIES),
    **dict.fromkeys(("author", "counterpart"), lambda written, name: _author(written.nested(name))),
    "attachments": lambda written, name: tuple(_attachment(one) for one in written.objects(name)),
    "rating": lambda written, name: _rating(written.nested(name)),
    "sent_at": Fields.instant,
    "related_ids": _identifiers,
    "scope": lambda written, name: written.text(name) or "",
    "url": _web_address,
    "custom": lambda written, _name: _custom(written),
    **dict.fromkeys(("external_id", "target_id", "parent_id", "thread_id"), Fields.identifier),
    **dict.fromkeys(("text", "subject", "language", "reason", "thread_token", "reaction"), Fields.text),
    **dict.fromkeys(("reaction_removed", "automatic"), Fields.flag),
}
