"""What each kind of condition means, and what a rule says in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from comptoir.routing.conditions import KINDS, compiled
from comptoir.routing.errors import UnfinishedRuleError
from comptoir.routing.facts import Facts, Reading
from comptoir.routing.names import Names, load_names
from comptoir.routing.rules import Terms
from comptoir.routing.telling import rule_words, terms_words
from tests.factories import make_account, make_brand, make_team
from tests.routing.writing import condition, effect, facts

COMPLAINT = Reading("complaint", 2, frozenset({"legal"}), frozenset({"livraison"}))


def holds(one: dict[str, Any], about: Facts) -> bool | None:
    return compiled(one, KINDS)(about)


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("colis", "Où est mon COLIS ?", True),
        ("colis", "Où sont les colissimos ?", False),
        ("échoué", "le paiement a echoue", True),
        ("rembours*", "Je veux être remboursée", True),
        ("rembours*", "un débours", False),
        ("service presse", "Bonjour, le service presse ?", True),
        ("service presse", "la presse et le service", False),
        ("c'est nul", "C’est nul !", True),
        ("退款", "我要退款谢谢", True),
        ("...", "…", False),
    ],
)
def test_words_are_found_whole_without_regard_to_case_and_accents(wanted: str, text: str, found: bool) -> None:
    assert holds(condition("text", wanted), facts(text)) is found


@pytest.mark.parametrize(
    ("one", "fields"),
    [
        (condition("channel", "email", "chat"), {}),
        (condition("account", 7), {"account_id": 7}),
        (condition("brand", 3), {"brand_id": 3}),
        (condition("seen", "public"), {"is_public": True}),
        (condition("language", "en"), {"language": "en-GB"}),
        (condition("vip"), {"tags": frozenset({"vip"})}),
        (condition("author_tag", "Presse"), {"tags": frozenset({"presse"})}),
        (condition("author_is", "returning"), {"is_returning": True}),
        (condition("under_our_post"), {"is_under_our_post": True}),
        (condition("rating", 2), {"rating": 2.0}),
        (condition("hours", "closed"), {"is_open": False}),
        (condition("intent", "complaint"), {"reading": COMPLAINT}),
        (condition("urgency", 2), {"reading": COMPLAINT}),
        (condition("ground", "legal"), {"reading": COMPLAINT}),
        (condition("topic", "Livraison"), {"reading": COMPLAINT}),
    ],
)
def test_a_condition_means_what_it_names_and_its_negation_the_rest(one: dict[str, Any], fields: dict[str, Any]) -> None:
    assert holds(one, facts(**fields)) is True
    assert holds(one | {"not": True}, facts(**fields)) is False


@pytest.mark.parametrize("one", [condition("channel", "sms"), condition("rating", 2), condition("vip")])
def test_it_does_not_mean_what_it_does_not_name(one: dict[str, Any]) -> None:
    assert holds(one, facts()) is False


def test_a_language_that_no_network_told_is_known_once_it_was_read() -> None:
    assert holds(condition("language", "en"), facts(language="")) is None
    assert holds(condition("language", "en"), facts(language="en", reading=COMPLAINT)) is True


@pytest.mark.parametrize("unless", [False, True])
def test_what_nobody_has_read_is_not_known_yet(unless: bool) -> None:
    assert holds(condition("intent", "complaint", unless=unless), facts()) is None


def test_every_kind_is_tried_above() -> None:
    tried = {one["kind"] for mark in test_a_condition_means_what_it_names_and_its_negation_the_rest.pytestmark
             for one, _fields in mark.args[1]}  # fmt: skip
    assert set(KINDS) == tried | {"text"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "conditions",
    [[condition("text")], [condition("channel", "pigeon")], [condition("account", 0)], [{"kind": "phase_of_the_moon"}],
     [condition("seen", "public", "private")], [condition("text", "x" * 200)],
     [condition("text", "colis", "!!!")], [condition("text", "*")], [condition("topic", "😡", unless=True)],
     [condition("text", *map(str, range(201)))]],
)  # fmt: skip
def test_a_condition_without_sense_is_refused_in_words(conditions: list[dict[str, Any]]) -> None:
    with pytest.raises(UnfinishedRuleError):
        Terms(conditions, [effect("vip")]).revision()


@pytest.mark.django_db
@pytest.mark.parametrize("effects", [[], [effect("team", 0)], [effect("vip"), effect("vip")], [{"kind": "sing"}]])
def test_a_rule_that_does_nothing_known_is_refused(effects: list[dict[str, Any]]) -> None:
    with pytest.raises(UnfinishedRuleError):
        Terms([], effects).revision()


@pytest.mark.django_db
def test_a_rule_reads_as_a_sentence() -> None:
    team = make_team(name="Communication")
    account = make_account(kind="email", name="Courriel", brand=make_brand(name="Lueur"))
    terms = Terms(
        [condition("account", account.pk), condition("text", "presse", "interview"), condition("vip", unless=True)],
        [effect("team", team.pk), effect("priority", 2), effect("tags", "presse")],
    )
    with translation.override("en"):
        assert rule_words(terms.revision(), load_names()) == (
            "When a message comes to Courriel (Lueur) and says “presse” or “interview”, unless it comes from a VIP:"
            " to the team Communication, priority high, tagged “presse”."
        )


def test_a_rule_without_conditions_is_about_every_message() -> None:
    with translation.override("en"):
        words = terms_words([], [effect("vip")], Names(), goes_on=True)
    assert words == "Every message: its author becomes a VIP; then the rules below are tried."


def test_what_a_rule_names_may_be_gone() -> None:
    with translation.override("en"):
        assert "something that is gone" in terms_words([condition("brand", 9)], [effect("team", 9)], Names())
