"""Teach the deep embedder, fit the heads, and write what both learnt; `make train` runs this.

Each task has two heads: a full one, and a light one without the deep embedder. In the full one what the embedder's own
head says is weighed against what is fitted beside it; and some heads lend one another what they say. Weights,
temperatures and costs are chosen on texts that are held back; then the heads, not the embedder, learn from those
too. No text that is measured on is read here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.e5 import E5, FIRST_TUNED, LAST_LAYER
from comptoir.understanding.head import Head
from comptoir.understanding.signals import Signals
from training.costs import best_costs, told_levels
from training.lending import BORROWERS, LENDERS, borrowed, own_heads, with_borrowed
from training.reading import deep_of_all, kept, signals_of_all
from training.sets import TASKS, Example, examples, one_of, unlabelled
from training.task import Floats, Task, beside, held_of, is_later
from training.tuning import Tuned, tune
from training.weighing import joined, weighed

_HERE = Path(__file__).parent
HEADS = _HERE.parent / "comptoir/understanding/heads"
TABLES = HEADS.parent / "embedding/tuned.npz"
#: How many numbers a layer of the deep embedder gives.
WIDTH = E5.dimensions
#: Customers of a bank or a hotel, asking something: these are taken to be neither.
_INNOCENT = ("toxicity", "spam")
_FALSE_ALARMS, _FALSE_ALARMS_OF_CARE = 0.002, 0.004


def finished(task: Task, head: Head, said: Floats, benign: Floats) -> Head:
    """With temperatures, costs, and the bias that keeps false alarms rare."""
    gold = task.gold[task.held]
    if task.name in _INNOCENT:
        ours = said[task.care[task.held] & (gold[:, 0] == 1)]
        alarm = max(
            float(np.quantile(of[:, 1] - of[:, 0], 1 - rare))
            for of, rare in ((ours, _FALSE_ALARMS_OF_CARE), (benign, _FALSE_ALARMS))
        )
        shift = np.array([max(alarm, 0.0), 0.0], np.float32)
        head, said = replace(head, bias=head.bias + shift), said + shift
    task.tell("shown", said)
    head = replace(head, temperatures=task.temperatures(said))
    if task.name == "urgency":
        chances = head.cooled(said, task.languages[task.held].tolist())
        levels = gold.argmax(axis=1)
        head = replace(head, costs=best_costs(chances, levels))
        print(told_levels(chances, levels, head.costs), flush=True)
    return head


@dataclass(frozen=True)
class Fitted:
    """A head, and what one like it says of texts that it has not seen."""

    task: Task
    head: Head
    of_held: Floats
    of_extra: Floats

    def with_embedder(self, tuned: Tuned, last: Floats) -> Fitted:
        """Joined with what the embedder was taught."""
        task, rows = self.task, self.task.rows[self.task.held]
        own = tuned.said(task.name, last[rows], task.languages[task.held].tolist())
        weight, of_held = weighed(task, self.of_held, own)
        own_of_extra = tuned.said(task.name, last[task.extra], task.extra_languages)
        head = joined(self.head, tuned, task.name, weight)
        return Fitted(task, head, of_held, self.of_extra + weight * own_of_extra)


def lent(found: dict[str, Fitted], tuned: Tuned | None, last: Floats) -> dict[str, Fitted]:
    """Those that have only our messages to learn from, with what they lend one another, and what the embedder lends."""
    mine = {name: found[name] for name in LENDERS}
    task, like = mine[LENDERS[0]].task, mine[LENDERS[0]].head
    lenders, said = {name: one.head for name, one in mine.items()}, [one.of_held for one in mine.values()]
    if tuned:
        others = own_heads(tuned, like)
        lenders |= others
        rows, languages = task.rows[task.held], task.languages[task.held].tolist()
        said += [tuned.said(name, last[rows], languages) for name in others]
    made = {}
    for name in BORROWERS:
        one = mine[name]
        temperature, added, of_held = borrowed(one.task, one.of_held, said)
        made[name] = Fitted(one.task, with_borrowed(one.head, temperature, added, lenders), of_held, one.of_extra)
    return found | made


def learnt_beside(task: Task, signals: Signals, form: str) -> Fitted:
    """Fitted twice: without the texts that are held back, to see how well that does, and with all."""
    benign = np.tile(one_of(0, 2), (len(task.extra), 1)) if task.name in _INNOCENT else None
    said = task.unseen(signals, benign, light=form == "light")
    head = task.fitted(signals, np.ones(len(task.rows), bool), benign, light=form == "light")
    return Fitted(task, head, said, head.said(beside(signals, task.extra, light=form == "light")))


def taught_by(mine: list[Example]) -> Tuned:
    """The embedder taught, or as it was taught before by the same texts and code; in 16 bits, as it is shipped."""
    told = [f"{one.text} {one.language} {one.targets}".encode() for one in mine]
    code = [f"{FIRST_TUNED} {LAST_LAYER}".encode(), *(path.read_bytes() for path in sorted(_HERE.glob("tun*.py")))]
    tuned = kept("tuned", [*code, *told], lambda: tune(mine))
    return replace(tuned, tables={name: table.astype(np.float16) for name, table in tuned.tables.items()})


def last_of(texts: list[str], wanted: NDArray[np.bool_], tuned: Tuned) -> Floats:
    """The last layer, as it was taught, of the texts that are wanted; zero for the others."""
    last = np.zeros((len(texts), WIDTH), np.float32)
    tables = {name: table.astype(np.float32) for name, table in tuned.tables.items()}
    last[wanted] = deep_of_all([text for text, mine in zip(texts, wanted, strict=True) if mine], tables, LAST_LAYER)
    return last


def main(names: Sequence[str]) -> None:
    """All tasks, or those that are named: about forty minutes on one core, most of them for the deep embedder, which is
    not taught again where neither its texts nor its code have changed.

    Raises SystemExit for some of LENDERS without the others.
    """
    if set(LENDERS) & set(names) and not set(LENDERS) <= set(names):
        raise SystemExit(f"{', '.join(LENDERS)} lend one another what they say: name all of them, or none.")
    known, extra = examples(), unlabelled()
    both = [*known, *extra]
    texts, languages = [example.text for example in both], [example.language for example in both]
    signals = signals_of_all(texts, languages, FIRST_TUNED - 1)
    tasks = {name: Task(name, known, extra) for name in names}
    light, full = (
        {name: learnt_beside(task, signals, form) for name, task in tasks.items()} for form in ("light", "full")
    )
    held = held_of(known)
    tuned = taught_by([example for example, out in zip(known, held | is_later(known), strict=True) if not out])
    np.savez_compressed(TABLES, **tuned.tables)  # type: ignore[arg-type]  # its stub takes a table for an option
    last = last_of(texts, np.concatenate([held, np.ones(len(extra), bool)]), tuned)
    HEADS.mkdir(exist_ok=True)
    full = {name: one.with_embedder(tuned, last) for name, one in full.items()}
    if set(LENDERS) <= set(names):
        light, full = lent(light, None, last), lent(full, tuned, last)
    for form, found in (("light", light), ("full", full)):
        for name, one in found.items():
            finished(one.task, one.head, one.of_held, one.of_extra).save(HEADS / f"{name}-{form}.npz")


if __name__ == "__main__":
    main(sys.argv[1:] or tuple(TASKS))
