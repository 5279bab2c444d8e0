"""Rules written down by language in rules/: what makes a message urgent, and words that point somewhere."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

from comptoir.understanding.analysis import GROUNDS, Ground
from comptoir.understanding.beginnings import alike, united

CUES: Final = ("ask", "do", "thanks", "praise", "wrong", "buy", "irony", "insult", "swear", "threat", "spam", "ack")
#: A ground's strength: it must be seen to now, today, or is only marked.
STRENGTHS: Final = ("now", "today", "mark")
_FALLBACK = "fr"
#: So much of each word is looked up before any pattern is tried: enough to tell « merci » from « merde ».
_BEGINNING_CHARS = 4
_CACHED_BEGINNINGS = 20_000
_BEGINNING = re.compile(rf"(?<!\w)(?=(.{{1,{_BEGINNING_CHARS}}}))", re.DOTALL)


@cache
def _rules(name: str) -> dict[str, Any]:
    return tomllib.loads(files("comptoir.understanding").joinpath(f"rules/{name}.toml").read_text("utf-8"))


@cache
def cue_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """One pattern for each of CUES; a language without rules is read with the French ones."""
    return tuple(pattern_at(language, place) for place in range(len(CUES)))


@cache
def ground_patterns(language: str) -> tuple[tuple[Ground, str, re.Pattern[str]], ...]:
    """Ground, strength and pattern, wherever the language has one."""
    return tuple(
        (ground, strength, pattern_at(language, place))
        for place, (ground, strength) in enumerate(grounds_at(language), len(CUES))
    )


@cache
def pattern_at(language: str, place: int) -> re.Pattern[str]:
    """One of `cue_patterns`, or behind them of `ground_patterns`: made when a text first asks for it, as all of them
    for all languages take a fifth of a second, of every process that starts."""
    forms = _forms(language)[place]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})") if forms else re.compile(r"(?!)")


@cache
def grounds_at(language: str) -> tuple[tuple[Ground, str], ...]:
    """Ground and strength of each of `ground_patterns`."""
    own = _of_language("urgency", language)
    return tuple(
        (ground, strength) for ground in GROUNDS for strength in STRENGTHS if own.get(ground, {}).get(strength)
    )


def openings(plain: str, language: str) -> dict[int, list[int]]:
    """Where in a text folded which patterns may match: by their places among `cue_patterns` and behind them
    `ground_patterns`. All of them match at a word's beginning alone, and most begin as no word of a message does."""
    tried, found = _beginnings(language), dict[int, list[int]]()
    for begun in _BEGINNING.finditer(plain):
        for place in tried[begun[1]]:
            found.setdefault(place, []).append(begun.start())
    return found


class _Tried(dict[str, tuple[int, ...]]):
    """For what a word begins with, which patterns may match there; worked out when it is first met."""

    def __init__(self, known: dict[str, int]) -> None:
        self._known = known
        self._places: dict[int, tuple[int, ...]] = {}

    def __missing__(self, begun: str) -> tuple[int, ...]:
        bits, known = 0, alike(begun)
        for length in range(len(known) + 1):
            bits |= self._known.get(known[:length], 0)
        found = self._places.get(bits)
        if found is None:  # few are different: most words begin as none of the patterns
            found = self._places[bits] = tuple(place for place in range(bits.bit_length()) if bits >> place & 1)
        if len(self) < _CACHED_BEGINNINGS:
            self[begun] = found
        return found


@cache
def _beginnings(language: str) -> _Tried:
    return _Tried(united(_forms(language), _BEGINNING_CHARS))


def _of_language(name: str, language: str) -> dict[str, Any]:
    rules = _rules(name)
    return dict(rules.get(language, rules[_FALLBACK]))


@cache
def _forms(language: str) -> list[list[str]]:
    cues, grounds = _of_language("cues", language), _of_language("urgency", language)
    return [
        *(cues.get(cue, []) for cue in CUES),
        *(grounds[ground][strength] for ground, strength in grounds_at(language)),
    ]
