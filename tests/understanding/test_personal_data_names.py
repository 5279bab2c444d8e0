"""What says that a number is one: words cut short, joined, in the feminine; and what only looks like one."""

from __future__ import annotations

import pytest

from comptoir.understanding.language import languages_of
from comptoir.understanding.personal_data import personal_data


def read(text: str) -> list[tuple[str, str]]:
    """As `comptoir understand` reads it: the language has to be guessed."""
    found = personal_data(text, language=languages_of([text])[0], incoming=True)
    return [(one.kind, text[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Auftr.-Nr. A 20881 44, wann kommt die Montage?", ("order", "A 20881 44")),
        ("Best.-Nr. 4471220-03, die Größe ist falsch", ("order", "4471220-03")),
        ("casenr 00220884 gesloten zonder antwoord", ("order", "00220884")),
        ("KdNr 220-8814, Zähler zeigt nichts an", ("customer", "220-8814")),
    ],
)
def test_a_word_cut_short_says_what_a_number_is(text: str, expected: tuple[str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mein Stromvertrag 363-106-79 läuft aus", ("customer", "363-106-79")),
        ("Tischreservierung 735-220, bitte am Fenster", ("order", "735-220")),
        ("de hotelboeking 212916-4 klopt niet", ("order", "212916-4")),
    ],
)
def test_the_end_of_a_word_made_of_several_says_it_too(text: str, expected: tuple[str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("soy socia num. 10277, me habéis subido la cuota", "10277"),
        ("sou segurada, o meu número é o 88204417", "88204417"),
        ("Kundin seit 2011, Nr. 7712-08", "7712-08"),
    ],
)
def test_a_customer_may_be_a_woman(text: str, number: str) -> None:
    assert read(text) == [("customer", number)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("pratica nr 2024.33018, novità?", "2024.33018"),
        ("preventivo 22/0884, 340 euro iva inclusa", "22/0884"),
        ("the tracking number is 2094 1973 5337 2208", "2094 1973 5337 2208"),
        ("la commande 626245X n'arrive pas", "626245X"),
        ("booking qx7t2m, two adults", "qx7t2m"),
        ("Lieferung laut Status zugestellt, hier kam nichts an (22-90418-01)", "22-90418-01"),
    ],
)
def test_no_shape_of_a_number_is_taken_for_a_date_an_amount_or_a_train(text: str, number: str) -> None:
    assert read(text) == [("order", number)]


def test_a_booking_that_looks_like_a_british_postal_code_is_a_booking() -> None:
    assert read("PNR T9K2WQ, Frecciarossa 9633 in ritardo") == [("order", "T9K2WQ")]


def test_who_names_the_number_of_a_policy_gives_no_telephone() -> None:
    assert read("Sinistro S/24/0311, polizza 0311 8827 55") == [("order", "S/24/0311"), ("customer", "0311 8827 55")]
    assert read("polizza casa 1/33018/77/204") == [("customer", "1/33018/77/204")]


def test_a_word_that_has_its_number_gives_none_to_a_product_beside_it() -> None:
    assert read("Garantiefall WD-319925, der Wasserkocher (KE-8812) leckt") == [("order", "WD-319925")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Grazie, 338 59 65 804", "338 59 65 804"),
        ("mi trovate al 339 64 33 866 dopo le 18", "339 64 33 866"),
        ("werk 020 496 07 35, vraag naar Dorien", "020 496 07 35"),
        ("0171 / 547 22 89 ist meine Handynummer", "0171 / 547 22 89"),
        ("erreichbar unter +49 151 86877648 ab 18 Uhr", "+49 151 86877648"),
        ("089 53846803 (mobil)", "089 53846803"),
    ],
)
def test_a_telephone_is_found_however_it_is_grouped(text: str, number: str) -> None:
    assert read(text) == [("phone", number)]


@pytest.mark.parametrize(
    "text",
    [
        "le vélo à 1 499 € réf. 0639-9800 il existe en cadre S ?",
        "Web Est-ce son propre site web ? 113.22.84.65",
        "any news on the RTX-4090, is it back?",
        "waiting for the 2026-2027 season tickets",
        "we waited on 250000 other people",
    ],
)
def test_what_stands_alone_is_not_always_one(text: str) -> None:
    assert read(text) == []
