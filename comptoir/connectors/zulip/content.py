"""A Zulip message as its server renders it: its text, the files it links to, and what it quotes and answers."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import Attachment
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import storable

_MOST_CHARS = 500_000
_MOST_FILES = 50
_EMOJI = re.compile(r"emoji-((?:[0-9a-f]{1,6}-){0,15}[0-9a-f]{1,6})")
_NEAR = re.compile(r"/(?:near|with)/(\d{1,19})")
_UPLOAD = re.compile(r"/?user_uploads/(\d{1,19}/[^\s?#\\]{1,1000})")
_SOURCES = ("href", "data-original-src", "src")
#: Previews of what a message links to: no words of its author.
_PREVIEWS = frozenset(["message_inline_image", "message_inline_video", "message_inline_ref", "message_embed"])


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says; ``answered`` is the id of the message that it quotes at its beginning."""

    text: str
    quoted: str | None = None
    answered: str | None = None
    attachments: tuple[Attachment, ...] = ()


def read_content(source: str, site: str) -> Content:
    """Read what the server rendered. ``site`` is its address, empty where it is not known."""
    root = _parsed(source[:_MOST_CHARS]) if "<" in source else None
    if root is None:
        return Content(html_to_text(source))
    attachments = _attachments(root, site)
    _write_emoji(root)
    _leave_out(root, site)
    whole = _text(root)
    answered, quoted = _cut_quotation(root)
    text = _text(root) if answered else whole
    if answered and not (text or attachments):  # a quotation and nothing beside it
        return Content(whole, None, answered)
    return Content(text, quoted, answered, attachments)


def upload_path(address: str, site: str) -> str | None:
    """The place of a file within the server's uploads; None for any other address."""
    if site and address.startswith(f"{site}/"):
        address = address[len(site) :]
    found = _UPLOAD.fullmatch(address)
    return found[1] if found and ".." not in found[1].split("/") else None


def emoji_of(code: str) -> str | None:
    """The letters of an emoji, from the dashed hexadecimal numbers Zulip names it by."""
    if not re.fullmatch(r"(?:[0-9a-f]{1,6}-){0,15}[0-9a-f]{1,6}", code):
        return None
    numbers = [int(one, 16) for one in code.split("-")]
    valid = all(0x20 < one < 0x110000 and not 0xD800 <= one < 0xE000 for one in numbers)
    return "".join(map(chr, numbers)) if valid else None


def _parsed(source: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", recover=True, huge_tree=False, no_network=True)
    body = f"<body>{storable(source)}</body>".encode("utf-8", "replace")
    try:
        return html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _text(root: Any) -> str:
    return html_to_text(etree.tostring(root, method="html", encoding="unicode"))


def _elements(root: Any) -> Iterator[Any]:
    return (one for one in root.iter() if isinstance(one.tag, str))


def _classes(element: Any) -> list[str]:
    return (element.get("class") or "").split()


def _attachments(root: Any, site: str) -> tuple[Attachment, ...]:
    found: dict[str, Attachment] = {}
    for element in _elements(root):
        for path in filter(None, (upload_path(element.get(source) or "", site) for source in _SOURCES)):
            if path not in found and len(found) < _MOST_FILES:
                found[path] = _attachment(path, site)
    return tuple(found.values())


def _attachment(path: str, site: str) -> Attachment:
    name = storable(unquote(path.rsplit("/", 1)[-1])) or None
    mime_type = mimetypes.guess_type(name or "")[0]
    family = (mime_type or "").split("/")[0]
    kind = family if family in ("image", "video", "audio") else "file"
    return Attachment(kind, f"{site}/user_uploads/{path}", name, mime_type)


def _write_emoji(root: Any) -> None:
    for element in _elements(root):
        if element.tag == "span" and "emoji" in _classes(element):
            codes = [found[1] for found in map(_EMOJI.fullmatch, _classes(element)) if found]
            sign = emoji_of(codes[0]) if codes else None
            if sign and not len(element):
                element.text = sign


def _leave_out(root: Any, site: str) -> None:
    """Empty what says nothing in words: previews, and paragraphs that only name files."""
    for element in list(_elements(root)):
        if not _PREVIEWS.isdisjoint(_classes(element)) or (element.tag == "p" and _only_names_files(element, site)):
            _empty(element)


def _only_names_files(paragraph: Any, site: str) -> bool:
    inside = list(paragraph)
    if (paragraph.text or "").strip() or any((one.tail or "").strip() for one in inside):
        return False
    links = [one for one in inside if one.tag != "br"]
    return bool(links) and all(one.tag == "a" and upload_path(one.get("href") or "", site) for one in links)


def _cut_quotation(root: Any) -> tuple[str | None, str | None]:
    """The id of the message a “quote and reply” begins with, and its words, which are taken out."""
    body = root.find("body")
    first = [one for one in (body if body is not None else ()) if isinstance(one.tag, str)][:2]
    if [one.tag for one in first] != ["p", "blockquote"]:
        return None, None
    said, quotation = first
    names = any(one.tag == "span" and {"user-mention", "silent"} <= set(_classes(one)) for one in said)
    near = next((found for one in said if one.tag == "a" and (found := _NEAR.search(one.get("href") or ""))), None)
    if not names or near is None:
        return None, None
    quoted = _text(quotation)
    _empty(said)
    _empty(quotation)
    return near[1], quoted or None


def _empty(element: Any) -> None:
    element.text = None
    for child in list(element):
        element.remove(child)
