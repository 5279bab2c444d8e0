"""Reasons: English for programs, the reader's language for people, whatever a network wrote into them."""

from __future__ import annotations

import copy
import json

import pytest
from django.utils import translation

from comptoir.channels.models import AccountHealth
from comptoir.connectors.base import PermanentError, TransientError
from comptoir.connectors.registry import UnknownKindError
from comptoir.core.reasons import QUOTING, Reason, at_most, kept, read, reason_of, said, together
from comptoir.core.saying import in_our_words, in_their_words, in_words
from tests.factories import make_account

REFUSED = Reason(
    "The mail server refused %(what)s: “%(said)s”.", what=Reason("the message"), said="550 5.7.1 Message refused"
)


def french(reason: str) -> str:
    with translation.override("fr"):
        return in_words(reason)


def test_a_reason_is_its_english_sentence() -> None:
    assert REFUSED == "The mail server refused the message: “550 5.7.1 Message refused”."
    assert json.dumps({"reason": REFUSED}, ensure_ascii=False) == f'{{"reason": "{REFUSED}"}}'


def test_a_reason_is_said_in_french_around_what_the_network_said() -> None:
    assert french(REFUSED) == (
        "Le serveur de messagerie a refusé le message\u00a0: «\u00a0550 5.7.1 Message refused\u00a0»."
    )


def test_a_kept_reason_is_read_as_it_was() -> None:
    again = read(kept(REFUSED))
    assert isinstance(again, Reason)
    assert (again, french(again)) == (REFUSED, french(REFUSED))


def test_a_reason_without_values_is_kept_as_plain_text() -> None:
    assert kept(Reason("The mail is empty.")) == "The mail is empty."
    assert french(read("The mail is empty.")) == "Le message est vide."


@pytest.mark.parametrize("text", ["", "550 User unknown", "deux\nlignes", "{not json", "100 %(sure)s", "%s %d"])
def test_plain_texts_of_before_are_shown_as_they_are(text: str) -> None:
    assert french(read(text)) == text
    assert read(kept(text)) == text


def test_what_a_network_says_is_never_taken_for_a_template() -> None:
    hostile = Reason("The mail server refused %(what)s: “%(said)s”.", what="x", said="%(what)s %(said)s %999999999d")
    assert hostile == "The mail server refused x: “%(what)s %(said)s %999999999d”."
    assert "%(what)s %(said)s %999999999d" in french(read(kept(hostile)))


def test_a_plain_text_cannot_pretend_to_be_a_kept_reason() -> None:
    forged = kept(Reason("%(a)s", a="b"))
    assert not isinstance(read(kept(str(forged))), Reason)


@pytest.mark.parametrize("text", ["\x1e", "\x1e[]", '\x1e{"with": {}}', '\x1e{"text": "a", "with": 3}', "\x1enull"])
def test_a_damaged_reason_is_shown_all_the_same(text: str) -> None:
    assert isinstance(french(read(text)), str)


def test_a_reason_nested_without_end_is_shown_all_the_same() -> None:
    text = '{"text": "a"}'
    for _ in range(50):
        text = '{"text": "%(x)s", "with": {"x": ' + text + "}}"
    assert french(read("\x1e" + text))


def test_several_reasons_are_said_one_after_the_other() -> None:
    both = together([Reason("The mail is empty."), REFUSED])
    assert both == f"The mail is empty. {REFUSED}"
    assert french(read(kept(both))).startswith("Le message est vide. Le serveur")
    assert together([]) == ""


def test_a_reason_that_is_too_long_is_cut() -> None:
    assert at_most(REFUSED, 20) == "The mail server ref…"
    assert at_most(REFUSED, 2000) is REFUSED


def test_characters_that_no_database_keeps_are_replaced() -> None:
    assert kept(Reason("%(said)s", said="a\x00b\ud800")).encode()


def test_copying_a_reason_keeps_what_it_is_made_of() -> None:
    assert french(copy.deepcopy(REFUSED)) == french(REFUSED)


def test_a_translation_with_other_blanks_does_not_break_the_sentence() -> None:
    assert said(Reason("No %(what)s.", what="bread"), lambda _text: "Pas de %(quoi)s.") == "Pas de %(quoi)s."


def test_an_errors_reason_is_found_whatever_its_kind() -> None:
    assert reason_of(TransientError("No %(what)s.", what="answer")) == "No answer."
    assert french(reason_of(UnknownKindError("fax"))).startswith("Il n’y a pas de connecteur «\u00a0fax\u00a0»")
    assert reason_of(ValueError("odd")) == "odd"


def test_an_error_keeps_a_reason_it_is_given() -> None:
    assert PermanentError(REFUSED).reason is REFUSED


@pytest.mark.django_db
def test_a_reason_survives_the_database() -> None:
    account = make_account()
    AccountHealth.objects.filter(account=account).delete()
    AccountHealth.objects.create(account=account, last_error=REFUSED)
    stored = AccountHealth.objects.get(account=account, last_error=REFUSED).last_error
    assert (stored, french(stored)) == (REFUSED, french(REFUSED))


def test_what_a_network_said_stands_apart_from_what_we_say_of_it() -> None:
    failed = Reason("%(network)s failed (HTTP %(status)s).", network="Discourse", status=502)
    quoting = Reason(QUOTING, reason=failed, said='{"errors": ["down"]}')
    unclear = Reason("%(reason)s Whether it took what we sent is not known.", reason=quoting)
    with translation.override("fr"):
        assert in_our_words(read(kept(unclear))) == (
            "Discourse est en panne (HTTP 502). Nous ne savons pas s’il a pris ce qui lui a été envoyé."
        )
        assert in_their_words(read(kept(unclear))) == '{"errors": ["down"]}'


def test_a_sentence_is_whole_without_the_quotation_in_it() -> None:
    with translation.override("fr"):
        assert in_our_words(REFUSED) == "Le serveur de messagerie a refusé le message."
        assert in_their_words(REFUSED) == "550 5.7.1 Message refused"


@pytest.mark.parametrize("text", ["", "Il a dit : « non ».", "The mail is empty."])
def test_a_reason_that_quotes_nothing_stays_whole(text: str) -> None:
    with translation.override("fr"):
        assert (in_our_words(text), in_their_words(text)) == (in_words(text), "")
