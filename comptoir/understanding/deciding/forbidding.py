"""What no bot answers alone, whatever the catalogue holds: rules over messages, by language (rules/forbidding.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from comptoir.understanding.analysis import Analysis
from comptoir.understanding.cues import ground_patterns
from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data import PersonalData, personal_data

Rule = Literal[
    "few_phrasings", "not_allowed", "doubted", "language", "asks_for_person", "complaint", "anger", "urgency", "legal",
    "health", "minors", "personal_data",
]  # fmt: skip

#: Those that look at the message alone, in the order in which they are told.
ABOUT_MESSAGES: Final[tuple[Rule, ...]] = (
    "asks_for_person", "complaint", "anger", "urgency", "legal", "health", "minors", "personal_data",
)  # fmt: skip
#: An order's number says whose order it is to nobody else.
_HARMLESS = ("order", "customer")
_MAX_CHARS = 5_000
_SHOUTED_WORD = re.compile(r"\b[^\W\d_a-zà-ÿ]{4,}\b")
_SHOUTED_SIGNS = re.compile(r"!{3,}|\?!|!\?|\?{3,}|[😡🤬😤👿💢]")
_LEAST_SHOUTED = 2
_RUDE, _PRESSING, _SURE = 0.5, 2, 0.8


def forbidding(text: str, language: str, analysis: Analysis | None = None) -> tuple[Rule, ...]:
    """The rules that ``text`` falls under. ``language`` is an ISO 639-1 code; one without rules is read with all.
    ``analysis`` adds what the heads understood, where they were asked."""
    text = text[:_MAX_CHARS]
    plain = folded(text)
    found = {rule for rules in _rules_of(language) for rule, pattern in rules.items() if pattern.search(plain)}
    if _shouts(text):
        found.add("anger")
    if any(one.kind not in _HARMLESS for one in _data(text, language)):
        found.add("personal_data")
    found |= _presses(plain, language)
    if analysis is not None:
        found |= _understood(analysis)
    return tuple(rule for rule in ABOUT_MESSAGES if rule in found)


def _presses(plain: str, language: str) -> set[Rule]:
    """What rules/urgency.toml holds for a matter of now is one here too; and its legal grounds."""
    found: set[Rule] = set()
    for ground, strength, pattern in ground_patterns(language):
        if ground == "legal" and pattern.search(plain):
            found.add("legal")
        elif strength == "now" and ground in ("safety", "distress") and pattern.search(plain):
            found.add("urgency")
    return found


def _understood(analysis: Analysis) -> set[Rule]:
    found: set[Rule] = set()
    if analysis.intent.label == "complaint" and analysis.intent.confidence >= _SURE:
        found.add("complaint")
    if analysis.toxicity >= _RUDE:
        found.add("anger")
    if analysis.urgency.level >= _PRESSING:
        found.add("urgency")
    if "legal" in analysis.urgency.grounds:
        found.add("legal")
    return found


def _shouts(text: str) -> bool:
    return bool(_SHOUTED_SIGNS.search(text)) or len(_SHOUTED_WORD.findall(text)) >= _LEAST_SHOUTED


def _data(text: str, language: str) -> list[PersonalData]:
    known = language if language in _all_rules() else None
    return personal_data(text, language=known, incoming=True)


def _rules_of(language: str) -> list[dict[Rule, re.Pattern[str]]]:
    every = _all_rules()
    return [every[language]] if language in every else list(every.values())


@cache
def _all_rules() -> dict[str, dict[Rule, re.Pattern[str]]]:
    written = tomllib.loads(files("comptoir.understanding").joinpath("rules/forbidding.toml").read_text("utf-8"))
    return {
        language: {rule: re.compile(rf"(?<!\w)(?:{'|'.join(own[rule])})") for rule in ABOUT_MESSAGES if own.get(rule)}
        for language, own in written.items()
    }
