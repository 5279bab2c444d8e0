"""What may not be published without being confirmed."""

from __future__ import annotations

import itertools
import re
import time

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
        (
            "Au 06 12 34 56 78 ou FR76 3000 6000 0112 3456 7890 189",  # « au 06 12… » begins like one
            [("phone", "06 12 34 56 78"), ("iban", "FR76 3000 6000 0112 3456 7890 189")],
        ),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Écrivez à jean point dupont arobase gmail point com",
            [("email", "jean point dupont arobase gmail point com")],
        ),
        ("lucie.farjon (at) example.org merci", [("email", "lucie.farjon (at) example.org")]),
        ("mon tel 0 6 1 2 3 4 5 6 7 8", [("phone", "0 6 1 2 3 4 5 6 7 8")]),
        ("joignable au +32 470 12 34 56", [("phone", "+32 470 12 34 56")]),
        ("j'habite 3 impasse du Lavoir, Pontorson.", [("address", "3 impasse du Lavoir, Pontorson")]),
        ("6 allée des Charmes, 4000 Liège, vite", [("address", "6 allée des Charmes, 4000 Liège")]),
        ("où en est XB009281736FR svp", [("order", "XB009281736FR")]),
        ("résa 7HGW2P au nom de Martin", [("order", "7HGW2P")]),
        ("mon n° fiscal : 30 23 217 600 053", [("tax", "30 23 217 600 053")]),
        ("DNI 12345678Z", [("tax", "12345678Z")]),
        ("société au SIRET 732 829 320 00074", [("tax", "732 829 320 00074")]),
        ("contrat AUT 5528-19 à résilier", [("customer", "AUT 5528-19")]),
    ],
)
def test_what_is_written_in_other_ways_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Neue Anschrift: Lindenstieg 7, 24361 Holzbunge.", "de", ("address", "Lindenstieg 7, 24361 Holzbunge")),
        ("Bel me op 06-12345678", "nl", ("phone", "06-12345678")),
        ("mi móvil es 612 345 678", "es", ("phone", "612 345 678")),
        ("call me on 07700 900417", "en", ("phone", "07700 900417")),
        ("via Garibaldi 12, 20121 Milano", "it", ("address", "via Garibaldi 12, 20121 Milano")),
        ("o meu CPF é 529.982.247-25", "pt", ("tax", "529.982.247-25")),
    ],
)
def test_other_countries_forms_are_known(text: str, language: str, expected: tuple[str, str]) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in personal_data(text, language=language)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Le lave-linge WX-7712-900 affiche E18",
        "Ma commande de 312,40 € pour 3 personnes",
        "siège 12A du vol 3998, train de 17h33",
        "RIP mon compte 2009-2025",
        "le lot L2409-17, DLC 03.06.2025",
        "Votre IBAN FR12 3456 7890 1234 5678 9012 345 est faux",
        "On se retrouve at home, point final",
    ],
)
def test_what_belongs_to_nobody_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_companys_own_pattern_goes_first() -> None:
    pattern = re.compile(r"\bZ\d{3}\b")
    assert [one.kind for one in personal_data("mon Z123", patterns=[("customer", pattern)])] == ["customer"]


@pytest.mark.parametrize(
    "text",
    [
        "1 rue " * 3_000,
        "0" * 20_000,
        "a@" * 9_000,
        "A1-" * 6_000,
        "Rue " * 5_000,
        "1 " * 9_000,
        "A 1 " * 5_000,
        "AB 1" + "1" * 9_000 + "@",
        "1 " + "1" * 19_900 + "€",
    ],
)
def test_time_stays_bounded(text: str) -> None:
    begun = time.process_time()
    personal_data(text)
    assert time.process_time() - begun < 4


@pytest.mark.parametrize(
    "text",
    [
        "Continuons en privé : http://localhost:43715/private/rtiooLE69zs54Oi3uHuoTKu8Ki1sKIIL",
        "Votre commande est là : https://www.exemple.fr/suivi/3JV4fo5Wh9I7GI3mb5GF4fPzZMD8sE6t",
        "Détails sur exemple.fr/aide/commande-20481234 si besoin",
    ],
)
def test_what_stands_in_the_address_of_a_page_is_no_number_of_a_person(text: str) -> None:
    assert personal_data(text) == []


def test_a_reference_is_found_behind_a_word_about_something_else() -> None:
    text = "could the invoice be made out to Brightside Ltd, stay of 4–6 May, ref BS/4471"
    assert [(one.kind, text[one.start : one.end]) for one in personal_data(text)] == [("order", "BS/4471")]


def test_letters_that_stand_apart_need_fewer_figures_behind_them() -> None:
    text = "résa NRW-8K2L à décaler"
    assert [(one.kind, text[one.start : one.end]) for one in personal_data(text)] == [("order", "NRW-8K2L")]


def test_the_makers_name_of_what_was_ordered_is_no_order() -> None:
    text = "j'ai commandé la télé UE65AU7172 le 12, commande 7712093, elle est où ?"
    assert [(one.kind, text[one.start : one.end]) for one in personal_data(text)] == [("order", "7712093")]


def test_a_booking_is_no_british_postal_code() -> None:
    text = "Zug RE 4512 fiel aus, Buchung X7K2PL, bekomme ich das Geld zurück?"
    assert [(one.kind, text[one.start : one.end]) for one in personal_data(text)] == [("order", "X7K2PL")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("appointment AP20931 needs moving to Friday", "AP20931"),
        ("recogida RC-7712 fallida dos veces", "RC-7712"),
        ("Termin TM-20931 muss ich leider verschieben", "TM-20931"),
        ("ritiro RT-7712-3 mai fatto", "RT-7712-3"),
        ("werkbon WB44120 nog niet uitgevoerd", "WB44120"),
        ("marcação MC-20931 preciso de mudar", "MC-20931"),
    ],
)
def test_what_is_fetched_visited_or_agreed_on_has_a_number_too(text: str, number: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in personal_data(text)] == [("order", number)]
