"""What a reply asks the customer for."""

from __future__ import annotations

import pytest

from comptoir.understanding.asking import asked_for


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Bonjour, pouvez-vous nous communiquer votre numéro de commande ?", ["order"]),
        ("Merci de nous indiquer votre adresse e-mail et votre numéro de téléphone.", ["email", "phone"]),
        ("Quelle est votre adresse postale ?", ["address"]),
        ("Il nous faudrait votre numéro client.", ["customer"]),
        ("Could you please send us your order number and your phone number?", ["order", "phone"]),
        ("What is your delivery address?", ["address"]),
        ("Peux-tu m’envoyer la référence de ta commande ?", ["order"]),
    ],
)
def test_it_is_found_in_words_that_want_it(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in asked_for(text)] == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Votre numéro de commande est le 12345.",
        "Nous avons bien reçu votre adresse e-mail.",
        "Votre colis part demain. Pouvez-vous patienter ?",
        "We have found your order number.",
        "",
    ],
)
def test_what_is_only_spoken_of_is_not_asked_for(text: str) -> None:
    assert asked_for(text) == []


def test_it_says_where() -> None:
    text = "Bonjour. Merci de donner le numéro de commande."
    (one,) = asked_for(text)
    assert text[one.start : one.end] == "numéro de commande"
