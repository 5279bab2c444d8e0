"""Texts as rules read them: small letters without accents, each sign in its own place."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


class _Folds(dict[int, str]):
    """One sign for each sign, worked out when it is first met."""

    def __missing__(self, sign: int) -> str:
        base = unicodedata.normalize("NFD", chr(sign))[0].lower()
        self[sign] = folded = base if len(base) == 1 else chr(sign)
        return folded


_FOLDS = _Folds(
    {
        ord("’"): "'",
        ord("ʼ"): "'",
        ord("`"): "'",
        0xA0: " ",
        0x202F: " ",
        0x2009: " ",
        ord("ß"): "s",
        ord("œ"): "o",
        ord("Œ"): "o",
    }
)


def folded(text: str) -> str:
    """As long as ``text``, so that places in the one are places in the other."""
    return text.translate(_FOLDS)


@lru_cache(maxsize=2)  # one text is looked through for one thing after the other
def searchable(text: str) -> str:
    """Folded as patterns read letters that do not heed large ones: to them ı is an i, and ſ an s."""
    return folded(text).replace("ı", "i").replace("ſ", "s")
