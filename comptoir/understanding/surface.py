"""How a text looks: signs, emoji, cues and grounds of urgency, as numbers that the heads weigh."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, Ground
from comptoir.understanding.cues import CUES, STRENGTHS, grounds_at, openings, pattern_at
from comptoir.understanding.folding import folded

_MAX_CHARS = 2_000
_GLAD, _SAD = (
    "😀😃😄😁😊🙂😍🥰😘😎🤩👍💪❤🧡💛💚💙💜🙏🎉✨🌟⭐🥳😇💯🔥👌☺♥",
    "😡😠🤬😤😞😔😢😭😩😫😖😣😒🙄👎💔🤮🤢😱😰😨🖕☹😑😐",
)
_WRY, _LAUGHING = "🙃👏🤡😏🙄🤔😅🥲💀🍿🫠", "😂🤣😆😹"
#: Without one of these signs a text has none of the feelings.
_FELT = re.compile(f"[{_GLAD}{_SAD}{_WRY}{_LAUGHING}:<^#/(]")
_FEELINGS = (
    re.compile(f"[{_GLAD}]|:-?\\)|<3|\\^\\^|:-?D"),
    re.compile(f"[{_SAD}]|:-?\\(|:'\\(|:-?/(?!/)"),
    re.compile(f"[{_WRY}]|#ironie|#sarcas|/s\\b|\\(lol\\)", re.IGNORECASE),
    re.compile(f"[{_LAUGHING}]"),
)
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
    begun = openings(plain, language)
    return np.array([*_signs(text), *_cues(plain, language, begun), *_grounds(plain, language, begun)], np.float32)


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
    large_letters, figures = kinds.count("L"), kinds.count("1")
    large = sum(1 for word in words if len(word) > 2 and word.isupper())
    emoji = [len(kind.findall(text)) for kind in _FEELINGS] if _FELT.search(text) else [0] * len(_FEELINGS)
    marks = [text.count("!"), text.count("?"), text.count("…") + text.count("..."), *map(text.count, "@#\n")]
    links = len(_LINK.findall(text)) if any(sign in text for sign in ("/", "www.", "http")) else 0
    times = [len(form.findall(text)) for form in (_MONEY, _CLOCK)] if figures else [0, 0]
    counted = [*marks, *emoji, links, *times, len(_DRAWN_OUT.findall(text)), large]
    return [
        *map(math.log1p, counted),
        math.log1p(len(words)) / 3,
        large_letters / max(1, large_letters + kinds.count("l")),
        figures / max(1, len(text)),
        float(text.rstrip().endswith("?")),
        float(text.lstrip().startswith("@")),
    ]


def _cues(plain: str, language: str, begun: Mapping[int, Sequence[int]]) -> list[float]:
    counts = [
        _count(pattern_at(language, place), plain, begun[place]) if place in begun else 0 for place in range(len(CUES))
    ]
    return [*(float(count > 0) for count in counts), *map(math.log1p, counts)]


def _count(pattern: re.Pattern[str], plain: str, starts: Sequence[int]) -> int:
    """How often it matches, each time behind the match before, where it only may from one of ``starts``."""
    count = end = 0
    for start in starts:
        if start >= end and (match := pattern.match(plain, start)):
            count, end = count + 1, match.end()
    return count


def _grounds(plain: str, language: str, begun: Mapping[int, Sequence[int]]) -> list[float]:
    found = {
        one
        for place, one in enumerate(grounds_at(language), len(CUES))
        if place in begun and _count(pattern_at(language, place), plain, begun[place])
    }
    return [float((ground, strength) in found) for ground in GROUNDS for strength in STRENGTHS]
