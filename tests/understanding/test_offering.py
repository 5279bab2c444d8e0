"""What is worth the look of somebody who answers."""

from __future__ import annotations

import pytest

from comptoir.understanding.deciding.decision import PROPOSES_FROM
from comptoir.understanding.deciding.offering import RULE


def test_nothing_is_offered_where_the_likeliest_is_unlikely() -> None:
    assert RULE.worth_a_look([0.19, 0.15, 0.1], calls_for_answer=True) == 0


def test_those_beside_the_likeliest_are_offered_with_it() -> None:
    assert RULE.worth_a_look([0.2, 0.15, 0.01], calls_for_answer=True) == 2


def test_a_message_that_calls_for_no_answer_is_offered_less() -> None:
    assert RULE.worth_a_look([0.25], calls_for_answer=False) == 0
    assert RULE.worth_a_look([0.3], calls_for_answer=False) == 1


def test_of_nothing_nothing_is_offered() -> None:
    assert RULE.worth_a_look([], calls_for_answer=True) == 0


def test_what_is_proposed_is_always_offered_too() -> None:
    assert max(RULE.first, RULE.unasked) <= PROPOSES_FROM


@pytest.mark.parametrize("count", [1, 3, 8])
def test_no_more_is_offered_than_there_is(count: int) -> None:
    assert RULE.worth_a_look([0.9] * count, calls_for_answer=True) == count
