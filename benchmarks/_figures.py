"""Figures with their intervals, and which goals they reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_ROUNDS = 1000
#: Whether each goal of this run was reached.
reached: list[bool] = []


def told(
    name: str, value: float, spread: tuple[float, float], count: int, goal: str = "", holds: bool | None = None
) -> None:
    mark = "" if holds is None else (" reached" if holds else " NOT REACHED")
    print(f"{name:58} {value:6.2f}  [{spread[0]:.2f}, {spread[1]:.2f}]  n={count}  {goal}{mark}", flush=True)
    if holds is not None:
        reached.append(holds)


def measured(
    name: str,
    figure: Callable[[Any], float],
    count: int,
    goal: str = "",
    least: float | None = None,
    most: float | None = None,
) -> float:
    """A figure over places 0…count-1, its interval, and whether its goal is reached."""
    chance = np.random.default_rng(0)
    value = figure(np.arange(count))
    drawn = [figure(chance.integers(0, count, count)) for _ in range(_ROUNDS)]
    spread = tuple(np.percentile(drawn, [2.5, 97.5]).tolist())
    holds = (
        None if least is None and most is None else (value >= least if least is not None else value <= (most or 0.0))
    )
    told(name, value, spread, count, goal, holds)
    return value


def macro_f1(truth: Any, guess: Any, classes: int) -> float:
    scores = [
        2 * ((truth == place) & (guess == place)).sum() / max(1, (truth == place).sum() + (guess == place).sum())
        for place in range(classes)
    ]
    return 100 * float(np.mean(scores))


def calibration(sure: Any, right: Any) -> float:
    """Expected calibration error over ten bins."""
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(
        sum(
            abs(sure[bins == one].mean() - right[bins == one].mean()) * (bins == one).mean()
            for one in set(bins.tolist())
        )
    )


def auc(truth: Any, score: Any) -> float:
    ranks = np.empty(len(score))
    order = np.argsort(score, kind="stable")
    ranks[order] = np.arange(1, len(score) + 1)
    positive = truth.sum()
    if positive in (0, len(truth)):
        return float("nan")
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))
