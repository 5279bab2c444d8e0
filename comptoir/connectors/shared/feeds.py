"""Feeds: RSS 0.9x and 2.0, RSS 1.0, Atom 0.3 and 1.0, of posts or of comments, read the same way."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html.entities import name2codepoint
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import Attachment, Author
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import instant, name, storable, whole
from comptoir.connectors.shared.xml_tree import local_name, namespace, parse_xml

_MOST_ENTRIES = 5_000
_XML_ENTITIES = frozenset(["amp", "lt", "gt", "quot", "apos"])
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,7});")
#: An ampersand that stands for itself, which XML forbids and people write; what is quoted whole is left as it is.
_BARE = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?!#?[A-Za-z0-9]{1,31};)", re.DOTALL)
#: “lea@exemple.fr (Léa)”, as RSS writes an author, and “Léa (lea@exemple.fr)”, “Léa <lea@exemple.fr>”, as people do.
_MAIL_AND_NAME = re.compile(r"([^\s()<>]{1,200}@[^\s()<>]{1,200})\s*\(([^()]{1,200})\)\s*")
_NAME_AND_MAIL = re.compile(r"([^\s()<>@][^()<>@]{0,199}?)\s*[(<]\s*([^\s()<>]{1,200}@[^\s()<>]{1,200})\s*[)>]\s*")
#: What is longer is neither, and would be searched through again from each of its places.
_MOST_AUTHOR_CHARS = 1_000
#: Windows' quotation marks and dashes, numbered as if they were Unicode's control characters.
_MISNUMBERED = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: RSS's modules for the whole of a text.
_WELL_KNOWN = ("http://purl.org/rss/1.0/modules/content/", "http://purl.org/rss/1.0/")
_FILE_KINDS = ("image", "video", "audio")


@dataclass(frozen=True, slots=True)
class Entry:
    """One post or comment of a feed. ``changed_at`` is later than ``published_at`` where it was changed."""

    element: Any
    id: str | None
    link: str | None
    title: str | None
    text: str | None
    author: Author
    published_at: datetime | None
    changed_at: datetime | None
    answered: str | None
    answered_link: str | None
    language: str | None
    attachments: tuple[Attachment, ...]
    #: Its address of comments, as RSS names it.
    comments_link: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its title, its own address on the web, its entries in their order."""

    root: Any
    title: str | None
    link: str | None
    language: str | None
    entries: tuple[Entry, ...]


def read_feed(body: bytes) -> Feed:
    """Read a feed, or a single entry. Raises PayloadError where it is no XML."""
    root = parse_xml(_ENTITY.sub(_numbered, _BARE.sub(_escaped, body)))
    head = next((one for one in root.iter() if local_name(one) in ("channel", "feed")), root)
    language = _said(head, "language") or name(head.get(_XML_LANGUAGE))
    found = (one for one in root.iter() if local_name(one) in ("item", "entry"))
    entries = tuple(_entry(one, language) for one, _number in zip(found, range(_MOST_ENTRIES), strict=False))
    return Feed(root, _shown(_child(head, "title")), _link(head), language, entries)


def without(feed: Feed, unwanted: set[int]) -> bytes:
    """The feed as XML, but for the entries at these places of its list."""
    for number, entry in enumerate(feed.entries):
        parent = entry.element.getparent()
        if number in unwanted and parent is not None:
            parent.remove(entry.element)
    return bytes(etree.tostring(feed.root, encoding="utf-8", xml_declaration=True))


def _numbered(found: re.Match[bytes]) -> bytes:
    """HTML's names of letters, which XML does not know, as their numbers."""
    word = found[1].decode("ascii")
    return b"&#%d;" % name2codepoint[word] if word in name2codepoint and word not in _XML_ENTITIES else found[0]


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"&amp;" if found[0] == b"&" else found[0]


def _entry(element: Any, language: str | None) -> Entry:
    link, title = _link(element), _shown(_child(element, "title")) or _shown(_of_media(element, "title"))
    text = _words(element)
    published = _instant(element, "published", "pubDate", "issued", "date", "created")
    answered = _child(element, "in-reply-to")
    identifier = _said(element, "guid") or _said(element, "id") or name(element.get(_ABOUT)) or link
    return Entry(
        element=element,
        id=identifier or _made_up(title, text, published),
        link=link or _permalink(element),
        title=title,
        text=text,
        author=_author(element),
        published_at=published or _instant(element, "updated", "modified"),
        changed_at=_instant(element, "updated", "modified"),
        answered=name(answered.get("ref")) if answered is not None else None,
        answered_link=name(answered.get("href")) if answered is not None else None,
        language=name(element.get(_XML_LANGUAGE)) or language,
        attachments=tuple(dict.fromkeys(_files(element))),
        comments_link=_said(element, "comments"),
    )


_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def _made_up(title: str | None, text: str | None, at: datetime | None) -> str | None:
    """An entry that names itself in no way is known by what it says."""
    said = "\n".join(part for part in (title, text, at.isoformat() if at else None) if part)
    return f"said:{hashlib.blake2s(said.encode('utf-8', 'replace'), digest_size=16).hexdigest()}" if said else None


def _permalink(element: Any) -> str | None:
    guid = _child(element, "guid")
    said = _said(element, "guid") or ""
    is_link = guid is not None and guid.get("isPermaLink", "true") != "false"
    return said if is_link and said.startswith(("http://", "https://")) else None


# --- words ------------------------------------------------------------------------------------------------------------


def _words(element: Any) -> str | None:
    """The whole of it where the feed has that, or else its summary."""
    for wanted in ("encoded", "content", "fullitem", "description", "summary", "body"):
        for child in _named(element, wanted):
            shown = _shown(child)
            if shown:
                return shown
    return _shown(_of_media(element, "description"))  # what a film is about, where nothing else is said of it


def _of_media(element: Any, wanted: str) -> Any:
    return next((one for one in element.iter() if local_name(one) == wanted and _is_media(one)), None)


def _is_media(child: Any) -> bool:
    """media:content and media:description stand beside the entry's own."""
    return "search.yahoo.com/mrss" in namespace(child) or child.get("src") is not None


def _shown(element: Any) -> str | None:
    """An element as a person reads it: plain text, HTML written as text, or markup inside."""
    if element is None:
        return None
    kind = (element.get("type") or "").lower()
    if len(element):
        return storable(html_to_text(_markup(element))) or None
    written = storable(element.text or "").translate(_MISNUMBERED).strip()
    if (element.get("mode") or "") == "base64" or _is_encoded(kind):
        written = _decoded(written)
    if kind in ("text", "text/plain"):
        return written or None
    return html_to_text(written) or None


def _is_encoded(kind: str) -> bool:
    """Atom 1.0: what is neither words nor XML stands there in base64 (RFC 4287, 4.1.3.3)."""
    return "/" in kind and not kind.startswith(("text/", "message/")) and not kind.endswith(("xml", "html"))


def _markup(element: Any) -> str:
    """What is inside an element, its names without their namespaces."""
    parts = (etree.tostring(child, encoding="unicode", method="xml", with_tail=True) for child in element)
    inner = [html.escape(element.text or ""), *parts]
    return re.sub(r"<(/?)[A-Za-z0-9_.-]{1,40}:", r"<\1", "".join(inner))


def _decoded(written: str) -> str:
    try:
        return base64.b64decode(written, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return written


def _instant(element: Any, *names: str) -> datetime | None:
    found = (instant(_said(element, wanted)) for wanted in names)
    return next((moment for moment in found if moment is not None), None)


def _child(element: Any, wanted: str) -> Any:
    return next(iter(_named(element, wanted)), None)


def _named(element: Any, wanted: str) -> list[Any]:
    """Children of that name, the element's own vocabulary before those of extensions."""
    named = [one for one in element if local_name(one) == wanted and not _is_media(one)]
    own = namespace(element)
    return sorted(named, key=lambda one: namespace(one) not in (own, *_WELL_KNOWN)) if len(named) > 1 else named


def _said(element: Any, wanted: str) -> str | None:
    """The first child of that name that says something."""
    texts = (storable(one.text or "").strip() for one in element if local_name(one) == wanted)
    return next((text for text in texts if text), None)


# --- who, where, what beside ------------------------------------------------------------------------------------------


def _author(element: Any) -> Author:
    """Atom's author, Dublin Core's creator, RSS's address with a name."""
    found = _child(element, "author")
    if found is not None and len(found):
        shown, mail, page = (_said(found, part) for part in ("name", "email", "uri"))
        page = page or _said(found, "url")
        return Author(id=page or mail or shown, name=shown or mail)
    written = _said(element, "creator") or _said(element, "author")
    told = written if written and len(written) <= _MOST_AUTHOR_CHARS else ""
    if both := _MAIL_AND_NAME.fullmatch(told):
        return Author(id=both[1], name=both[2].strip())
    if both := _NAME_AND_MAIL.fullmatch(told):
        return Author(id=both[2], name=both[1].strip())
    return Author(id=written, name=written)


def _link(element: Any) -> str | None:
    """The address that people open: Atom has several links, RSS has one as a text."""
    links = [one for one in element if local_name(one) == "link"]
    for link in links:
        if name(link.get("href")) and link.get("rel", "alternate") == "alternate":
            return name(link.get("href"))
    return _said(element, "link")


def _files(element: Any) -> Iterator[Attachment]:
    for one in element.iter():
        kind = local_name(one)
        if kind == "enclosure" or (kind == "link" and one.get("rel") == "enclosure"):
            yield _attachment(name(one.get("url")) or name(one.get("href")), one)
        elif kind == "content" and _is_media(one) and one.get("url"):
            yield _attachment(name(one.get("url")), one)


def _attachment(address: str | None, element: Any) -> Attachment:
    mime_type = name(element.get("type"))
    said = name(element.get("medium")) or (mime_type or "").partition("/")[0]
    size = whole(element.get("length")) or whole(element.get("fileSize"))
    return Attachment(said if said in _FILE_KINDS else "file", address, mime_type=mime_type, size_bytes=size)
