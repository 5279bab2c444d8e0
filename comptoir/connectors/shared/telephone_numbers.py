"""Numbers as switchboards and gateways show them, in the one form that each has for the whole world."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

_SHORTEST, _LONGEST = 7, 17


def in_full(number: str, own_number: str | None) -> str:
    """A number that was shown where ours is at home, in international form: "0612345678" and "0033612345678" are one.

    It stays as it is where it can be no number of the world's (a desk, a name), or where ours is not in that form.
    """
    home = _home(own_number) if own_number else None
    if home is None or not (number.isascii() and number.isdigit() and _SHORTEST <= len(number) <= _LONGEST):
        return number
    return next((full for written in (number, f"+{number}") if (full := _full(written, home))), number)


@lru_cache(maxsize=256)
def _home(own_number: str) -> str | None:
    """The country of an international number."""
    if not own_number.startswith("+"):
        return None
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(own_number))
    except phonenumbers.NumberParseException:
        return None


def _full(written: str, home: str) -> str | None:
    try:
        found = phonenumbers.parse(written, home)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(found):
        return None
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
