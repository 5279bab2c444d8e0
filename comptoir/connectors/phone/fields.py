"""The fields of a delivery, under whatever names: compared by letters and digits alone, found inside usual wrappers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.shared.untrusted import load, load_form, mapping, mappings, text

_WRAPPERS = ("data", "payload", "call", "event", "object", "body", "results", "calls", "events")
_DEEPEST = 6
Fields = Mapping[str, Any]


def read_form(body: bytes) -> Fields:
    """The fields of a form. Raises PayloadError."""
    return {plain_name(key): value for key, value in load_form(body).items()}


def unwrapped(content: object, depth: int = 0) -> Iterator[Fields]:
    """Each call of a JSON document, with what its wrappers say themselves."""
    if depth > _DEEPEST:
        return
    if isinstance(content, list):
        for entry in content:
            yield from unwrapped(entry, depth + 1)
    if not isinstance(content, dict):
        return
    flat = {plain_name(key): value for key, value in content.items()}
    for wrapper in _WRAPPERS:
        inside = flat.get(wrapper)
        if mapping(inside) or mappings(inside):
            around = {key: value for key, value in flat.items() if not isinstance(value, dict | list)}
            around["outertype"] = around.get("type")
            for found in unwrapped(inside, depth + 1):
                yield {**around, **found}
            return
    yield flat


def documents(body: bytes) -> list[Any]:
    """One document of JSON, or one a line. Raises PayloadError."""
    lines = [line for line in body.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in lines):
        return [load(line) for line in lines]
    return [load(body)]


def said(fields: Fields, *names: str) -> str | None:
    """The first of these fields that says something: a text, a number, or an object's number."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, dict):
            inner = {plain_name(key): one for key, one in value.items()}
            value = next(
                (inner[key] for key in ("phonenumber", "number", "digits", "uri", "address") if key in inner), None
            )
        found = text(value)
        if found is not None and found.strip():
            return found
    return None


def plain_name(name: object) -> str:
    """A field's name without what is written differently: case, dashes, underscores, dots."""
    return re.sub(r"[^a-z0-9]", "", str(name).lower())
