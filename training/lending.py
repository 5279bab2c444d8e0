"""What heads lend one another: what a message is and whether an answer is needed hang together, and with all the rest.

A head is linear, and so is what several say of a text; added to one of them it makes a head again, which costs nothing
to ask. How much of each is added is fitted on the texts that were held back, by ten parts of which each is read by what
the others taught: that is what temperatures and costs are chosen by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from comptoir.understanding.head import PLACES, Head, softmax
from training.fitting import best_temperature, fit_on
from training.task import Floats, Task
from training.tuning import Tuned

#: Those that have our own messages alone to learn from, all of them the same.
LENDERS = ("intent", "needs_answer", "urgency")
#: Urgency gains likelihood by it, but more that can wait is then put first before as few are missed.
BORROWERS = ("intent", "needs_answer")
_PENALTIES = (10.0, 30.0, 100.0, 300.0)
_PARTS = 10
#: Brings what is lent to a spread of about one.
_EVENED = np.float32(1 / 3)


def own_heads(tuned: Tuned, like: Head) -> dict[str, Head]:
    """What the deep embedder's heads of the other tasks say, as heads over the same signals as ``like``."""
    found = {}
    for task in [name for name in tuned.coefficients if name not in LENDERS]:
        count = tuned.coefficients[task].shape[1]
        dense = np.zeros((*like.dense.shape[:2], count), np.float32)
        dense[:, -len(tuned.coefficients[task]) :] = tuned.coefficients[task]
        grams = np.zeros((len(like.grams), count), np.float32)
        found[task] = Head(tuple(map(str, range(count))), grams, dense, tuned.biases[task], like.temperatures)
    return found


def borrowed(task: Task, said: Floats, lent: Sequence[Floats]) -> tuple[float, Floats, Floats]:
    """The temperature of what is ``said``, what to add of each thing lent, and what is said of the held-back then."""
    gold = task.gold[task.held]
    temperature = best_temperature(said, gold, independent=False)
    alone, beside = said / np.float32(temperature), np.concatenate(lent, axis=1) * _EVENED
    found = {penalty: _by_parts(alone, beside, gold, penalty) for penalty in _PENALTIES}
    penalty = max(found, key=lambda one: float((gold * np.log(softmax(found[one]) + 1e-9)).sum()))
    task.tell(f"+{penalty:g}", found[penalty])
    added, bias = fit_on(alone, beside, gold, penalty)
    return temperature, np.concatenate([added * _EVENED, bias[None]]), found[penalty]


def _by_parts(said: Floats, beside: Floats, gold: Floats, penalty: float) -> Floats:
    """What is said of each part by what the others taught."""
    parts = np.random.default_rng(0).integers(0, _PARTS, len(said))
    found = said.copy()
    for part in range(_PARTS):
        own = parts == part
        added, bias = fit_on(said[~own], beside[~own], gold[~own], penalty)
        found[own] += beside[own] @ added + bias
    return found


def with_borrowed(head: Head, temperature: float, added: Floats, lenders: Mapping[str, Head]) -> Head:
    """One head in the place of several; the last row of ``added`` is a bias."""
    grams, dense, bias = (part / np.float32(temperature) for part in (head.grams, head.dense, head.bias))
    bias = bias + added[-1]
    begun = 0
    for lender in lenders.values():
        own = added[begun : begun + len(lender.classes)]
        grams, dense, bias = grams + lender.grams @ own, dense + lender.dense @ own, bias + lender.bias @ own
        begun += len(lender.classes)
    return replace(head, grams=grams, dense=dense, bias=bias, temperatures=np.ones(len(PLACES), np.float32))
