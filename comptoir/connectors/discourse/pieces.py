"""What posts of Discourse are made of: authors, texts, files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import Attachment, Author
from comptoir.connectors.shared.html_text import html_to_text
from comptoir.connectors.shared.untrusted import name, text

_AVATAR_PIXELS = "120"
_MOST_HTML_CHARS = 200_000
_MOST_FILES = 20
#: Signs of Markdown, BBCode or HTML in what was typed: then what is shown is read instead.
_MARKUP = re.compile(r"[*_`\[\]<>#|~\\&]|^\s*[-+]\s|:\w+:", re.MULTILINE)
_QUOTE = re.compile(r"(\[quote(?:=[^\]\n]{0,300})?\]|\[/quote\])", re.IGNORECASE)
_DRAWN = ("emoji", "avatar", "site-icon", "thumbnail onebox")


def author_of(found: Mapping[str, Any], site: str) -> Author:
    """Who wrote a post: an id (a number, unique in the forum), a name to mention, a name to show."""
    picture = name(found.get("avatar_template"))
    return Author(
        id=name(found.get("user_id")),
        handle=name(found.get("username")),
        name=name(found.get("name")),
        avatar_url=_absolute(picture.replace("{size}", _AVATAR_PIXELS), site) if picture else None,
    )


def user_of(found: Mapping[str, Any], site: str) -> Author:
    """A user as such, whose id is just that."""
    return author_of({**found, "user_id": found.get("id")}, site)


def words_of(post: Mapping[str, Any]) -> str | None:
    """What was typed where that is plain text, or else what is shown, without its markup and the words of others."""
    typed, shown = text(post.get("raw")), text(post.get("cooked"))
    if typed is not None and (shown is None or not _MARKUP.search(typed)):
        return _unquoted(typed)
    if shown is None:
        return None
    is_woven = shown.count("data-username=") > 1  # answers between quotations keep them: they say what is answered
    return html_to_text(shown, without=_is_elided if is_woven else _is_of_others) or html_to_text(shown)


def _is_elided(element: Any) -> bool:
    """The history that the forum cut from an answer by mail."""
    return "elided" in (element.get("class") or "").split()


def _is_of_others(element: Any) -> bool:
    """A quoted post; what a person sets apart as a quotation without naming anybody is theirs."""
    is_quotation = element.tag == "aside" and "quote" in (element.get("class") or "").split()
    return (is_quotation and element.get("data-username") is not None) or _is_elided(element)


def _unquoted(typed: str) -> str:
    """Without the one post that is quoted in it; the whole where nothing else stands there."""
    if typed.lower().count("[quote=") != 1:
        return typed.strip()
    depth, said = 0, []
    for piece in _QUOTE.split(typed):
        if _QUOTE.fullmatch(piece):
            depth = max(0, depth - 1) if piece.startswith("[/") else depth + 1
        elif depth == 0:
            said.append(piece.strip())
    return "\n\n".join(one for one in said if one) or typed.strip()


def files_of(post: Mapping[str, Any], site: str) -> tuple[Attachment, ...]:
    """Pictures and files inside what is shown; emoji, faces and previews of links are none."""
    shown = text(post.get("cooked")) or ""
    if "<img" not in shown and "attachment" not in shown and "<video" not in shown and "<audio" not in shown:
        return ()
    try:
        root = html.document_fromstring(shown[:_MOST_HTML_CHARS].encode("utf-8", "replace"), parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return ()
    found = [file for element in root.iter("img", "a", "source") if (file := _file(element, site))]
    return tuple(dict.fromkeys(found))[:_MOST_FILES]


def _parser() -> Any:
    return html.HTMLParser(encoding="utf-8", recover=True, huge_tree=False, no_network=True)


def _file(element: Any, site: str) -> Attachment | None:
    drawn = element.get("class") or ""
    if element.tag == "img" and not any(kind in drawn for kind in _DRAWN):
        whole = element.getparent().get("href") if "lightbox" in (element.getparent().get("class") or "") else None
        address = _absolute(whole or element.get("src") or "", site)
        return Attachment("image", url=address, alt_text=element.get("alt") or None) if address else None
    if element.tag == "a" and "attachment" in drawn.split():
        address = _absolute(element.get("href") or "", site)
        return Attachment("file", url=address, name=(element.text or "").strip() or None) if address else None
    if element.tag == "source" and element.getparent().tag in ("video", "audio"):
        address = _absolute(element.get("src") or "", site)
        return Attachment(str(element.getparent().tag), url=address) if address else None
    return None


def _absolute(address: str, site: str) -> str | None:
    """Addresses inside a forum are often without its host; without the host we know of none."""
    if address.startswith("//"):
        return f"https:{address}"
    if address.startswith(("https://", "http://")):
        return address
    try:
        return urljoin(f"{site}/", address) if site and address.startswith("/") else None
    except ValueError:
        return None
