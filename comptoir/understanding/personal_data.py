"""Personal data in a text: found by form and checksum, French forms first.

Names are left out: no offline recogniser of French names is good enough, and a name alone is not what one must not
publish. Sources: IBAN, ISO 13616 (mod 97); payment cards, ISO/IEC 7812 (Luhn); French social security number (NIR),
INSEE (key 97); telephone numbers, libphonenumber by way of ``phonenumbers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import phonenumbers

Kind = Literal["phone", "email", "address", "iban", "card", "nir", "tax", "order", "customer"]

MAX_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One find: text[start:end], in code points."""

    kind: Kind
    start: int
    end: int


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:[ \u00a0\u202f-]?[A-Z0-9]{4}){2,7}(?:[ \u00a0\u202f-]?[A-Z0-9]{1,4})?\b", re.IGNORECASE
)
_CARD = re.compile(r"(?<![\d.,])\d(?:[ \u00a0\u202f-]?\d){12,18}(?![\d])")
_NIR = re.compile(
    r"(?<!\d)[1-478][ \u00a0\u202f.]?\d{2}[ \u00a0\u202f.]?(?:0[1-9]|1[0-2]|[2-9]\d)[ \u00a0\u202f.]?(?:\d{2}|2[AB])"
    r"(?:[ \u00a0\u202f.]?\d{3}){2}[ \u00a0\u202f.]?\d{2}(?!\d)",
    re.IGNORECASE,
)
_TAX = re.compile(
    r"(?:num[ée]ro\s+fiscal|r[ée]f[ée]rence\s+fiscale|\bspi\b|tax\s+(?:number|id))\W{0,12}"
    r"(?P<found>[0-3](?:[ \u00a0\u202f]?\d){12})(?!\d)",
    re.IGNORECASE,
)
_NUMBERED = (
    r"\W{0,4}(?:n(?:um[ée]ro|o|[°ºᵒ])?|number|no|ref|r[ée]f[ée]rence|id)?\W{0,4}"
    r"(?P<found>(?=[\w-]*\d)[A-Z0-9][A-Z0-9-]{4,23})(?![\w-])"
)
_ORDER = re.compile(
    r"\b(?:commandes?|colis|suivi|factures?|orders?|tracking|invoices?|parcels?)\b" + _NUMBERED, re.IGNORECASE
)
_CUSTOMER = re.compile(
    r"\b(?:clients?|compte|contrat|abonn[ée]e?|adh[ée]rent|dossier|customer|account|contract|policy|membership)\b"
    + _NUMBERED,
    re.IGNORECASE,
)
_STREETS = (
    r"rue|avenue|av\.|boulevard|bd\.?|place|all[ée]es?|impasse|chemin|route|quai|cours|square|passage|villa|r[ée]sidence|faubourg|"
    r"lotissement|hameau|sentier|esplanade|promenade|mont[ée]e"
)
_FRENCH_STREET = re.compile(
    rf"(?<!\d)\d{{1,4}}\s?(?:bis|ter|quater)?,?\s+(?:{_STREETS})\s+[^\W\d_][^\n,;.!?]{{1,60}}"
    r"(?:,?\s*\d{5}\s+(?-i:[A-ZÉÈÎ][\w'-]*(?:[ -][A-ZÉÈÎ][\w'-]*){0,4}))?",
    re.IGNORECASE,
)
_ENGLISH_STREET = re.compile(
    r"(?<!\d)\d{1,5}[A-Z]?\s+(?:[A-Z][\w'.-]*\s+){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Square)\b"
)
_POSTCODE_TOWN = re.compile(r"(?<!\d)(?:0[1-9]|[1-8]\d|9[0-58])\d{3}\s+[A-ZÉÈÎ][\w'-]{2,}(?:[ -][A-ZÉÈÎ][\w'-]+){0,4}")

#: Numbers that only the word before them tells from any other.
_NAMED: tuple[tuple[Kind, re.Pattern[str]], ...] = (("tax", _TAX), ("order", _ORDER), ("customer", _CUSTOMER))

#: Checked finds go before those known by their form alone; of two that overlap the first in this order stays.
_PRECEDENCE: tuple[Kind, ...] = ("email", "iban", "nir", "card", "tax", "phone", "address", "order", "customer")


def personal_data(text: str, *, region: str = "FR") -> list[PersonalData]:
    """Every piece of personal data in ``text``, in order, none overlapping; texts are read up to MAX_CHARS.

    ``region`` is where a telephone number without a country code is at home (ISO 3166 two letters).
    """
    text = text[:MAX_CHARS]
    kept: list[PersonalData] = []
    for found in sorted(_candidates(text, region), key=lambda found: (_PRECEDENCE.index(found.kind), found.start)):
        if not any(found.start < other.end and other.start < found.end for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda found: found.start)


def _candidates(text: str, region: str) -> Iterator[PersonalData]:
    yield from _checked(text)
    for number in phonenumbers.PhoneNumberMatcher(text, region):
        yield PersonalData("phone", number.start, number.end)
    for kind, pattern in _NAMED:
        for match in pattern.finditer(text):
            yield PersonalData(kind, match.start("found"), match.end("found"))
    for pattern in (_FRENCH_STREET, _ENGLISH_STREET, _POSTCODE_TOWN):
        for match in pattern.finditer(text):
            yield PersonalData("address", match.start(), match.start() + len(match.group().rstrip()))


def _checked(text: str) -> Iterator[PersonalData]:
    """What a form or a checksum settles by itself."""
    for match in _EMAIL.finditer(text):
        yield PersonalData("email", match.start(), match.end())
    for match in _IBAN.finditer(text):
        yield from _checked_iban(match)
    for match in _NIR.finditer(text):
        if _is_nir(match.group()):
            yield PersonalData("nir", match.start(), match.end())
    for match in _CARD.finditer(text):
        if _is_card(match.group()):
            yield PersonalData("card", match.start(), match.end())


def _bare(number: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", number).upper()


def _checked_iban(match: re.Match[str]) -> Iterator[PersonalData]:
    """The longest start of the match that is an IBAN: the word after one may look like a further group."""
    groups = [
        end
        for end in range(match.end(), match.start() + 14, -1)
        if end == match.end() or not match.string[end].isalnum()
    ]
    for end in groups:
        number = _bare(match.string[match.start() : end])
        if 15 <= len(number) <= 34 and int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1:
            yield PersonalData("iban", match.start(), end)
            return


def _is_card(written: str) -> bool:
    digits = [int(sign) for sign in written if sign.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [digit if place % 2 == 0 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_nir(written: str) -> bool:
    number = _bare(written)
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and number[13:].isdigit() and int(number[13:]) == 97 - int(body) % 97
