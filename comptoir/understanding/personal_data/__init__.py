"""Personal data in a text: found by form, checksum and the words around.

Names are left out: no offline recogniser of French names is good enough, and a name alone is not what one must not
publish. Sources: IBAN, ISO 13616 (mod 97); payment cards, ISO/IEC 7812 (Luhn); French social security number (NIR),
INSEE (key 97); French tax number, DGFiP (modulo 511); parcels, UPU S10; telephone numbers, libphonenumber by way of
``phonenumbers``; the tax numbers of other countries, their own checksums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from comptoir.understanding.folding import searchable
from comptoir.understanding.personal_data.addresses import addresses
from comptoir.understanding.personal_data.checked import cards, ibans, social_security_numbers
from comptoir.understanding.personal_data.company import is_companys
from comptoir.understanding.personal_data.kinds import MAX_CHARS, Kind, PersonalData
from comptoir.understanding.personal_data.mails import mails
from comptoir.understanding.personal_data.numbers import company_numbers, named_numbers, other_numbers, parcels
from comptoir.understanding.personal_data.phones import phones, written_as_phones
from comptoir.understanding.personal_data.tax import tax_numbers

__all__ = ["MAX_CHARS", "Kind", "PersonalData", "personal_data"]

_MAY_HOLD_SOME = re.compile(r"[\d@]")
#: An address without either is spelled out: looked for in small letters without accents.
_MAY_BE_SPELLED = re.compile(r"arr?ob|chiocciol|apenstaart|klammeraffe|[\[({]at?[\])}]|[-_* ]at[-_* ]|\bchez\b")

#: The least figures of a bank account, a number at the tax office, a telephone number, one of social security, a card.
_LEAST_OF_IBAN, _LEAST_OF_TAX, _LEAST_OF_PHONE, _LEAST_OF_NIR, _LEAST_OF_CARD = 2, 6, 7, 9, 12
_FIGURE = re.compile(r"\d")


def personal_data(
    text: str,
    *,
    region: str = "FR",
    language: str | None = None,
    patterns: Sequence[tuple[Kind, re.Pattern[str]]] = (),
    incoming: bool = False,
) -> list[PersonalData]:
    """Every piece of personal data in ``text``, in order, none overlapping; texts are read up to MAX_CHARS.

    ``region`` is where a telephone number without a country code is at home (ISO 3166 two letters); ``language``, where
    it is known, adds the countries that speak it. ``patterns`` are the company's own forms of numbers, which go first.
    ``incoming`` says that a customer wrote it: then what they call « votre numéro » is the company's and left out.
    """
    text = text[:MAX_CHARS]
    if not (patterns or _MAY_HOLD_SOME.search(text) or _MAY_BE_SPELLED.search(searchable(text))):
        return []
    kept: list[PersonalData] = []
    taken = bytearray(len(text))
    for found in _candidates(text, region, language, patterns, taken):
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\1" * (found.end - found.start)
            if not (incoming and is_companys(text, found)):
                kept.append(found)
    return sorted(kept, key=lambda found: found.start)


def _untaken(text: str, taken: bytearray) -> str:
    """The text with blanks where something was found: what takes long need not look there again."""
    return "".join([" " if gone else sign for sign, gone in zip(text, taken, strict=True)]) if any(taken) else text


def _candidates(
    text: str,
    region: str,
    language: str | None,
    patterns: Sequence[tuple[Kind, re.Pattern[str]]],
    taken: bytearray,
) -> Iterator[PersonalData]:
    """What is surest comes first, and of two that overlap it stays: checked, then named, then known by form alone."""
    yield from company_numbers(text, patterns)
    yield from mails(text)
    figures = len(_FIGURE.findall(text))  # most messages have few: then most of what follows cannot be there
    if figures >= _LEAST_OF_IBAN:
        yield from ibans(text)
    if figures >= _LEAST_OF_NIR:
        yield from social_security_numbers(text)
    if figures >= _LEAST_OF_CARD:
        yield from cards(text)
    if figures >= _LEAST_OF_TAX:
        yield from tax_numbers(text)
    coded, others = addresses(text)
    yield from coded
    if figures >= _LEAST_OF_PHONE:
        yield from parcels(text)
        yield from written_as_phones(text, region, language)
    yield from named_numbers(text)
    if figures >= _LEAST_OF_PHONE:
        yield from phones(_untaken(text, taken), region, language)
    yield from others
    yield from other_numbers(text)
