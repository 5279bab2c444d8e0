"""LinkedIn's names for things (urn:li:comment:(urn:li:activity:1,2)) and its way of writing text."""

from __future__ import annotations

import re
from urllib.parse import quote

_COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?([a-zA-Z]{1,30}:\d{1,30}),(\d{1,30})\)")
_MENTION = re.compile(r"@\[((?:[^\]\\]|\\.){1,300})\]\(urn:li:[^)\s]{1,200}\)")
_HASHTAG = re.compile(r"\{hashtag\|\\?#\|((?:[^}\\]|\\.){1,200})\}")
_ESCAPED = re.compile(r"\\([|{}@\[\]()<>#\\*_~])")


def comment_urn(thing: str, number: str) -> str:
    """The name of a comment: what it stands under, and its number there."""
    return f"urn:li:comment:({thing},{number})"


def parts_of_comment(urn: str) -> tuple[str, str] | None:
    """What a comment stands under, and its number there; None for another name."""
    found = _COMMENT.fullmatch(urn)
    return (f"urn:li:{found[1]}", found[2]) if found else None


def in_path(urn: str) -> str:
    """A name as a part of an address."""
    return quote(urn, safe="")


def readable(written: str) -> str:
    """LinkedIn's “little text”: mentions, hashtags and escaped signs as a person reads them."""
    plain = _HASHTAG.sub(lambda found: f"#{found[1]}", _MENTION.sub(lambda found: f"@{found[1]}", written))
    return _ESCAPED.sub(r"\1", plain)
