"""A customer without a name is greeted without one, and no brace is left where the sentence does without it."""

from __future__ import annotations

import pytest

from comptoir.catalogue.filling import filled, unfilled
from comptoir.contacts.models import Contact
from tests.factories import make_conversation, make_identity

NOBODY = {"name": "", "first_name": "", "agent_name": "Awa"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Bonjour {first_name}, voici le suivi.", "Bonjour, voici le suivi."),
        ("Bonjour {first_name} !", "Bonjour !"),
        ("Bonjour {first_name} {name}, merci.", "Bonjour, merci."),
        ("Bonjour, {first_name}, votre colis part.", "Bonjour, votre colis part."),
        ("Merci {first_name} pour ces mots.", "Merci pour ces mots."),
        ("À bientôt, {first_name}\u00a0!\nAwa", "À bientôt\u00a0!\nAwa"),
        ("Bonne journée, {first_name}.", "Bonne journée."),
        ("{first_name}, votre colis part.", "Votre colis part."),
        ("Hello {first_name},\nwe are checking.", "Hello,\nwe are checking."),
        ("Thank you very much {name}!", "Thank you very much!"),
        ("Guten Tag {first_name}, {agent_name} hier.", "Guten Tag, Awa hier."),
    ],
)
def test_the_name_falls_away_with_its_comma(written: str, read: str) -> None:
    assert filled(written, NOBODY) == read


@pytest.mark.parametrize("written", ["Chère {first_name},", "Le colis de {name} part.", "Ce colis, {name}, part."])
def test_a_name_that_the_sentence_needs_stays_to_be_filled_in(written: str) -> None:
    assert unfilled(filled(written, NOBODY))


def test_a_name_that_is_known_is_said() -> None:
    known = NOBODY | {"name": "Nadia Roux", "first_name": "Nadia"}
    assert filled("Bonjour {first_name}, merci.", known) == "Bonjour Nadia, merci."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Bonjour {first_name}, merci.", "Bonjour, merci."),
        ("Hello {first_name}! Yes.", "Hello! Yes."),
        ("Bonjour {first_name} {name}, merci.", "Bonjour Atelier des Ormeaux, merci."),
        ("Bonjour {name}, merci.", "Bonjour Atelier des Ormeaux, merci."),
    ],
)
def test_a_company_has_a_name_and_no_first_name(written: str, read: str) -> None:
    assert filled(written, {"name": "Atelier des Ormeaux", "first_name": ""}) == read


def test_a_name_that_nobody_looked_up_stays() -> None:
    assert filled("Bonjour {first_name}, merci.", {"brand": "Maison"}) == "Bonjour {first_name}, merci."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("identity", "contact", "called", "first"),
    [
        ({"name": "Nadia Roux"}, "Nadia", "Nadia Roux", "Nadia"),
        ({"name": ""}, "Nadia  Roux", "Nadia Roux", "Nadia"),
        ({"name": "", "handle": "visiteur-2"}, "visiteur-2", "", ""),
        ({"name": "", "external_id": "4471"}, "4471", "", ""),
        ({"name": "Atelier des Ormeaux"}, "", "Atelier des Ormeaux", ""),
    ],
)
def test_a_handle_is_no_name_nor_a_companys_a_first_name(
    identity: dict[str, str], contact: str, called: str, first: str
) -> None:
    person = Contact.objects.create(name=contact)
    conversation = make_conversation(identity=make_identity(contact=person, **identity))
    assert conversation.customer_name == called
    assert conversation.customer_first_name == first
