"""A catalogue's own calibration: what its phrasings, each asked against the others, say about being right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from comptoir.understanding.retrieval.confidence import Coefficients, rank, ranked
from comptoir.understanding.retrieval.everyday import everyday
from comptoir.understanding.retrieval.index import Index
from comptoir.understanding.retrieval.ranking import compare

Numbers = NDArray[np.float64]

#: More texts than this say nothing new of the odds; they are taken evenly.
MOST_ASKED = 400
#: What share of messages is thought to be answered by a catalogue of at least _FULL entries (by a smaller one, less);
#: and what share is near an entry and answered by none. The others are about nothing of ours.
_ANSWERED, _NEAR, _FULL = 0.55, 0.25, 20
#: How many messages' worth of trust what ships has, beside what the catalogue says of itself.
_TRUST = 20.0
_LEAST_SLOPE = 0.2


@dataclass(frozen=True)
class Calibration:
    """From the signs of a ranking to the probability that its first entry answers. ``asked`` are the catalogue's own
    phrasings, their entry there and not there, by which it was found: how sure one would have been, and whether
    rightly."""

    coefficients: Coefficients
    slope: float = 1.0
    shift: float = 0.0
    asked: tuple[tuple[float, bool], ...] = ()

    def confidence(self, signs: NDArray[np.float32]) -> float:
        """Between 0 and 1."""
        leaning = self.slope * self.coefficients.leaning(signs) + self.shift
        return float(1.0 / (1.0 + np.exp(-np.clip(leaning, -30.0, 30.0))))


def calibrate(
    index: Index, found: Coefficients, most_asked: int = MOST_ASKED, near: Sequence[NDArray[np.float32]] = ()
) -> Calibration:
    """Ask the catalogue's own phrasings, leaving each out: against the rest, where its entry should be found, and
    against the other entries alone, where nothing should be; and everyday messages. The odds are then stretched and
    moved as far as these say (Platt 1999); which of two messages is the surer stays as it is.
    At most ``most_asked`` phrasings are asked. ``near`` are the signs of what is found where the entry was taken out
    more thoroughly (`deciding.proving`)."""
    if len(index.entries) < 2:
        return Calibration(found)
    answered = _ANSWERED * min(1.0, len(index.entries) / _FULL)
    own, left_out = _own(index, found, answered, most_asked)
    missed = [(signs, False, _NEAR / len(near)) for signs in near] or left_out
    cases = [*own, *missed, *_strange(index, found, 1.0 - answered - _NEAR)]
    if not cases:
        return Calibration(found)
    leaning = np.array([found.leaning(signs) for signs, _, _ in cases])
    right = np.array([answered for _, answered, _ in cases], np.float64)
    weights = np.array([weight for _, _, weight in cases])
    slope, shift = _stretched(leaning, right, weights * len(cases) / weights.sum())
    calibrated = Calibration(found, slope, shift)
    asked = tuple((calibrated.confidence(signs), is_right) for signs, is_right, _ in [*own, *missed])
    return replace(calibrated, asked=asked)


_Cases = list[tuple[NDArray[np.float32], bool, float]]


def _own(index: Index, found: Coefficients, share: float, most_asked: int) -> tuple[_Cases, _Cases]:
    """Each phrasing against the rest, and against the other entries alone."""
    places = np.unique(np.linspace(0, len(index.texts) - 1, most_asked).astype(int)).tolist()
    places = [place for place in places if place not in index.starts[:-1]]
    own: _Cases = []
    left_out: _Cases = []
    for place in places:
        owner, message = index.owner(place), index.of_own(place)
        compared = compare(index, message, found.slopes, place)
        best = ranked(index, message, compared, found)
        own.append((best.signs, int(best.places[0]) == owner, share / len(places)))
        left_out.append((ranked(index, message, compared, found, (owner,)).signs, False, _NEAR / len(places)))
    return own, left_out


def _strange(index: Index, found: Coefficients, share: float) -> Iterator[tuple[NDArray[np.float32], bool, float]]:
    own = {entry.language for entry in index.entries}
    strange = [(text, language) for text, language in everyday() if language in own]
    for message in index.messages([text for text, _ in strange], [language for _, language in strange]):
        yield rank(index, message, found).signs, False, share / len(strange)


def _stretched(leaning: Numbers, right: Numbers, weights: Numbers) -> tuple[float, float]:
    """Slope and shift, held near 1 and 0 (the mode of their posterior, by Newton's method)."""
    rows = np.stack([leaning, np.ones(len(leaning))], axis=1)
    start = np.array([1.0, 0.0])
    found = start.copy()
    for _ in range(25):
        chance = 1.0 / (1.0 + np.exp(-np.clip(rows @ found, -30.0, 30.0)))
        uphill = rows.T @ (weights * (right - chance)) - _TRUST * (found - start)
        curve = (rows * (weights * chance * (1.0 - chance))[:, None]).T @ rows + _TRUST * np.eye(2)
        found = found + np.linalg.solve(curve, uphill)
    return max(float(found[0]), _LEAST_SLOPE), float(found[1])
