"""What is beside the text of a message, or read instead of it: files by their id, places, contacts, polls, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Attachment
from comptoir.connectors.shared.untrusted import inside, items, mapping, mappings, name, number, text, whole

#: A file is not at an address: it is asked for by its id, see `LocatesMedia`.
SCHEME = "telegram:"
#: The fields that hold one file, and what kind of attachment each is. An animation comes as a document too.
_FILES = {
    "animation": "video", "audio": "audio", "document": "file", "live_photo": "image", "sticker": "sticker",
    "video": "video", "video_note": "video", "voice": "audio",
}  # fmt: skip
_DEEPEST = 20


def attachments_of(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Every file, place and contact of a message, in the order of its kinds."""
    return tuple(_attachments(message))


def _attachments(message: Mapping[str, Any]) -> Iterator[Attachment]:
    photo = _largest(message.get("photo"))
    if photo:
        yield _file(photo, "image")
    for field, kind in _FILES.items():
        if field == "document" and "animation" in message:
            continue
        content = mapping(message.get(field))
        if content:
            yield _file(content, kind)
    for paid in mappings(inside(message, "paid_media", "paid_media")):
        yield from _attachments(paid)
    place = _place(message)
    if place is not None:
        yield place
    contact = mapping(message.get("contact"))
    if contact:
        yield _contact(contact)
    yield from _links(message)


def _links(message: Mapping[str, Any]) -> Iterator[Attachment]:
    """Links behind words; those that are written out are in the text."""
    for entity in (*mappings(message.get("entities")), *mappings(message.get("caption_entities"))):
        if entity.get("type") == "text_link" and name(entity.get("url")):
            yield Attachment("link", name(entity.get("url")))


def _largest(sizes: object) -> Mapping[str, Any]:
    """A photograph comes in several sizes."""
    return max(mappings(sizes), key=lambda size: whole(size.get("width")) or 0, default={})


def _file(content: Mapping[str, Any], kind: str) -> Attachment:
    identifier = name(content.get("file_id"))
    mime_type = name(content.get("mime_type"))
    if kind == "file" and mime_type and mime_type.split("/", 1)[0] in ("image", "video", "audio"):
        kind = mime_type.split("/", 1)[0]
    return Attachment(
        kind,
        f"{SCHEME}{identifier}" if identifier else None,
        name(content.get("file_name")),
        mime_type,
        whole(content.get("file_size")),
        alt_text=name(content.get("emoji")) if kind == "sticker" else None,
    )


def _place(message: Mapping[str, Any]) -> Attachment | None:
    venue = mapping(message.get("venue"))
    place = mapping(message.get("location")) or mapping(venue.get("location"))
    latitude, longitude = number(place.get("latitude")), number(place.get("longitude"))
    if latitude is None or longitude is None:
        return None
    named = [part for part in (name(venue.get("title")), name(venue.get("address"))) if part]
    return Attachment("location", f"geo:{latitude},{longitude}", ", ".join(named) or None)


def _contact(contact: Mapping[str, Any]) -> Attachment:
    called = [part for part in (name(contact.get("first_name")), name(contact.get("last_name"))) if part]
    number_ = name(contact.get("phone_number"))
    return Attachment("contact", f"tel:{number_}" if number_ else None, " ".join(called) or None)


# --- what is read instead of a text -------------------------------------------------------------------------------


def text_of(message: Mapping[str, Any]) -> str | None:
    """The text or the caption; of a poll, a list or a game what it says."""
    said = text(message.get("text"))
    said = text(message.get("caption")) if said is None else said
    if said is not None:
        return said
    poll, checklist = mapping(message.get("poll")), mapping(message.get("checklist"))
    if poll:
        return _listed(poll.get("question"), [option.get("text") for option in mappings(poll.get("options"))])
    if checklist:
        return _listed(checklist.get("title"), [task.get("text") for task in mappings(checklist.get("tasks"))])
    if "rich_message" in message:
        blocks = items(inside(message, "rich_message", "blocks"))
        return "\n".join(line for line in (_rich(block).strip() for block in blocks) if line)
    dice = mapping(message.get("dice"))
    if dice:
        return " ".join(part for part in (text(dice.get("emoji")), text(dice.get("value"))) if part) or None
    return name(inside(message, "game", "title"))


def _listed(title: object, lines: list[object]) -> str:
    return "\n".join([text(title) or "", *(f"- {text(line) or ''}" for line in lines)])


def _rich(part: object, depth: int = 0) -> str:
    """The letters of a formatted text: a text, a list of such, or an object that holds one."""
    if depth > _DEEPEST:
        return ""
    if isinstance(part, str):
        return text(part) or ""
    if isinstance(part, list):
        return "".join(_rich(one, depth + 1) for one in part)
    if not isinstance(part, dict):
        return ""
    if "text" in part:
        return _rich(part["text"], depth + 1)
    lines = [_rich(one, depth + 1) for field in ("blocks", "items") for one in items(part.get(field))]
    return "\n".join(line for line in lines if line)
