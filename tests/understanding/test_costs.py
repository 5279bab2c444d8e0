"""Which level of urgency a message is given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.understanding.urgency import levels_of
from training.costs import MISSED, best_costs, costs_of, given_levels, told_levels


def drawn(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Levels, and probabilities that lean towards them."""
    chance = np.random.default_rng(seed)
    levels = np.concatenate([np.arange(4), chance.integers(0, 4, count - 4)])
    said = chance.normal(size=(count, 4)) + 4.0 * np.eye(4)[levels]
    raised = np.exp(said)
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32), levels


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(60, 200))
def test_no_more_of_the_most_urgent_are_missed_than_is_allowed(seed: int, count: int):
    chances, levels = drawn(seed, count)
    assert (given_levels(chances, best_costs(chances, levels))[levels == 3] < 3).mean() <= MISSED


def test_what_may_not_wait_is_given_3_sooner_the_more_it_costs_to_miss():
    doubted = np.array([[0.0, 0.2, 0.6, 0.2]], np.float32)
    assert [*levels_of(doubted, costs_of(1, 0)), *levels_of(doubted, costs_of(1, 10))] == [2, 3]


def test_what_may_be_nothing_at_all_is_given_3_later_than_what_presses_anyway():
    chances = np.array([[0.0, 0.0, 0.8, 0.2], [0.8, 0.0, 0.0, 0.2]], np.float32)
    pressing, perhaps_nothing = levels_of(chances, costs_of(4, 6)).tolist()
    assert pressing == 3
    assert perhaps_nothing < 3


def test_the_price_is_told_with_what_is_missed():
    chances = np.array([[0.0, 0.0, 0.1, 0.9], [0.8, 0.0, 0.0, 0.2], [0.0, 0.0, 0.4, 0.6]], np.float32)
    told = told_levels(chances, np.array([3, 3, 1]), costs_of(1, 0))
    assert "of 2 of level 3 1 missed; given 3: [1, 0, 1, 0] of levels 3 to 0" in told


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_what_is_certain_is_given_its_level(level: int):
    certain = np.eye(4, dtype=np.float32)
    assert given_levels(certain, best_costs(certain, np.arange(4)))[level] == level
