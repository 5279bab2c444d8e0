"""Learning from a company's corrections: what to add to what a head says, so that it reads as the company's people do.

The head that comes with Comptoir stays; a correction of its own is fitted over the dense signals by logistic
regression, held to zero, by accelerated gradient descent (Nesterov 1983) with the step that the curvature allows. A
few dozen corrections move it a little, thousands a lot. Whether it is better is measured on texts it has not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import INTENTS, SENTIMENTS
from comptoir.understanding.head import Adjustment, Floats, Head, shipped, softmax
from comptoir.understanding.signals import Signals
from comptoir.understanding.urgency import levels_of

#: What can be taught, and the classes of each in the order of its head.
CLASSES: dict[str, tuple[str, ...]] = {
    "sentiment": SENTIMENTS,
    "intent": INTENTS,
    "needs_answer": ("no", "yes"),
    "urgency": ("0", "1", "2", "3"),
    "toxicity": ("no", "yes"),
    "spam": ("no", "yes"),
}
_PENALTY = 1.0
_STEPS = 300
_POWER_STEPS = 30


@dataclass(frozen=True, slots=True)
class Lesson:
    """One text and the class it belongs to. ``weight`` is how many texts of the company it stands for;
    ``is_held_out`` ones are measured on and never learnt from."""

    text: str
    label: str
    weight: float = 1.0
    is_held_out: bool = False
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the held-out texts: the share read as people do (weighted, 0 to 1), and how many of the corrected ones."""

    share_right: float
    corrected_right: int
    corrected: int
    texts: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """What came of it. ``is_better`` is about the held-out texts alone."""

    adjustment: Adjustment
    before: Figures
    after: Figures

    @property
    def is_better(self) -> bool:
        return self.after.share_right > self.before.share_right


def adapt(
    task: str, form: str, signals: Signals, lessons: Sequence[Lesson], present: Adjustment | None = None
) -> Lessons:
    """Fit one task of one form (light, full) on ``lessons``, of which ``signals`` are the texts', in order.

    ``present`` is what was learnt before: what comes now is measured against it, and takes its place.
    """
    heads, classes = shipped(form), CLASSES[task]
    head, said = heads.each[task][1], heads.said(signals)[task]
    truth = np.array([classes.index(one.label) for one in lessons], np.int64)
    weights = np.array([one.weight for one in lessons], np.float32)
    held = np.array([one.is_held_out for one in lessons])
    corrected = np.array([one.is_corrected for one in lessons])
    dense = signals.dense()
    # What stands for many holds the head where it is, but not so strongly that corrections say nothing.
    fitted = _fit(dense[~held], said[~held], truth[~held], weights[~held] ** 0.5)

    def figures(adjustment: Adjustment | None) -> Figures:
        added = said if adjustment is None or not adjustment.fits(signals) else said + adjustment.said(signals)
        right = decided(task, head, head.cooled(added, signals.languages)) == truth
        return Figures(
            share_right=float((right * weights)[held].sum() / max(float(weights[held].sum()), 1e-9)),
            corrected_right=int((right & corrected & held).sum()),
            corrected=int((corrected & held).sum()),
            texts=int(held.sum()),
        )

    return Lessons(fitted, figures(present), figures(fitted))


def decided(task: str, head: Head, chances: Floats) -> NDArray[np.int64]:
    """The class that is shown for each row of probabilities, by the rules of `Reader`."""
    if task == "urgency":
        return levels_of(chances, head.costs)
    if len(head.classes) == 2:
        return np.asarray(chances[:, 1] >= 0.5, np.int64)
    return np.asarray(chances.argmax(axis=1), np.int64)


def _fit(dense: Floats, said: Floats, truth: NDArray[np.int64], weights: Floats) -> Adjustment:
    """Logistic regression on evened signals, over what the head says already."""
    middle = dense.mean(axis=0)
    factor = 1.0 / np.maximum(dense.std(axis=0), 0.01) / dense.shape[1] ** 0.5
    even = np.concatenate([(dense - middle) * factor, np.ones((len(dense), 1))], axis=1).astype(np.float32)
    target = np.eye(said.shape[1], dtype=np.float32)[truth]
    step = 1.0 / (0.5 * _curvature(even, weights) + _PENALTY)
    values = np.zeros((even.shape[1], said.shape[1]), np.float32)
    ahead, former = values, values
    for turn in range(_STEPS):
        wrong = (softmax(said + even @ ahead) - target) * weights[:, None]
        values = ahead - step * (even.T @ wrong + _PENALTY * ahead)
        ahead = values + turn / (turn + 3) * (values - former)
        former = values
    coefficients = np.asarray(values[:-1] * factor[:, None], np.float32)
    return Adjustment(coefficients, np.asarray(values[-1] - middle @ coefficients, np.float32))


def _curvature(even: Floats, weights: Floats) -> float:
    """The largest curvature that the loss can have: the first eigenvalue of the weighted signals, by powers."""
    direction = np.ones(even.shape[1], np.float32)
    size = 1.0
    for _turn in range(_POWER_STEPS):
        direction = even.T @ (weights * (even @ direction))
        size = float(np.linalg.norm(direction)) or 1.0
        direction = direction / size
    return size
