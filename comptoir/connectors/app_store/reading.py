"""From what Apple says of reviews to events: App Store Connect, the public feeds, and the store's own pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.app_store.connect import is_resource, read_resources
from comptoir.connectors.app_store.feeds import (
    feed_of_xml,
    is_feed_entry,
    is_flat_review,
    read_feed_entry,
    read_flat_review,
)
from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import items, load

_XML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")
_LISTS = ("data", "entry", "entries", "reviews", "items", "results", "userReviewList", "value")
_DEEPEST = 5


def read_delivery(delivery: Delivery, *, edited: bool = False) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. ``edited``: its reviews were there before and have changed since.

    Raises PayloadError.
    """
    content = feed_of_xml(delivery.body) if _XML.match(delivery.body[:64]) else load(delivery.body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_events(content, edited, 0)), content)


def _events(content: Any, edited: bool, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST or not isinstance(content, dict | list):
        yield _ignored("neither a review nor a list of reviews")
    elif isinstance(content, list):
        resources = [one for one in content if isinstance(one, dict) and is_resource(one)]
        yield from read_resources(resources, [], edited=edited)
        for one in content:
            if not (isinstance(one, dict) and is_resource(one)):
                yield from _events(one, edited, depth + 1)
    else:
        yield from _of_object(content, edited, depth)


def _of_object(content: Mapping[str, Any], edited: bool, depth: int) -> Iterator[NetworkEvent]:
    included = [one for one in items(content.get("included")) if isinstance(one, dict)]
    told = content.get("data")
    resources = [one for one in (told if isinstance(told, list) else [told]) if isinstance(one, dict)]
    if is_resource(content):
        yield from read_resources([content], [], edited=edited)
    elif resources and all(is_resource(one) for one in resources):
        yield from read_resources(resources, included, edited=edited)
    elif is_feed_entry(content):
        yield read_feed_entry(content)
    elif is_flat_review(content):
        yield from read_flat_review(content)
    elif isinstance(content.get("feed"), dict):
        yield from _of_feed(content["feed"], edited, depth)
    else:
        yield from _of_lists(content, edited, depth)


def _of_feed(feed: Mapping[str, Any], edited: bool, depth: int) -> Iterator[NetworkEvent]:
    """A feed with one entry has it without a list around it; one without any is empty."""
    entries = feed.get("entry")
    for one in entries if isinstance(entries, list) else [entries] if entries else []:
        yield from _events(one, edited, depth + 1)


def _of_lists(content: Mapping[str, Any], edited: bool, depth: int) -> Iterator[NetworkEvent]:
    lists = [content[key] for key in _LISTS if isinstance(content.get(key), list | dict)]
    for one in lists:
        yield from _events(one, edited, depth + 1)
    if content and not lists:
        yield _ignored("an object that is no review (the first entry of a feed may be the app itself)")


def _ignored(reason: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=reason)
