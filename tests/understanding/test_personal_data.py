"""What may not be published without being confirmed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.understanding.personal_data import MAX_CHARS, personal_data


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in personal_data(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Appelez-moi au 06 12 34 56 78.", [("phone", "06 12 34 56 78")]),
        ("Au +33 1 42 68 53 00 ou 04.91.13.89.00", [("phone", "+33 1 42 68 53 00"), ("phone", "04.91.13.89.00")]),
        ("Mon adresse : jean.dupont@free.fr.", [("email", "jean.dupont@free.fr")]),
        ("RIB : FR76 3000 6000 0112 3456 7890 189 merci", [("iban", "FR76 3000 6000 0112 3456 7890 189")]),
        ("Carte 4111 1111 1111 1111, date 12/28", [("card", "4111 1111 1111 1111")]),
        ("Sécu 2 69 05 49 588 157 80", [("nir", "2 69 05 49 588 157 80")]),
        ("Commande n° 2024-998877 jamais reçue", [("order", "2024-998877")]),
        ("Numéro client : 00123456", [("customer", "00123456")]),
        ("12 bis rue de la Paix, 75002 Paris depuis peu", [("address", "12 bis rue de la Paix, 75002 Paris")]),
        ("Order 20260112 is late", [("order", "20260112")]),
    ],
)
def test_personal_data_is_found_with_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Le 12 mars 2024 à 14:05 j'ai payé 129,90 €",
        "Ma commande est en retard de 3 semaines, c'est honteux !",
        "Nos 3000 clients sont contents",
        "Commande du 12/03/2024",
        "4970 1012 3456 7890",  # fails the Luhn check
        "FR76 3000 6000 0112 3456 7890 188",  # fails modulo 97
        "Rendez-vous rue de Rivoli au magasin",
        "",
    ],
)
def test_ordinary_figures_are_left_alone(text: str) -> None:
    assert found(text) == []


@given(st.text(max_size=400))
def test_finds_are_in_order_and_never_overlap(text: str) -> None:
    finds = personal_data(text)
    assert all(0 <= one.start < one.end <= len(text) for one in finds)
    assert all(before.end <= after.start for before, after in itertools.pairwise(finds))


def test_a_text_without_end_is_read_up_to_a_bound() -> None:
    assert personal_data("a" * MAX_CHARS + " jean@free.fr") == []
