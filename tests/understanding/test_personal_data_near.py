"""Personal data beside what looks like it: where a town ends, whose card and mailbox it is, what a code delivers to."""

from __future__ import annotations

import pytest

from comptoir.understanding.language import languages_of
from comptoir.understanding.personal_data import personal_data


def read(text: str) -> list[tuple[str, str]]:
    """As `comptoir understand` reads it: the language has to be guessed."""
    found = personal_data(text, language=languages_of([text])[0], incoming=True)
    return [(one.kind, text[one.start : one.end]) for one in found]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("je loge au 3 rue Basse, 44000 Nantes et Orange me dit non", "3 rue Basse, 44000 Nantes"),
        ("on est au 22 rue Basse à Tours, plus d'eau", "22 rue Basse à Tours"),
        ("seit gestern kein Strom, Breite Straße 4 in Lübeck", "Breite Straße 4 in Lübeck"),
        ("I live at 14a Victoria Road, Leeds and there is no water", "14a Victoria Road, Leeds"),
        ("livrez 37 rue de Verdun 59000 lille, merci", "37 rue de Verdun 59000 lille"),
    ],
)
def test_an_address_goes_to_its_town_and_no_further(text: str, address: str) -> None:
    assert read(text) == [("address", address)]


@pytest.mark.parametrize(
    "address",
    [
        "Résidence du Parc bâtiment B, 14 avenue Foch, 54000 Nancy",
        "Appt 34 - 12 rue Hoche - 93100 Montreuil",
        "The Old Mill, 2 Bridge Street, Ludlow, SY8 1AA",
    ],
)
def test_an_address_begins_with_its_house_and_its_flat(address: str) -> None:
    assert read(address) == [("address", address)]


@pytest.mark.parametrize(
    "address",
    ["17 Grande Rue, 25000 Besançon", "102 ter route nationale 7, 84000 Avignon", "12 Smith St, Fitzroy VIC 3065"],
)
def test_streets_and_codes_of_other_forms_are_whole(address: str) -> None:
    assert read(address) == [("address", address)]


@pytest.mark.parametrize("address", ["kerkstraat 12, 1234 ab hilversum", "musterweg 12 in 50667 köln"])
def test_an_address_typed_all_small_is_found_by_its_code(address: str) -> None:
    assert read(address) == [("address", address)]


@pytest.mark.parametrize(
    "text",
    [
        "la Galaxy A54 128 Go est-elle en stock",
        "les 35000 Rennais sans bus",
        "le 75 boulevard périphérique bouche encore",
        "24 Hour Drive thru shut",
        "Umweg 20 Minuten",
        "flight U28712 was late",
    ],
)
def test_what_is_counted_or_flown_is_no_address_and_no_order(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "die Filiale in der Hauptstr. 12 war zu",
        "jullie winkel Hoofdstraat 12 is dicht",
        "la tienda de Calle Mayor 12 de Zaragoza está cerrada",
        "a loja da Rua do Ouro 12 em Lisboa está fechada",
    ],
)
def test_a_shop_by_its_address_is_the_companys(text: str) -> None:
    assert read(text) == []


def test_the_mailbox_that_one_is_told_to_write_to_is_the_companys() -> None:
    assert read("Écrivez à contact@boutique-lumen.fr, et personne ne répond") == []


def test_a_mailbox_of_a_customers_own_firm_stays_theirs() -> None:
    assert read("écrivez-moi à contact@garage-lumen.fr") == [("email", "contact@garage-lumen.fr")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("mon ID joueur {}, tout est perdu", "773920184"),
        ("Spieler-ID {}", "88204417"),
        ("Bahncard-Nummer {} geht nicht", "7081 4188 2044 7182"),
        ("carte Navigo {} démagnétisée", "0104882271"),
        ("my account no I think is {}", "8820 4471"),
        ("Kd-Nr. {}", "88.204"),
    ],
)
def test_players_travellers_and_members_are_customers(text: str, number: str) -> None:
    assert read(text.format(number)) == [("customer", number)]


def test_a_loyalty_card_that_passes_for_a_payment_card_is_none() -> None:
    assert read("ma carte de fidélité 4111 1111 1111 1111")[0][0] == "customer"
    assert read("ma carte 4111 1111 1111 1111")[0][0] == "card"


def test_the_ean_of_a_meter_is_the_customers_and_that_of_a_product_nobodys() -> None:
    assert read("mijn EAN is 871687140004471829") == [("customer", "871687140004471829")]
    assert read("artikel met EAN 4006381333931") == []
