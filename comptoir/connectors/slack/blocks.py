"""What the blocks of a message say, where its text is empty: rich text as people type it, sections as applications do.

Source: Slack, "Block Kit, Rich text block" and "Section block".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from comptoir.connectors.shared.untrusted import mapping, mappings, name
from comptoir.connectors.slack.emoji import with_emoji
from comptoir.connectors.slack.mrkdwn import readable

_DEEPEST = 6
#: Parts of a line that stand for themselves: what is put before which of their fields.
_MARKS = {"user": ("@", "user_id"), "channel": ("#", "channel_id"), "usergroup": ("@", "usergroup_id"),
          "broadcast": ("@", "range"), "date": ("", "fallback")}  # fmt: skip


def words_of_blocks(blocks: object) -> str | None:
    """Each block's words, a line each; None where they have none."""
    lines = [line for block in mappings(blocks) for line in _lines(block, 0)]
    return "\n".join(line for line in lines if line.strip()) or None


def _lines(block: Mapping[str, Any], depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if name(block.get("type")) == "rich_text_list" or name(block.get("type")) == "rich_text":
        for one in mappings(block.get("elements")):
            yield from _lines(one, depth + 1)
    elif name(block.get("type")) in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        yield "".join(_part(one) for one in mappings(block.get("elements")))
    else:
        told = [block.get("text"), *mappings(block.get("fields")), *mappings(block.get("elements"))]
        yield from (_written(one) for one in told)


def _part(part: Mapping[str, Any]) -> str:
    kind = name(part.get("type")) or ""
    if kind == "emoji":
        return _letters(name(part.get("unicode"))) or with_emoji(f":{name(part.get('name')) or ''}:")
    if kind == "link":
        words, url = name(part.get("text")) or "", name(part.get("url")) or ""
        return f"{words} ({url})" if words and url and words != url else words or url
    if kind in _MARKS:
        mark, field = _MARKS[kind]
        return f"{mark}{name(part.get(field)) or ''}"
    return name(part.get("text")) or name(part.get("url")) or ""


def _letters(points: str | None) -> str:
    """An emoji by the numbers of its letters, as 1f44b-1f3fb; "" where they are none."""
    try:
        return "".join(chr(int(point, 16)) for point in (points or "").split("-") if point)
    except (ValueError, OverflowError):
        return ""


def _written(told: object) -> str:
    """A text object; the one inside an element such as a button is what presses say, not what was said."""
    words = name(mapping(told).get("text")) or ""
    return readable(words) if mapping(told).get("type") == "mrkdwn" else words
