"""Making what networks say fit for the database: no NUL, no half characters, nothing longer than its column."""

from __future__ import annotations

import hashlib
import re
from typing import Any

#: The longest text kept of one message; the raw delivery keeps the rest.
MAX_TEXT_CHARS = 1_000_000
MAX_ID_BYTES = 1000
MAX_THREAD_ID_BYTES = 512
MAX_IDENTITY_ID_BYTES = 512
MAX_SCOPE_BYTES = 255
_DIGEST_CHARS = 64
#: What turns the direction of what is written after it, also of our own words (U+202E and its like).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NO_LETTER = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses: NUL and lone surrogates become U+FFFD, split pairs are joined."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def clipped(text: str | None, max_chars: int = MAX_TEXT_CHARS) -> str:
    """A storable text of at most ``max_chars``; None becomes the empty text."""
    if not text:
        return ""
    text = storable(text)
    return text if len(text) <= max_chars else text[: max_chars - 1] + "…"


def one_line(text: str | None, max_chars: int) -> str:
    """A name to be put among words of ours: on one line, and turning nothing that follows it."""
    return clipped(_NO_LETTER.sub(" ", _TURNING.sub("", text or "")).strip(), max_chars)


def fitting_id(identifier: str | None, max_bytes: int = MAX_ID_BYTES) -> str:
    """A storable id; one too long for its column ends in its own SHA-256, and so stays unique."""
    if not identifier:
        return ""
    identifier = storable(str(identifier))
    if len(identifier) * 4 <= max_bytes:
        return identifier
    encoded = identifier.encode()
    if len(encoded) <= max_bytes:
        return identifier
    kept = encoded[: max_bytes - _DIGEST_CHARS - 1].decode(errors="ignore")
    return f"{kept}#{hashlib.sha256(encoded).hexdigest()}"


def storable_json(tree: Any) -> Any:
    """A JSON tree of which every text is storable; what is not JSON becomes text."""
    if isinstance(tree, str):
        return storable(tree)
    if tree is None or isinstance(tree, bool | int):
        return tree
    if isinstance(tree, float):
        return tree if tree == tree and abs(tree) != float("inf") else None
    if isinstance(tree, dict):
        return {storable(str(name)): storable_json(branch) for name, branch in tree.items()}
    if isinstance(tree, list | tuple):
        return [storable_json(branch) for branch in tree]
    return storable(str(tree))
