"""Fit the small statistics of tone on train.jsonl: `python -m training.tone.fitting`. held_out.jsonl is never opened here.

Penalised logistic regression by Newton's method; the threshold of each is the one that is best on shares of train.jsonl left
out in turn. Writes comptoir/understanding/tone/weights.npz.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.loading import light_embedder
from comptoir.understanding.tone.grievances import clauses, grievance_signals
from comptoir.understanding.tone.taking_up import taking_up_signals
from comptoir.understanding.tone.texts import words_of

Floats = NDArray[np.float64]

_FOLDER = Path(__file__).parent
_WEIGHTS = Path(__file__).parents[2] / "comptoir/understanding/tone/weights.npz"
_SHARES, _STEPS = 6, 12
#: What vectors of length one are multiplied by, so that one penalty suits both blocks.
_MEANING_SCALE = 2.0
_SAME = 0.5


def overlap(one: str, other: str) -> float:
    """The words two spans share: the harmonic mean of the shares of each (0 to 1)."""
    first, second = Counter(words_of(one)), Counter(words_of(other))
    return 2 * sum((first & second).values()) / max(1, sum(first.values()) + sum(second.values()))


def main() -> None:
    """Fit both and write them down."""
    rows = [json.loads(line) for line in (_FOLDER / "train.jsonl").read_text("utf-8").splitlines()]
    kept: dict[str, Any] = {}
    for name, (signals, texts, truth, groups, scale) in {"grievances": _grievances(rows), "taking_up": _taking_up(rows)}.items():
        meaning = light_embedder().embed(texts) * scale if scale else np.zeros((len(texts), 0))
        design = np.hstack([signals, meaning])
        threshold, score = _threshold(design, truth, groups)
        found = _fitted(design, truth)
        width = signals.shape[1]
        vector = found[width:-1] * scale if scale else np.zeros(light_embedder().dimensions)
        kept |= {f"{name}.signals": found[:width], f"{name}.meaning": vector, f"{name}.bias": found[-1], f"{name}.threshold": threshold}
        print(f"{name}: {len(truth)} rows, F1 on shares left out {score:.1f} at {threshold:.2f}")
    np.savez_compressed(_WEIGHTS, **{key: np.asarray(value, np.float32) for key, value in kept.items()})


def _grievances(rows: list[dict[str, Any]]) -> tuple[Floats, list[str], Floats, NDArray[np.int64], float]:
    signals, texts, truth, groups = [], [], [], []
    for place, row in enumerate(rows):
        message = row["customer_message"]
        if spans := clauses(message):
            signals.append(grievance_signals(message, spans, row["language"]))
            said = [message[span.start : span.end] for span in spans]
            truth += [any(overlap(text, point) >= _SAME for point in row["complaint_points"]) for text in said]
            texts += said
            groups += [place] * len(said)
    return np.concatenate(signals), texts, np.array(truth, float), np.array(groups), _MEANING_SCALE


def _taking_up(rows: list[dict[str, Any]]) -> tuple[Floats, list[str], Floats, NDArray[np.int64], float]:
    signals, texts, truth, groups = [], [], [], []
    for place, row in enumerate(rows):
        if points := row["complaint_points"]:
            signals.append(taking_up_signals(points, row["reply"], row["language"]))
            truth += [point in row["points_taken_up"] for point in points]
            texts += points
            groups += [place] * len(points)
    return np.concatenate(signals), texts, np.array(truth, float), np.array(groups), 0.0


def _fitted(design: Floats, truth: Floats, penalty: float = 1.0) -> Floats:
    """The coefficients, the bias last; only the bias is free."""
    design = np.hstack([design, np.ones((len(design), 1))]).astype(float)
    held = np.diag(np.append(np.full(design.shape[1] - 1, penalty), 1e-6))
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = _chances(design, found)
        bent = (design * (chance * (1 - chance) + 1e-9)[:, None]).T @ design + held
        found = found - np.linalg.solve(bent, design.T @ (chance - truth) + held @ found)
    return found


def _chances(design: Floats, found: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(design @ found, -30.0, 30.0))))


def _threshold(design: Floats, truth: Floats, groups: NDArray[np.int64]) -> tuple[float, float]:
    chance = np.zeros(len(truth))
    for share in range(_SHARES):
        out = groups % _SHARES == share
        found = _fitted(design[~out], truth[~out])
        chance[out] = design[out] @ found[:-1] + found[-1]
    chance = 1.0 / (1.0 + np.exp(-chance))
    scores = {
        float(at): 200 * float(((chance >= at) * truth).sum()) / float((chance >= at).sum() + truth.sum()) for at in np.arange(0.3, 0.65, 0.05)
    }
    best = max(scores, key=lambda at: scores[at])
    return best, scores[best]


if __name__ == "__main__":
    main()
