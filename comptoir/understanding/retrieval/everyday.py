"""What people write to any company: what vectors are measured from, and what no entry answers."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from comptoir.understanding.retrieval.plainer import plainer


@cache
def everyday() -> tuple[tuple[str, str], ...]:
    """(message, language), all languages."""
    rules = tomllib.loads(files("comptoir.understanding").joinpath("rules/everyday.toml").read_text("utf-8"))
    return tuple((plainer(text, language), language) for language, own in rules.items() for text in own["messages"])
