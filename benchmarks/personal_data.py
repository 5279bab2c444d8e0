"""Is personal data found in sentences that were kept out while the patterns were written?

Half of training/personal_data by a hash of their text, and the messages kept out of training/care; the language is
guessed, as `comptoir understand` does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks._figures import measured, reached
from training.personal_data.sentences import Piece, Sentence, found_in, sentences, signs

_CARE = Path(__file__).parent.parent / "training/care/held_out.jsonl"
_GOAL = 97.0


def main() -> bool:
    """Print the figures; whether every goal is reached."""
    reached.clear()
    own = [one for one in sentences() if one.kept_out]
    _told("sentences", own)
    for language in dict.fromkeys(one.language for one in own):
        _told(f"sentences, {language}", [one for one in own if one.language == language], goals=False)
    for kind in sorted({piece[0] for one in own for piece in one.pieces}):
        _told(f"sentences, {kind}", own, kind, goals=False)
    _told("care", [_cared(json.loads(line)) for line in _CARE.read_text("utf-8").splitlines()])
    return all(reached)


def _cared(row: dict[str, object]) -> Sentence:
    text, said = str(row["text"]), row["personal_data"]
    assert isinstance(said, list)
    places = [(one["kind"], text.find(one["text"]), len(one["text"])) for one in said]
    return Sentence(text, str(row["language"]), frozenset((kind, at, at + length) for kind, at, length in places))


def _f1(counts: NDArray[np.int64], own: NDArray[np.int64]) -> float:
    return 200 * float(counts[own, 0].sum()) / max(1, int(counts[own, 1].sum()))


def _told(name: str, own: Sequence[Sentence], kind: str | None = None, *, goals: bool = True) -> None:
    found = [found_in(one) for one in own]
    hows: dict[str, Callable[[frozenset[Piece]], frozenset[Piece] | set[tuple[str, int]]]] = {
        "spans and kinds exact": lambda pieces: pieces,
        "characters": signs,
    }
    for how, read in hows.items():
        wanted = [read(frozenset(piece for piece in one.pieces if kind in (None, piece[0]))) for one in own]
        given = [read(frozenset(piece for piece in got if kind in (None, piece[0]))) for got in found]
        counts = [(len(one & other), len(one) + len(other)) for one, other in zip(wanted, given, strict=True)]
        measured(
            f"{name}, {how}, F1",
            partial(_f1, np.array(counts)),
            len(own),
            goal=f"goal {_GOAL:g}" if goals else "",
            least=_GOAL if goals else None,
        )
