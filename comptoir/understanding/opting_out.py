"""Whether a message says nothing else than that its writer does not want to be written to (rules/opting_out.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from comptoir.understanding.folding import folded

#: What says more than such a word.
_MOST_CHARS = 80
_SIGNS = re.compile(r"[^\w' -]+")


def opts_out(text: str) -> bool:
    """A word such as STOP, kind words around it left aside. Within a sentence it says something else."""
    bare = text.strip()
    if len(bare) > _MOST_CHARS:
        return False
    words = " ".join(_SIGNS.sub(" ", folded(bare)).split())
    return _whole().fullmatch(words) is not None


@cache
def _whole() -> re.Pattern[str]:
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/opting_out.toml").read_text("utf-8"))
    polite = f"(?:{'|'.join(rules['polite'])})"
    return re.compile(rf"(?:{polite} ){{0,2}}(?:{'|'.join(rules['whole'])})(?: {polite}){{0,2}}")
