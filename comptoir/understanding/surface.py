"""How a text looks: signs, emoji, cues and grounds of urgency, as numbers that the heads weigh."""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, Ground
from comptoir.understanding.cues import CUES, STRENGTHS, grounds_at, pattern_at, worth_trying
from comptoir.understanding.folding import folded

_MAX_CHARS = 2_000
_GLAD = re.compile("[😀😃😄😁😊🙂😍🥰😘😎🤩👍💪❤🧡💛💚💙💜🙏🎉✨🌟⭐🥳😇💯🔥👌☺♥]|:-?\\)|<3|\\^\\^|:-?D")
_SAD = re.compile("[😡😠🤬😤😞😔😢😭😩😫😖😣😒🙄👎💔🤮🤢😱😰😨🖕☹😑😐]|:-?\\(|:'\\(|:-?/(?!/)")
_WRY = re.compile("[🙃👏🤡😏🙄🤔😅🥲💀🍿🫠]|#ironie|#sarcas|/s\\b|\\(lol\\)", re.IGNORECASE)
_LAUGHING = re.compile("[😂🤣😆😹]")
_LINK = re.compile(r"https?://|www\.|\bhttp\b|\.\w{2,3}/\w")
_MONEY = re.compile(r"\d\s?(?:€|\$|£|euros?|eur|balles|%)", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}\s?h(?:\s?\d\d)?\b|\b\d{1,2}:\d\d\b|\b\d+ ?min", re.IGNORECASE)
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_WORD = re.compile(r"\w+")

#: What the rules of urgency find stands last.
FIRST_GROUND = 20 + 2 * len(CUES)
WIDTH = FIRST_GROUND + len(GROUNDS) * len(STRENGTHS)


def surface_of(text: str, language: str) -> NDArray[np.float32]:
    """WIDTH numbers, each about between 0 and 2."""
    text = text[:_MAX_CHARS]
    plain = folded(text)
    tried = worth_trying(plain, language)
    return np.array([*_signs(text), *_cues(plain, language, tried), *_grounds(plain, language, tried)], np.float32)


def written_grounds(surface: NDArray[np.float32]) -> set[Ground]:
    """The grounds of urgency that the rules found in a text, read off its row."""
    found, size = surface[FIRST_GROUND:].tolist(), len(STRENGTHS)
    return {ground for place, ground in enumerate(GROUNDS) if max(found[place * size : (place + 1) * size]) > 0}


class _Kinds(dict[int, str]):
    """What each sign is: a large letter L, another letter l, a figure 1, anything else a blank; worked out once."""

    def __missing__(self, sign: int) -> str:
        one = chr(sign)
        self[sign] = kind = ("L" if one.isupper() else "l") if one.isalpha() else "1" if one.isdigit() else " "
        return kind


_KINDS = _Kinds()


def _signs(text: str) -> list[float]:
    words = _WORD.findall(text)
    kinds = text.translate(_KINDS)
    large_letters = kinds.count("L")
    large = sum(1 for word in words if len(word) > 2 and word.isupper())
    emoji = [len(kind.findall(text)) for kind in (_GLAD, _SAD, _WRY, _LAUGHING)]
    marks = [text.count("!"), text.count("?"), text.count("…") + text.count("..."), *map(text.count, "@#\n")]
    forms = [len(form.findall(text)) for form in (_LINK, _MONEY, _CLOCK, _DRAWN_OUT)]
    counted = [*marks, *emoji, *forms, large]
    return [
        *(math.log1p(count) for count in counted),
        math.log1p(len(words)) / 3,
        large_letters / max(1, large_letters + kinds.count("l")),
        kinds.count("1") / max(1, len(text)),
        float(text.rstrip().endswith("?")),
        float(text.lstrip().startswith("@")),
    ]


def _cues(plain: str, language: str, tried: int) -> list[float]:
    counts = [
        sum(1 for _ in pattern_at(language, place).finditer(plain)) if tried >> place & 1 else 0
        for place in range(len(CUES))
    ]
    return [*(float(count > 0) for count in counts), *(math.log1p(count) for count in counts)]


def _grounds(plain: str, language: str, tried: int) -> list[float]:
    found = {
        one
        for place, one in enumerate(grounds_at(language), len(CUES))
        if tried >> place & 1 and pattern_at(language, place).search(plain)
    }
    return [float((ground, strength) in found) for ground in GROUNDS for strength in STRENGTHS]
