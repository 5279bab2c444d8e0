"""How probable it is that the nearest entry answers: from what the opinions say of it and of the next one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.retrieval.index import Index, Message
from comptoir.understanding.retrieval.ranking import Compared, compare

Floats = NDArray[np.float32]

_WIDEST = 3.0


@dataclass(frozen=True)
class Coefficients:
    """What training/retrieval.py found: how opinions are weighed, and what they say about being right."""

    centre: Floats
    spread: Floats
    weights: Floats
    sign_centre: Floats
    sign_spread: Floats
    signs: Floats
    bias: float
    other_slope: float = 1.0
    other_shift: float = 0.0

    def weighed(self, opinions: Floats) -> Floats:
        """One number for each entry: the larger, the nearer."""
        return np.asarray((opinions - self.centre) / self.spread @ self.weights, np.float32)

    @property
    def slopes(self) -> Floats:
        """What one unit of each opinion counts."""
        return np.asarray(self.weights / self.spread, np.float32)

    def leaning(self, signs: Floats) -> float:
        """The log of the odds that the nearest entry answers, before the catalogue's own calibration.

        Where the message is in another language than the entry (the last sign), the odds are calibrated apart.
        """
        odds = float((signs - self.sign_centre) / self.sign_spread @ self.signs + self.bias)
        return self.other_slope * odds + self.other_shift if signs[-1] > 0 else odds


@dataclass(frozen=True)
class Ranked:
    """The entries' places, the nearest first, each with its share of what is probable; the text that is nearest within
    the first; and the signs by which the first is believed."""

    places: NDArray[np.int64]
    shares: Floats
    nearest_text: int
    signs: Floats


@cache
def coefficients() -> Coefficients:
    """Those that come with Comptoir."""
    text = files("comptoir.understanding").joinpath("retrieval/coefficients.json").read_text("utf-8")
    kept = json.loads(text)
    found: dict[str, Any] = {
        name: np.array(value, np.float32) if isinstance(value, list) else float(value) for name, value in kept.items()
    }
    return Coefficients(**found)


def rank(
    index: Index, message: Message, found: Coefficients, left_out: int | None = None, without: Sequence[int] = ()
) -> Ranked:
    """The nearest entries; ``left_out`` is a text treated as if it did not exist, ``without`` entries likewise."""
    return ranked(index, message, compare(index, message, found.slopes, left_out), found, without)


def ranked(
    index: Index, message: Message, compared: Compared, found: Coefficients, without: Sequence[int] = ()
) -> Ranked:
    """The same from what was compared already."""
    if without:
        kept = ~np.isin(compared.places, without)
        compared = Compared(compared.places[kept], compared.opinions[kept], compared.nearest[kept])
    said = found.weighed(compared.opinions)
    order = np.argsort(-said, kind="stable")
    raised = np.exp(said[order] - said[order[0]])
    shares = np.asarray(raised / raised.sum(), np.float32)
    first = int(order[0])
    language = index.entries[int(compared.places[first])].language
    signs = [
        *compared.opinions[first],
        *_margins(compared.opinions, first, found.spread),
        float(np.log(shares[0])),
        float(np.log1p(len(message.words))),
        float(message.language != language),
    ]
    return Ranked(compared.places[order], shares, int(compared.nearest[first]), np.array(signs, np.float32))


def believed(first: float, shares: Sequence[float]) -> list[float]:
    """How probable each of the nearest is, where the first is so to ``first``: the others by their share beside it, and
    never by more than what is left. ``shares`` are theirs, the first's too."""
    return [first, *(min(first * share / max(shares[0], 1e-9), max(0.0, 1.0 - first)) for share in shares[1:])]


def _margins(opinions: Floats, first: int, spread: Floats) -> Floats:
    """By how much each opinion holds the first entry for nearer than any other; below zero where it does not."""
    if len(opinions) < 2:
        return np.full(opinions.shape[1], _WIDEST, np.float32)
    others = np.delete(opinions, first, axis=0).max(axis=0)
    return np.asarray(((opinions[first] - others) / spread).clip(-_WIDEST, _WIDEST), np.float32)
