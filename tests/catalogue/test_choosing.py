"""Which answer is given where, and who answers with what."""

from __future__ import annotations

import pytest

from comptoir.catalogue.choosing import Occasion, chosen_variant, uses_of
from comptoir.catalogue.models import AnswerVariant
from tests.factories import make_agent, make_team


def variant(text: str, language: str = "fr", **fields: str) -> AnswerVariant:
    return AnswerVariant(text=text, language=language, position=0, **fields)


def chosen(*variants: AnswerVariant, home: str = "fr", longest: int = 1000, **fields: str) -> str | None:
    occasion = {"language": "fr", "channel": "email", "visibility": "private", "register": "formal"} | fields
    found = chosen_variant(variants, Occasion(**occasion, fits=lambda text: len(text) <= longest), home=home)
    return found.text if found else None


def test_the_customers_language_goes_first_then_the_entrys_own_then_english():
    french, english, german = variant("F"), variant("E", "en"), variant("D", "de")
    assert chosen(french, english, german, language="de") == "D"
    assert chosen(english, french, language="it", home="fr") == "F"
    assert chosen(variant("P", "pt"), english, language="it", home="fr") == "E"


def test_what_fits_the_channel_goes_before_what_is_more_precise():
    assert chosen(variant("long" * 10, channel="email"), variant("court"), longest=20) == "court"


def test_what_was_written_for_the_channel_goes_before_what_is_for_any():
    assert chosen(variant("A"), variant("B", channel="email")) == "B"
    assert chosen(variant("A"), variant("B", channel="bluesky")) == "A"


def test_the_register_is_the_customers():
    both = (variant("vous", register="formal"), variant("tu", register="familiar"))
    assert (chosen(*both), chosen(*both, register="familiar")) == ("vous", "tu")


def test_private_words_are_not_given_in_public():
    private = variant("IBAN", visibility="private")
    assert chosen(private, visibility="public") is None
    assert chosen(private, variant("Écrivez-nous"), visibility="public") == "Écrivez-nous"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "purposes", "expected"),
    [
        ("agent", ["service"], ("service",)),
        ("agent", [], ("service",)),
        ("agent", ["service", "marketing"], ("service", "marketing")),
        ("community_manager", ["marketing"], ("marketing",)),
        ("community_manager", ["service"], ("service", "marketing")),
        ("supervisor", ["service"], ("service", "marketing")),
    ],
)
def test_who_answers_for_whom(role: str, purposes: list[str], expected: tuple[str, ...]):
    agent = make_agent(role=role, teams=[make_team(purpose=purpose) for purpose in purposes])
    assert uses_of(agent) == expected
