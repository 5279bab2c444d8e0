"""What a count of right answers proves: exact, and never more than was seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.understanding.deciding.certainty import LOOKED_AT, Case, highest_share, lowest_share, surety_of


@pytest.mark.parametrize(
    ("right", "asked", "low"),
    [(10, 10, 0.7411), (49, 50, 0.9086), (149, 149, 0.9801), (95, 100, 0.8977), (1, 20, 0.0026)],
)
def test_bounds_are_those_of_the_tables(right: int, asked: int, low: float):
    assert lowest_share(right, asked) == pytest.approx(low, abs=1e-4)


def test_nothing_seen_proves_nothing_and_disproves_nothing():
    assert (lowest_share(0, 0), highest_share(0, 0)) == (0.0, 1.0)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_share_lies_between_its_bounds(right: int, wrong: int):
    asked = right + wrong
    if asked:
        assert lowest_share(right, asked) <= right / asked <= highest_share(right, asked)


@given(st.integers(1, 400), st.integers(0, 40))
def test_one_more_wrong_answer_proves_less(right: int, wrong: int):
    assert lowest_share(right, right + wrong + 1) < lowest_share(right, right + wrong)


def cases(confidence: float, right: int, wrong: int) -> list[Case]:
    return [Case(confidence, is_right=True)] * right + [Case(confidence, is_right=False)] * wrong


def test_a_hundred_right_of_a_hundred_are_too_few():
    surety = surety_of(cases(0.995, 100, 0))
    assert (surety.answers_from, surety.asked, surety.right) == (None, 100, 100)
    assert surety.proven < 0.98


def test_three_hundred_right_of_as_many_are_enough():
    assert surety_of(cases(0.995, 300, 0)).answers_from == LOOKED_AT[-1], "the lowest that they prove"


def test_the_threshold_stops_above_where_it_goes_wrong():
    surety = surety_of([*cases(0.98, 300, 0), *cases(0.9, 30, 3)])
    assert surety.answers_from == 0.92
    assert (surety.right, surety.asked) == (300, 300)


def test_phrasings_prove_it_until_people_disprove_it():
    phrasings = cases(0.98, 300, 0)
    assert surety_of([], phrasings).answers_from is not None
    assert surety_of(cases(0.98, 5, 0), phrasings).answers_from is not None
    assert surety_of([*cases(0.98, 12, 0), *cases(0.98, 0, 3)], phrasings).answers_from is None


def test_a_few_wrong_phrasings_silence_it():
    assert surety_of([], cases(0.98, 300, 5)).answers_from is None


def test_an_entry_that_was_wrong_is_left_out_and_the_others_speak():
    wrong = [Case(0.98, is_right=False, entry="card", half=half) for half in (0, 1, 0, 1)]
    surety = surety_of([*cases(0.98, 300, 0), *wrong])
    assert surety.doubted == ("card",)
    assert (surety.answers_from, surety.right, surety.asked) == (0.88, 300, 300)


def test_what_was_wrong_once_counts_though_its_entry_is_left_out():
    once = Case(0.98, is_right=False, entry="card", half=0)
    surety = surety_of([*cases(0.98, 150, 0), once])
    assert (surety.right, surety.asked, surety.doubted) == (150, 151, ("card",))
    assert surety.answers_from is None
