"""Anything Reddit's API hands out: listings, trees of comments, single things, moderators' mail, answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.reddit.modmail import is_modmail, read_modmail
from comptoir.connectors.reddit.things import read_comment, read_message, read_post
from comptoir.connectors.shared.once import each_once, unless_empty
from comptoir.connectors.shared.untrusted import inside, load, mapping, mappings, name

_MOST_THINGS = 20_000


def read_delivery(delivery: Delivery, own_id: str | None) -> list[NetworkEvent]:
    """Read whatever it is; each event once. Raises PayloadError."""
    found = load(delivery.body)
    if not isinstance(found, dict | list):
        raise PayloadError("The body must be an object or a list of objects.")
    return unless_empty(each_once(_read(found, own_id)), found)


def _read(found: object, own_id: str | None) -> Iterator[NetworkEvent]:
    """Things in the order of the page, each before its replies. A heap of our own: trees may be deep."""
    heap = [found]
    for _thing in range(_MOST_THINGS):
        if not heap:
            return
        one = heap.pop()
        if isinstance(one, list):
            heap.extend(reversed(mappings(one)))
        elif isinstance(one, dict):
            inner = _inner(one)
            if inner is not None:
                heap.append(inner)
                continue
            yield from _thing_events(one, own_id)
            replies = inside(one, "data", "replies") or one.get("replies")
            if isinstance(replies, dict):
                heap.append(replies)


def _inner(found: Mapping[str, Any]) -> list[Any] | None:
    """What a listing, or an answer to something we posted, has inside; None for a thing itself."""
    if name(found.get("kind")) != "more" and isinstance(inside(found, "data", "children"), list):
        return mappings(found["data"]["children"])
    if isinstance(inside(found, "json", "data", "things"), list):
        return mappings(found["json"]["data"]["things"])
    return mappings(found["data"]) if isinstance(found.get("data"), list) else None


def _thing_events(thing: Mapping[str, Any], own_id: str | None) -> Iterator[NetworkEvent]:
    if is_modmail(thing):
        yield from read_modmail(thing)
        return
    kind, content = _kind_and_content(thing)
    if kind == "t1":
        yield from read_comment(content, own_id)
    elif kind == "t3":
        yield from read_post(content, own_id)
    elif kind == "t4":
        yield read_message(content, own_id)
    else:
        yield NetworkEvent(EventKind.IGNORED, external_id=name(content.get("name")), reason=_why_unused(thing, kind))


def _kind_and_content(thing: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """A thing with its kind around it, or, as libraries and archives keep them, without."""
    kind = name(thing.get("kind")) or ""
    if kind and isinstance(thing.get("data"), dict):
        return kind, mapping(thing["data"])
    prefix = (name(thing.get("name")) or "").partition("_")[0]
    if prefix in ("t1", "t3", "t4"):
        return prefix, thing
    if isinstance(thing.get("body"), str):
        return ("t1" if "link_id" in thing or "parent_id" in thing else "t4" if "dest" in thing else ""), thing
    return ("t3" if isinstance(thing.get("title"), str) and "author" in thing else ""), thing


def _why_unused(thing: Mapping[str, Any], kind: str) -> str:
    if kind == "more":
        return "Further comments, which have to be asked for."
    if "json" in thing or "error" in thing or "message" in thing:
        said = inside(thing, "json", "errors", 0, 1) or thing.get("message") or "nothing more"
        return f"An answer of Reddit: {(name(said) or 'nothing more').rstrip('.')}."
    return f"A thing of the kind “{kind or 'unknown'}” is nothing that a person said."
