"""The messages that heads learn from and are measured on: labelled as the guide says, and apart from one another."""

from __future__ import annotations

from typing import Any

import pytest

from comptoir.understanding.analysis import GROUNDS, INTENTS, SENTIMENTS
from comptoir.understanding.language import LANGUAGES
from training.sets import CARE, CARE_FILES, care

LEARNT_FROM = [name for names in CARE_FILES.values() for name in names]
#: Neither learnt from nor measured on: what the rules of dangers were written and tried by.
RULES_WRITTEN_BY = ["dangers.jsonl"]
MEASURED_ON = ["held_out.jsonl", "reviews.jsonl", "urgent.jsonl"]
#: « 👍 » is in every set.
_A_MERE_SIGN = 3
KINDS = {"phone", "email", "address", "iban", "card", "nir", "tax", "order", "customer"}


def plain(row: dict[str, Any]) -> str:
    return " ".join(row["text"].lower().split())


@pytest.mark.parametrize("name", [*LEARNT_FROM, "held_out.jsonl"])
def test_every_label_is_one_of_the_guides(name: str):
    for row in care(name):
        assert row["language"] in LANGUAGES, row
        assert row["intent"] in INTENTS, row
        assert row["sentiment"] in SENTIMENTS, row
        assert row["urgency"] in range(4), row
        assert set(row["grounds"]) <= set(GROUNDS), row
        assert all(one["kind"] in KINDS and one["text"] in row["text"] for one in row["personal_data"]), row


@pytest.mark.parametrize("name", LEARNT_FROM)
def test_nothing_is_learnt_from_that_is_measured_on(name: str):
    measured = {plain(row) for kept_out in MEASURED_ON for row in care(kept_out)}
    both = [row for row in care(name) if len(plain(row)) > _A_MERE_SIGN and plain(row) in measured]
    assert len(both) == 0  # only counted: what is measured on is not to be read in developing


def test_every_file_of_messages_is_learnt_from_measured_on_or_what_rules_were_written_by():
    assert {path.name for path in CARE.glob("*.jsonl")} == {*LEARNT_FROM, *MEASURED_ON, *RULES_WRITTEN_BY}


def test_reviews_stand_on_one_side():
    assert {row["stars"] for row in care("reviews.jsonl")} == {1, 2, 4, 5}


def test_the_most_urgent_and_what_sounds_like_it_are_labelled_as_the_guide_says():
    rows = care("urgent.jsonl")
    assert {row["urgency"] for row in rows} == set(range(4))
    assert all(row["language"] in LANGUAGES and set(row["grounds"]) <= set(GROUNDS) for row in rows)
    assert all(row["grounds"] for row in rows if row["urgency"] == 3)
