"""« Publish it all the same » is said of the words one was shown, and of no others."""

from __future__ import annotations

import hashlib


def seal_of(text: str) -> str:
    """What stands for a text as `queue_reply` keeps it, whatever ends the browser gave its lines."""
    whole = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_confirmed(posted: str, text: str) -> bool:
    """Whether what was posted confirms this text: changed since, it is looked at again."""
    return bool(posted) and posted == seal_of(text)
