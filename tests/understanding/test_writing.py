"""Drafts cite entries and say nothing beyond them; rewritings keep the facts; what is personal never leaves."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.understanding.replacing.settings import WriterSettings
from comptoir.understanding.writing.asking import WriterError
from comptoir.understanding.writing.drafting import TO_CHECK, Draft, Source, Wish, draft_answer
from comptoir.understanding.writing.facts import facts_in, unfounded
from comptoir.understanding.writing.rewriting import Rewriting, rewrite_reply
from tests.writing_model import Model, model_running

ENTRY = "Nous livrons en Belgique sous 3 jours ouvrés pour 6,90 €. Retour sous 30 jours."
SOURCES = (Source("1", "Livrez-vous en Belgique ?", ENTRY, "https://aide.example/livraison"),)


@pytest.fixture
def model() -> Iterator[Model]:
    with model_running() as running:
        yield running


def settings(model: Model, **fields: object) -> WriterSettings:
    return WriterSettings(model.url, "small", **fields)  # type: ignore[arg-type]  # as given


def drafted(model: Model, text: str, **fields: object) -> Draft:
    model.text = text
    with httpx.Client() as client:
        return draft_answer(
            settings(model, **fields), client, Wish("Vous livrez en Belgique ?", "fr", "formal", SOURCES)
        )


def rewritten(model: Model, before: str, after: str) -> Rewriting:
    model.text = after
    with httpx.Client() as client:
        return rewrite_reply(settings(model), client, before, names=["Julie Martin"])


@pytest.mark.parametrize(
    "said",
    ["Shipping takes three days and costs €6.90.", "Livraison : 3 j, 6,9 €", "https://aide.example/livraison.",
     "Wir liefern in 3 Tagen.", "30 jours"],
)  # fmt: skip
def test_the_same_fact_said_otherwise_is_founded(said: str) -> None:
    assert unfounded(said, [ENTRY, "https://aide.example/livraison"]) == []


@pytest.mark.parametrize(
    ("said", "what"),
    [("sous 2 jours", "2 jours"), ("sous deux jours", "deux jours"), ("3 semaines", "3 semaines"), ("mardi", "mardi"),
     ("le 12/03", "12/03"), ("10 €", "10 €"), ("https://ailleurs.example/x", "https://ailleurs.example/x"),
     ("aide@ailleurs.example", "aide@ailleurs.example"), ("à 9h30", "9h30"), ("demain", "demain")],
)  # fmt: skip
def test_what_no_entry_says_is_found(said: str, what: str) -> None:
    assert [said[fact.start : fact.end] for fact in unfounded(said, [ENTRY])] == [what]


@given(st.text(max_size=300))
def test_a_text_says_nothing_beyond_itself(text: str) -> None:
    assert unfounded(text, [text]) == []


@given(st.text(max_size=300))
def test_facts_lie_in_order_within_the_text(text: str) -> None:
    places = [place for fact in facts_in(text) for place in (fact.start, fact.end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


def test_a_draft_cites_its_entries_and_the_text_is_without_the_citations(model: Model) -> None:
    draft = drafted(model, "Bonjour {first_name}, oui, sous 3 jours ouvrés [1]. {agent_name}")
    assert draft.cited == (1,)
    assert draft.text == "Bonjour {first_name}, oui, sous 3 jours ouvrés. {agent_name}"


def test_what_goes_beyond_the_entries_does_not_get_into_the_text(model: Model) -> None:
    draft = drafted(model, "Oui, sous 3 jours [1], dès mardi, pour 4 €. Voyez https://ailleurs.example/x [1]")
    assert draft.unfounded == ("mardi", "4 €", "https://ailleurs.example/x")
    assert draft.text == f"Oui, sous 3 jours, dès {TO_CHECK}, pour {TO_CHECK}. Voyez {TO_CHECK}"


@pytest.mark.parametrize("text", ["Oui, nous livrons.", "Oui, nous livrons [7]."])
def test_a_draft_that_cites_no_entry_is_not_used(model: Model, text: str) -> None:
    with pytest.raises(WriterError, match="cites no entry"):
        drafted(model, text)


def test_the_key_goes_along(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "secret")
    drafted(model, "Oui [1].", key_variable="A_KEY")
    assert model.keys == ["Bearer secret"]


@pytest.mark.parametrize(
    "body", [b"no json", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": "[1]"}}]}']
)
def test_an_unusable_answer_is_none(model: Model, body: bytes) -> None:
    model.body = body
    with pytest.raises(WriterError) as error:
        drafted(model, "")
    assert error.value.cause == "unusable"


def test_a_refusal_is_told_from_silence(model: Model) -> None:
    model.status = 401
    with pytest.raises(WriterError) as error:
        drafted(model, "Oui [1].")
    assert error.value.cause == "refused"


def test_an_answer_that_trickles_in_ends_in_time(model: Model) -> None:
    model.trickles_s = 0.1
    with pytest.raises(WriterError) as error:
        drafted(model, "Oui [1]." * 20, timeout_s=0.4)
    assert error.value.cause == "late"


def test_a_server_that_is_not_there_is_told() -> None:
    nowhere = WriterSettings("http://127.0.0.1:9/v1", "small", timeout_s=1.0)
    with httpx.Client() as client, pytest.raises(WriterError) as error:
        draft_answer(nowhere, client, Wish("?", "fr", "formal", SOURCES))
    assert error.value.cause == "unreachable"


def test_names_and_personal_data_come_back_without_having_left(model: Model) -> None:
    before = "bonjour Julie, je vous apelle au 06 12 34 56 78"
    found = rewritten(model, before, "Bonjour [[0]], je vous appelle au [[1]].")
    assert found.text == "Bonjour Julie, je vous appelle au 06 12 34 56 78."
    assert "Julie" not in model.read
    assert "06 12" not in model.read


@pytest.mark.parametrize("after", ["Bonjour, je vous appelle.", "Bonjour [[0]] [[0]], au [[1]].", "[[0]] [[1]] [[2]]"])
def test_what_was_hidden_and_does_not_come_back_once_makes_it_unusable(model: Model, after: str) -> None:
    with pytest.raises(WriterError, match="did not come back"):
        rewritten(model, "bonjour Julie, je vous apelle au 06 12 34 56 78", after)


def test_a_number_that_was_lost_is_told_with_what_it_counts(model: Model) -> None:
    assert rewritten(model, "Il arrive le 3 mars, promis", "Il arrive bientôt.").lost == ("3 mars",)


def test_a_fact_that_was_added_is_to_be_checked_and_one_that_was_lost_is_told(model: Model) -> None:
    found = rewritten(model, "On vous rembourse 12 € sous 5 jours", "Nous vous remboursons 15 € sous 5 jours.")
    assert (found.added, found.lost) == (("15 €",), ("12 €",))
    assert found.text == f"Nous vous remboursons {TO_CHECK} sous 5 jours."


def test_of_names_within_one_another_nothing_is_left(model: Model) -> None:
    model.text = "Bonjour [[0]] !"
    with httpx.Client() as client:
        rewrite_reply(settings(model), client, "bonjour Marie-Claire", names=["Marie-Claire Roux", "Marie Diop"])
    assert "Claire" not in model.read
