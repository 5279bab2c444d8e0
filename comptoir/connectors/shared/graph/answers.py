"""Bodies as Meta writes them, opened: one document, several, or the answers of a batch, JSON inside JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comptoir.connectors.shared.untrusted import load


def contents(body: bytes) -> list[Any]:
    """What a body holds, one by one: mostly one delivery or answer. Raises PayloadError."""
    return list(_opened(load(body)))


def _opened(content: Any) -> Iterator[Any]:
    """Each of several documents; of a batch's answers, the bodies, which are JSON inside JSON."""
    listed = content if isinstance(content, list) else [content]
    is_batch = bool(listed) and all(_is_answer(one) for one in listed)
    for one in listed:
        if not is_batch:
            yield one
        elif one is not None:
            yield load(one["body"].encode("utf-8", "replace"))


def _is_answer(one: Any) -> bool:
    return one is None or (isinstance(one, dict) and "code" in one and isinstance(one.get("body"), str))
