"""Dangers that are there now: told by their words (rules/dangers), though the heads think little of it. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, cast

from comptoir.understanding.analysis import GROUNDS, Ground, Urgency
from comptoir.understanding.folding import searchable
from comptoir.understanding.language import LANGUAGES

NOW = 3
#: Half of all messages are below; of those to be raised that we had before us none was.
_RULED_OUT = 0.01
#: The grounds that a danger has.
_DANGERS = frozenset({"safety", "distress"})
_MAX_CHARS = 2_000
#: What belongs together stands at most so far apart.
_NEAR_CHARS = 160
#: So much of a word is looked up before any expression is tried.
_BEGINNING_CHARS = 4
#: The beginning that every text has.
_ANYWHERE = ""
#: Words are cut apart at these and at blanks, which is quicker than by an expression.
_BETWEEN = "!\"#$%&'()*+,-./:;<=>?@[\\]^`{|}~’‘“”«»„…–—¿¡"
#: What an expression may do without: innermost groups, classes, and a letter with ? or *.
_MAY_LACK = re.compile(r"\([^()]*\)[?*]?|\[[^]]*\][?*]?|\\[wds][+*?]?|\w[?*]")
#: Its words: four letters or more, or whole ones.
_PLAIN = re.compile(r"(?<![a-z\\#])(?:[a-z]{4,}|[a-z]{2,3}(?=\\b|[ '-]))")


@dataclass(frozen=True, slots=True)
class Kind:
    """A danger is one of the words ``by`` with one of each list of ``others`` near."""

    ground: Ground
    by: str
    others: tuple[str, ...]


def raised(urgency: Urgency, chance: float, text: str, language: str) -> Urgency:
    """``urgency``, or what cannot wait where ``text`` tells of a danger that is there now; its ground is named.

    ``chance`` is how probable the heads hold it that it cannot wait: what they rule out is not looked at.
    """
    if chance < _RULED_OUT or (urgency.level == NOW and not _DANGERS.isdisjoint(urgency.grounds)):
        return urgency
    ground = danger_in(text, language)
    if ground is None:
        return urgency
    return replace(urgency, level=NOW, grounds=tuple(one for one in GROUNDS if one == ground or one in urgency.grounds))


def danger_in(text: str, language: str) -> Ground | None:
    """The ground of the first danger that is found, if any; in a language without rules none is."""
    if language not in LANGUAGES:
        return None
    plain = searchable(text)[:_MAX_CHARS]
    apart = plain
    for sign in _BETWEEN:
        apart = apart.replace(sign, " ")
    begun = {word[:_BEGINNING_CHARS] for word in apart.split()}
    begun.add(_ANYWHERE)
    by = _kinds_by_beginning(language)
    may = {place for one in begun if one in by for place in by[one]}
    if not may:
        return None
    reading = _Reading(plain, language, begun)
    for place in sorted(may):
        kind, needed = _needed(language, place)
        if not any(map(begun.isdisjoint, needed)) and reading.tells_of(kind):
            return kind.ground
    return None


class _Reading:
    """One text, what its words begin with, and where the lists of its language were found in it."""

    def __init__(self, plain: str, language: str, begun: set[str]) -> None:
        self._plain, self._language, self._begun, self._found = plain, language, begun, dict[str, list[int]]()

    def tells_of(self, kind: Kind) -> bool:
        return any(
            all(self._is_near(place, other) for other in kind.others) and not self._is_near(place, "calm")
            for place in self._places(kind.by)
        )

    def _is_near(self, place: int, name: str) -> bool:
        return any(abs(one - place) <= _NEAR_CHARS for one in self._places(name))

    def _places(self, name: str) -> list[int]:
        if name not in self._found:
            patterns = _patterns(self._language, name)
            own = [pattern for begun, pattern in patterns.items() if begun in self._begun]
            self._found[name] = [place for one in own for place in _starts(one, self._plain)]
        return self._found[name]


def _starts(pattern: re.Pattern[str], plain: str) -> Iterator[int]:
    """Where words begin that are found: looked at afterwards, as searching is quick where the letters come first."""
    one = pattern.search(plain)
    while one:
        place = one.start()
        if not place or not (plain[place - 1].isalnum() or plain[place - 1] == "_"):
            yield place
        one = pattern.search(plain, place + 1)


@cache
def kinds() -> tuple[Kind, ...]:
    """All of them, in the order in which they are tried."""
    return tuple(Kind(cast("Ground", one["ground"]), one["by"], tuple(one["with"])) for one in _rules("kinds")["kind"])


@cache
def _kinds_by_beginning(language: str) -> dict[str, tuple[int, ...]]:
    """For what a word begins with, the kinds that may be told of. Raises ValueError for a list that says too little."""
    lists, found = _rules(language), dict[str, tuple[int, ...]]()
    for place, kind in enumerate(kinds()):
        if lists.keys() >= {kind.by, *kind.others}:
            if _ANYWHERE in _patterns(language, kind.by):
                raise ValueError(f"{language}: {kind.by}")
            for begun in _patterns(language, kind.by):
                found[begun] = (*found.get(begun, ()), place)
    return found


@cache
def _needed(language: str, place: int) -> tuple[Kind, tuple[frozenset[str], ...]]:
    """A kind, and of what words begin with, one for each of its lists must be there."""
    kind = kinds()[place]
    begun = (frozenset(_patterns(language, other)) for other in kind.others)
    return kind, tuple(one for one in begun if _ANYWHERE not in one)


@cache
def _patterns(language: str, name: str) -> dict[str, re.Pattern[str]]:
    """The expressions of one list, by what a word begins with in every text in which they are found."""
    forms: dict[str, list[str]] = {}
    for form in _rules(language)[name]:
        begun = max(_words_of(form), key=len, default=_ANYWHERE)[:_BEGINNING_CHARS]
        forms.setdefault(begun, []).append(form)
    whole = {begun: "|".join(own) for begun, own in forms.items()}
    return {begun: re.compile(own if begun else rf"(?<!\w)(?:{own})") for begun, own in whole.items()}


def _words_of(form: str) -> list[str]:
    """Those that are there whenever ``form`` is found."""
    left, sure = form, _MAY_LACK.sub("#", form)
    while sure != left:
        left, sure = sure, _MAY_LACK.sub("#", sure)
    return [] if "|" in sure else _PLAIN.findall(sure)


@cache
def _rules(name: str) -> dict[str, Any]:
    return tomllib.loads(files("comptoir.understanding").joinpath(f"rules/dangers/{name}.toml").read_text("utf-8"))
