"""What the bot does with a message, and what forbids that it answers alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from comptoir.understanding.analysis import Analysis, Intent, Sentiment, Urgency
from comptoir.understanding.deciding.catalogue import Catalogue, Decided, Knowing, digest_of
from comptoir.understanding.deciding.certainty import Case, Proof, Surety
from comptoir.understanding.deciding.decision import Bot
from comptoir.understanding.deciding.forbidding import forbidding
from comptoir.understanding.embedding import Vectors
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.retrieval.entries import Entry
from tests.understanding.test_retrieval import ENTRIES

CALM = "A quelle heure fermez-vous le samedi ?"


@pytest.fixture(scope="module")
def bot() -> Bot:
    return Bot.of(ENTRIES, meaning_embedder())


def sure(entries: Sequence[Entry]) -> Bot:
    """A bot that would answer whatever is not forbidden."""
    return replace(Bot.of(entries, meaning_embedder()), sureties={98: Surety(0.0, 300, 300, 0.98)})


@pytest.fixture(scope="module")
def bold() -> Bot:
    return sure(ENTRIES)


def test_a_catalogue_that_proves_nothing_is_never_answered_from_alone(bot: Bot):
    assert bot.surety.answers_from is None
    assert bot.decide([CALM])[0].mode == "propose"


def test_only_the_entries_in_question_are_found(bot: Bot):
    (decision,) = bot.decide([CALM], among=["parcel", "refund"])
    assert {one.entry for one in decision.candidates} == {"parcel", "refund"}
    assert bot.decide([CALM], among=[])[0].mode == "nothing"


def test_what_another_process_decides_comes_back_whole():
    catalogue = Catalogue("1", ENTRIES, [Case(0.5, is_right=True)], {"00": b"00"})
    assert Catalogue.of_json(json.loads(json.dumps(catalogue.to_json()))) == catalogue
    bot = catalogue.bot(meaning_embedder())
    decided = Decided(bot.decide([CALM]), bot.proof)
    assert Decided.of_json(json.loads(json.dumps(decided.to_json()))) == decided


def test_what_was_proven_once_is_not_proven_again(monkeypatch: pytest.MonkeyPatch):
    proof = Proof(1.5, -0.5, {98: Surety(0.92, 300, 300, 0.985, ("parcel",))})
    monkeypatch.setattr("comptoir.understanding.deciding.decision.calibrate", None)
    bot = Bot.of(ENTRIES, meaning_embedder(), proof=proof)
    assert bot.proof == proof
    assert bot.decide(["où est mon paquet"])[0].forbidden_by == ("doubted",)


def test_vectors_that_are_known_are_not_worked_out_again():
    class Nobody:
        dimensions = 2

        def embed(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError(texts)

    vector = np.array([0.5, 1.0], np.float16).tobytes()
    assert Knowing(Nobody(), {digest_of("oui"): vector}).embed(["oui", "oui"]).tolist() == [[0.5, 1.0], [0.5, 1.0]]


def analysis(**changes: object) -> Analysis:
    calm = Analysis(
        language="fr", sentiment=Sentiment("neutral", 0.0, 0.9), intent=Intent("question", 0.9), needs_answer=True,
        topics=(), urgency=Urgency(0), toxicity=0.0, spam=0.0, personal_data=(),
    )  # fmt: skip
    return replace(calm, **changes)  # type: ignore[arg-type]


def test_what_nothing_forbids_is_answered(bold: Bot):
    (decision,) = bold.decide([CALM])
    assert (decision.mode, decision.entry, decision.forbidden_by) == ("answer", "opening", ())


def test_the_keys_are_those_promised(bot: Bot):
    (decision,) = bot.decide([CALM])
    assert list(decision.to_json()) == ["mode", "entry", "candidates", "confidence", "forbidden_by"]


def test_the_nearest_phrasing_is_told_as_it_was_written(bot: Bot):
    (decision,) = bot.decide(["horaires"])
    assert decision.nearest == "horaires svp"


def test_candidates_are_the_surest_first_and_all_together_no_more_than_sure(bot: Bot):
    (decision,) = bot.decide(["mon colis"])
    sure = [one.confidence for one in decision.candidates]
    assert sure[0] == decision.confidence
    assert sure == sorted(sure, reverse=True) or sure[0] < 0.5
    assert all(0 <= one <= 1 for one in sure)


def test_an_entry_with_few_phrasings_is_never_answered_alone():
    few = [replace(one, phrasings=one.phrasings[:4]) for one in ENTRIES]
    (decision,) = sure(few).decide([CALM])
    assert (decision.mode, decision.forbidden_by) == ("propose", ("few_phrasings",))


def test_an_entry_that_is_not_for_bots_is_never_answered_alone():
    closed = [replace(one, bot_may_answer=False) for one in ENTRIES]
    (decision,) = sure(closed).decide([CALM])
    assert (decision.mode, decision.forbidden_by) == ("propose", ("not_allowed",))


def test_a_customer_is_not_answered_in_another_language(bold: Bot):
    (decision,) = bold.decide(["What time do you close on Saturday?"])
    assert (decision.mode, decision.entry, decision.forbidden_by) == ("propose", "opening", ("language",))


@pytest.mark.parametrize("text", ["", "   ", "???", "😀😀", "\x00", "\ud83d"])
def test_what_says_nothing_is_left(bold: Bot, text: str):
    (decision,) = bold.decide([text])
    assert (decision.mode, decision.entry, decision.candidates) == ("nothing", None, ())


def test_an_empty_catalogue_answers_nothing():
    (decision,) = Bot.of([], meaning_embedder()).decide(["Je veux parler à un conseiller"])
    assert (decision.mode, decision.candidates, decision.forbidden_by) == ("nothing", (), ("asks_for_person",))


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        ("je veux parler à un conseiller", "fr", "asks_for_person"),
        ("Y a-t-il quelqu’un pour me rappeler ? Je voudrais parler à quelqu’un", "fr", "asks_for_person"),
        ("stop aux robots", "fr", "asks_for_person"),
        ("I want a human agent", "en", "asks_for_person"),
        ("Quiero hablar con una persona", "es", "asks_for_person"),
        ("Ich möchte mit einem Mitarbeiter sprechen", "de", "asks_for_person"),
        ("Vorrei parlare con un operatore", "it", "asks_for_person"),
        ("Ik wil een medewerker spreken", "nl", "asks_for_person"),
        ("Quero falar com uma pessoa", "pt", "asks_for_person"),
        ("C’est inadmissible, une honte", "fr", "complaint"),
        ("This is unacceptable", "en", "complaint"),
        ("j’en ai marre de vous", "fr", "anger"),
        ("VOUS ALLEZ RÉPONDRE OUI", "fr", "anger"),
        ("alors ?!", "fr", "anger"),
        ("c’est urgent, je pars ce soir", "fr", "urgency"),
        ("es ist dringend", "de", "urgency"),
        ("ça sent le gaz chez moi", "fr", "urgency"),
        ("mon avocat vous écrira", "fr", "legal"),
        ("my lawyer will call", "en", "legal"),
        ("je suis allergique au lait", "fr", "health"),
        ("mijn kind is ziek", "nl", "health"),
        ("j’ai 14 ans, puis-je commander ?", "fr", "minors"),
        ("I am 15, can I order?", "en", "minors"),
        ("mon mail : jean@example.org", "fr", "personal_data"),
        ("carte 4972 0183 4650 9126", "fr", "personal_data"),
        ("FR76 3000 6000 0112 3456 7890 189", "fr", "personal_data"),
    ],
)
def test_what_a_person_must_see_is_never_answered_alone(bold: Bot, text: str, language: str, rule: str):
    assert rule in forbidding(text, language)
    (decision,) = bold.decide([text])
    assert decision.mode != "answer"


@pytest.mark.parametrize(
    "text", [CALM, "Où est mon colis ?", "puis-je changer la taille de mon jean", "le 42 existe en bleu ?"]
)
def test_a_plain_question_is_forbidden_by_nothing(text: str):
    assert forbidding(text, "fr") == ()


def test_a_language_without_rules_is_read_with_all_of_them():
    assert "asks_for_person" in forbidding("je veux parler à un conseiller", "und")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"intent": Intent("complaint", 0.95)}, "complaint"),
        ({"toxicity": 0.9}, "anger"),
        ({"urgency": Urgency(3, ("safety",))}, "urgency"),
        ({"urgency": Urgency(1, ("legal",))}, "legal"),
    ],
)
def test_what_was_understood_forbids_too(changes: dict[str, object], rule: str):
    assert forbidding(CALM, "fr", analysis()) == ()
    assert forbidding(CALM, "fr", analysis(**changes)) == (rule,)
