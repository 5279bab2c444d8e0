"""Reviews of the public feeds of the iTunes Store, in JSON and in XML (Atom)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import Author, EventKind, NetworkEvent, PayloadError, Rating
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, number, text

_ATOM = "{http://www.w3.org/2005/Atom}"
_ITUNES = "{http://itunes.apple.com/rss}"
_AUTHOR_ID = re.compile(r"/id(\d{1,30})")
_FLAT_IDS = ("userReviewId", "reviewId", "id")
_FLAT_NAMES = ("userName", "name", "nickname", "reviewerNickname", "author")
_BEST = 5.0


def is_feed_entry(content: Mapping[str, Any]) -> bool:
    """An entry with stars: the app itself, which some feeds begin with, has none."""
    return "im:rating" in content


def read_feed_entry(entry: Mapping[str, Any]) -> NetworkEvent:
    identifier, stars = name(_label(entry, "id")), number(_label(entry, "im:rating"))
    found = _AUTHOR_ID.search(name(_label(entry, "author", "uri")) or "")
    return NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=Author(id=found[1] if found else None, name=name(_label(entry, "author", "name"))),
        subject=name(_label(entry, "title")),
        text=text(_label(entry, "content")),
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        sent_at=instant(_label(entry, "updated")),
    )


def is_flat_review(content: Mapping[str, Any]) -> bool:
    """A review as the store's older pages loaded it, and as tools that read them write it."""
    return ("rating" in content or "score" in content) and any(key in content for key in _FLAT_NAMES)


def read_flat_review(content: Mapping[str, Any]) -> Iterator[NetworkEvent]:
    """The review, and the answer within it."""
    identifier, stars = name(_first(content, *_FLAT_IDS)), number(_first(content, "rating", "score"))
    found = _AUTHOR_ID.search(name(_first(content, "userUrl", "viewUsersUserReviewsUrl")) or "")
    review = NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=identifier,
        thread_id=identifier,
        author=Author(id=found[1] if found else None, name=name(_first(content, *_FLAT_NAMES))),
        subject=name(content.get("title")),
        text=text(_first(content, "body", "text", "review", "content")),
        rating=Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None,
        sent_at=instant(_first(content, "date", "updated", "createdDate", "lastModified")),
    )
    yield review
    answer = mapping(content.get("developerResponse"))
    if answer:
        yield NetworkEvent(
            EventKind.COMMENT,
            direction="outgoing",
            visibility="public",
            external_id=name(_first(answer, "responseId", "id")),
            parent_id=identifier,
            thread_id=identifier,
            text=text(_first(answer, "response", "body")),
            counterpart=review.author,
            sent_at=instant(_first(answer, "lastModified", "modified")),
        )


def _first(content: Mapping[str, Any], *keys: str) -> Any:
    return next((content[key] for key in keys if content.get(key) is not None), None)


def _label(entry: Mapping[str, Any], *path: str) -> Any:
    """The text at a path: the feed puts each into an object, as its label."""
    found = inside(entry, *path)
    return found.get("label") if isinstance(found, dict) else found


def feed_of_xml(body: bytes) -> Mapping[str, Any]:
    """The XML feed in the shape of the JSON one. Raises PayloadError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PayloadError("The body is not XML: %(error)s.", error=str(error)) from error
    entries = [root] if root.tag == f"{_ATOM}entry" else root.iterfind(f"{_ATOM}entry")
    return {"feed": {"entry": [_entry(one) for one in entries]}}


def _entry(element: Any) -> Mapping[str, Any]:
    plain = element.find(f"{_ATOM}content[@type='text']")
    content = plain if plain is not None else element.find(f"{_ATOM}content")
    author = element.find(f"{_ATOM}author")
    entry: dict[str, Any] = {
        "id": _said(element.find(f"{_ATOM}id")),
        "title": _said(element.find(f"{_ATOM}title")),
        "updated": _said(element.find(f"{_ATOM}updated")),
        "content": _said(content),
        "author": {part: _said(author.find(f"{_ATOM}{part}")) for part in ("name", "uri")}
        if author is not None
        else {},
    }
    stars = element.find(f"{_ITUNES}rating")
    return entry if stars is None else {**entry, "im:rating": _said(stars)}


def _said(element: Any) -> str | None:
    return None if element is None else "".join(element.itertext())
