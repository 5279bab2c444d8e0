"""Texts as rules read them: small letters without accents, each sign in its own place."""

from __future__ import annotations

import unicodedata


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
