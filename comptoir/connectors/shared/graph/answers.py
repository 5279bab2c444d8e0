"""Bodies as Meta writes them, opened: JSON, lines of JSON, the answers of a batch that are JSON inside JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from comptoir.connectors.base import NetworkEvent, PayloadError
from comptoir.connectors.shared.untrusted import load


def contents(body: bytes) -> list[Any]:
    """What a body holds: mostly one thing. Raises PayloadError."""
    try:
        return list(_opened(load(body)))
    except PayloadError:
        lines = [line for line in body.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for line in lines):
            raise
        return [content for line in lines for content in _opened(load(line))]


def once(events: Iterable[NetworkEvent]) -> list[NetworkEvent]:
    """Each event once, where it first stands."""
    return list({repr(event): event for event in events}.values())


def _opened(content: Any) -> Iterator[Any]:
    """The answers of a batch request, whose bodies are JSON inside JSON; anything else as it is."""
    if not isinstance(content, list) or not content or not all(_is_answer(one) for one in content):
        yield content
        return
    for one in content:
        if one is not None:
            yield load(one["body"].encode("utf-8", "replace"))


def _is_answer(one: Any) -> bool:
    return one is None or (isinstance(one, dict) and "code" in one and isinstance(one.get("body"), str))
