"""The criteria of tone, each on sentences of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.understanding.tone.asking import asked_again
from comptoir.understanding.tone.names import first_name_used
from comptoir.understanding.tone.phrases import blaming_phrases, stock_phrases
from comptoir.understanding.tone.publicity import published_data
from comptoir.understanding.tone.register import register_of
from comptoir.understanding.tone.times import next_step_time


@pytest.mark.parametrize(
    ("reply", "name", "used"),
    [
        ("Bonjour Léa, voici.", "Léa", True),
        ("bonjour lea, voici", "Léa", True),
        ("Bonjour Madame.", "Léa", False),
        ("C'est plus clair ainsi.", "Clair", False),
        ("Écrit à lea@poste.example.", "Léa", False),
        ("Voici votre billet.\nThomas", "Thomas", False),
        ("Bonjour Jean Marc !", "Jean-Marc", True),
        ("Bonjour !", None, False),
    ],
)
def test_first_name_is_used_as_a_name(reply: str, name: str | None, used: bool):
    assert (first_name_used(reply, name) is not None) is used


@pytest.mark.parametrize(
    ("language", "reply", "given"),
    [
        ("fr", "Le technicien passe demain entre 8 h et 10 h.", True),
        ("fr", "Vous serez remboursé sous 3 jours.", True),
        ("fr", "Vous avez jusqu’au 12 décembre pour contester.", True),
        ("fr", "Nous sommes ouverts du lundi au vendredi de 9 h à 18 h.", False),
        ("fr", "La clim est réparée depuis 11 h.", False),
        ("fr", "Votre colis a été livré lundi.", False),
        ("fr", "Nous revenons vers vous dès que possible.", False),
        ("en", "An engineer will be with you by 3 pm.", True),
        ("en", "Your refund lands within 3 working days.", True),
        ("en", "We emailed you last Tuesday.", False),
        ("en", "Our lines are open 9 to 6 every day.", False),
    ],
)
def test_next_step_has_a_time_that_is_to_come(language: str, reply: str, given: bool):
    assert (next_step_time(reply, language) is not None) is given


@pytest.mark.parametrize(
    ("reply", "register"),
    [
        ("Envoyez une photo.", "vous"),
        ("Regarde dans l’appli, ça marche.", "tu"),
        ("Tu peux nous dire votre numéro ?", "mixed"),
        ("Merci d’indiquer le numéro de lot.", "none"),
        ("Le vôtre part lundi.", "vous"),
        ("Rendez-vous chez Martinez, assez près.", "none"),
        ("T’inquiète, c’est réglé.", "tu"),
    ],
)
def test_register_is_read_from_pronouns_and_imperatives(reply: str, register: str):
    assert register_of(reply, "fr") == register


def test_english_has_no_register():
    assert register_of("Your order leaves today, tell us.", "en") == "none"


@pytest.mark.parametrize("language", ["de", "ar", ""])
def test_a_language_without_rules_tells_no_register(language: str) -> None:
    assert register_of("Kannst du mir sagen, wann es kommt?", language) == "none"


@pytest.mark.parametrize(
    ("reply", "public"),
    [
        ("Je vous appelle au 06 39 98 41 07.", True),
        ("Un doute ? 06 39 98 74 45.", True),
        ("Notre standard : 01 99 00 44 10.", False),
        ("Écrivez à contact@atelier.example.", False),
        ("Nous sommes au 12 rue de Vesle, 51100 Reims.", False),
        ("La commande FR558213 est partie.", True),
        ("Bonjour Karim Benali.", False),
        ("C’est envoyé à k.benali@poste.example.", True),
    ],
)
def test_public_reply_must_not_carry_what_is_the_customers(reply: str, public: bool):
    known = {"order_number": "FR558213", "email": "k.benali@poste.example", "name": "Karim Benali"}
    assert bool(published_data(reply, "Où est ma commande ?", known, "fr")) is public


@pytest.mark.parametrize(
    ("message", "known", "reply", "again"),
    [
        ("Où est mon colis ?", {"order_number": "A-1"}, "Pouvez-vous nous donner votre numéro de commande ?", True),
        ("Où est mon colis ?", {}, "Pouvez-vous nous donner votre numéro de commande ?", False),
        ("Ascenseur en panne en gare de Tarbes", {}, "Dans quelle gare êtes-vous ?", True),
        ("Où est mon colis ?", {"phone": "06 39 98 41 07"}, "C’est bien le 06 39 98 41 07 ?", False),
        ("Mon four chauffe mal", {"product": "four"}, "Quelle est votre adresse ?", False),
        ("Il manque deux chaises", {}, "Combien de chaises manquent ?", True),
        ("Le bus 14 est en retard", {}, "Quel bus avez-vous pris ?", True),
        ("Le bus est en retard", {}, "Quel bus avez-vous pris ?", False),
        ("Mon mail : a@b.example", {}, "Quelle est votre adresse e-mail ?", True),
    ],
)
def test_what_is_held_or_said_is_not_asked_again(message: str, known: dict[str, str], reply: str, again: bool):
    assert (asked_again(reply, message, known, "fr") is not None) is again


@pytest.mark.parametrize(
    ("language", "reply", "stock"),
    [
        ("fr", "Votre demande sera traitée dans les plus brefs délais.", True),
        ("fr", "N’hésitez pas à revenir vers nous.", True),
        ("fr", "Votre satisfaction est au cœur de nos préoccupations.", True),
        ("fr", "Pardon pour la vis oubliée. Bonne soirée.", False),
        ("en", "We apologise for any inconvenience.", True),
        ("en", "Sorry the lid was missing.", False),
    ],
)
def test_stock_phrases_are_those_that_fit_any_reply(language: str, reply: str, stock: bool):
    assert bool(stock_phrases(reply, language)) is stock


@pytest.mark.parametrize(
    ("language", "reply", "blames"),
    [
        ("fr", "Vous auriez dû lire la notice.", True),
        ("fr", "Vous auriez dû recevoir un SMS.", False),
        ("fr", "Vous n’y êtes pour rien.", False),
        ("fr", "Il fallait venir plus tôt.", True),
        ("en", "You should have read the terms.", True),
        ("en", "None of it is your fault.", False),
    ],
)
def test_blame_is_told_from_taking_the_fault_off(language: str, reply: str, blames: bool):
    assert bool(blaming_phrases(reply, language)) is blames


_ASKING = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parents[2] / "training/tone/asking_again.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("language", "held", "again", "reply"), _ASKING)
def test_a_request_for_what_is_held_is_heard_however_it_is_put(language: str, held: str, again: str, reply: str):
    message = "Bonjour, toujours rien." if language == "fr" else "Hello, still nothing."
    assert (asked_again(reply, message, {held: "AB-1182"}, language) is not None) is (again == "yes")
