"""Files of private messages, as webhooks and as the Conversations API name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from comptoir.connectors.base import Attachment
from comptoir.connectors.shared.graph.envelope import as_list
from comptoir.connectors.shared.untrusted import inside, mapping, mappings, name, number, text, whole

_KINDS = {
    "image": "image", "video": "video", "audio": "audio", "file": "file", "sticker": "sticker", "location": "location",
    "animated_image": "image", "like_heart": "sticker", "gif": "image", "story_mention": "image", "ig_reel": "video",
    "ig_story": "image", "ephemeral": "image", "reel": "video", "voice": "audio",
}  # fmt: skip
#: Where an address is that of a page, to be opened, and not that of a file.
_PAGES = ("https://www.facebook.com/", "https://facebook.com/", "https://m.facebook.com/", "https://fb.watch/",
          "https://www.instagram.com/", "https://instagram.com/")  # fmt: skip
_SHARED = frozenset({"fallback", "share", "template", "post", "ig_post", "media_share", "product", "link"})


def of_webhook(written: object) -> tuple[Attachment, ...]:
    """The attachments of a message in a delivery."""
    found = [one for attachment in as_list(written) for one in _of_webhook(attachment)]
    return _once(found)


def of_api(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The attachments, shares, sticker and story of a message as the Conversations API lists it."""
    found = [_file(one) for one in mappings(inside(message, "attachments", "data"))]
    found += [_shared(one) for one in mappings(inside(message, "shares", "data"))]
    sticker = name(message.get("sticker"))
    if sticker:
        found.append(Attachment("sticker", sticker))
    for way in ("reply_to", "mention"):
        story = name(inside(message, "story", way, "link"))
        if story:
            found.append(story_file(story))
    return _once(found)


def story_file(url: str) -> Attachment:
    """The story that a message answers or was mentioned in: its picture or film, for a day."""
    return Attachment(_kind("story_mention", url), url)


def story_role(message: Mapping[str, Any]) -> str | None:
    """What a message has to do with a story: "reply" to one of ours, "mention" of us in one of theirs; None: nothing.

    As webhooks and as the Conversations API say it.
    """
    mentioned = [one for one in as_list(message.get("attachments")) if name(one.get("type")) == "story_mention"]
    if mentioned or isinstance(inside(message, "story", "mention"), dict):
        return "mention"
    is_reply = isinstance(inside(message, "reply_to", "story"), dict)
    return "reply" if is_reply or isinstance(inside(message, "story", "reply_to"), dict) else None


def words_of_template(written: object) -> str | None:
    """What a template shows: its text, or the titles of its elements, without its buttons; of a heart, the heart."""
    lines: list[str] = []
    for attachment in as_list(written):
        payload, type_ = mapping(attachment.get("payload")), name(attachment.get("type"))
        if type_ == "like_heart":
            lines.append("❤️")
        if type_ != "template":
            continue
        elements = mappings(payload.get("elements"))
        said = [payload.get("text"), *(one.get(key) for one in elements for key in ("title", "subtitle"))]
        lines += [line for line in (name(one) for one in said) if line]
    return "\n".join(lines) or None


def _of_webhook(written: Mapping[str, Any]) -> list[Attachment]:
    payload, type_ = mapping(written.get("payload")), name(written.get("type")) or "file"
    if type_ == "location":
        return [_location(written, payload)]
    products = mappings(inside(payload, "product", "elements"))
    if products:
        return [_product(one) for one in products]
    url = name(payload.get("url")) or name(written.get("url")) or name(written.get("URL")) or name(payload.get("src"))
    title = name(payload.get("title")) or name(written.get("title")) or name(written.get("name"))
    if url is None and (type_ in ("template", "fallback") or title is None):
        return []
    if type_ == "image" and payload.get("sticker_id") is not None:
        type_ = "sticker"
    return [Attachment(_kind(type_, url or ""), url, name=title)]


def _product(element: Mapping[str, Any]) -> Attachment:
    return Attachment("image", name(element.get("image_url")), name=name(element.get("title")))


def _location(written: Mapping[str, Any], payload: Mapping[str, Any]) -> Attachment:
    place = mapping(payload.get("coordinates"))
    latitude, longitude = number(place.get("lat")), number(place.get("long"))
    known = latitude is not None and longitude is not None
    return Attachment(
        "location",
        f"geo:{latitude:.6f},{longitude:.6f}" if known else name(payload.get("url")),
        name=name(written.get("title")),
    )


def _file(written: Mapping[str, Any]) -> Attachment:
    mime_type = name(written.get("mime_type"))
    places = (("image_data", "image"), ("video_data", "video"), ("audio_data", "audio"))
    for key, kind in places:
        url = name(inside(written, key, "url"))
        if url:
            kind = "sticker" if inside(written, key, "render_as_sticker") is True else kind
            return Attachment(kind, url, _title(written), mime_type, whole(written.get("size")))
    family = (mime_type or "").partition("/")[0]
    kind = family if family in ("image", "video", "audio") else "file"
    return Attachment(kind, name(written.get("file_url")), _title(written), mime_type, whole(written.get("size")))


def _title(written: Mapping[str, Any]) -> str | None:
    return name(written.get("name")) or name(inside(written, "generic_template", "title"))


def _shared(written: Mapping[str, Any]) -> Attachment:
    title = name(written.get("name")) or text(written.get("description"))
    return Attachment("link", name(written.get("link")), name=title)


def _kind(type_: str, url: str) -> str:
    if type_ in _SHARED or url.startswith(_PAGES):
        return "link"
    return _KINDS.get(type_, "file")


def _once(found: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Each file once: Meta names a sticker twice, as a sticker and as the image that it used to be."""
    kept: dict[object, Attachment] = {}
    for position, one in enumerate(found):
        former = kept.get(one.url or position)
        if former is None or (former.kind == "image" and one.kind == "sticker"):
            kept[one.url or position] = one
    return tuple(kept.values())
