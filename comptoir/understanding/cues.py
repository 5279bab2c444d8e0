"""Rules written down by language in rules/: what makes a message urgent, and words that point somewhere."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from comptoir.understanding.analysis import GROUNDS, Ground

CUES: Final = ("ask", "do", "thanks", "praise", "wrong", "buy", "irony", "insult", "swear", "threat", "spam", "ack")
#: A ground's strength: it must be seen to now, today, or is only marked.
STRENGTHS: Final = ("now", "today", "mark")
_FALLBACK = "fr"


@cache
def _rules(name: str) -> dict[str, Any]:
    return tomllib.loads(files("comptoir.understanding").joinpath(f"rules/{name}.toml").read_text("utf-8"))


@cache
def cue_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """One pattern for each of CUES; a language without rules is read with the French ones."""
    rules = _rules("cues")
    return tuple(_any_of(rules.get(language, rules[_FALLBACK]).get(cue, [])) for cue in CUES)


@cache
def ground_patterns(language: str) -> tuple[tuple[Ground, str, re.Pattern[str]], ...]:
    """Ground, strength and pattern, wherever the language has one."""
    rules = _rules("urgency")
    own = rules.get(language, rules[_FALLBACK])
    return tuple(
        (ground, strength, _any_of(own[ground][strength]))
        for ground in GROUNDS
        for strength in STRENGTHS
        if own.get(ground, {}).get(strength)
    )


def _any_of(forms: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})") if forms else re.compile(r"(?!)")
