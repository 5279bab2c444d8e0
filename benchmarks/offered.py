"""What is worth the look of who answers: of the messages that an entry answers, for how many is it offered beside the
composer or proposed by the bot; and for how many of those that none answers is anything?

From where on something is offered was chosen on the shop and on catalogues drawn from a bank's training split; telecom,
hotel and the bank's development split are measured on. Six phrasings an entry. Complaints are left out.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks._figures import measured
from comptoir.understanding.deciding import offering
from comptoir.understanding.deciding.decision import PROPOSES_FROM, Bot
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.language import LANGUAGES, languages_of
from comptoir.understanding.reader import understand
from comptoir.understanding.retrieval.calibration import calibrate
from comptoir.understanding.retrieval.confidence import believed, coefficients, rank
from comptoir.understanding.retrieval.entries import Entry, read_catalogue

_CATALOGUES = Path(__file__).parent.parent / "training/catalogues"
_PHRASINGS, _OFFERED = 6, 3
#: How many of the bank's 77 intents are drawn as a catalogue, by seed; and how many of the questions are asked.
_DRAWN, _ASKED = {100: 25, 101: 40, 102: 55, 103: 40}, 400
#: What is tried in the panel: from where on the likeliest, those beside it, the likeliest of what calls for no answer.
_TRIED = (
    (0.06, 0.01, 0.06),
    (0.1, 0.01, 0.1),
    (0.15, 0.03, 0.15),
    (0.2, 0.03, 0.2),
    (0.2, 0.03, 0.3),
    (0.3, 0.03, 0.3),
)
_TRIED_BY_BOT = (0.25, 0.4, 0.5, 0.6)


@dataclass(frozen=True)
class Asked:
    """One message: the entry that answers it (None: none does), the likeliest as the panel and the bot believe them."""

    entry: str | None
    keys: Sequence[str]
    believed: Sequence[float]
    first: float
    calls_for_answer: bool

    def offered(self, count: int) -> Sequence[str]:
        """What stands in the panel where ``count`` are worth a look."""
        return self.keys[: min(count, _OFFERED)]

    def proposed(self, least: float) -> Sequence[str]:
        """What the bot proposes from one confidence on."""
        return self.keys[:1] if self.first >= least and self.calls_for_answer else ()


Rows = Sequence[tuple[str, str | None]]


def main() -> bool:
    """Print the curves; there is no goal."""
    print("chosen by:")
    for name, asked in _chosen_by():
        _tell(name, asked)
    print("\nmeasured on:")
    for name, asked in _measured_on():
        _tell(name, asked)
    return True


def _chosen_by() -> Iterator[tuple[str, Sequence[Asked]]]:
    yield "shop", _own("shop")
    if folder := os.environ.get("COMPTOIR_DATASETS"):
        learnt = _bank(Path(folder), "train", "fr")
        drawn: list[Asked] = []
        for seed, size in _DRAWN.items():
            held = np.random.default_rng(seed).permutation(sorted(learnt)).tolist()[:size]
            rows = [(text, name if name in held else None) for name, own in learnt.items() for text in own[7:]]
            order = np.random.default_rng(1).permutation(len(rows))[:_ASKED].tolist()
            drawn += _read(_entries(learnt, held), [rows[place] for place in order])
        yield "bank, drawn", drawn


def _measured_on() -> Iterator[tuple[str, Sequence[Asked]]]:
    for name in ("telecom", "hotel"):
        yield name, _own(name)
    if folder := os.environ.get("COMPTOIR_DATASETS"):
        learnt = _bank(Path(folder), "train", "fr")
        held = [name for place, name in enumerate(sorted(learnt)) if place % 4]
        for language in ("fr", "en"):
            asked = _bank(Path(folder), "dev", language)
            rows = [(text, name if name in held else None) for name, own in asked.items() for text in own]
            yield f"bank, asked in {language}", _read(_entries(learnt, held), rows)


def _own(name: str) -> Sequence[Asked]:
    entries = read_catalogue(_CATALOGUES / f"{name}.jsonl")
    lines = (_CATALOGUES / f"{name}_messages.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] != "complaint"]
    few = [replace(one, phrasings=one.phrasings[:_PHRASINGS]) for one in entries]
    return _read(few, [(row["message"], row["entry"]) for row in rows])


def _bank(folder: Path, part: str, language: str) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    with (folder / "language" / part / "support_intents_fr_en.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found.setdefault(row["intent"], []).append(row[f"text_{language}"])
    return found


def _entries(learnt: Mapping[str, list[str]], held: Sequence[str]) -> Sequence[Entry]:
    return [
        Entry(name, learnt[name][0], tuple(learnt[name][1 : _PHRASINGS + 1]), name.replace("_", " "), "fr")
        for name in held
    ]


def _read(entries: Sequence[Entry], rows: Rows) -> Sequence[Asked]:
    texts = [text for text, _entry in rows]
    bot, found = Bot.of(entries, meaning_embedder()), coefficients()
    assert bot.index is not None
    own = calibrate(bot.index, found)  # as the panel's catalogue is: it is not put to the proof
    analyses, decided = understand(texts), bot.decide(texts)
    asked: list[Asked] = []
    messages = bot.index.messages(texts, languages_of(texts, LANGUAGES, "fr"))
    for (_text, entry), message, read, decision in zip(rows, messages, analyses, decided, strict=True):
        order = rank(bot.index, message, found)
        sure = believed(own.confidence(order.signs), order.shares.tolist())
        keys = [entries[place].key for place in order.places.tolist()]
        asked.append(Asked(entry, keys, sure, decision.confidence, read.needs_answer))
    return asked


def _tell(name: str, asked: Sequence[Asked]) -> None:
    covered = [one for one in asked if one.entry is not None]
    others = [one for one in asked if one.entry is None]
    print(f"\n-- {name}: {len(covered)} messages that an entry answers, {len(others)} that none does")
    for first, beside, unasked in _TRIED:
        rule = offering.Rule(first, beside, unasked)
        _line(f"panel from {first:.2f}, beside from {beside:.2f}, unasked from {unasked:.2f}",
              [(one, one.offered(rule.worth_a_look(one.believed, calls_for_answer=one.calls_for_answer)))
               for one in asked])  # fmt: skip
    for least in _TRIED_BY_BOT:
        _line(f"proposed from {least:.2f}", [(one, one.proposed(least)) for one in asked])
    shown = [(one, one.offered(offering.RULE.worth_a_look(one.believed, calls_for_answer=one.calls_for_answer)))
             for one in asked]  # fmt: skip
    proposed = [(one, one.proposed(PROPOSES_FROM)) for one in asked]
    for what, found in (("offered", shown), ("proposed", proposed)):
        right = np.array([one.entry in keys for one, keys in found if one.entry is not None])
        anything = np.array([bool(keys) for one, keys in found if one.entry is None])
        measured(
            f"{name}, {what}: the right one, of what is answered, %",
            lambda own, f=right: 100 * float(f[own].mean()),
            len(right),
        )
        measured(
            f"{name}, {what}: anything, where none answers, %",
            lambda own, f=anything: 100 * float(f[own].mean()),
            len(anything),
        )


def _line(name: str, found: Sequence[tuple[Asked, Sequence[str]]]) -> None:
    right = np.mean([one.entry in keys for one, keys in found if one.entry is not None])
    there = np.mean([bool(keys) for one, keys in found if one.entry is not None])
    anything = np.mean([bool(keys) for one, keys in found if one.entry is None])
    beside = np.mean([len(keys) for _one, keys in found if keys] or [0.0])
    # As if half of all messages were answered by an entry, which only a company knows.
    worth = right / (there + anything) if there + anything else 0.0
    print(f"{name:58} right {100 * right:5.1f} %, anything where none answers {100 * anything:5.1f} %, "
          f"holds the right one {100 * worth:3.0f} %, {beside:.1f} shown")  # fmt: skip
