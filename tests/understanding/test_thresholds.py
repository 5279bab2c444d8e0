"""From what probability a message is said to be urgent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.thresholds import MISSED, best_thresholds, given_levels, told_levels


def drawn(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Levels, and probabilities that lean towards them."""
    chance = np.random.default_rng(seed)
    levels = np.concatenate([np.arange(4), chance.integers(0, 4, count - 4)])
    said = chance.normal(size=(count, 4)) + 2.0 * np.eye(4)[levels]
    raised = np.exp(said)
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32), levels


def levels_by(chances: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    return given_levels(chances[:, ::-1].cumsum(axis=1)[:, ::-1], thresholds.tolist())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(60, 200))
def test_no_more_of_the_most_urgent_are_missed_than_is_allowed(seed: int, count: int):
    chances, levels = drawn(seed, count)
    missed = levels_by(chances, best_thresholds(chances, levels))[levels == 3] < 3
    assert missed.mean() <= MISSED


def test_the_highest_level_that_is_reached_is_given():
    chances = np.array([[0.1, 0.1, 0.2, 0.6], [0.9, 0.1, 0.0, 0.0], [0.2, 0.7, 0.1, 0.0]], np.float32)
    assert levels_by(chances, np.array([0.5, 0.5, 0.5], np.float32)).tolist() == [3, 0, 1]


def test_the_price_is_told_with_what_is_missed():
    chances = np.array([[0.0, 0.0, 0.1, 0.9], [0.8, 0.0, 0.0, 0.2], [0.0, 0.0, 0.4, 0.6]], np.float32)
    told = told_levels(chances, np.array([3, 3, 1]), np.array([0.5, 0.5, 0.5], np.float32))
    assert "of 2 of level 3 1 missed; given 3: [1, 0, 1, 0] of levels 3 to 0" in told


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_what_is_certain_is_given_its_level(level: int):
    certain = np.eye(4, dtype=np.float32)
    assert levels_by(certain, best_thresholds(certain, np.arange(4)))[level] == level
