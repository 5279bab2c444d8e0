"""What a WhatsApp message says: its words and its files, by its type.

Source: WhatsApp Business Platform, "messages webhook reference"; facebook/openapi, business-messaging v23.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import Attachment, PayloadError
from comptoir.connectors.shared.untrusted import inside, load, mapping, mappings, name, number, text

#: An attachment whose address is asked for when it is fetched: whatsapp:<media id>.
SCHEME = "whatsapp:"
MEDIA = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "voice": "audio",
    "document": "file",
    "sticker": "sticker",
    "gif": "video",
    "video_note": "video",
}
_OTHERS = ("text", "location", "contacts", "button", "interactive", "order", "reaction", "system", "edit", "revoke")
_KNOWN = (*MEDIA, *_OTHERS, "errors")
_MOST_ITEMS = 100
_MOST_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Content:
    """What a person reads of a message, and what was beside it."""

    words: str | None = None
    files: tuple[Attachment, ...] = ()


def type_of(message: Mapping[str, Any]) -> str:
    """A message's type; where none is written, what it holds says it."""
    return name(message.get("type")) or next((key for key in _KNOWN if key in message), "")


def content_of(message: Mapping[str, Any]) -> Content | None:
    """What a message says; None where its type says nothing that a person could read."""
    type_ = type_of(message)
    said = mapping(message.get(type_))
    if type_ in MEDIA:
        return Content(text(said.get("caption")), (_file(type_, said),))
    if type_ == "text":
        return Content(text(said.get("body")), _advertised(message))
    if type_ == "button":
        return Content(text(said.get("text")) or name(said.get("payload")))
    if type_ == "interactive":
        return _interactive(said)
    if type_ == "location":
        return Content(None, (_location(said),))
    if type_ == "contacts":
        return Content(None, tuple(_contact(one) for one in mappings(message.get("contacts"))[:_MOST_ITEMS]))
    return Content(_order(said)) if type_ == "order" else None


def _file(type_: str, said: Mapping[str, Any]) -> Attachment:
    identifier = name(said.get("id"))
    return Attachment(
        MEDIA[type_],
        f"{SCHEME}{identifier}" if identifier else name(said.get("link")) or name(said.get("url")),
        name=name(said.get("filename")),
        mime_type=name(said.get("mime_type")),
    )


def _advertised(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """The advertisement or post that the customer came from, as a link."""
    url = name(inside(message, "referral", "source_url"))
    title = name(inside(message, "referral", "headline")) or name(inside(message, "referral", "body"))
    return (Attachment("link", url, name=title),) if url else ()


def _interactive(said: Mapping[str, Any]) -> Content:
    """What was chosen: a button, a row of a list, or a form, whose answers are JSON inside a text."""
    for key in ("button_reply", "list_reply"):
        chosen = mapping(said.get(key))
        if chosen:
            return Content(text(chosen.get("title")) or name(chosen.get("id")))
    form = mapping(said.get("nfm_reply"))
    if form:
        return Content(text(form.get("body")) or name(form.get("name")), _answers(form))
    return Content(name(inside(said, "call_permission_reply", "response")) or name(said.get("type")))


def _answers(form: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """A form's answers, a line each, as a file of text."""
    try:
        answers = mapping(load((text(form.get("response_json")) or "").encode("utf-8", "replace")))
    except PayloadError:
        return ()
    lines = [f"{key}: {_plain(value)}" for key, value in list(answers.items())[:_MOST_ITEMS] if key != "flow_token"]
    if not lines:
        return ()
    title = f"{name(form.get('name')) or 'form'}.txt"
    content = "\n".join(lines).encode("utf-8", "replace")
    return (Attachment("file", name=title, mime_type="text/plain", size_bytes=len(content), content=content),)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value[:_MOST_ITEMS] if not isinstance(one, list | dict))
    if isinstance(value, dict):
        return ", ".join(_plain(one) for one in list(value.values())[:_MOST_ITEMS] if not isinstance(one, list | dict))
    return (text(value) or str(value))[:_MOST_CHARS]


def _location(said: Mapping[str, Any]) -> Attachment:
    latitude, longitude = number(said.get("latitude")), number(said.get("longitude"))
    known = latitude is not None and longitude is not None
    title = ", ".join(part for part in (name(said.get("name")), name(said.get("address"))) if part)
    return Attachment(
        "location",
        f"geo:{latitude:.6f},{longitude:.6f}" if known else name(said.get("url")),
        name=title or None,
    )


def _contact(one: Mapping[str, Any]) -> Attachment:
    phone = mapping(next(iter(mappings(one.get("phones"))), None))
    written = name(phone.get("phone")) or name(phone.get("wa_id"))
    title = ", ".join(part for part in (name(inside(one, "name", "formatted_name")), written) if part)
    digits = "".join(letter for letter in written or "" if letter.isdecimal())
    return Attachment("contact", f"tel:+{digits}" if digits else None, name=title or None)


def _order(said: Mapping[str, Any]) -> str | None:
    """The customer's note, and a line for each thing ordered."""
    lines = [name(said.get("text")) or ""]
    for item in mappings(said.get("product_items"))[:_MOST_ITEMS]:
        price = " ".join(part for part in (_amount(item.get("item_price")), name(item.get("currency"))) if part)
        what = name(item.get("product_retailer_id")) or "?"
        lines.append(f"{_amount(item.get('quantity')) or '?'} × {what}" + (f" ({price})" if price else ""))
    return "\n".join(line for line in lines if line) or None


def _amount(value: object) -> str | None:
    counted = number(value)
    return None if counted is None else f"{counted:g}"
