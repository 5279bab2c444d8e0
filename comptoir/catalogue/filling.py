"""Placeholders: words in braces that stand for the customer, the agent or the brand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from comptoir.brands.numbers import Patterns
from comptoir.catalogue.nameless import nameless
from comptoir.understanding.personal_data import Kind, personal_data

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What may stand between braces, and what it is for the person who writes a canned response.
PLACEHOLDERS: dict[str, StrOrPromise] = {
    "first_name": _("the customer’s first name"),
    "name": _("the customer’s whole name"),
    "agent_name": _("your name"),
    "brand": _("the brand"),
    "channel": _("the channel"),
    "order_number": _("the order number that the customer gave"),
    "customer_number": _("the customer number that the customer gave"),
}
#: What may stand in an answer of the catalogue besides.
LINK = "link"
ENTRY_PLACEHOLDERS: dict[str, StrOrPromise] = PLACEHOLDERS | {LINK: _("the answer’s knowledge page")}
#: What a model said and no entry says: only a person fills it in.
TO_CHECK = "to_check"
_NUMBERS: Mapping[str, Kind] = {"order_number": "order", "customer_number": "customer"}
#: A word of the kind we fill in; braces around anything else are left to whoever writes them.
_PLACEHOLDER = re.compile(r"\{([a-z_]{2,30})\}")


def filled(text: str, known: Mapping[str, str]) -> str:
    """The text with each placeholder that is known replaced; one that is not, or is empty, stays as it is, save a name
    that the sentence does without.
    """
    if known.get("name") == "":
        text = nameless(text)
    elif known.get("first_name") == "":
        text = nameless(text, ["first_name"])
    return _PLACEHOLDER.sub(lambda found: known.get(found[1]) or found[0], text)


def unfilled(text: str) -> list[str]:
    """The placeholders that are still in a text, each once."""
    return list(dict.fromkeys(found[0] for found in _PLACEHOLDER.finditer(text)))


def unfilled_known(text: str) -> list[str]:
    """Of these, those that we would have filled in: they come from an answer of ours and never mean themselves."""
    return [one for one in unfilled(text) if one.strip("{}") in {*ENTRY_PLACEHOLDERS, TO_CHECK}]


def words_between(text: str) -> list[str]:
    """What stands between the placeholders of a text."""
    return _PLACEHOLDER.split(text)[::2]


def numbers_given(text: str, patterns: Patterns = ()) -> dict[str, str]:
    """What a customer's message says for the placeholders about numbers; the last of each kind.

    ``patterns`` find the brand's own.
    """
    found = {one.kind: text[one.start : one.end] for one in personal_data(text, patterns=patterns)}
    return {name: found[kind] for name, kind in _NUMBERS.items() if kind in found}
