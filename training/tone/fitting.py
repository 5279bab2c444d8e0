"""Fit the small statistics of tone: `python -m training.tone.fitting`. The kept-out sets are never opened here.

Penalised logistic regression by Newton's method; the threshold of each is the one that is best on shares of
train.jsonl left out in turn. Writes comptoir/understanding/tone/weights.npz.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.tone.grievances import clauses, grievance_signals
from comptoir.understanding.tone.manner import manner_signals
from comptoir.understanding.tone.model import deep_vectors, light_vectors
from comptoir.understanding.tone.phrases import blaming_phrases, stock_phrases
from comptoir.understanding.tone.taking_up import taking_up_signals
from comptoir.understanding.tone.texts import sentences, words_of
from comptoir.understanding.tone.warmth import caring, feeling

Floats = NDArray[np.float64]

_FOLDER = Path(__file__).parent
_WEIGHTS = Path(__file__).parents[2] / "comptoir/understanding/tone/weights.npz"
_SHARES, _STEPS = 6, 8
#: What vectors are multiplied by, so that one penalty suits signals and meaning.
_LIGHT_SCALE, _DEEP_SCALE = 2.0, 6.5
#: A phrase of phrases_*.tsv counts so many times a sentence of train.jsonl.
_PHRASE_COUNTS = 1.0
_SAME = 0.5


def overlap(one: str, other: str) -> float:
    """The words two spans share: the harmonic mean of the shares of each (0 to 1)."""
    first, second = Counter(words_of(one)), Counter(words_of(other))
    return 2 * sum((first & second).values()) / max(1, sum(first.values()) + sum(second.values()))


def main() -> None:
    """Fit all of them and write them down."""
    rows = [json.loads(line) for line in (_FOLDER / "train.jsonl").read_text("utf-8").splitlines()]
    kept: dict[str, Any] = {}
    spans, chance = _grievances(rows, kept)
    _taking_up(rows, spans, chance, kept)
    _manners(rows, kept)
    np.savez_compressed(_WEIGHTS, **{key: np.asarray(value, np.float32) for key, value in kept.items()})


def _keep(
    kept: dict[str, Any], name: str, found: Floats, width: int, scale: float, mean: Floats | None, threshold: float
) -> None:
    """Coefficients as Model reads them: the scale and the mean of the vectors are worked in."""
    meaning = found[width:-1] * scale
    shift = float(mean @ meaning) if mean is not None else 0.0
    kept |= {
        f"{name}.signals": found[:width],
        f"{name}.meaning": meaning,
        f"{name}.bias": found[-1] - shift,
        f"{name}.threshold": threshold,
    }


def _grievances(rows: list[dict[str, Any]], kept: dict[str, Any]) -> tuple[list[list[str]], list[Floats]]:
    """The clauses of each message, and how sure each is when its message was left out."""
    texts, signals, truth, groups = [], [], [], []
    for place, row in enumerate(rows):
        message = row["customer_message"]
        spans = clauses(message)
        texts.append([message[span.start : span.end] for span in spans])
        if spans:
            signals.append(grievance_signals(message, spans, row["language"]))
            truth += [any(overlap(text, point) >= _SAME for point in row["complaint_points"]) for text in texts[-1]]
            groups += [place] * len(spans)
    table, wanted, grouped = np.concatenate(signals), np.array(truth, float), np.array(groups)
    design = np.hstack([table, light_vectors([text for own in texts for text in own]) * _LIGHT_SCALE])
    chance = _left_out(design, wanted, grouped)
    threshold = _threshold("grievances", chance, wanted)
    _keep(kept, "grievances", _fitted(design, wanted), table.shape[1], _LIGHT_SCALE, None, threshold)
    likely = [chance[grouped == place] for place in range(len(rows))]
    picked = [
        [text for text, sure in zip(own, sures, strict=True) if sure >= threshold]
        for own, sures in zip(texts, likely, strict=True)
    ]
    return picked, [sures[sures >= threshold] for sures in likely]


def _taking_up(rows: list[dict[str, Any]], points: list[list[str]], sure: list[Floats], kept: dict[str, Any]) -> None:
    """On the points as they are found, so that one which is none counts as not taken up."""
    signals, truth, groups = [], [], []
    for place, row in enumerate(rows):
        if points[place]:
            signals.append(taking_up_signals(points[place], sure[place].tolist(), row["reply"], row["language"]))
            truth += [
                any(overlap(point, other) >= _SAME for other in row["points_taken_up"]) for point in points[place]
            ]
            groups += [place] * len(points[place])
    table, wanted = np.concatenate(signals), np.array(truth, float)
    threshold = _threshold("taking_up", _left_out(table, wanted, np.array(groups)), wanted)
    _keep(kept, "taking_up", _fitted(table, wanted), table.shape[1], 0.0, None, threshold)


def _manners(rows: list[dict[str, Any]], kept: dict[str, Any]) -> None:
    """Sentences: those of train.jsonl where a rule finds the phrase in a reply labelled so, and phrases_*.tsv."""
    cut = [
        (place, row["reply"][span.start : span.end])
        for place, row in enumerate(rows)
        for span in sentences(row["reply"])
    ]
    more = [
        line.split("\t")
        for name in ("fr", "en")
        for line in (_FOLDER / f"phrases_{name}.tsv").read_text("utf-8").splitlines()
        if line
    ]
    texts = [text for _, text in cut] + [text for _, text in more]
    vectors = deep_vectors(texts)
    mean, signals = vectors[: len(cut)].mean(axis=0), manner_signals(texts)
    design = np.hstack([signals, (vectors - mean) * _DEEP_SCALE])
    groups = np.array([place for place, _ in cut] + [-1] * len(more))
    counts = np.where(groups >= 0, 1.0, _PHRASE_COUNTS)
    rules: dict[str, tuple[Any, str]] = {
        "blame": (blaming_phrases, "blames_customer"), "stock": (stock_phrases, "stock_phrase"),
        "feeling": (feeling, "reassures"), "care": (caring, "reassures"),
    }  # fmt: skip
    most: dict[str, Floats] = {}
    for name, (rule, key) in rules.items():
        seen = [
            bool(rule(text, rows[place]["language"])) and (rows[place][key] or name == "care") for place, text in cut
        ]
        truth = np.array([*seen, *(label == name for label, _ in more)], float)
        chance = _left_out(design, truth, groups, counts)
        most[name] = np.array([max(chance[groups == place], default=0.0) for place in range(len(rows))])
        threshold = (
            _threshold(name, most[name], np.array([row[key] for row in rows], float))
            if name in ("blame", "stock")
            else 0.5
        )
        _keep(kept, name, _fitted(design, truth, counts), signals.shape[1], _DEEP_SCALE, mean, threshold)
    both = np.sqrt(most["feeling"] * most["care"])
    kept["feeling.threshold"] = _threshold("reassures", both, np.array([row["reassures"] for row in rows], float))


def _left_out(design: Floats, truth: Floats, groups: NDArray[np.int64], counts: Floats | None = None) -> Floats:
    """The chance of each row by coefficients that its group had no part in; group -1 is always learnt from."""
    counts = np.ones(len(truth)) if counts is None else counts
    chance = np.zeros(len(truth))
    for share in range(_SHARES):
        out = (groups % _SHARES == share) & (groups >= 0)
        found = _fitted(design[~out], truth[~out], counts[~out])
        chance[out] = _chances(design[out], found[:-1], found[-1])
    return chance


def _fitted(design: Floats, truth: Floats, counts: Floats | None = None, penalty: float = 1.0) -> Floats:
    """The coefficients, the bias last; only the bias is free."""
    counts = np.ones(len(truth)) if counts is None else counts
    design = np.hstack([design, np.ones((len(design), 1))]).astype(float)
    held = np.diag(np.append(np.full(design.shape[1] - 1, penalty), 1e-6))
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = _chances(design, found)
        bent = (design * (counts * (chance * (1 - chance) + 1e-9))[:, None]).T @ design + held
        found = found - np.linalg.solve(bent, design.T @ (counts * (chance - truth)) + held @ found)
    return found


def _chances(design: Floats, found: Floats, bias: float = 0.0) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(design @ found + bias, -30.0, 30.0))))


def _threshold(name: str, chance: Floats, truth: Floats) -> float:
    """The one with the best F1 on what was left out."""
    scores = {
        float(at): 200 * float(((chance >= at) * truth).sum()) / float((chance >= at).sum() + truth.sum())
        for at in np.arange(0.3, 0.65, 0.05)
    }
    best = max(scores, key=lambda at: scores[at])
    print(f"{name}: {len(truth)} rows, F1 on shares left out {scores[best]:.1f} at {best:.2f}", flush=True)
    return best


if __name__ == "__main__":
    main()
