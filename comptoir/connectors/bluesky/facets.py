"""Facets: what Bluesky lays over a text (links, mentions, hashtags), counted in bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import regex

from comptoir.connectors.bluesky.untrusted import items, mapping, name, whole

LINK = "app.bsky.richtext.facet#link"
MENTION = "app.bsky.richtext.facet#mention"
TAG = "app.bsky.richtext.facet#tag"

_URL = regex.compile(r"(?<![\w@])https?://[^\s<>\"“”«»]+", regex.IGNORECASE)
_HANDLE = regex.compile(
    r"(?<![\w@/.])@((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?)", regex.IGNORECASE
)
_HASHTAG = regex.compile(r"(?<![\w#&/])[#＃]((?!\d+\b)[\w\p{M}\p{Emoji_Presentation}-]+)")
_MAX_TAG_CHARS = 64
_SHORTENED = ("…", "...")


def cut_links(text: str, facets: object) -> tuple[str, ...]:
    """The whole of every link that the author's app shows cut short (``exemple.fr/une-lo…``), in order."""
    raw = text.encode()
    return tuple(dict.fromkeys(url for start, end, url in sorted(_links(facets)) if _cut_short(raw[start:end])))


def _links(facets: object) -> Iterator[tuple[int, int, str]]:
    for facet in map(mapping, items(facets)):
        index = mapping(facet.get("index"))
        start, end = whole(index.get("byteStart")), whole(index.get("byteEnd"))
        for feature in map(mapping, items(facet.get("features"))):
            url = name(feature.get("uri"))
            if feature.get("$type") == LINK and url and start is not None and end is not None and 0 <= start < end:
                yield start, end, url


def _cut_short(shown: bytes) -> bool:
    try:
        return shown.decode().rstrip().endswith(_SHORTENED)
    except UnicodeDecodeError:  # the offsets cut a letter in two: they are wrong, leave the text as it is
        return False


def find_facets(text: str, resolve: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """Facets for our own text; ``resolve`` gives the id of a handle, None where nobody has it: it stays plain text."""
    found: list[tuple[int, int, Mapping[str, Any]]] = []
    for link in _URL.finditer(text):
        url = _without_trailing_punctuation(link.group())
        found.append((link.start(), link.start() + len(url), {"$type": LINK, "uri": url}))
    for mention in _HANDLE.finditer(text):
        if not _inside(mention.start(), found) and (did := resolve(mention.group(1).lower())):
            found.append((mention.start(), mention.end(), {"$type": MENTION, "did": did}))
    for tag in _HASHTAG.finditer(text):
        if not _inside(tag.start(), found) and len(tag.group(1)) <= _MAX_TAG_CHARS:
            found.append((tag.start(), tag.end(), {"$type": TAG, "tag": tag.group(1)}))
    return [_facet(text, *span) for span in sorted(found, key=lambda span: span[0])]


def _facet(text: str, start: int, end: int, feature: Mapping[str, Any]) -> dict[str, Any]:
    index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
    return {"index": index, "features": [dict(feature)]}


def _inside(position: int, spans: list[tuple[int, int, Mapping[str, Any]]]) -> bool:
    return any(start <= position < end for start, end, _ in spans)


def _without_trailing_punctuation(url: str) -> str:
    """A full stop or closing bracket after an address belongs to the sentence, unless the bracket was opened inside."""
    while url[-1] in ".,;:!?…'’" or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    return url
