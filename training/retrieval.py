"""How the opinions on a catalogue's entries are weighed, and what they say about being right.

    python -m training.retrieval

Learnt from the shop of training/catalogues (its messages, and its phrasings each asked against the others) and from
catalogues drawn out of the bank customers' questions of COMPTOIR_DATASETS. The telecom and hotel catalogues are for
measuring and are not read here. Writes comptoir/understanding/retrieval/coefficients.json.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.embedding.loading import meaning_embedder
from comptoir.understanding.retrieval.confidence import Coefficients, rank
from comptoir.understanding.retrieval.entries import Entry, read_catalogue
from comptoir.understanding.retrieval.index import Index, Message
from comptoir.understanding.retrieval.ranking import OPINIONS, compare, ready

_HERE = Path(__file__).parent
_OUT = _HERE.parent / "comptoir/understanding/retrieval/coefficients.json"
_PHRASINGS = 6
_BANKS, _OTHER_BANKS, _BANK_INTENTS = 6, 2, 40
_RANK_PENALTY, _SIGN_PENALTY = 0.01, 0.02
#: What one of the shop's messages counts, one of its own phrasings asked against the others, one question to the bank.
_ASKED, _OWN, _BANK = 1.0, 0.1, 0.3
#: The bank's entries have no answers: for weighing opinions it counts so much less, and the shop's phrasings more.
_RANKED_BANK, _RANKED_OWN = 0.1, 3.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A message, the place of the entry that answers it (-1: none does), and what it counts."""

    index: Index
    message: Message
    right: int
    weight: float
    left_out: int | None = None
    without: tuple[int, ...] = ()


def shop() -> list[Case]:
    """The shop's messages, and its own phrasings left out in turn."""
    entries = [
        replace(one, phrasings=one.phrasings[:_PHRASINGS]) for one in read_catalogue(_HERE / "catalogues/shop.jsonl")
    ]
    index = ready(entries, meaning_embedder())
    lines = (_HERE / "catalogues/shop_messages.jsonl").read_text("utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] != "complaint"]
    keys = [entry.key for entry in entries]
    messages = index.messages([row["message"] for row in rows], [row["language"] for row in rows])
    asked = [
        Case(index, message, keys.index(row["entry"]) if row["entry"] else -1, _ASKED)
        for message, row in zip(messages, rows, strict=True)
    ]
    return asked + own_phrasings(index, _OWN)


def own_phrasings(index: Index, weight: float) -> list[Case]:
    """Each text of the index asked against the others, and against the others of other entries."""
    cases = []
    for place in range(len(index.texts)):
        owner = index.owner(place)
        message = index.of_own(place)
        cases.append(Case(index, message, owner, weight, left_out=place))
        cases.append(Case(index, message, -1, weight / 2, left_out=place, without=(owner,)))
    return cases


def bank(seed: int, language: str = "fr") -> list[Case]:
    """A French catalogue of some of the bank's questions, asked by all of them, in one language."""
    folder = os.environ.get("COMPTOIR_DATASETS")
    if not folder:
        return []
    with (Path(folder) / "language/train/support_intents_fr_en.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    chance = np.random.default_rng(seed)
    by_intent: dict[str, list[str]] = {}
    asked_of: dict[str, list[str]] = {}
    for row in rows:
        by_intent.setdefault(row["intent"], []).append(row["text_fr"])
        asked_of.setdefault(row["intent"], []).append(row[f"text_{language}"])
    names = chance.permutation(sorted(by_intent)).tolist()
    held = names[:_BANK_INTENTS]
    entries = [
        Entry(name, by_intent[name][0], tuple(by_intent[name][1:7]), name.replace("_", " "), "fr") for name in held
    ]
    index = ready(entries, meaning_embedder())
    texts = [(text, held.index(name) if name in held else -1) for name in names for text in asked_of[name][7:]]
    chosen = [texts[int(place)] for place in chance.permutation(len(texts))[:300]]
    messages = index.messages([text for text, _ in chosen], [language] * len(chosen))
    return [Case(index, message, right, _BANK) for message, (_, right) in zip(messages, chosen, strict=True)]


def fit_ranking(cases: Sequence[Case]) -> Coefficients:
    """A conditional logit over the entries of each catalogue: which one is right, given that one is."""
    flat = np.ones(len(OPINIONS), np.float32)
    seen = [(case, compare(case.index, case.message, flat, case.left_out)) for case in cases if case.right >= 0]
    every = np.concatenate([compared.opinions for _, compared in seen])
    centre, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    # Every catalogue here has as many entries as the others, and all of them are looked at.
    rows = np.stack([(compared.opinions - centre) / spread for _, compared in seen])
    right = rows[np.arange(len(seen)), [case.right for case, _ in seen]]
    counts = np.array([case.weight for case, _ in seen])
    counts /= counts.sum()
    weights = np.full(len(OPINIONS), 0.5)
    for _ in range(400):
        said = rows @ weights
        shares = np.exp(said - said.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = counts @ (right - (shares[:, :, None] * rows).sum(axis=1))
        weights = weights + 0.5 * (slope - _RANK_PENALTY * weights)
    nothing = np.zeros(0, np.float32)
    return Coefficients(centre, spread, weights.astype(np.float32), nothing, nothing, nothing, 0.0)


def signs_of(cases: Sequence[Case], found: Coefficients) -> tuple[Numbers, NDArray[np.bool_], Numbers]:
    """What is seen of each, whether the nearest entry is right, and what it counts."""
    ranked = [rank(case.index, case.message, found, case.left_out, case.without) for case in cases]
    signs = np.array([one.signs for one in ranked], np.float64)
    right = np.array([int(one.places[0]) == case.right for one, case in zip(ranked, cases, strict=True)])
    return signs, right, np.array([case.weight for case in cases])


def fit_signs(
    signs: Numbers, right: NDArray[np.bool_], weights: Numbers, penalty: float = _SIGN_PENALTY
) -> tuple[Numbers, Numbers, Numbers, float]:
    """A logistic regression, penalised, by Newton's method."""
    centre, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-6
    rows = np.concatenate([(signs - centre) / spread, np.ones((len(signs), 1))], axis=1)
    held = np.full(rows.shape[1], penalty * weights.sum())
    held[-1] = 1e-6
    beta = np.zeros(rows.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-rows @ beta))
        slope = rows.T @ (weights * (right - chance)) - held * beta
        curve = (rows * (weights * chance * (1 - chance))[:, None]).T @ rows + np.diag(held)
        beta = beta + np.linalg.solve(curve, slope)
    return centre, spread, beta[:-1], float(beta[-1])


def fit_other(own: Sequence[Case], found: Coefficients) -> tuple[float, float]:
    """How the odds are stretched and moved where a message is not in the entry's language: by the bank's questions in
    English and the shop's messages."""
    others = [case for seed in range(_OTHER_BANKS) for case in bank(seed, "en")]
    cases = [*others, *(case for case in own if case.message.language != "fr")]
    signs, right, weights = signs_of(cases, found)
    odds = np.array([found.leaning(one) for one in signs.astype(np.float32)])
    _, spread, slope, shift = fit_signs(odds[:, None], right, weights, penalty=0.001)
    return float(slope[0] / spread[0]), shift - float(odds.mean() * slope[0] / spread[0])


def main() -> None:
    """Fit both, tell, write."""
    own, others = shop(), [case for seed in range(_BANKS) for case in bank(seed)]
    cases = own + others
    found = fit_ranking(
        [replace(case, weight=case.weight * (1.0 if case.left_out is None else _RANKED_OWN)) for case in own]
        + [replace(case, weight=case.weight * _RANKED_BANK) for case in others]
    )
    signs, right, weights = signs_of(cases, found)
    centre, spread, beta, bias = fit_signs(signs, right, weights)
    slope, shift = fit_other(own, replace(found, sign_centre=centre, sign_spread=spread, signs=beta, bias=bias))
    print(f"{len(cases)} cases, the nearest entry is right in {right.mean():.2f}")
    written: dict[str, Any] = {
        "centre": found.centre, "spread": found.spread, "weights": found.weights,
        "sign_centre": centre, "sign_spread": spread, "signs": beta,
    }  # fmt: skip
    rounded: dict[str, Any] = {name: [round(float(one), 5) for one in values] for name, values in written.items()}
    _OUT.write_text(
        json.dumps(
            rounded | {"bias": round(bias, 5), "other_slope": round(slope, 5), "other_shift": round(shift, 5)}, indent=1
        )
        + "\n",
        "utf-8",
    )
    print(dict(zip(OPINIONS, rounded["weights"], strict=True)), rounded["signs"], bias)


if __name__ == "__main__":
    main()
