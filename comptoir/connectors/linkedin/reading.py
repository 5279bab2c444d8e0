"""From what LinkedIn hands out to events: notifications of a page, pages of comments, posts and reactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from comptoir.connectors.base import EventKind, NetworkEvent, PayloadError
from comptoir.connectors.linkedin.notifications import is_notification, read_notification
from comptoir.connectors.linkedin.things import (
    is_comment,
    is_post,
    is_reaction,
    read_comment,
    read_post,
    read_reaction,
)
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import load, name

_LISTS = ("notifications", "elements", "results", "data")
_DEEPEST = 4


def read_body(body: bytes, own_id: str | None) -> list[NetworkEvent]:
    """Every event of a payload, once, in its order. Raises PayloadError."""
    content = load(body)
    if not isinstance(content, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_ours(event, own_id) for event in _events(content, 0)), content)


def _ours(event: NetworkEvent, own_id: str | None) -> NetworkEvent:
    """What we did ourselves is outgoing."""
    is_ours = own_id is not None and event.author.id == own_id
    return replace(event, direction="outgoing") if is_ours else event


def _events(content: Any, depth: int) -> Iterator[NetworkEvent]:
    if depth > _DEEPEST or not isinstance(content, dict | list):
        yield _ignored("neither a comment nor a post nor a notification")
    elif isinstance(content, list):
        for one in content:
            yield from _events(one, depth + 1)
    elif is_notification(content):
        yield read_notification(content)
    elif is_comment(content):
        yield read_comment(content)
    elif is_reaction(content):
        yield read_reaction(content)
    elif is_post(content):
        yield read_post(content)
    else:
        yield from _of_page(content, depth)


def _of_page(content: Mapping[str, Any], depth: int) -> Iterator[NetworkEvent]:
    found = False
    for key in _LISTS:
        part = content.get(key)
        if isinstance(part, list):
            found = True
            yield from _events(part, depth + 1)
        elif isinstance(part, dict):  # a batch: by the name of each
            found = True
            for one in part.values():
                yield from _events(one, depth + 1)
    if content and not found:
        yield _ignored(f"an object that is no comment and no post ({name(content.get('type')) or 'unnamed'})")


def _ignored(reason: str) -> NetworkEvent:
    return NetworkEvent(EventKind.IGNORED, reason=reason)
