"""Is the bot right when it answers alone, on catalogues drawn by chance, and silent where that is not proven?

Of a bank's 77 intents some are drawn as a catalogue, six phrasings each; all 77 are asked about, so that a third to two
thirds of what is asked is covered by none, much of it nearly the same as what is. First with the phrasings alone; then
after a silent time, in which people have judged what was asked (the texts of the training split that are no phrasings);
asked are always the texts of the development split, which nobody has seen.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from comptoir.understanding.deciding.certainty import USUAL, Case, highest_share, lowest_share, surety_of
from comptoir.understanding.deciding.decision import Bot, Decision
from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.retrieval.entries import Entry

_SIZES = (40, 25, 55, 40, 25, 55)
_PHRASINGS = 6


@dataclass(frozen=True)
class Asked:
    """One question: the intent that it is about, and what was decided."""

    intent: str
    decision: Decision

    @property
    def is_right(self) -> bool:
        """Whether the first entry answers it."""
        candidates = self.decision.candidates
        return bool(candidates) and candidates[0].entry == self.intent


def main() -> bool:
    """Print one line a draw; whether no draw answered with less than is demanded."""
    folder = os.environ.get("COMPTOIR_DATASETS")
    if not folder:
        print("COMPTOIR_DATASETS does not name the data sets: nothing is measured.")
        return True
    asked, learnt = _rows(Path(folder), "dev"), _rows(Path(folder), "train")
    kept = [_draw(seed, size, asked, learnt) for seed, size in enumerate(_SIZES)]
    return all(kept)


def _rows(folder: Path, part: str) -> list[tuple[str, str]]:
    with (folder / "language" / part / "support_intents_fr_en.tsv").open(encoding="utf-8", newline="") as file:
        return [(row["intent"], row["text_fr"]) for row in csv.DictReader(file, delimiter="\t")]


def _draw(seed: int, size: int, questions: Sequence[tuple[str, str]], learnt: Sequence[tuple[str, str]]) -> bool:
    chance = np.random.default_rng(seed)
    names = sorted({intent for intent, _text in learnt})
    held = sorted(chance.choice(names, size, replace=False).tolist())
    texts = {name: [text for intent, text in learnt if intent == name] for name in names}
    for own in texts.values():
        chance.shuffle(own)
    entries = [
        Entry(name, texts[name][0], tuple(texts[name][1 : _PHRASINGS + 1]), name.replace("_", " "), "fr")
        for name in held
    ]
    bot = Bot.of(entries, meaning_embedder())
    silent = [(name, text) for name in names for text in texts[name][_PHRASINGS + 1 :]]
    judged = _judged(_decided(bot, silent))
    covered = sum(intent in held for intent, _text in questions)
    print(f"\n-- draw {seed}: {size} of {len(names)} intents, {covered} of {len(questions)} questions are covered")
    kept = _tell("phrasings alone, 98 %", bot, questions, covered, 0.98)
    for least in (0.98, 0.95):
        spoken = replace(bot, sureties={USUAL: surety_of(judged, least=least)})
        kept &= _tell(f"{len(judged)} judged, {least:.0%}", spoken, questions, covered, least)
    return kept


def _decided(bot: Bot, questions: Sequence[tuple[str, str]]) -> list[Asked]:
    found = bot.decide([text for _intent, text in questions])
    return [Asked(intent, decision) for (intent, _text), decision in zip(questions, found, strict=True)]


def _judged(asked: Sequence[Asked]) -> list[Case]:
    """What people would have said of a silent bot's decisions; those that a rule forbids are not its own to make."""
    own = [one for one in asked if one.decision.candidates and not one.decision.forbidden_by]
    return [
        Case(one.decision.confidence, one.is_right, one.decision.candidates[0].entry, place % 2)
        for place, one in enumerate(own)
    ]


def _tell(name: str, bot: Bot, questions: Sequence[tuple[str, str]], covered: int, least: float) -> bool:
    surety = bot.surety
    alone = [one for one in _decided(bot, questions) if one.decision.mode == "answer"]
    right = sum(one.is_right for one in alone)
    proof = f"proof {surety.right}/{surety.asked} ≥ {100 * surety.proven:.1f} %, {len(surety.doubted)} entries doubted"
    if not alone:
        print(f"{name:24} silent  ({proof})", flush=True)
        return True
    low, high = lowest_share(right, len(alone), 0.025), highest_share(right, len(alone), 0.025)
    mark = "kept" if right / len(alone) >= least else "NOT KEPT"
    print(
        f"{name:24} from {surety.answers_from}: {right} right of {len(alone)}, {100 * right / len(alone):.1f} % "
        f"[{100 * low:.1f}, {100 * high:.1f}], {100 * right / covered:.1f} % of what is covered  {mark}  ({proof})",
        flush=True,
    )
    return mark == "kept"
