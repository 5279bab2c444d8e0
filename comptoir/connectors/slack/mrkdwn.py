"""Slack's way of writing text, made readable, and ours made safe for it."""

from __future__ import annotations

import html
import re

_MARKED = re.compile(r"<([^<>\n]{1,3000})>")


def readable(written: str) -> str:
    """Mentions, channels and links as a person reads them; ``*`` and ``_`` stay, since people write them too."""
    return html.unescape(_MARKED.sub(_shown, written))


def _shown(found: re.Match[str]) -> str:
    target, _bar, label = found[1].partition("|")
    if target.startswith(("@", "#")):
        return f"{target[0]}{label.lstrip('@#') or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in (address, target) or re.sub(r"^https?://", "", address).rstrip("/") == label.rstrip("/"):
        return label or address
    return f"{label} ({address})"


def escaped(said: str) -> str:
    """Our text with the three letters that Slack reads as its own."""
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
