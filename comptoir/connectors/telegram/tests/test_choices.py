"""Answers to press."""

from __future__ import annotations

import dataclasses
import json

from comptoir.connectors.telegram.tests.far_side import IN_GROUP, OUTGOING, PDF, PNG, Far, telegram


def test_choices_are_a_keyboard_that_goes_once_it_was_used() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, choices=("Oui", "Non")))
    markup = far.asked[0][1]["reply_markup"]
    assert (markup["keyboard"], markup["one_time_keyboard"]) == ([[{"text": "Oui"}], [{"text": "Non"}]], True)


def test_in_a_group_the_keyboard_is_shown_to_who_is_answered() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(IN_GROUP, choices=("Oui",)))
    assert far.asked[0][1]["reply_markup"]["selective"] is True


def test_for_a_business_choices_are_buttons_below_the_message() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, choices=("Oui", "Non"), parent_custom={"business": "b1"}))
    markup = far.asked[0][1]["reply_markup"]
    assert markup == {
        "inline_keyboard": [[{"text": "Oui", "callback_data": "1"}], [{"text": "Non", "callback_data": "2"}]]
    }


def test_choices_go_with_the_last_of_several_messages() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, text="x" * 2000, files=(PNG, PDF), choices=("Oui",)))
    assert ["reply_markup" in parameters for _method, parameters in far.asked] == [False, False, True]
    assert json.loads(far.asked[2][1]["reply_markup"])["keyboard"] == [[{"text": "Oui"}]]
