"""Countries whose holidays are known, and their parts, by name."""

from __future__ import annotations

import re
import runpy
from functools import cache
from importlib.resources import files

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from holidays.registry import COUNTRIES

_FRANCE = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")

Choices = list[tuple[str, str]]


@cache
def _english() -> dict[str, str]:
    """By their two letters, as the holidays library calls them."""
    return {known[1]: _WORDS.sub(" ", known[0]) for known in COUNTRIES.values()}


@cache
def _named_in(language: str) -> dict[str, str]:
    """By their two letters, as libphonenumber calls them in a language.

    Only that file is read: importing it brings the places of every telephone number along, a hundred megabytes.
    """
    file = files("phonenumbers").joinpath("geodata/locale.py")
    written = runpy.run_path(str(file), run_name="phonenumbers.geodata.locale")["LOCALE_DATA"]
    names: dict[str, str] = {}
    for country, by_language in written.items():
        name = by_language.get(language, "")
        names[country] = by_language.get(name[1:], "") if name.startswith("*") else name
    return names


def country_name(country: str) -> str:
    """« Allemagne »; where no name is known in the reader's language, the English one."""
    return _named_in((get_language() or "fr")[:2]).get(country) or _english().get(country, country)


def country_choices() -> list[tuple[str, Choices | str]]:
    """Every country whose holidays are known: none, those of France first, then the others by name."""
    others = sorted(((code, country_name(code)) for code in _english() if code not in _FRANCE), key=lambda one: one[1])
    return [
        ("", _("No holidays")),
        (_("France"), [(code, country_name(code)) for code in _FRANCE if code in _english()]),
        (_("World"), others),
    ]


def subdivision_choices(country: str) -> Choices:
    """The parts of a country that have holidays of their own; the whole of it first."""
    whole = [("", _("The whole country"))]
    if country not in _english():
        return whole
    named = holidays.country_holidays(country).get_subdivision_aliases()
    parts = [(code, names[-1] if names else code) for code, names in named.items() if not code.startswith("Zone ")]
    return whole + sorted(parts, key=lambda one: one[1])
