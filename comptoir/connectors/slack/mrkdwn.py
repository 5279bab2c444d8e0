"""Slack's way of writing text, made readable, and ours made safe for it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from comptoir.connectors.slack.emoji import with_emoji

#: A person of the workspace (U…), or of one that shares a channel with it (W…), called by the id alone.
_CALLED = re.compile(r"@([UW][A-Z0-9]{4,20})\b")
_MARKED = re.compile(r"<([^<>\n]{1,3000})>")


def readable(written: str) -> str:
    """Mentions, channels, links and emoji as a person reads them; ``*`` and ``_`` stay, since people write them too."""
    return with_emoji(html.unescape(_MARKED.sub(_shown, written)))


def called_by_id(said: str) -> list[str]:
    """The ids by which a readable text calls people, each once."""
    return list(dict.fromkeys(_CALLED.findall(said)))


def by_names(said: str, names: Mapping[str, str]) -> str:
    """The text with the names of those whom it calls by id, as far as they are known."""
    return _CALLED.sub(lambda found: f"@{names.get(found[1]) or found[1]}", said)


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
