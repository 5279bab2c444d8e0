"""Words that stand on one line: names, titles, questions."""

from __future__ import annotations

import re

# What breaks a line or sets words apart; a no-break space does neither, and French has one before « : » and within « ».
_WHITE = re.compile(r"(?:(?![\u00a0\u202f])\s)+")


def on_one_line(text: str) -> str:
    """Without line breaks, doubled spaces and what no database keeps; no-break spaces stay."""
    return _WHITE.sub(" ", text.replace("\x00", "")).strip()
