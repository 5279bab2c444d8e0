"""Telephone numbers: French ones by their form, those of other countries by libphonenumber's rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from comptoir.understanding.personal_data.kinds import GAP, PersonalData
from comptoir.understanding.personal_data.numbers import says_product

#: Where a language is spoken; the first is the likeliest.
_REGIONS = {
    "fr": ("FR", "BE", "CH", "CA"),
    "en": ("GB", "US", "IE"),
    "es": ("ES", "MX"),
    "de": ("DE", "AT", "CH"),
    "it": ("IT", "CH"),
    "nl": ("NL", "BE"),
    "pt": ("PT", "BR"),
}
_FRENCH = re.compile(
    rf"(?<![\dA-Za-z,/+-])(?:0[1-9](?:[ \t\u00a0\u202f./\u2011_-]{{0,3}}\d\d){{4}}|0[ .]?[1-9](?:[ .]\d){{8}}"
    rf"|(?:\+|00){GAP}?33{GAP}?(?:\(0\))?{GAP}?[1-9](?:[ \t\u00a0\u202f./-]{{0,3}}\d\d){{4}})(?![\dA-Za-z]|[.,]\d|-\d)"
)
_BRITISH = re.compile(
    r"(?<![\d+])(?:07\d{3}[ -]?\d{3}[ -]?\d{3}|(?:\+44|0044)[ ]?(?:\(0\))?[ ]?7\d{3}[ -]?\d{3}[ -]?\d{3})(?!\d)"
)
_ENOUGH_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ \u00a0\u202f().-]{0,2}\d){7,13}(?!\d)")
_NAMED = re.compile(
    r"(?:t[ée]l[.ée]?\w*|\bport(?:able)?\b|\bmobile?\b|\bphone\b|\bcall\b|\bfon\b|\bhandy\b|\bcellulare\b|\bgsm\b|\bmovil\b|\bm[óo]vil\b"
    r"|\btelem[óo]vel\b|\bcelular\b|\bwhatsapp\b|\bzap\b|\bfax\b|\bnummer\b|\bjoindre au\b|\bappel\w+ au\b|\brappel\w+ au\b)"
    r"[^\d+\n]{0,20}(?P<found>[+(]{0,2}\d(?:[ \u00a0\u202f()./-]{0,2}\d){7,13})(?!\d)",
    re.IGNORECASE,
)
_MIN_DIGITS = 8
_GROUPED = phonenumbers.Leniency.STRICT_GROUPING
#: How many stretches of figures are looked at that turn out not to be a number.
_MAX_TRIES = 40
_ODD = re.compile(r"0\d{3} \d{4} \d\d")  # nobody groups a number so
_DATE_LIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}\b|\d{4}-\d\d-\d\d")


def written_as_phones(text: str) -> Iterator[PersonalData]:
    """Those whose very form says so: pairs of figures as the French write them, or a country code."""
    for match in _FRENCH.finditer(text):
        if match.group()[0] == "+" or not match.group().isdigit():
            yield PersonalData("phone", match.start(), match.end())
    for match in _INTERNATIONAL.finditer(text):
        if match.group()[0] == "+" and _is_possible(match.group()):
            yield PersonalData("phone", match.start(), match.end())


def phones(text: str, region: str, language: str | None) -> Iterator[PersonalData]:
    """Every number, by the rules of ``region`` and of where ``language`` is spoken."""
    if not _ENOUGH_DIGITS.search(text):
        return
    for match in (*_FRENCH.finditer(text), *_BRITISH.finditer(text)):
        yield PersonalData("phone", match.start(), match.end())
    for match in _INTERNATIONAL.finditer(text):
        if _is_possible(match.group()):
            yield PersonalData("phone", match.start(), match.end())
    for match in _NAMED.finditer(text):
        if not _DATE_LIKE.match(match["found"]):
            yield PersonalData("phone", match.start("found"), match.end("found"))
    for home in dict.fromkeys((*_REGIONS.get(language or "", ()), region)):
        for number in phonenumbers.PhoneNumberMatcher(text, home, _GROUPED, _MAX_TRIES):
            if _may_be_one(text, number):
                yield PersonalData("phone", number.start, number.end)


def _may_be_one(text: str, number: phonenumbers.PhoneNumberMatch) -> bool:
    """Not a date, not a short number, not what the text says is a product's."""
    raw = number.raw_string
    digits = sum(sign.isdigit() for sign in raw)
    return (
        digits >= _MIN_DIGITS
        and not _DATE_LIKE.match(raw)
        and not _ODD.fullmatch(raw)
        and not says_product(text, number.start)
    )


def _is_possible(written: str) -> bool:
    number = written if written[0] == "+" else "+" + written[2:]
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number.replace("(0)", "")))
    except phonenumbers.NumberParseException:
        return False
