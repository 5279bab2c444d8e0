"""What the words around a number say it is: the number of a matter, of a customer, or of nobody (rules/numbers.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from comptoir.understanding.folding import folded

Meaning = Literal["order", "customer", "none"]

_MEANINGS: tuple[Meaning, ...] = ("order", "customer", "none")
#: How far back a word is looked for.
SIGHT_CHARS = 70
_BETWEEN = re.compile(r"[^\w#°º]+")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-ZÀ-Ü])|\n\s*\n")


@cache
def _sections() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("comptoir.understanding").joinpath("rules/numbers.toml").read_text("utf-8"))


def _rules() -> dict[str, list[str]]:
    return {name: section["words"] for name, section in _sections().items()}


@cache
def _word() -> re.Pattern[str]:
    """Any of the words, in a group with its meaning's name; the longest first."""
    options = []
    for meaning in _MEANINGS:
        forms = _forms(_rules()[meaning])
        if ends := _sections()[meaning].get("ends"):
            forms.append(rf"[a-z]{{3,20}}?(?:{'|'.join(ends)})s?(?:-?(?:nr|nummer|id|code))?\b")
        options.append(f"(?P<{meaning}>{'|'.join(forms)})")
    return re.compile(rf"(?<![\w@])(?:{'|'.join(options)})")


@cache
def _word_beside() -> re.Pattern[str]:
    """Those that are said of too much else to speak for a number from afar, and do right before it."""
    options = [f"(?P<{meaning}>{'|'.join(_forms(_sections()[meaning]['beside']))})" for meaning in _MEANINGS]
    return re.compile(rf"(?<![\w@])(?:{'|'.join(options)})")


def _forms(words: list[str]) -> list[str]:
    return [
        re.escape(word[:-1]) + r"\b" if word.endswith(".") else re.escape(word) + r"\w*"
        for word in sorted(words, key=len, reverse=True)
    ]


#: « Auftr.-Nr. », « casenr »: a word cut short, joined to what says that a number follows.
_LEAST_OF_SHORTENED = 4
_SHORTENED = re.compile(
    r"(?<![\w@])(?P<head>[a-z]{3,14}?)(?:\.?\s?-\s?|\.\s?|\s)?(?:nr|nro|nummer|number|(?<=[.\s-])(?:no|n|num|id|code))"
    r"(?!\w)[^\w\n]{0,4}$"
)


#: « Referenznummer », « ref number »: of a matter, unless the text speaks of a product.
_REFERENCE_NUMBER = re.compile(
    r"(?<!\w)(?:referen\w*?|ref)(?:\.?[\s-]{0,2})(?:number|nummer|nr)(?!\w)\W{0,3}(?:(?:is|ist|lautet|was|war)\W{1,3})?$"
)
#: What Germans and the Dutch make a word of, « Leitungsschutznummer »: somebody's matter, unless `nobodys` says of what.
_ANYTHINGS_NUMBER = re.compile(
    r"(?<![\w-])(?P<head>[a-z]{4,24}?-?)(?:nummer|nr)(?!\w)\W{0,4}(?:(?:is|ist|lautet|was|war)\W{1,3})?$"
)


@cache
def _nobodys() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in _rules()["nobodys"]))


@cache
def _shortened() -> dict[str, Meaning]:
    """What a word cut short stands for, wherever all that begin so say the same."""
    found: dict[str, set[Meaning]] = {}
    for meaning in _MEANINGS:
        for word in _rules()[meaning]:
            whole = word.rstrip(".")
            if whole.isalpha():
                for length in range(min(_LEAST_OF_SHORTENED, len(whole)), len(whole) + 1):
                    found.setdefault(whole[:length], set()).add(meaning)
    return {head: min(said) for head, said in found.items() if len(said) == 1}


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(_rules()[name])


@cache
def _reference(mine: bool) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in _rules()["references"])
    begun = (
        r"(?<!\w)"
        if not mine
        else r"(?:^|\n|(?<!\w)(?:ma|mon|mes|notre|nos|votre|vos|my|our|your|ihre?|unsere?|su|sus|nuestra|vuestra|vostr[oi]|nostr[oi]|vs\.?|ns\.?|uw|jullie|onze|sua|nossa|vossa|mi|mis|meine?r?|mia|mio|mijn|minha|j'ai la|i have|have the|ich habe die|ik heb|sous la|under|with|unter|onder)\s(?:\w+\s)?)"
    )
    return re.compile(rf"{begun}(?:{words})\w{{0,3}}[\W_]{{1,4}}(?:(?:{_labels_alone()})[\W_]{{1,3}}){{0,2}}$")


@cache
def _labels_alone() -> str:
    return "|".join(re.escape(word) for word in sorted(_rules()["labels"], key=len, reverse=True))


@cache
def _travel() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in _rules()['travels'])})")


@cache
def _product() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in _rules()['products'])})")


@cache
def _matter() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in _rules()['matters'])})")


@lru_cache(maxsize=256)  # what stands before one number is looked at from several sides
def meanings(plain: str) -> tuple[tuple[int, int, Meaning], ...]:
    """Where words say what a number is, in a text folded."""
    return tuple((match.start(), match.end(), match.lastgroup) for match in _word().finditer(plain))  # type: ignore[misc]  # the groups' names


@lru_cache(maxsize=256)
def adjacent(before: str) -> Meaning | None:
    """What the last word before means, if only labels (n°, ref…) stand between it and the number."""
    found = meanings(before)
    short = _SHORTENED.search(before)
    if short and short["head"] in _shortened() and not (found and found[-1][1] > short.start()):
        return _shortened()[short["head"]]
    if found and _is_beside(before[found[-1][1] :]):
        return found[-1][2]
    return _said_beside(before)


def _said_beside(before: str) -> Meaning | None:
    found = list(_word_beside().finditer(before))
    if found and _is_beside(before[found[-1].end() :]):
        return found[-1].lastgroup  # type: ignore[return-value]  # the groups' names
    if _REFERENCE_NUMBER.search(before) and not _product().search(before):
        return "order"
    numbered = _ANYTHINGS_NUMBER.search(before)
    return "order" if numbered and not _nobodys().search(numbered["head"]) else None


def _is_beside(between: str) -> bool:
    words = [word for word in _BETWEEN.split(between) if word]
    return len(words) <= 5 and all(word in _set("labels") for word in words)


def in_sentence(before: str) -> tuple[Meaning | None, int]:
    """What the last word in the same sentence means, and how many characters lie between."""
    said = _SENTENCE_END.split(before)[-1]
    found = meanings(said)
    return (found[-1][2], len(said) - found[-1][1]) if found else (None, 0)


def is_referred(plain: str, place: int, *, mine: bool = True) -> bool:
    """Whether « ma référence » (« référence » alone will do where not ``mine``) precedes, and nothing speaks of a product."""
    before = plain[max(0, place - SIGHT_CHARS) : place]
    return bool(_reference(mine).search(before)) and not _product().search(plain) and not meanings(before[-30:])


def speaks_of_products(plain: str) -> bool:
    """Whether anything in a text folded speaks of an article, its size, its price."""
    return bool(_product().search(plain))


def speaks_of_travel(plain: str) -> bool:
    """Whether anything in a text folded speaks of a flight, a train, a room: there short codes are bookings."""
    return bool(_travel().search(plain))


def speaks_of_matters(plain: str) -> bool:
    """Whether anything in a text folded speaks of delivering or of calling off: what is numbered there is an order."""
    return bool(_matter().search(plain))


def says_after(plain: str, place: int) -> Meaning | None:
    """« 4521897 est mon numéro de commande »: the first word behind, where only small words lie between."""
    after = plain[place : place + 45]
    found = meanings(after)
    if not found:
        return None
    start, _, meaning = found[0]
    between = [word for word in _BETWEEN.split(after[:start]) if word]
    starts_so = between and between[0] in _set("copulas")
    return meaning if starts_so and len(between) <= 6 and all(word in _set("labels") for word in between) else None


def speaks_of(text: str, place: int) -> bool:
    """Whether what directly precedes ``place`` says that a number there is an order's, a customer's or a product's."""
    return adjacent(folded(text[max(0, place - SIGHT_CHARS) : place])) is not None


def says_product(text: str, place: int) -> bool:
    """Whether the last word before ``place`` that says what a number is says that it is nobody's."""
    before = folded(text[max(0, place - SIGHT_CHARS) : place])
    found = meanings(before)
    return (bool(found) and found[-1][2] == "none") or adjacent(before) == "none"
