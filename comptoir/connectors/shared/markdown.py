"""Plain text written so that a network that reads Markdown shows it as it is."""

from __future__ import annotations

import re

_MEANT = re.compile(r"([\\`*_~^|\[\]])")
_AT_START = re.compile(r"^([ \t]*)(#|>|\+|-|\d{1,9}[.)])", re.MULTILINE)


def as_markdown(written: str) -> str:
    """The text with the signs escaped that Markdown would take for its own; addresses are left alone."""
    words = re.split(r"(\s+)", written)
    escaped = "".join(one if one.startswith(("http://", "https://")) else _MEANT.sub(r"\\\1", one) for one in words)
    return _AT_START.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", escaped)
