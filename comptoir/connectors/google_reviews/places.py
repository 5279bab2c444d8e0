"""A review as the Places APIs tell it: the older in snake_case, without an id; the newer by resource names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from comptoir.connectors.base import Author, EventKind, NetworkEvent, Rating
from comptoir.connectors.shared.untrusted import inside, instant, mapping, name, number, text

_CONTRIBUTOR = re.compile(r"/maps/contrib/(\d{1,40})")
_NAMED = re.compile(r"places/([^/]{1,300})/reviews/([^/]{1,600})")
_BEST = 5.0


def is_place_review(content: Mapping[str, Any]) -> bool:
    if "rating" not in content and "text" not in content:
        return False
    return any(
        key in content for key in ("author_name", "authorAttribution", "publishTime", "relative_time_description")
    )


def place_of(content: Mapping[str, Any]) -> str | None:
    """The id of the place that an object describes."""
    return name(content.get("place_id")) or (name(content.get("id")) if "displayName" in content else None)


def read_place_review(review: Mapping[str, Any], place: str | None) -> NetworkEvent:
    """One review; the text is the author's own, not its translation, where both are told."""
    named = _NAMED.fullmatch(name(review.get("name")) or "")
    author = _author(review)
    place = named[1] if named else place
    return NetworkEvent(
        EventKind.REVIEW,
        direction="incoming",
        visibility="public",
        external_id=named[2] if named else _made_id(place, author),
        thread_id=place,
        author=author,
        text=_text(review),
        rating=_rating(review.get("rating")),
        sent_at=instant(review.get("publishTime")) or instant(review.get("time")),
        language=_language(review),
        url=name(review.get("googleMapsUri")),
    )


def _made_id(place: str | None, author: Author) -> str | None:
    """A person reviews a place once: both together are the review's id where it has none."""
    return f"{place}/{author.id}" if place and author.id else None


def _author(review: Mapping[str, Any]) -> Author:
    told = mapping(review.get("authorAttribution"))
    address = name(review.get("author_url")) or name(told.get("uri")) or ""
    contributor = _CONTRIBUTOR.search(address)
    return Author(
        id=contributor[1] if contributor else None,
        name=name(review.get("author_name")) or name(told.get("displayName")),
        avatar_url=name(review.get("profile_photo_url")) or name(told.get("photoUri")),
    )


def _text(review: Mapping[str, Any]) -> str | None:
    for part in (review.get("originalText"), review.get("text")):
        said = text(inside(part, "text")) if isinstance(part, dict) else text(part)
        if said is not None:
            return said
    return None


def _language(review: Mapping[str, Any]) -> str | None:
    for part in (review.get("originalText"), review.get("text")):
        if isinstance(part, dict) and name(part.get("languageCode")):
            return name(part.get("languageCode"))
    return name(review.get("language")) or name(review.get("original_language"))


def _rating(value: object) -> Rating | None:
    stars = number(value)
    return Rating(stars, _BEST) if stars is not None and 0 < stars <= _BEST else None
