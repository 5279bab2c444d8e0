"""Which language a text is written in: letters by eldc (Apache-2.0), and a language's own words where it is short."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import eldc

UNKNOWN = "und"
LANGUAGES = ("fr", "en", "es", "de", "it", "nl", "pt")

_NOISE = re.compile(r"https?://\S*|www\.\S+|\S+@\S+\.\S+|[@#]\w+|\d+")
#: Without one of these all noise is figures, which takes a third of the time.
_NOISY = ("@", "#", "://", "www.")
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MAX_CHARS = 600
_ENOUGH_WORDS = 12
_WORD_WEIGHT, _SPOKEN_WEIGHT = 0.30, 0.45


def languages_of(texts: Sequence[str], among: Sequence[str] = LANGUAGES, home: str = "fr") -> list[str]:
    """The language of each text, one of ``among``; ``home`` wins a draw. UNKNOWN without a word."""
    return [_language_of(text, tuple(among), home) for text in texts]


def _language_of(text: str, among: tuple[str, ...], home: str) -> str:
    text = text[:_MAX_CHARS].replace("’", "'")
    plain = (_NOISE if any(sign in text for sign in _NOISY) else _FIGURES).sub(" ", text)
    words = [word.lower() for word in _WORD.findall(plain)]
    if not words:
        return UNKNOWN
    scores = dict.fromkeys(among, 0.0)
    scores |= {code: score for code, score in _by_letters(" ".join(words), among).items() if code in scores}
    for code, votes in _votes(words[:60]).items():
        if code in scores:
            scores[code] += votes / max(1.0, min(len(words), _ENOUGH_WORDS) ** 0.8)
    return max(scores, key=lambda code: (scores[code], code == home))


def _by_letters(text: str, among: tuple[str, ...]) -> dict[str, float]:
    return dict(_detector(among).detect_details(text.encode("utf-8", "replace").decode()).scores)


@cache
def _detector(among: tuple[str, ...]) -> eldc.instance:
    eldc.init()
    detector = eldc.instance()
    detector.set_languages(list(among))
    detector.set_scores(len(among))
    return detector


@cache
def _own_words() -> dict[str, dict[str, float]]:
    """Word -> language -> what it counts; a word that several languages have counts for each by its share."""
    found: dict[str, dict[str, float]] = {}
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/language.toml").read_text("utf-8"))
    for code, lists in rules.items():
        for name, weight in (("words", _WORD_WEIGHT), ("spoken", _SPOKEN_WEIGHT)):
            for word in lists[name].split():
                entry = found.setdefault(word, {})
                entry[code] = max(entry.get(code, 0.0), weight)
    return {word: {code: weight / len(entry) for code, weight in entry.items()} for word, entry in found.items()}


def _votes(words: Sequence[str]) -> dict[str, float]:
    own, votes = _own_words(), dict[str, float]()
    for word in words:
        parts = (word, *word.split("'")) if "'" in word else (word,)
        for part in parts:
            if part in own:
                for code, weight in own[part].items():
                    votes[code] = votes.get(code, 0.0) + weight
    return votes
