"""The forms of a company's own numbers, written as people write them: `CMD-######`.

``#`` stands for a figure and ``@`` for a letter; every other sign stands for itself, capital or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comptoir.understanding.personal_data import Kind

if TYPE_CHECKING:
    from comptoir.brands.models import Brand

MOST_FORMS = 10
LONGEST_FORM = 40
#: With fewer figures and letters that vary, every second word would be a number.
_LEAST_VARYING = 3
_SIGNS = {"#": r"\d", "@": "[A-Za-z]"}

Patterns = tuple[tuple[Kind, re.Pattern[str]], ...]


def number_patterns(brand: Brand) -> Patterns:
    """What finds the brand's order and customer numbers in a text."""
    return _patterns(tuple(brand.order_forms), tuple(brand.customer_forms))


@lru_cache(maxsize=256)
def _patterns(orders: tuple[str, ...], customers: tuple[str, ...]) -> Patterns:
    return (*(("order", _pattern(form)) for form in orders), *(("customer", _pattern(form)) for form in customers))


def _pattern(form: str) -> re.Pattern[str]:
    body = "".join(_SIGNS.get(sign) or re.escape(sign) for sign in form)
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def forms_from(lines: str) -> list[str]:
    """The forms of a text, one a line. Raises ValidationError, with words, where one is none."""
    forms = list(dict.fromkeys(form for line in lines.splitlines() if (form := " ".join(line.split()))))
    if len(forms) > MOST_FORMS:
        raise ValidationError(
            _("These are more than %(most)s forms: keep the ones in use."), params={"most": MOST_FORMS}
        )
    for form in forms:
        _check(form)
    return forms


def _check(form: str) -> None:
    if len(form) > LONGEST_FORM:
        told = _("“%(form)s” is longer than %(most)s signs.")
        raise ValidationError(told, params={"form": form[:LONGEST_FORM], "most": LONGEST_FORM})
    if sum(form.count(sign) for sign in _SIGNS) < _LEAST_VARYING:
        told = _("“%(form)s” is no form of a number: write # for each figure and @ for each letter, as in CMD-######.")
        raise ValidationError(told, params={"form": form})


def as_lines(forms: Iterable[str]) -> str:
    """As `forms_from` reads them."""
    return "\n".join(forms)
