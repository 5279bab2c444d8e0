"""The figures on our own care messages that were kept out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._figures import auc, macro_f1, measured
from comptoir.understanding.analysis import INTENTS, SENTIMENTS, Analysis
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.reader import understand

CARE = Path(__file__).parent.parent / "training/care/held_out.jsonl"
#: Reviews of our own with one, two, four or five stars.
REVIEWS = CARE.parent / "reviews.jsonl"
#: The most urgent, and what only sounds like it.
URGENT = CARE.parent / "urgent.jsonl"
_TOXIC = 0.5


def care_figures(light: bool) -> None:
    """In all, in French, and in the other languages."""
    rows = care_rows(CARE)
    found = understand([row["text"] for row in rows], light=light)
    for name, part in {"": LANGUAGES, ", French": ("fr",), ", others": LANGUAGES[1:]}.items():
        own = [place for place, row in enumerate(rows) if row["language"] in part]
        _care_part(name, [rows[place] for place in own], [found[place] for place in own], goals=not name and not light)


def review_figures(light: bool) -> None:
    """Reviews with stars, in all, in French, in the other languages, and where the stars are not the outermost."""
    rows = care_rows(REVIEWS)
    found = understand([row["text"] for row in rows], light=light)
    good = np.array([row["stars"] > 3 for row in rows])
    given = np.array([one.sentiment.score > 0 for one in found])
    french = np.array([row["language"] == "fr" for row in rows])
    mixed = np.array([row["stars"] in (2, 4) for row in rows])
    everything = np.ones(len(rows), bool)
    for name, part in {"": everything, ", French": french, ", others": ~french, ", of 2 or 4 stars": mixed}.items():
        goal = {} if light or name else {"goal": "goal 85", "least": 85.0}
        measured(
            f"reviews{name}, positive or negative, macro-F1",
            lambda own, t=good[part], g=given[part]: macro_f1(t[own], g[own], 2),
            int(part.sum()),
            **goal,
        )


def urgent_figures(light: bool) -> None:
    """Where messages of level 3 end, and what else is given it: in all, in French, and in the other languages."""
    rows = care_rows(URGENT)
    wanted = np.array([row["urgency"] for row in rows])
    given = np.array([one.urgency.level for one in understand([row["text"] for row in rows], light=light)])
    french = np.array([row["language"] == "fr" for row in rows])
    for name, part in {"": np.ones(len(rows), bool), ", French": french, ", others": ~french}.items():
        most = {} if light or name else {"goal": "goal < 5", "most": 4.999}
        levels = given[part & (wanted == 3)]
        for what, least in (("given 0 or 1", 2), ("not given 3", 3)):
            measured(
                f"the most urgent{name}, {what}, %",
                lambda own, n=levels, below=least: 100 * float((n[own] < below).mean()), len(levels), **most,
            )  # fmt: skip
        other = given[part & (wanted < 2)]
        measured(
            f"what sounds like it{name} (0 or 1), given 3, %",
            lambda own, n=other: 100 * float((n[own] == 3).mean()),
            len(other),
        )


def care_rows(path: Path) -> list[dict[str, Any]]:
    """A file of training/care."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _care_part(name: str, rows: Sequence[dict[str, Any]], found: Sequence[Analysis], *, goals: bool) -> None:
    count = len(rows)
    truth = np.array([INTENTS.index(row["intent"]) for row in rows])
    guess = np.array([INTENTS.index(one.intent.label) for one in found])

    def least(value: float) -> dict[str, Any]:
        return {"goal": f"goal {value:g}", "least": value} if goals else {}

    measured(f"care{name}, intent, macro-F1", lambda own: macro_f1(truth[own], guess[own], 6), count, **least(75))
    wanted, given = np.array([row["urgency"] for row in rows]), np.array([one.urgency.level for one in found])
    measured(
        f"care{name}, urgency within one level, %",
        lambda own: 100 * float((abs(wanted - given)[own] <= 1).mean()),
        count,
        **least(95),
    )
    most = {"goal": "goal < 5", "most": 4.999} if goals else {}
    urgent = np.flatnonzero(wanted == 3)
    measured(
        f"care{name}, of level 3 given 0 or 1, %",
        lambda own: 100 * float((given[urgent][own] <= 1).mean()),
        len(urgent),
        **most,
    )
    measured(
        f"care{name}, of level 3 not given 3, %",
        lambda own: 100 * float((given[urgent][own] < 3).mean()),
        len(urgent),
        **most,
    )
    calm = np.flatnonzero(given == 3)
    if len(calm):
        measured(
            f"care{name}, of those given 3 that are 2 or 3, %",
            lambda own: 100 * float((wanted[calm][own] >= 2).mean()),
            len(calm),
        )
    needs = np.array([row["needs_answer"] == one.needs_answer for row, one in zip(rows, found, strict=True)])
    measured(
        f"care{name}, whether an answer is needed, %", lambda own: 100 * float(needs[own].mean()), count, **least(90)
    )
    felt = np.array([SENTIMENTS.index(row["sentiment"]) for row in rows])
    read = np.array([SENTIMENTS.index(one.sentiment.label) for one in found])
    measured(f"care{name}, sentiment, macro-F1", lambda own: macro_f1(felt[own], read[own], 3), count)
    reviews = np.array([row["channel"] == "review" and row["sentiment"] != "neutral" for row in rows])
    if reviews.sum() > 5:
        score = np.array([one.sentiment.score > 0 for one in found])
        measured(
            f"care{name}, of which reviews, positive or negative, macro-F1",
            lambda own: macro_f1((felt == 2)[reviews][own], score[reviews][own], 2),
            int(reviews.sum()),
        )
    toxic, rude = np.array([row["toxic"] for row in rows]), np.array([one.toxicity for one in found])
    measured(f"care{name}, toxicity, AUC", lambda own: auc(toxic[own], rude[own]), count)
    benign = np.flatnonzero(~toxic & (truth == INTENTS.index("complaint")))
    alarm = {"goal": "goal < 0.5", "most": 0.499} if goals else {}
    measured(
        f"care{name}, benign complaints taken for toxic, %",
        lambda own: 100 * float((rude[benign][own] >= _TOXIC).mean()),
        len(benign),
        **alarm,
    )
    _spam_and_data(name, rows, found, least)


def _spam_and_data(
    name: str, rows: Sequence[dict[str, Any]], found: Sequence[Analysis], least: Callable[[float], dict[str, Any]]
) -> None:
    spam = np.array([row["spam"] for row in rows])
    taken = np.array([one.spam >= 0.5 for one in found])
    measured(
        f"care{name}, spam, F1",
        lambda own: 200 * float((spam & taken)[own].sum()) / max(1, int(spam[own].sum() + taken[own].sum())),
        len(rows),
    )
    for how, counts in {"spans and kinds exact": _exact(rows, found), "characters": _characters(rows, found)}.items():
        numbers = np.array(counts)
        measured(
            f"care{name}, personal data, {how}, F1",
            lambda own, n=numbers: 200 * float(n[own, 0].sum()) / max(1, int(n[own, 1].sum() + n[own, 2].sum())),
            len(rows), **least(97),
        )  # fmt: skip
    right, wrong = Counter[str](), Counter[str]()
    for row, one in zip(rows, found, strict=True):
        want, got = _wanted_spans(row), {(data.kind, data.start, data.end) for data in one.personal_data}
        right.update(kind for kind, _, _ in want & got)
        wrong.update(kind for kind, _, _ in want ^ got)
    print(
        f"{'':58} exact by kind: "
        + ", ".join(f"{kind} {right[kind]}/{wrong[kind]} wrong" for kind in sorted(right | wrong))
    )


def _wanted_spans(row: dict[str, Any]) -> set[tuple[str, int, int]]:
    spans = set()
    for data in row["personal_data"]:
        start = row["text"].find(data["text"])
        spans.add((data["kind"], start, start + len(data["text"])))
    return spans


def _exact(rows: Sequence[dict[str, Any]], found: Sequence[Analysis]) -> list[tuple[int, int, int]]:
    counts = []
    for row, one in zip(rows, found, strict=True):
        want, got = _wanted_spans(row), {(data.kind, data.start, data.end) for data in one.personal_data}
        counts.append((len(want & got), len(want), len(got)))
    return counts


def _characters(rows: Sequence[dict[str, Any]], found: Sequence[Analysis]) -> list[tuple[int, int, int]]:
    def signs(spans: Iterable[tuple[str, int, int]]) -> set[tuple[str, int]]:
        return {(kind, place) for kind, start, end in spans for place in range(start, end)}

    counts = []
    for row, one in zip(rows, found, strict=True):
        want = signs(_wanted_spans(row))
        got = signs((data.kind, data.start, data.end) for data in one.personal_data)
        counts.append((len(want & got), len(want), len(got)))
    return counts
