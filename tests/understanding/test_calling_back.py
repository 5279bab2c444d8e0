"""Customers who ask to be called."""

from __future__ import annotations

import time

import pytest

from comptoir.understanding.calling_back import asks_to_be_called


@pytest.mark.parametrize(
    "text",
    [
        "Rappelez-moi au 06 12 34 56 78 svp",
        "Bonjour, rappelez moi.",
        "Pouvez-vous me rappeler demain matin ?",
        "Merci de bien vouloir me rappeler.",
        "Merci de me rappeler rapidement",
        "Je souhaite être rappelée dès que possible.",
        "J'aimerais que quelqu’un me rappelle",
        "Est-ce qu’un conseiller pourrait m’appeler ?",
        "Contactez-moi par téléphone",
        "Please call me back.",
        "Could someone call me about my order?",
        "Call me on +44 20 7946 0000",
        "I’d like a call back",
        "I would like a phone call",
    ],
)
def test_who_asks_to_be_called_is_heard(text: str) -> None:
    assert asks_to_be_called(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vous m’avez rappelé hier, merci.",
        "Je vous rappelle que ma commande n’est pas arrivée.",
        "Ne me rappelez pas, écrivez-moi.",
        "N’essayez pas de m’appeler",
        "Don’t call me back.",
        "J’ai appelé trois fois sans réponse",
        "Je m’appelle Léa",
        "Appelez-moi Léa",
        "You called me yesterday",
        "Your call centre never answers",
        "Rappel de produit : le lot 12 est concerné",
        "Contactez-moi en message privé",
    ],
)
def test_who_speaks_of_calls_does_not_ask_for_one(text: str) -> None:
    assert not asks_to_be_called(text)


def test_long_texts_are_read_in_linear_time() -> None:
    begun = time.process_time()
    for repeated in ("merci de ", "pouvez-vous x ", "rappelez-moi x ", "n'" * 3, "please call ", "être "):
        asks_to_be_called(repeated * 20_000)
    assert time.process_time() - begun < 5
