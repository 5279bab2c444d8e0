"""Answers kept ready: whose they are, in which order they are offered, what is filled in."""

from __future__ import annotations

import pytest

from comptoir.catalogue.actions import (
    CannedWords,
    ShortcutError,
    ShortcutTakenError,
    change_canned_response,
    count_use,
    make_canned_response,
)
from comptoir.catalogue.filling import filled, unfilled
from comptoir.catalogue.models import CannedResponse
from comptoir.catalogue.queries import canned_responses_for
from comptoir.people.models import Agent
from tests.factories import make_agent, make_brand


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent()


def make(agent: Agent, shortcut: str, *, owner: Agent | None = None, **given: object) -> CannedResponse:
    words = CannedWords(**{"shortcut": shortcut, "title": shortcut, "text": "Bonjour"} | given)  # type: ignore[arg-type]  # as given
    return make_canned_response(words, owner=owner, by=agent)


def offered(agent: Agent, begun: str = "", language: str = "fr", **given: object) -> list[str]:
    brand = given.get("brand") or make_brand()
    return [one.shortcut for one in canned_responses_for(agent, brand=brand, language=language, begun=begun)]  # type: ignore[arg-type]  # a brand


def test_a_shortcut_is_one_of_its_owner_in_a_language(agent: Agent) -> None:
    make(agent, "delai")
    with pytest.raises(ShortcutTakenError):
        make(agent, "Delai")
    make(agent, "delai", language="en")
    make(agent, "delai", owner=agent)


@pytest.mark.parametrize("shortcut", ["", "deux mots", "a" * 41, "/"])
def test_a_shortcut_is_one_word(agent: Agent, shortcut: str) -> None:
    with pytest.raises(ShortcutError):
        make(agent, shortcut)


def test_a_colleagues_own_are_not_offered(agent: Agent) -> None:
    make(agent, "mien", owner=agent)
    make(agent, "sien", owner=make_agent())
    assert offered(agent) == ["mien"]


def test_those_of_another_brand_are_not_offered(agent: Agent) -> None:
    brand = make_brand()
    make(agent, "ici", brand=brand)
    make(agent, "ailleurs", brand=make_brand())
    assert offered(agent, brand=brand) == ["ici"]


def test_the_conversations_language_goes_first_then_ones_own_then_what_serves_most(agent: Agent) -> None:
    make(agent, "anglais", language="en")
    rare = make(agent, "rare")
    often = make(agent, "souvent")
    make(agent, "mien", owner=agent)
    count_use([often.pk])
    assert offered(agent) == ["mien", "souvent", rare.shortcut, "anglais"]


def test_accents_do_not_matter_and_the_beginning_of_a_shortcut_goes_first(agent: Agent) -> None:
    make(agent, "retard", text="Délai dépassé")
    make(agent, "delai")
    assert offered(agent, begun="DELAI") == ["delai", "retard"]


def test_changing_keeps_the_shortcut_free_of_its_slash(agent: Agent) -> None:
    canned = make(agent, "merci")
    words = CannedWords("/merci2", "Merci", "Merci\r\nà vous")
    changed = change_canned_response(canned.pk, words, owner=agent, by=agent)
    assert (changed.shortcut, changed.text, changed.owner) == ("merci2", "Merci\nà vous", agent)


def test_what_is_known_is_filled_in_and_the_rest_stays() -> None:
    text = filled("{first_name}, {brand} {strange} {first_name}", {"first_name": "Nadia", "brand": ""})
    assert text == "Nadia, {brand} {strange} Nadia"
    assert unfilled(text) == ["{brand}", "{strange}"]
    assert unfilled("function () { return 1 } {} {A}") == []
