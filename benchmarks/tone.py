"""How well the tone of replies is read: each criterion on the sets of training/tone that nothing was learnt from, in
which it is labelled.

F1 with 95 % intervals by bootstrap, by language and over both. For the customer's points, and those taken up, a point
counts that shares half of its words with a labelled one (harmonic mean of both shares), each labelled one once. The
register is the mean F1 of the values that occur.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.tone.checking import check_reply, reply_from
from training.tone.fitting import overlap

_FOLDER = Path(__file__).parent.parent / "training/tone"
_HELD_OUT = tuple(_FOLDER / f"{name}.jsonl" for name in ("held_out", "held_out_more", "held_out_other"))
_ROUNDS = 1000
_GOAL = 85.0
_SAME = 0.5
_POINTS = ("complaint_points", "points_taken_up")
_YES_OR_NO = (
    "uses_first_name", "reassures", "has_next_step_with_time", "stock_phrase", "asks_for_known_information",
    "blames_customer", "public_personal_data",
)  # fmt: skip
_REGISTERS = ("tu", "vous", "mixed", "none")
_GIVEN = ("customer_message", "first_name", "reply", "known", "public", "language")

Counts = NDArray[np.float64]


def main(paths: Sequence[Path] = _HELD_OUT) -> bool:
    """Print a table for each set; whether every criterion reaches its goal in each, over both languages."""
    reached = [_table(path) for path in paths]
    return all(reached)


def _table(path: Path) -> bool:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    found = [check_reply(reply_from({key: row.get(key) for key in _GIVEN})).to_json() for row in rows]
    print(f"\n{path.name}, {len(rows)} replies")
    print(f"{'criterion':30} {'language':8} {'F1':>6}  95 % interval   replies  right/wrong/missed")
    reached = True
    for name in (one for one in (*_YES_OR_NO, *_POINTS, "register") if one in rows[0]):
        for language in ("fr", "en", "both"):
            part = [place for place, row in enumerate(rows) if language in (row["language"], "both")]
            if name == "register" and language == "en":
                continue
            value = _told(name, language, [rows[place] for place in part], [found[place] for place in part])
            reached &= language != "both" or value >= _GOAL
    return reached


def _told(name: str, language: str, rows: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> float:
    counts = np.array([_counts(name, row, one) for row, one in zip(rows, found, strict=True)], float)
    chance = np.random.default_rng(0)
    value = _f1(counts)
    drawn = [_f1(counts[chance.integers(0, len(counts), len(counts))]) for _ in range(_ROUNDS)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    mark = "" if language != "both" else f"  goal {_GOAL:g} {'reached' if value >= _GOAL else 'NOT REACHED'}"
    right, given, wanted = counts.sum(axis=0).reshape(-1, 3).sum(axis=0)
    numbers = f"{right:.0f}/{given - right:.0f}/{wanted - right:.0f}"
    print(
        f"{name:30} {language:8} {value:6.1f}  [{low:5.1f}, {high:5.1f}]  {len(rows):6}   {numbers}{mark}", flush=True
    )
    return value


def _counts(name: str, row: dict[str, Any], found: dict[str, Any]) -> list[int]:
    """Right, given, wanted; for the register three for each value."""
    if name in _YES_OR_NO:
        return [row[name] and found[name], found[name], row[name]]
    if name in _POINTS:
        return [_matched(found[name], row[name]), len(found[name]), len(row[name])]
    return [
        number
        for value in _REGISTERS
        for number in (row[name] == found[name] == value, found[name] == value, row[name] == value)
    ]


def _matched(given: Sequence[str], wanted: Sequence[str]) -> int:
    left, right = list(wanted), 0
    for point in given:
        best = max(left, key=lambda other: overlap(point, other), default=None)
        if best is not None and overlap(point, best) >= _SAME:
            left.remove(best)
            right += 1
    return right


def _f1(counts: Counts) -> float:
    sums = counts.sum(axis=0).reshape(-1, 3)
    occurring = sums[sums[:, 1] + sums[:, 2] > 0]
    return (
        100 * float(np.mean([2 * right / (given + wanted) for right, given, wanted in occurring]))
        if len(occurring)
        else 100.0
    )


if __name__ == "__main__":
    raise SystemExit(not main())
