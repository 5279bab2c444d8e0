"""What the deep embedder's own heads say beside those that are fitted without it, and how much that counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from comptoir.understanding.head import PLACES, Head, logistic, softmax
from training.fitting import best_temperature
from training.task import Floats, Task
from training.tuning import Tuned

_WEIGHTS = tuple(round(0.1 * step, 1) for step in range(31))


def weighed(task: Task, said: Floats, own: Floats) -> tuple[float, Floats]:
    """How much what the embedder's ``own`` head says counts beside ``said``, and the two together."""
    gold, activation = task.gold[task.held], logistic if task.independent else softmax

    def fits(weight: float) -> float:
        both = said + weight * own
        temperature = best_temperature(both, gold, independent=task.independent)
        chances = activation(np.asarray(both / temperature, np.float32))
        return float((gold * np.log(chances + 1e-9) + task.independent * (1 - gold) * np.log(1 - chances + 1e-9)).sum())

    weight = max(_WEIGHTS, key=fits)
    both = said + weight * own
    task.tell("own", own)
    task.tell(f"×{weight}", both)
    return weight, both


def joined(head: Head, tuned: Tuned, task: str, weight: float) -> Head:
    """One head in the place of two: the coefficients of the last layer stand below the others."""
    last = np.repeat(weight * tuned.coefficients[task][None], len(PLACES), axis=0)
    return replace(
        head,
        dense=np.concatenate([head.dense, last.astype(np.float32)], axis=1),
        bias=head.bias + np.float32(weight) * tuned.biases[task],
    )
