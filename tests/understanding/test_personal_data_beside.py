"""What stands beside a number or a street: words that speak for it there alone, doors, codes, the next word."""

from __future__ import annotations

import pytest

from comptoir.understanding.language import languages_of
from comptoir.understanding.personal_data import personal_data


def read(text: str) -> list[tuple[str, str]]:
    """As `comptoir understand` reads it: the language has to be guessed."""
    found = personal_data(text, language=languages_of([text])[0], incoming=True)
    return [(one.kind, text[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("our hire agreement 3308 1744 says two drivers", "order", "3308 1744"),
        ("Mein Mietwagen 3308 1744 stand nicht bereit", "order", "3308 1744"),
        ("mijn pakbon 330817, er ontbreekt een doos", "order", "330817"),
        ("Ihre Vorteilskarte XS 494959 wird nicht erkannt", "customer", "XS 494959"),
        ("MileagePlus RW-284498 has no points from May", "customer", "RW-284498"),
        ("mijn overeenkomst HF9529125 loopt af", "customer", "HF9529125"),
    ],
)
def test_a_word_said_of_much_else_speaks_for_the_number_right_behind_it(text: str, kind: str, number: str) -> None:
    assert read(text) == [(kind, number)]


@pytest.mark.parametrize(
    "text", ["we rented a hire car, 3308 people waited", "mijn ledenpas is leuk, 3308 mensen hebben hem"]
)
def test_such_a_word_says_nothing_of_a_number_further_on(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Leitungsschutznummer 448209, wann kommt jemand?", "448209"),
        ("meldcodenr. 44-8209, nog geen antwoord", "44-8209"),
        ("ref number 2025/34389, nobody called back", "2025/34389"),
    ],
)
def test_what_is_numbered_by_no_known_word_is_a_matter(text: str, number: str) -> None:
    assert read(text) == [("order", number)]


@pytest.mark.parametrize(
    "text",
    [
        "Materialnummer 00611475 lieferbar?",
        "Hausnummer 4412 wird nicht gefunden",
        "GTIN 04006381333931",
        "part number 00611475 in stock?",
        "Barcode 4006381333931 wird nicht erkannt",
        "AZ 1708 gestern drei Stunden zu spät",
        "ISBN 978-3-86680-192-9 kam zerrissen an",
        "Stellplatz 118 war belegt",
        "Galaxy A54 1299 euros, et le chargeur ?",
        "l'application 14.2.1 plante sur mon téléphone",
    ],
)
def test_what_products_flights_and_places_are_numbered_by_is_nobodys(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("claim 30817-44 I want an answer", "30817-44"),
        ("RMA R931-0221, you've had it 5 weeks", "R931-0221"),
        ("USPS 9205 5901 6491 7312 4482 09 says delivered", "9205 5901 6491 7312 4482 09"),
    ],
)
def test_neither_the_next_word_nor_what_a_number_is_called_is_part_of_it(text: str, number: str) -> None:
    assert read(text) == [("order", number)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Es geht um DR-20931. Warum so teuer?", "DR-20931"),
        ("still no sign of 10099281, due on 5 April", "10099281"),
        ("ik wacht nog op 10099281, zou 5 april komen", "10099281"),
    ],
)
def test_whoever_begins_with_a_number_has_a_matter(text: str, number: str) -> None:
    assert read(text) == [("order", number)]


def test_a_number_is_not_the_customers_where_the_customer_has_another() -> None:
    assert read("Re: 2024-44-1190 / customer 3302-118") == [("order", "2024-44-1190"), ("customer", "3302-118")]


@pytest.mark.parametrize(
    "address",
    [
        "Neubaugasse 44/Top 9, 1070 Wien",
        "Leopoldstraße 10/II, 80802 München",
        "Kastanienallee 7, VH 3. OG, 10435 Berlin",
        "C 4, 12, 68159 Mannheim",
        "Zur alten Mühle 8, 49078 Osnabrück",
        "am alten sportplatz 3, 31655 stadthagen",
        "goethestr 15 60313 frankfurt",
        "Neuer Wall 3, Hamburg",
    ],
)
def test_german_streets_have_doors_on_them_and_are_typed_small(address: str) -> None:
    assert read(f"wir wohnen {address}") == [("address", address)]


@pytest.mark.parametrize(
    "address",
    [
        "18 albion rd, leeds, ls2 7bq",
        "16a Dean street, Newcastle, ne1 1pg",
        "3/2, 88 Byres Road, Glasgow G12 8TW",
        "Ground Floor Flat, 31 Brunswick Square, Hove BN3 1EJ",
        "106B Camberwell Grove, London, SE5",
        "22b Harcourt Terrace, Dublin 2, D02 XY45",
        "Ballyroe, Tralee, Co. Kerry, V92 F1K8",
        "550 W 45th St Apt 1207, New York, NY 10036",
        "221 N Main St, Ann Arbor, MI 48104-1234",
    ],
)
def test_english_addresses_begin_with_their_flat_and_end_with_their_code(address: str) -> None:
    assert read(f"I live at {address}") == [("address", address)]


@pytest.mark.parametrize(
    "address",
    [
        "'s-Gravendijkwal 77, 3021 EE Rotterdam",
        "2e Jan Steenstraat 14, 1073 VL Amsterdam",
        "Plein 1944 nr 12, 6511 JE Nijmegen",
        "Van Ostadestraat 203 3-hoog, 1073 TN Amsterdam",
        "Kerkplein 3, 3e verdieping, 9700 Oudenaarde",
        "Meir 44 b3, 2000 Antwerpen",
        "hoofdstr 18, 9401 aa assen",
    ],
)
def test_dutch_streets_begin_and_their_numbers_end_in_many_ways(address: str) -> None:
    assert read(f"het pakket moest naar {address}") == [("address", address)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("bei uns in der Gartenstr 22, Köln ist seit 6 Uhr kein Wasser", "Gartenstr 22, Köln"),
        ("Rechnungsadresse Lange Gasse 11, 86152 Augsburg", "Lange Gasse 11, 86152 Augsburg"),
        ("Internet op Oude Molenweg 8, 7412 AB Deventer ligt plat", "Oude Molenweg 8, 7412 AB Deventer"),
    ],
)
def test_a_sentence_goes_on_before_and_behind_an_address(text: str, address: str) -> None:
    assert read(text) == [("address", address)]


def test_a_word_behind_a_tax_number_is_no_part_of_it() -> None:
    assert read("USt-IdNr. DE123456789 steht auf eurer Rechnung") == [("tax", "DE123456789")]


@pytest.mark.parametrize("number", ["0172-448 20 91", "0151-44 718 203"])
def test_a_mobile_is_found_however_it_is_grouped(number: str) -> None:
    assert read(f"unter {number} bin ich tagsüber da") == [("phone", number)]


def test_the_end_of_a_card_is_no_mobile() -> None:
    assert ("phone", "0685 6711 4362") not in read("votre carte cadeau 4295 0685 6711 4362 marche en ligne ?")
