"""A message as it would be written with time: spellings of a hurry undone, greetings left out."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from comptoir.understanding.folding import folded

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\S")
_LEFT_OUT = "left_out"
_MAX_CHARS = 1_500
_NOISE = re.compile(r"https?://\S+|@\w+|[\U0001F300-\U0001FAFF☀-➿]+")
_REPEATED = re.compile(r"(\w)\1{2,}")


@cache
def _meanings(language: str) -> dict[str, str]:
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/textese.toml").read_text("utf-8"))
    own = rules.get(language, {})
    return {
        spelling: "" if meaning == _LEFT_OUT else meaning
        for meaning, spellings in own.items()
        for spelling in spellings.split()
    }


def plainer(text: str, language: str) -> str:
    """``text`` with its spellings of a hurry undone; the text itself where nothing would be left of it."""
    known = _meanings(language)
    words = []
    for word in _WORD.findall(_REPEATED.sub(r"\1", _NOISE.sub(" ", text[:_MAX_CHARS]))):
        # A capital alone is a size, a stair, a plan: nobody in a hurry writes one.
        meant = known.get(folded(word)) if len(word) > 1 or word.islower() else None
        if meant is None:
            words.append(word)
        elif meant:
            words.append(meant)
    said = " ".join(words).strip(" ,;:.!-")
    return said if any(sign.isalpha() for sign in said) else text[:_MAX_CHARS]
