"""The texts that are learnt from: those under COMPTOIR_DATASETS/language/train and our own in training/care.

What is learnt is kept as coefficients. The texts of others stay where they are; see docs/model-card.md for each one's
licence. Nothing here reads a file for measuring: not dev/, held_out.jsonl, reviews.jsonl,
nor urgent.jsonl.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.analysis import GROUNDS, INTENTS, SENTIMENTS

CARE = Path(__file__).parent / "care"
#: By source. The last two say the same in several languages, or were written for one task: they are only learnt from.
CARE_FILES = {
    "care": ("train_plain.jsonl", "train_fr.jsonl", "train_others.jsonl", "train_gaps.jsonl"),
    "care_more": ("train_more.jsonl",),
    "care_urgent": ("train_urgent.jsonl",),
}
#: What a source teaches, where it is not all that its labels say: urgent messages beside what only sounds like them
#: make other tasks no better (by the messages held back).
_TEACHES = {"care_urgent": ("urgency", "grounds")}
TWEET_LANGUAGES = ("fr", "en", "es", "de", "it", "pt")

#: Task -> how many classes. `grounds` are yes or no each, the others exclude one another.
TASKS = {
    "sentiment": len(SENTIMENTS),
    "intent": len(INTENTS),
    "needs_answer": 2,
    "urgency": 4,
    "grounds": len(GROUNDS),
    "toxicity": 2,
    "spam": 2,
}


@dataclass(frozen=True)
class Example:
    """One text and what is known of it, by task; ``source`` names the set."""

    text: str
    language: str
    source: str
    targets: dict[str, NDArray[np.float32]] = field(default_factory=dict)


def datasets() -> Path:
    """Where the sets lie. Raises SystemExit with what to do where the variable is not set."""
    folder = os.environ.get("COMPTOIR_DATASETS")
    if not folder:
        raise SystemExit("COMPTOIR_DATASETS must name the folder that has language/train and language/dev.")
    return Path(folder) / "language"


def rows_of(path: Path) -> list[dict[str, str]]:
    """A table of tab-separated values with a heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def one_of(place: int, count: int) -> NDArray[np.float32]:
    """All zero but one."""
    return np.eye(count, dtype=np.float32)[place]


def care(name: str) -> list[dict[str, Any]]:
    """A file of training/care."""
    return [json.loads(line) for line in (CARE / name).read_text("utf-8").splitlines() if line.strip()]


def care_targets(row: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """What the labels of one care message say, by task."""
    return {
        "sentiment": one_of(SENTIMENTS.index(row["sentiment"]), 3),
        "intent": one_of(INTENTS.index(row["intent"]), 6),
        "needs_answer": one_of(int(row["needs_answer"]), 2),
        "urgency": one_of(int(row["urgency"]), 4),
        "grounds": np.array([float(ground in row["grounds"]) for ground in GROUNDS], np.float32),
        "toxicity": one_of(int(row["toxic"]), 2),
        "spam": one_of(int(row["spam"]), 2),
    }


def examples() -> list[Example]:
    """Everything, in an order that never changes."""
    return [*_care(), *_tweets(), *_toxic()]


def _care() -> Iterator[Example]:
    for source, names in CARE_FILES.items():
        for row in (row for name in names for row in care(name)):
            targets = care_targets(row)
            taught = {task: targets[task] for task in _TEACHES.get(source, targets)}
            yield Example(row["text"], row["language"], source, taught)


def _tweets() -> Iterator[Example]:
    for language in TWEET_LANGUAGES:
        for row in rows_of(datasets() / f"train/sentiment_tweets_{language}.tsv"):
            target = one_of(SENTIMENTS.index(row["label"]), 3)  # type: ignore[arg-type]  # the set's labels are ours
            yield Example(row["text"], language, f"tweets_{language}", {"sentiment": target})


def _toxic() -> Iterator[Example]:
    for name in ("forum", "jigsaw"):
        for row in rows_of(datasets() / f"train/toxicity_{name}_fr.tsv"):
            yield Example(row["text"], "fr", f"toxic_{name}", {"toxicity": one_of(int(row["toxic"]), 2)})


def unlabelled() -> list[Example]:
    """Customers' questions to a bank or a hotel: neither toxic nor spam. One in three, as they are much alike."""
    found = [
        Example(row[f"text_{language}"], language, "banking")
        for row in rows_of(datasets() / "train/support_intents_fr_en.tsv")
        for language in ("fr", "en")
    ]
    for place in ("banking", "hotels"):
        found += [Example(row["text"], "en", place) for row in rows_of(datasets() / f"train/nlupp_{place}_en.tsv")]
    return found[::3]
