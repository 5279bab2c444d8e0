"""A reply as a whole: every criterion at once, its hints, and texts nobody expects."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.understanding.tone.checking import Reply, check_reply
from comptoir.understanding.tone.grievances import complaint_points
from comptoir.understanding.tone.hints import hints
from comptoir.understanding.tone.wording import EXPLANATIONS

_GOOD = Reply(
    customer_message="Mon canapé est arrivé avec un pied cassé et le livreur est parti sans attendre.",
    first_name="Léa",
    reply="Bonjour Léa, recevoir un canapé au pied cassé et voir partir le livreur, c’est rageant. "
    "Je m’occupe du remplacement : vous l’avez jeudi au plus tard.",
    public=False,
    language="fr",
)
_BAD = Reply(
    customer_message="Ma commande FR558213 n’est toujours pas livrée",
    first_name="Karim",
    known={"order_number": "FR558213"},
    reply="Bonjour, merci de nous indiquer votre numéro de commande !!! N'hésitez pas. Tu auras une réponse...",
)


def test_good_reply_meets_the_criteria():
    checked = check_reply(_GOOD)
    assert checked.complaint_points
    assert checked.points_taken_up
    assert (checked.uses_first_name, checked.reassures, checked.has_next_step_with_time) == (True, True, True)
    assert (checked.stock_phrase, checked.blames_customer, checked.register) == (False, False, "vous")


def test_points_are_the_messages_own_words_and_those_taken_up_among_them():
    for reply in (_GOOD, _BAD):
        checked = check_reply(reply)
        assert all(point in reply.customer_message for point in checked.complaint_points)
        assert set(checked.points_taken_up) <= set(checked.complaint_points)


def test_hints_say_what_is_missing_and_where():
    told = {hint.kind: hint for hint in hints(_BAD)}
    assert {"first_name", "stock", "known", "register", "shouting", "ellipsis", "next_step"} <= set(told)
    assert _BAD.reply[told["shouting"].start : told["shouting"].end] == "!!!"
    assert all(hint.said() for hint in told.values())


def test_private_reply_publishes_nothing():
    reply = Reply(customer_message="", reply="Je vous appelle au 06 39 98 41 07.", public=False)
    assert check_reply(reply).public_personal_data is False


def test_channel_has_its_register():
    reply = Reply(customer_message="", reply="Salut, tkt, par la présente nous accusons réception.", language="fr")
    assert "familiar" in {hint.kind for hint in hints(reply, channel="email")}
    assert "stiff" in {hint.kind for hint in hints(reply, channel="live_chat")}


@settings(max_examples=12, deadline=None)
@given(
    st.text(max_size=400),
    st.text(max_size=400),
    st.one_of(st.none(), st.text(max_size=30)),
    st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=3),
)
def test_any_text_has_an_answer_and_spans_within_it(message: str, reply: str, name: str | None, known: dict[str, str]):
    whole = Reply(customer_message=message, reply=reply, first_name=name, known=known)
    checked = check_reply(whole)
    assert all(point in message for point in checked.complaint_points)
    for hint in hints(whole, checked):
        assert hint.kind in EXPLANATIONS
        assert 0 <= hint.start <= hint.end <= len(message if hint.kind == "point" else reply)


def test_long_hostile_texts_take_bounded_time():
    check_reply(_GOOD)
    for text in (
        "a" * 200_000,
        "vous avez " * 20_000,
        "1 " * 50_000,
        "(" * 100_000,
        "lundi à 8 h, " * 10_000,
        "@" * 50_000 + " 06",
    ):
        begun = time.process_time()
        check_reply(Reply(customer_message=text, reply=text, first_name="a" * 500, known={"order_number": text}))
        assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    ("reply", "blames"),
    [
        ("Bonjour, vous n'avez toujours pas renvoyé le formulaire, l'aide s'est donc arrêtée.", True),
        ("Bonjour, nous avions oublié de brancher la prise : l'erreur vient de notre atelier.", False),
        ("Bonjour, vous aviez demandé une chambre au calme et nous vous avons mis sur la rue.", False),
        ("Bonjour, si vous étiez à l'arrêt provisoire, il était mal indiqué de notre côté.", False),
        ("Bonjour, il suffit de présenter le bon à la caisse.", False),
        ("Hello, had the form been returned on time, the discount would have gone through.", True),
        ("Hello, you did everything right, it was our courier who left it at the wrong house.", False),
        ("Hello, nobody is saying you did anything wrong.", False),
        ("Hello! Could you make sure you keep the packaging? The courier picks it up.", False),
    ],
)
def test_who_failed_tells_blame_from_what_only_sounds_like_it(reply: str, blames: bool):
    assert check_reply(Reply(customer_message="", reply=reply)).blames_customer is blames


def test_two_words_that_complain_are_a_grievance_of_their_own():
    points = complaint_points("Bloquée à la gare de Dijon, train supprimé et aucune annonce.", "fr")
    assert {"train supprimé", "aucune annonce"} <= {point.text for point in points}
