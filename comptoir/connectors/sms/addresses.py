"""Numbers, and Twilio's addresses of people who write by RCS: ``rcs:`` and the same number.

Who writes by SMS today and by RCS tomorrow is one person in one exchange: people are known by their number alone.
"""

from __future__ import annotations

import re

_RCS = "rcs:"
_RCS_NUMBER = re.compile(r"rcs:(?=\+?\d{6,15}$)", re.IGNORECASE)


def is_rcs(sender: str) -> bool:
    """Whether this sender of ours is an RCS sender (``rcs:brand``), which no number stands behind."""
    return sender.lower().startswith(_RCS)


def bare(address: str) -> str:
    """The number in an address; an RCS sender of ours stays as it is."""
    return _RCS_NUMBER.sub("", address, count=1)


def other_addresses(number: str | None, written: str | None) -> tuple[str, ...]:
    """The address as it was written, by which people were known before: they stay one person."""
    return (f"{_RCS}{number}",) if number and _RCS_NUMBER.match(written or "") else ()


def reached_from(sender: str, number: str) -> str:
    """How ``number`` is written to: an RCS sender reaches RCS alone, and wants it said.

    Twilio, error 21664: without fallback, From is the RCS sender and To the recipient's ``rcs:`` address.
    """
    return f"{_RCS}{bare(number)}" if is_rcs(sender) else bare(number)


def addresses_of(sender: str, number: str) -> tuple[str, ...]:
    """Every way in which Twilio may have kept whom we wrote to: a messaging service chooses between SMS and RCS."""
    if sender.startswith("MG"):
        return bare(number), f"{_RCS}{bare(number)}"
    return (reached_from(sender, number),)
