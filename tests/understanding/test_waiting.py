"""Customers who say that they wait for us."""

from __future__ import annotations

import pytest

from comptoir.understanding.reader import Reader
from comptoir.understanding.waiting import waits_for_us, wishes_for_more


@pytest.mark.parametrize(
    "text",
    [
        "D’accord, merci. J’attends de vos nouvelles.",
        "j'attends votre réponse",
        "Dans l’attente de votre retour, cordialement.",
        "Nous attendons une réponse",
        "Tenez-moi au courant, merci !",
        "Merci de me répondre",
        "Merci d’avance",
        "Thanks! Looking forward to hearing from you",
        "Great, keep me posted",
    ],
)
def test_they_wait(text: str) -> None:
    assert waits_for_us(text)


@pytest.mark.parametrize(
    "text",
    ["Ouf. Merci.", "Merci de nous avoir répondu si vite", "Merci pour votre réponse", "Je n’attends plus rien de vous",
     "Thanks for the quick reply!", "Merci de votre retour"],
)  # fmt: skip
def test_they_do_not(text: str) -> None:
    assert not waits_for_us(text)


def test_kind_words_that_wait_call_for_an_answer() -> None:
    kind, waiting = Reader().understand(
        ["Merci beaucoup !", "D’accord, merci. J’attends de vos nouvelles."], light=True
    )
    assert (kind.needs_answer, waiting.needs_answer) == (False, True)


WISHES = [
    "Merci beaucoup je vous adore, rappelez-moi",
    "Merci ❤️ je voudrais en commander deux autres",
    "Merci, c’est noté. J’attends.",
    "Merci, vous êtes les meilleurs, j’ai perdu mon code de suivi",
    "Great, thanks a lot, I want my money back",
    "Lovely, thank you! I’d like a second one",
    "Merci, je souhaite une belle remise",
]


@pytest.mark.parametrize("text", WISHES)
def test_kind_words_that_wish_for_something_besides_call_for_an_answer(text: str) -> None:
    assert wishes_for_more(text)
    assert [Reader().understand([text], light=light)[0].needs_answer for light in (True, False)] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "Je voulais juste vous remercier", "Je voudrais vous dire merci", "J’aimerais tous vous féliciter", "Merci !",
        "I just want to thank you", "I’d like to say thanks", "I like your shop", "Merci de votre retour",
        "Merci, je souhaite un bon week-end à tous", "Bravo, je souhaite à toute l’équipe une très belle année",
        "Merci ! Je voudrais surtout vous remercier",
    ],
)  # fmt: skip
def test_kind_words_alone_wish_for_nothing(text: str) -> None:
    assert not wishes_for_more(text)
