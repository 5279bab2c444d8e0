"""Numbers drawn by chance, written as people write them, in sentences of seven languages: each is found, whole."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comptoir.understanding.language import languages_of
from comptoir.understanding.personal_data import personal_data
from training.personal_data.sentences import Sentence, found_in, sentences


def read(text: str) -> list[tuple[str, str]]:
    """As `comptoir understand` reads it: the language has to be guessed."""
    found = personal_data(text, language=languages_of([text])[0], incoming=True)
    return [(one.kind, text[one.start : one.end]) for one in found]


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def grouped(number: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, begun = [], 0
    for size in sizes:
        parts.append(number[begun : begun + size])
        begun += size
    return gap.join([*parts, number[begun:]] if number[begun:] else parts)


def with_luhn(body: str) -> str:
    total = sum(
        sum(divmod(int(sign) * 2, 10)) if place % 2 == 0 else int(sign) for place, sign in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def iban(country: str, account: str) -> str:
    rest = int("".join(str(int(sign, 36)) for sign in account + country + "00")) % 97
    return f"{country}{98 - rest:02d}{account}"


@st.composite
def french_numbers(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from("1234567")) + draw(digits(8))
    start = draw(st.sampled_from(["0", "+33 ", "+33", "0033 ", "+33 (0)", "+33(0)"]))
    gap = draw(st.sampled_from([" ", ".", "-", ""]))
    return start + number[0] + (gap + grouped(number[1:], (2, 2, 2, 2), gap) if gap else number[1:])


@st.composite
def ibans(draw: st.DrawFn) -> str:
    country, length, bank = draw(
        st.sampled_from(
            [
                ("FR", 23, ""),
                ("BE", 12, ""),
                ("DE", 18, ""),
                ("ES", 20, ""),
                ("PT", 21, ""),
                ("NL", 10, "RABO"),
                ("GB", 14, "BARC"),
            ]
        )
    )
    number = iban(country, bank + draw(digits(length)))
    written = draw(st.sampled_from([number, grouped(number, (4,) * (len(number) // 4), " ")]))
    return draw(st.sampled_from([written, written.lower()]))


@st.composite
def cards(draw: st.DrawFn) -> str:
    number = with_luhn(draw(st.sampled_from(["4", "51", "55", "2221"])) + draw(digits(15)))[:16]
    number = with_luhn(number[:15])
    return draw(st.sampled_from([number, grouped(number, (4, 4, 4, 4), " "), grouped(number, (4, 4, 4, 4), "-")]))


@st.composite
def social_security_numbers(draw: st.DrawFn) -> str:
    month, department = draw(st.integers(1, 12)), draw(st.sampled_from(["2A", "2B", "75", "13", "59", "99"]))
    body = f"{draw(st.sampled_from('12'))}{draw(digits(2))}{month:02d}{department}{draw(digits(6))}"
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    return draw(
        st.sampled_from(
            [f"{body}{key:02d}", f"{body} {key:02d}", grouped(f"{body}{key:02d}", (1, 2, 2, 2, 3, 3, 2), " ")]
        )
    )


@st.composite
def french_addresses(draw: st.DrawFn) -> str:
    number = draw(st.integers(1, 250))
    also = draw(st.sampled_from(["", " bis", " ter", "B"]))
    street = draw(
        st.sampled_from(["rue", "avenue", "av.", "bd", "boulevard", "allée", "impasse", "chemin", "place", "quai"])
    )
    name = draw(
        st.sampled_from(
            [
                "Pasteur",
                "de la République",
                "du Général-Leclerc",
                "des Lilas",
                "Jean Jaurès",
                "de l'Église",
                "du 8 mai 1945",
            ]
        )
    )
    code = draw(st.sampled_from(["75011", "69002", "06000", "33 000", "59800"]))
    town = draw(st.sampled_from(["Paris", "Lyon", "Saint-Étienne", "La Rochelle", "Aix-en-Provence", "Lille Cedex 9"]))
    before, after = draw(st.sampled_from([" ", ", "])), draw(st.sampled_from([", ", " ", " - "]))
    return f"{number}{also}{before}{street} {name}{after}{code} {town}"


_SAID = ["Bonjour, c'est le {} merci", "Voici : {}", "Je répète : {}.", "rappel : {} (à noter)", "{}", "« {} », svp"]


@settings(max_examples=150, deadline=None)
@example("Bonjour, c'est le {} merci", "+33 633180213")  # passes the check of a Belgian national number
@example("Bonjour, c'est le {} merci", "+33101955386")  # and of a Brazilian tax number
@given(st.sampled_from(_SAID), french_numbers())
def test_french_telephone_numbers_are_found(said: str, number: str) -> None:
    assert read(said.format(number)) == [("phone", number)]


@pytest.mark.parametrize("number", ["85.07.30-033.28", "85.07.30 033 28", "85.27.30-033.71"])
def test_belgian_national_numbers_are_found(number: str) -> None:
    assert read(f"Je suis née en Belgique : {number}.") == [("nir", number)]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_SAID), ibans())
def test_bank_accounts_are_found_in_any_writing(said: str, number: str) -> None:
    assert read(said.format(number)) == [("iban", number)]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_SAID), cards())
def test_cards_are_found_in_any_grouping(said: str, number: str) -> None:
    assert read(said.format(number)) == [("card", number)]


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(_SAID), social_security_numbers())
def test_social_security_numbers_are_found_also_of_corsica(said: str, number: str) -> None:
    assert read(said.format(number)) == [("nir", number)]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["J'habite au {}.", "Adresse : {}", "livrez au {} svp", "Colis attendu au {}, rien reçu"]),
    french_addresses(),
)
def test_french_addresses_are_found_whole(said: str, address: str) -> None:
    assert read(said.format(address)) == [("address", address)]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            "Ma commande {} n'arrive pas",
            "My order {} is late",
            "Meine Bestellung {} fehlt",
            "mi pedido {} no llega",
            "il mio ordine {} non arriva",
            "mijn bestelling {} is kwijt",
            "a minha encomenda {} não chega",
        ]
    ),
    st.sampled_from(["", "n° ", "#", ": "]),
    st.integers(100_000, 999_999).map(str),
)
def test_numbers_of_orders_are_found_in_seven_languages(said: str, label: str, number: str) -> None:
    assert read(said.format(label + number)) == [("order", number)]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        ["où est {} ?", "Wo bleibt {}?", "where is {}", "¿dónde está {}?", "dov'è {}?", "waar blijft {}?", "cadê {}?"]
    ),
    st.sampled_from(["", "AB ", "3S", "JD", "CX "]),
    digits(9),
)
def test_whoever_asks_where_a_number_is_speaks_of_an_order(said: str, letters: str, number: str) -> None:
    assert read(said.format(letters + grouped(number, (4, 4), " "))) == [
        ("order", letters + grouped(number, (4, 4), " "))
    ]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("contrat auto n° A 5520 8841 à résilier", ("customer", "A 5520 8841")),
        ("Stornieren Sie bitte B-99817", ("order", "B-99817")),
        ("annulez B-99817, mauvaise taille", ("order", "B-99817")),
        ("over SN/24/118203, is er nieuws?", ("order", "SN/24/118203")),
        ("meter S 4471 8820 was never mine", ("customer", "S 4471 8820")),
        ("remboursez le retour, dossier ZPL 4MX", ("order", "ZPL 4MX")),
        ("noté livré mais non : 6A 14872 2900 17", ("order", "6A 14872 2900 17")),
    ],
)
def test_numbers_of_matters_and_people_are_found_whole(text: str, piece: tuple[str, str]) -> None:
    assert read(text) == [piece]


@pytest.mark.parametrize(
    "text",
    [
        "mon compteur affiche 04512 87 33",
        "lectura del contador: 44718",
        "augmentez mon plafond de virement à 3000",
        "le TGV 6612 de 17h04 est annulé",
        "Velocidade contratada: 500",
        "il vide mon compte, 200 200 200, coupez tout",
        "le serveur 192.43.227.18 ne répond plus",
        "verify your identity at verdon-secure.example/login",
        "pay £1.45 at redeliver-now.example to release it",
    ],
)
def test_what_meters_amounts_trains_and_machines_show_is_nobodys(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mein Handy: {}", "0171 1234567"),
        ("Tel. {}", "030/12345678"),
        ("mi móvil es {}", "612 34 56 78"),
        ("tfno {}", "91-123-45-67"),
        ("il mio numero è {}", "347 123 4567"),
        ("mijn nummer is {}", "06-12 34 56 78"),
        ("o meu telemóvel é {}", "912 345 678"),
        ("call me on {}", "07911 123 456"),
        ("my cell is {}", "(212) 555-0147"),
        ("mon gsm {}", "0475/12.34.56"),
        ("Natel {}", "079 123 45 67"),
        ("mon cell {}", "514-555-0143"),
        ("WhatsApp {}", "+55 (11) 91234-5678"),
    ],
)
def test_telephone_numbers_of_other_countries_are_found(text: str, number: str) -> None:
    assert read(text.format(number)) == [("phone", number)]


@pytest.mark.parametrize(
    "text",
    [
        "votre numéro, le 01 55 44 33 22, sonne dans le vide",
        "your helpline on 0345 600 1234 is always busy",
        "Ihre Adresse, Musterstraße 1, 12345 Berlin, stimmt die noch?",
        "le 09 69 32 10 00 que vous affichez ne marche pas",
        "vous êtes bien au 25 rue du Commerce, 75015 Paris ?",
    ],
)
def test_what_a_customer_says_to_be_the_companys_is_no_personal_data(text: str) -> None:
    assert read(text) == []


def test_what_a_reply_says_to_be_the_customers_is_personal_data() -> None:
    assert [one.kind for one in personal_data("Nous appelons votre numéro, le 06 55 44 33 22")] == ["phone"]


@pytest.mark.parametrize(
    "text",
    ["votre conseiller a mon numéro, le 06 55 44 33 22", "Votre agence garde mon adresse, 3 rue Basse, 75001 Paris"],
)
def test_what_a_customer_says_to_be_their_own_stays_personal_data(text: str) -> None:
    assert len(read(text)) == 1


@pytest.mark.parametrize(
    "number", ["0 800 123 456", "0825 12 34 56", "3900", "36 31", "0800 3301000", "900 123 456", "808 200 123"]
)
def test_numbers_that_only_companies_have_are_nobodys(number: str) -> None:
    language = {"0800 3301000": "de", "900 123 456": "es", "808 200 123": "pt"}.get(number, "fr")
    assert personal_data(f"Tel. {number}", language=language) == []


@pytest.mark.parametrize(
    "sentence", [one for one in sentences() if not one.kept_out and not one.pieces], ids=lambda one: one.text
)
def test_sentences_without_personal_data_give_none(sentence: Sentence) -> None:
    assert found_in(sentence) == frozenset()
