"""What is not looked for in a text of few figures is not there."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.understanding.personal_data.checked import cards, social_security_numbers
from comptoir.understanding.personal_data.numbers import parcels
from comptoir.understanding.personal_data.phones import phones, written_as_phones
from comptoir.understanding.personal_data.tax import tax_numbers

_PARTS = st.sampled_from(
    [
        *("tél ", "+33 ", "0", "(0)", "12", "345", "6", "-", ".", " ", "/", "A", "FR", "NIR ", "n° fiscal ", "siren "),
        *("VAT ", "NINO ", "carte ", "RSSMRA", "X", "€", "appel ", "colis "),
    ]
)


def with_figures(most: int) -> st.SearchStrategy[str]:
    return st.lists(_PARTS, max_size=20).map("".join).filter(lambda text: len(re.findall(r"\d", text)) <= most)


@settings(max_examples=150)
@given(with_figures(5))
def test_fewer_than_six_figures_are_no_tax_number(text: str):
    assert not [*tax_numbers(text)]


@settings(max_examples=150)
@given(with_figures(6))
def test_fewer_than_seven_figures_are_no_telephone_number_and_no_parcel(text: str):
    assert not [*written_as_phones(text, "FR", "fr"), *phones(text, "FR", "fr"), *parcels(text)]


@settings(max_examples=150)
@given(with_figures(8))
def test_fewer_than_nine_figures_are_no_number_of_social_security(text: str):
    assert not [*social_security_numbers(text)]


@settings(max_examples=150)
@given(with_figures(11))
def test_fewer_than_twelve_figures_are_no_card(text: str):
    assert not [*cards(text)]
