"""From what Google says of reviews to events: Business Profile, its notifications, and both Places APIs."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import EventKind, NetworkEvent, PayloadError
from comptoir.connectors.google_reviews.business import is_reply, is_review, read_reply, read_review
from comptoir.connectors.google_reviews.places import is_place_review, place_of, read_place_review
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, instant, items, load, mapping, name

_DEEPEST = 6
#: Where reviews, or what has reviews, stand: in lists, or alone.
_LISTS = ("reviews", "locationReviews", "results", "places", "candidates", "data", "items")
_SINGLE = ("result", "review", "place", "response")


def read_body(body: bytes, *, edited: bool = False) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. ``edited``: its reviews were there before and have changed since.

    Raises PayloadError.
    """
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    events = each_once(_events(content, None, edited, 0))
    return unless_empty(events, content, sends=({},))  # Google leaves out what is empty


def _events(content: Any, place: str | None, edited: bool, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST:
        yield _ignored("nested more deeply than anything Google sends")
    elif isinstance(content, list):
        for one in content:
            yield from _events(one, place, edited, depth + 1)
    elif not isinstance(content, dict):
        yield _ignored("neither a review nor a list of reviews")
    elif is_review(content):
        yield from read_review(content, edited=edited)
    elif is_place_review(content):
        yield read_place_review(content, place)
    elif is_reply(content):
        yield read_reply(content, parent_id=None)
    else:
        yield from _inside(content, place, edited, depth)


def _inside(content: Mapping[str, Any], place: str | None, edited: bool, depth: int) -> Iterator[NetworkEvent]:
    notified = _notification(content)
    if notified is not None:
        yield notified
        return
    place = place_of(content) or place
    parts = [content[key] for key in (*_LISTS, *_SINGLE) if isinstance(content.get(key), dict | list)]
    for part in parts:
        yield from _events(part, place, edited, depth + 1)
    if content and not parts and "totalReviewCount" not in content:
        yield _ignored("an object without reviews")


def _notification(content: Mapping[str, Any]) -> NetworkEvent | None:
    """A Pub/Sub push, or the notification in it: it names the review and says nothing of it."""
    told, at = content, None
    if isinstance(inside(content, "message", "data"), str):
        told = _decoded(inside(content, "message", "data"))
        at = instant(inside(content, "message", "publishTime") or inside(content, "message", "publish_time"))
    kind = name(told.get("type")) or name(told.get("notificationType"))
    if kind is None and told is content:
        return None
    review = name(told.get("review")) or name(told.get("reviewName")) or name(told.get("name"))
    reason = f"a notification ({kind or 'unknown'}): the review itself is read by asking for it"
    target = review.rsplit("/", 1)[-1] if review else None
    return NetworkEvent(EventKind.IGNORED, target_id=target or None, sent_at=at, reason=reason)


def _decoded(encoded: str) -> Mapping[str, Any]:
    try:
        return mapping(load(base64.b64decode(encoded, validate=False)))
    except (binascii.Error, ValueError, PayloadError):
        return {}


def _ignored(reason: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=reason)


def review_entries(content: Any) -> list[Mapping[str, Any]]:
    """The reviews of one page of the listing."""
    return [one for one in items(mapping(content).get("reviews")) if isinstance(one, dict)]
