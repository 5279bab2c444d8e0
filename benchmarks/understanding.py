"""How well texts are understood: every figure on texts that nothing was learnt from, with 95 % intervals by bootstrap.

The sets are those of COMPTOIR_DATASETS/language/dev, training/care/held_out.jsonl, reviews.jsonl and urgent.jsonl. Speed is
the middle one of some processes of one thread, memory the most that one of them took.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks._care_figures import CARE, care_figures, review_figures, urgent_figures
from benchmarks._figures import auc, calibration, macro_f1, measured, reached, told
from comptoir.understanding.analysis import SENTIMENTS
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.language import LANGUAGES
from comptoir.understanding.reader import understand
from comptoir.understanding.topics import TopicHead

_TOXIC = 0.5
#: Processes of which the middle speed is told, with the least and the most.
_RUNS = 7


def main() -> bool:
    """Print the figures; whether every goal is reached. Without the data sets nothing is measured."""
    folder = os.environ.get("COMPTOIR_DATASETS")
    if not folder:
        print("COMPTOIR_DATASETS does not name the data sets: not measured.")
        return True
    dev = Path(folder) / "language/dev"
    for light in (False, True):
        print(f"\n-- {'light' if light else 'full'} form")
        _sentiment(dev, light)
        review_figures(light)
        _toxicity(dev, light)
        care_figures(light)
        urgent_figures(light)
    print("\n-- both forms")
    _language(dev)
    _topics(dev)
    _speed()
    return all(reached)


def _rows(path: Path) -> list[dict[str, str]]:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _sentiment(dev: Path, light: bool) -> None:
    means: list[tuple[Any, Any]] = []
    for language in ("fr", "en", "es", "de", "it", "pt"):
        rows = _rows(dev / f"sentiment_tweets_{language}.tsv")
        found = understand([row["text"] for row in rows], light=light)
        truth = np.array([SENTIMENTS.index(row["label"]) for row in rows])
        guess = np.array([SENTIMENTS.index(one.sentiment.label) for one in found])
        sure = np.array([one.sentiment.confidence for one in found])
        goal = {"goal": "goal 74", "least": 74.0} if language == "fr" and not light else {}
        measured(
            f"sentiment, tweets {language}, macro-F1",
            lambda own, t=truth, g=guess: macro_f1(t[own], g[own], 3),
            len(rows),
            **goal,
        )
        print(f"{'':58} calibration error {100 * calibration(sure, truth == guess):.1f} points")
        means.append((truth, guess))
    shortest = min(len(truth) for truth, _ in means)
    measured(
        "sentiment, mean of six languages, macro-F1",
        lambda own: float(np.mean([macro_f1(truth[own], guess[own], 3) for truth, guess in means])),
        shortest, **({} if light else {"goal": "goal 69", "least": 69.0}),
    )  # fmt: skip


def _toxicity(dev: Path, light: bool) -> None:
    rows = _rows(dev / "toxicity_rtplx_fr.tsv")
    score = np.array([one.toxicity for one in understand([row["text"] for row in rows], light=light)])
    truth = np.array([row["toxic"] == "1" for row in rows])
    goal: dict[str, Any] = {} if light else {"goal": "goal 0.88", "least": 0.88}
    measured("toxicity, RTP-LX fr, AUC", lambda own: auc(truth[own], score[own]), len(rows), **goal)
    benign = [row["text_fr"] for row in _rows(dev / "support_intents_fr_en.tsv")]
    alarms = np.array([one.toxicity >= _TOXIC for one in understand(benign, light=light)])
    measured(
        "toxicity, false alarms on bank customers' messages, %",
        lambda own: 100 * float(alarms[own].mean()),
        len(benign),
        "goal < 0.5",
        most=0.499,
    )


def _language(dev: Path) -> None:
    from comptoir.understanding.language import languages_of

    rows = _rows(dev / "langid_short.tsv")
    right = np.array(
        [found == row["lang"] for found, row in zip(languages_of([row["text"] for row in rows]), rows, strict=True)]
    )
    measured(
        "language of short texts, %", lambda own: 100 * float(right[own].mean()), len(rows), "goal 98.5", least=98.5
    )
    for language in LANGUAGES:
        part = right[[row["lang"] == language for row in rows]]
        measured(f"language of short texts, {language}, %", lambda own, p=part: 100 * float(p[own].mean()), len(part))


def _topics(dev: Path) -> None:
    learnt: dict[str, list[str]] = {}
    for row in _rows(dev.parent / "train/support_intents_fr_en.tsv"):
        learnt.setdefault(row["intent"], []).append(row["text_fr"])
    asked = _rows(dev / "support_intents_fr_en.tsv")
    vectors = meaning_embedder().embed([row["text_fr"] for row in asked])
    for examples in (5, 10, 20):
        head = TopicHead.fit({key: texts[:examples] for key, texts in learnt.items()}, meaning_embedder())
        first = head.predict(vectors)
        right = np.array(
            [bool(topics) and topics[0].key == row["intent"] for topics, row in zip(first, asked, strict=True)]
        )
        measured(
            f"topic of 77, French, {examples} examples each, %",
            lambda own, r=right: 100 * float(r[own].mean()),
            len(asked),
        )


def _speed() -> None:
    for form, goal in (("full", 60.0), ("light", 500.0)):
        speeds, sizes = zip(*(_own_process(form) for _run in range(_RUNS)), strict=True)
        speed, size = statistics.median(speeds), max(sizes)
        span = (min(speeds), max(speeds))
        told(f"speed, {form} form, messages/s on one core", speed, span, 640, f"goal {goal:.0f}", speed >= goal)
        told(f"memory of a process, {form} form, MB", size, (min(sizes), size), 1, "goal < 400", size < 400)


def _own_process(form: str) -> tuple[float, float]:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.understanding", form],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ},
    )
    speed, size = map(float, run.stdout.split())
    return speed, size


def _run_once(form: str) -> None:
    """In a process of its own: customers' messages in batches of 64, after a first batch that loads everything."""
    rows = [
        json.loads(line)["text"]
        for name in ("train_fr", "train_others")
        for line in (CARE.parent / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    light = form == "light"
    understand(rows[:64], light=light)
    begun = time.process_time()
    understand(rows[64:704], light=light)
    speed = len(rows[64:704]) / (time.process_time() - begun)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(speed, int(peak.split()[1]) / 1024)


if __name__ == "__main__":
    _run_once(sys.argv[1])
