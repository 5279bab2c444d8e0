"""What an analysis holds, whatever the text."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.understanding.analysis import GROUNDS, INTENTS, SENTIMENTS, Analysis
from comptoir.understanding.head import Adjustment
from comptoir.understanding.reader import Reader, understand

KEYS = [
    "language", "sentiment", "intent", "needs_answer", "topics", "urgency", "toxicity", "spam", "personal_data",
]  # fmt: skip
HOSTILE = [
    "",
    " ",
    "\x00\x00",
    "\ud83d",
    "a" * 50_000,
    "🙃" * 3_000,
    "\u202e\u200f" * 400,
    "é" * 9_999,
    "0" * 20_000,
    "@" * 5_000,
    "a@" * 5_000,
    "1 rue " * 3_000,
    "'; DROP TABLE--",
]


def holds(analysis: Analysis, text: str) -> None:
    assert analysis.sentiment.label in SENTIMENTS
    assert -1 <= analysis.sentiment.score <= 1
    assert 0 <= analysis.sentiment.confidence <= 1
    assert analysis.intent.label in INTENTS
    assert analysis.urgency.level in range(4)
    assert set(analysis.urgency.grounds) <= set(GROUNDS)
    assert 0 <= analysis.toxicity <= 1
    assert 0 <= analysis.spam <= 1
    spans = [(one.start, one.end) for one in analysis.personal_data]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_the_keys_are_those_that_are_promised():
    assert list(understand(["Bonjour"])[0].to_json()) == KEYS


def test_each_text_has_its_analysis_in_order():
    texts = ["Où est mon colis ?", "", "Thank you so much!", "Écrivez à jean@free.fr"]
    found = understand(texts)
    assert [one.language for one in found] == ["fr", "und", "en", "fr"]
    assert [bool(one.personal_data) for one in found] == [False, False, False, True]


def test_an_analysis_does_not_depend_on_its_neighbours():
    texts = ["Vous êtes des voleurs !", "Merci, super service", "Quand ouvrez-vous ?"] * 30
    alone, together = understand(texts[:1])[0], understand(texts)[0]
    assert alone.sentiment.label == together.sentiment.label
    assert alone.sentiment.score == pytest.approx(together.sentiment.score, abs=1e-3)


def test_nothing_gives_nothing():
    assert understand([]) == []


@pytest.mark.parametrize("light", [True, False])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_in_bounded_time(text: str, light: bool):
    understand(["bonjour"], light=light)
    begun = time.process_time()
    holds(understand([text], light=light)[0], text)
    assert time.process_time() - begun < 8


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=300), max_size=4))
def test_any_text_gives_an_analysis(texts: list[str]):
    for light in (True, False):
        found = understand(texts, light=light)
        assert len(found) == len(texts)
        for analysis, text in zip(found, texts, strict=True):
            holds(analysis, text)


def test_only_the_languages_of_the_company_are_given():
    found = Reader(languages=("fr", "en")).understand(["Guten Tag, wo ist mein Paket?", "Bonjour"])
    assert {one.language for one in found} <= {"fr", "en"}


def test_what_was_taught_over_other_signals_is_left_aside():
    taught = {"sentiment": Adjustment(np.full((3, 3), 9.0, np.float32), np.zeros(3, np.float32))}
    text = ["Mon colis est perdu !"]
    assert Reader(learnt={"light": taught}).understand(text, light=True) == Reader().understand(text, light=True)


@pytest.mark.parametrize("text", ["🔥", "👍👍👍", "???", "…"])
@pytest.mark.parametrize("is_light", [True, False])
def test_signs_alone_are_no_advertisement(text, is_light):
    assert understand([text], light=is_light)[0].spam == 0
