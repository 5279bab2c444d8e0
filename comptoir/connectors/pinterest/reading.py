"""From what Pinterest's version 5 lists to events: Pins, ours and others'. It tells of no comments and no messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment, Author, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import flag, inside, instant, load, mapping, mappings, name, text, whole

_LISTS = ("items", "data", "pins", "results")
_DEEPEST = 4


def read_body(body: bytes, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. ``own_id``: our user name. Raises PayloadError."""
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_events(content, own_id, 0)), content)


def _events(content: Any, own_id: str | None, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST or not isinstance(content, dict | list):
        yield _ignored("neither a Pin nor a list of Pins")
    elif isinstance(content, list):
        for one in content:
            yield from _events(one, own_id, depth + 1)
    elif _is_pin(content):
        yield read_pin(content, own_id)
    else:
        lists = [content[key] for key in _LISTS if isinstance(content.get(key), list | dict)]
        for one in lists:
            yield from _events(one, own_id, depth + 1)
        if content and not lists and set(content) != {"bookmark"}:
            yield _ignored("an object that is no Pin (a board, an account, a catalogue, an advertisement)")


def _is_pin(content: Mapping[str, Any]) -> bool:
    return "media" in content or "board_owner" in content or ("board_id" in content and "title" in content)


def read_pin(pin: Mapping[str, Any], own_id: str | None) -> NetworkEvent:
    """A Pin, which is a publication: ours where Pinterest says so, or where it is on a board of ours."""
    owner, identifier = name(inside(pin, "board_owner", "username")), name(pin.get("id"))
    is_ours = flag(pin.get("is_owner")) if "is_owner" in pin else own_id is not None and owner == own_id
    original = name(pin.get("parent_pin_id"))
    link = name(pin.get("link"))
    return NetworkEvent(
        EventKind.REPOST if original and not name(pin.get("description")) else EventKind.POST,
        direction="outgoing" if is_ours else "incoming",
        visibility="public",
        external_id=identifier,
        target_id=original,
        thread_id=identifier,
        author=Author(id=owner, handle=owner),
        subject=name(pin.get("title")),
        text=text(pin.get("description")),
        attachments=(*_media(pin), *((Attachment("link", url=link),) if link else ())),
        sent_at=instant(pin.get("created_at")),
        url=f"https://www.pinterest.com/pin/{identifier}/" if identifier and identifier.isdecimal() else None,
        custom={"context": True} if is_ours else {},
    )


def _media(pin: Mapping[str, Any]) -> tuple[Attachment, ...]:
    media, shown = mapping(pin.get("media")), text(pin.get("alt_text")) or None
    several = mappings(media.get("items"))
    found = [_one(one, shown) for one in several or ([media] if media else [])]
    return tuple(one for one in found if one is not None)


def _one(media: Mapping[str, Any], shown: str | None) -> Attachment | None:
    video = name(media.get("video_url"))
    if video:
        return Attachment("video", url=video, alt_text=shown)
    sizes = [one for one in mapping(media.get("images")).values() if isinstance(one, dict) and name(one.get("url"))]
    largest = max(sizes, key=lambda one: whole(one.get("width")) or 0, default={})
    url = name(largest.get("url")) or name(media.get("cover_image_url")) or name(media.get("url"))
    return Attachment("image", url=url, alt_text=shown) if url else None


def _ignored(reason: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=reason)
