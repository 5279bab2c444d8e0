"""The rules of tone, one file a language in languages/: lists of patterns, which a company may read and correct."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from comptoir.understanding.language import languages_of
from comptoir.understanding.tone.texts import Span

_FOLDER = files("comptoir.understanding.tone").joinpath("languages")
_HOME = "fr"
#: What a form that begins with "> " may follow: it stands at the beginning of a clause.
_CLAUSE = (
    r"(?:^|(?<=[.!?,;:…)\n–—-])|(?<=[^\w\s] )|(?<= sinon )|(?<= et )|(?<= alors )|(?<= puis )|(?<= juste )|(?<= mais )"
    r"|(?<= ben )|(?<= bah )|(?<= encore )|(?<= fois )|(?<= and )"
    r"|(?<= then )|(?<= so )|(?<= but )|(?<= just )|(?<= please ))"
)


@cache
def languages() -> tuple[str, ...]:
    """Those with a file of rules."""
    names = sorted(one.name.removesuffix(".toml") for one in _FOLDER.iterdir() if one.name.endswith(".toml"))
    return tuple(sorted(names, key=lambda name: name != _HOME))


def language_of(reply: str, message: str, named: str | None) -> str:
    """Whose rules are used: the language named where it has some, else what the reply, then the message is in."""
    known = languages()
    if named and named.lower()[:2] in known:
        return named.lower()[:2]
    found = languages_of([reply, message], among=known, home=_HOME)
    return next((code for code in found if code in known), _HOME)


@cache
def _rules(language: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(f"{language}.toml").read_text("utf-8"))


def rule(language: str, path: str) -> Any:
    """What stands at ``path`` (its parts joined by points); an empty list where the language has none."""
    found: Any = _rules(language)
    for part in path.split("."):
        found = found.get(part, [])
        if not found:
            return []
    return found


@cache
def pattern(language: str, path: str) -> re.Pattern[str]:
    """Any of the forms at ``path``, at the beginning of a word; one that never matches where there is none."""
    forms = rule(language, path)
    if isinstance(forms, str):
        forms = [forms]
    if not forms:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<!\w)(?:{'|'.join(_filled(language, form) for form in forms)})", re.IGNORECASE)


def found(language: str, path: str, text: str) -> Iterator[Span]:
    """Every place of ``text`` (already plain) where one of the forms stands."""
    for match in pattern(language, path).finditer(text):
        if match.end() > match.start():
            yield Span(match.start(), match.end())


def _filled(language: str, form: str) -> str:
    words = rule(language, "words")
    for name in ("number", "hour", "day", "month", "unit"):
        form = form.replace(f"{{{name}}}", words[name])
    form = form.replace("coeur", "coe?ur").replace("oeuvre", "oe?uvre")  # œ is read as o
    return _CLAUSE + form[2:] if form.startswith("> ") else form
