"""Numbers of orders and customers: any company's form, told by the words around them (rules/numbers.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Literal

from comptoir.understanding.folding import folded
from comptoir.understanding.personal_data.checked import is_article
from comptoir.understanding.personal_data.kinds import Kind, PersonalData

#: The Universal Postal Union's form for parcels and registered letters (S10).
_PARCEL = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[ ]?(?:\d[ ]?){9}[A-Z]{2}(?![A-Za-z0-9])")
_CODE = re.compile(
    r"(?<![\w@.€£$-])(?:[A-Z]{2,4}[ ])?(?=[A-Za-z0-9/_.-]*\d)[A-Za-z0-9]+(?:[-/_.][A-Za-z0-9]+)*"
    r"(?:[ \u00a0\u202f]\d{2,}(?![\w]*\s?(?:€|%|euros?\b|h\b|min\b|jours?\b|kg\b|cm\b|km\b)))*(?:(?<=\d)[ ][A-Z]{1,2}(?![\w'’]))?(?![\w@])"
)
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[/.-](?:0?[1-9]|1[0-2])(?:[/.-](?:\d\d){1,2})?|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?|\d{1,2}[h:]\d{0,2}|\d{1,2}[./]\d{4}",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"[ \u00a0\u202f]?(?:€|\$|£|%|°(?!\w)|(?:euros?|eur|cts?|centimes|dollars?|pounds?|chf|kg|g|cm|mm|m|km|ml|cl|l|go|gb|mo|mb|kwh|kw|w|v|h|min|mn|"
    r"jours?|days?|tage[n]?|d[íi]as|giorni|dagen|dias|ans|years?|mois|semaines?|heures?|fois|x|pi[èe]ces?|personnes?|places?|pages?|m²|m2)(?![\w-]))",
    re.IGNORECASE,
)
_FLIGHT = re.compile(r"(?:[A-Z]{2}\s?)?\d{3,4}")
#: What another kind would have taken, had its checksum been right.
_FAILED = re.compile(
    r"(?:[A-Z]+ )?[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,}.*|\d{4}(?:[ -]\d{4}){3}|\d(?: \d{2}){3} \d{3} \d{3} \d{2}|(?:CPF )?\d{3}\.\d{3}\.\d{3}-\d\d",
    re.IGNORECASE,
)
_PRODUCT_LIKE = re.compile(r"\d+[A-Za-z]{1,3}|[A-Za-z]{1,2}\d{1,2}|\d+x\d+(?:x\d+)?", re.IGNORECASE)
_RECORD = re.compile(r"(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}")
#: What stands in the address of a page is that page's.
_WEB_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"«»]+|(?<![\w@.])(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}(?::\d+)?/[^\s<>\"«»]*", re.I
)
_BETWEEN = re.compile(r"[^\w#°º]+")
_SIGHT = 70
_FAR_CHARS = 6
#: A text with more of them is a table, not a message.
_MAX_CODES = 200


def company_numbers(text: str, patterns: Sequence[tuple[Kind, re.Pattern[str]]]) -> Iterator[PersonalData]:
    """What the company's own patterns find: the group `number` where they have one, else all that matches."""
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            group = "number" if "number" in pattern.groupindex else 0
            if match.end(group) > match.start(group):
                yield PersonalData(kind, match.start(group), match.end(group))


def named_numbers(text: str) -> Iterator[PersonalData]:
    """Those that directly follow the word that says what they are."""
    plain = folded(text)
    for match in _PARCEL.finditer(text):
        yield PersonalData("order", match.start(), match.end())
    for match in _codes(text):
        kind = _adjacent_kind(plain[max(0, match.start() - _SIGHT) : match.start()])
        if kind in ("order", "customer") and _may_be_number(match, named=True):
            yield PersonalData(kind, match.start(), match.end())


def other_numbers(text: str) -> Iterator[PersonalData]:
    """Those that look like one, with a word in sight that says of what."""
    plain = folded(text)
    anywhere: list[Meaning] | None = None
    for match in _codes(text):
        if not _may_be_number(match, named=False):
            continue
        anywhere = [one[2] for one in _meanings(plain)] if anywhere is None else anywhere
        kind = _kind_in_sight(plain, match, anywhere)
        if kind in ("order", "customer"):
            yield PersonalData(kind, match.start(), match.end())


def _codes(text: str) -> Iterator[re.Match[str]]:
    """What may be a number, outside the addresses of pages."""
    pages = [match.span() for match in _WEB_ADDRESS.finditer(text)]
    for match in islice(_CODE.finditer(text), _MAX_CODES):
        if not any(start < match.end() and match.start() < end for start, end in pages):
            yield match


def says_product(text: str, place: int) -> bool:
    """Whether the last word before ``place`` that says what a number is says that it is nobody's."""
    found = _meanings(folded(text[max(0, place - _SIGHT) : place]))
    return bool(found) and found[-1][2] == "none"


Meaning = Literal["order", "customer", "none"]


@cache
def _rules() -> dict[str, list[str]]:
    found = tomllib.loads(files("comptoir.understanding").joinpath("rules/numbers.toml").read_text("utf-8"))
    return {name: section["words"] for name, section in found.items()}


@cache
def _word() -> re.Pattern[str]:
    """Any of the words, in a group with its meaning's name; the longest first."""
    options = []
    for meaning in ("order", "customer", "none"):
        words = sorted(_rules()[meaning], key=len, reverse=True)
        forms = [re.escape(word[:-1]) + r"\b" if word.endswith(".") else re.escape(word) + r"\w*" for word in words]
        options.append(f"(?P<{meaning}>{'|'.join(forms)})")
    return re.compile(rf"(?<![\w]){'|'.join(options).join(('(?:', ')'))}")


@cache
def _labels() -> frozenset[str]:
    return frozenset(_rules()["labels"])


def _meanings(plain: str) -> list[tuple[int, int, Meaning]]:
    return [(match.start(), match.end(), match.lastgroup) for match in _word().finditer(plain)]  # type: ignore[misc]  # the groups' names


def _adjacent_kind(before: str) -> Meaning | None:
    """What the last word before means, if only labels (n°, ref…) stand between it and the number."""
    found = _meanings(before)
    if not found:
        return None
    _, end, meaning = found[-1]
    between = [word for word in _BETWEEN.split(before[end:]) if word]
    return meaning if len(between) <= 4 and all(word in _labels() for word in between) else None


def _kind_in_sight(plain: str, match: re.Match[str], anywhere: list[Meaning]) -> Meaning | None:
    before = plain[max(0, match.start() - _SIGHT) : match.start()]
    found = _meanings(before)
    if found:
        return found[-1][2]
    code = match.group()
    if _RECORD.fullmatch(code) and "order" not in anywhere:
        return None
    if anywhere:
        return "order" if "order" in anywhere else anywhere[0]
    return "order" if sum(sign.isdigit() for sign in code) >= 10 else None


def _may_be_number(match: re.Match[str], *, named: bool) -> bool:
    """Whether it is neither a date, an amount, a measure nor a product."""
    code, text = match.group(), match.string
    digits = sum(sign.isdigit() for sign in code)
    if any(form.fullmatch(code) for form in (_DATE, _PRODUCT_LIKE, _FAILED)) or _AMOUNT_AFTER.match(text, match.end()):
        return False
    if _FLIGHT.fullmatch(code) and re.search(
        r"(?:vol|vuelo|volo|voo|flight|flug|vlucht)\W{0,3}$",
        text[max(0, match.start() - 12) : match.start()],
        re.IGNORECASE,
    ):
        return False
    if _RECORD.fullmatch(code):
        return True
    if named:
        return digits >= 4 or (digits >= 3 and len(code) >= 6)
    mixed = any(sign.isalpha() for sign in code) or any(sign in "-/" for sign in code)
    together = " " not in code.replace("\u00a0", " ").replace("\u202f", " ")
    return (mixed and digits >= 4 and len(code) >= _FAR_CHARS) or (digits >= 8 and together and not is_article(code))
