"""Slack writes an emoji by its name between colons, also where a telephone sent the character.

``emoji.json`` holds the names of Slack's own list (iamcal) with the characters of each, as the package emojibase-data
17.0 ships them (MIT licence, Copyright (c) 2017-2019 Miles Johnson). Emoji that a workspace made itself are pictures
without a character: their names stay.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

#: Names of a letter or two, and numbers, also stand between the colons of times and paths: there they want room before.
_NAMED = re.compile(r"(?<!\w):([a-z]{1,2}|\d+):|:([a-z0-9_+'-]{2,80}):(?::skin-tone-([2-6]):)?")
#: The first of the five tones of skin (Fitzpatrick), which Slack counts from 2.
_FIRST_TONE = 0x1F3FB
_VARIANT = "\N{VARIATION SELECTOR-16}"


def with_emoji(said: str) -> str:
    """The text with the characters of the emoji that it names; what names none stays as it is."""
    return _NAMED.sub(_shown, said) if ":" in said else said


@cache
def _characters() -> dict[str, str]:
    listed: dict[str, str] = json.loads(Path(__file__).with_name("emoji.json").read_text(encoding="utf-8"))
    return listed


def _shown(found: re.Match[str]) -> str:
    short, long, tone = found.groups()
    shown = _characters().get(short or long)
    if shown is None or (long and (long.isdigit() or (len(long) == 2 and long.isalpha()))):
        return found[0]
    if tone is None:
        return shown
    return shown[0] + chr(_FIRST_TONE + int(tone) - 2) + shown[1:].removeprefix(_VARIANT)
