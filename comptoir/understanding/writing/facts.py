"""What a text says that can be wrong: numbers, amounts, delays, dates, pages and mailboxes; and which of it another
text does not say.

Delays and amounts are the same in any of the seven languages, and in words as in figures (“deux jours”, “2 days”); what
a number counts that we have no word for is not compared.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from comptoir.understanding.folding import folded

_FACT = re.compile(
    r"(?P<page>(?:https?://|www\.)[^\s<>\"«»]+)"
    r"|(?P<mailbox>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<time>\d{1,2} ?[hH:] ?\d{2}\b)"
    r"|(?:(?P<before>[€$£])[ \u00a0\u202f]?)?(?P<number>\d(?:[\d.,:/ \u00a0\u202f-]*\d)?)"
    r"(?:[ \u00a0\u202f]?(?P<unit>[€$£%]|[^\W\d_]+))?"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)"
)
_ENDS = ".,;:!?…)]}»\"'’"
#: A number in words counts where a unit follows at once: “deux jours”, and not “vous deux”.
_UNIT_AFTER = re.compile(r"[ \u00a0\u202f]+(?P<unit>[^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Fact:
    """A stretch of a text that says something checkable; ``what`` is the same for the same fact said otherwise."""

    start: int
    end: int
    what: tuple[str, str]


def facts_in(text: str) -> list[Fact]:
    """Every fact of a text, in order."""
    return list(_facts(text))


def unfounded(text: str, sources: Iterable[str]) -> list[Fact]:
    """The facts of a text that none of the sources says."""
    said = {fact.what for source in sources for fact in facts_in(source)}
    numbers = {value for kind, value in said if kind != "page"}
    return [
        fact
        for fact in facts_in(text)
        if fact.what not in said and not (fact.what[0] == "number" and fact.what[1] in numbers)
    ]


def _facts(text: str) -> Iterator[Fact]:
    for found in _FACT.finditer(text):
        if found["page"] or found["mailbox"]:
            own = found[0].rstrip(_ENDS)
            yield Fact(found.start(), found.start() + len(own), ("page", own.casefold().rstrip("/")))
        elif found["time"]:
            yield Fact(found.start(), found.end(), ("time", re.sub(r"\D+", ":", found["time"])))
        elif found["number"]:
            yield _number(found)
        elif found["word"]:
            yield from _word(found, text)


def _number(found: re.Match[str]) -> Fact:
    unit = _meaning("units", found["unit"] or "") or _meaning("units", found["before"] or "")
    start = found.start("before") if found["before"] else found.start("number")
    is_unit = found["unit"] and _meaning("units", found["unit"])
    return Fact(
        start, found.end("unit") if is_unit else found.end("number"), (unit or "number", _value(found["number"]))
    )


def _word(found: re.Match[str], text: str) -> Iterator[Fact]:
    day = _meaning("days", found["word"])
    numeral = _meaning("numerals", found["word"])
    if day:
        yield Fact(found.start(), found.end(), ("day", day))
    elif numeral:
        after = _UNIT_AFTER.match(text, found.end())
        unit = _meaning("units", after["unit"]) if after else ""
        if after and unit:
            yield Fact(found.start(), after.end(), (unit, numeral))


def _value(written: str) -> str:
    """« 1 234,50 » and « 1234.5 » are one number; what is none (« 12/03 », « 9:30 ») is compared as it is written."""
    plain = re.sub(r"[ \u00a0\u202f]", "", written)
    figures = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", plain).replace(",", ".")
    try:
        return format(Decimal(figures).normalize(), "f")
    except InvalidOperation:
        return plain


@cache
def _words() -> dict[str, dict[str, str]]:
    kept = tomllib.loads(files("comptoir.understanding.writing").joinpath("facts.toml").read_text("utf-8"))
    return {part: {word: name for name, words in one.items() for word in words} for part, one in kept.items()}


def _meaning(part: str, word: str) -> str:
    return _words()[part].get(folded(word).replace("’", "'"), "")
