"""What a count of right answers proves, and from which confidence on it proves enough for a bot to answer alone.

Bounds are exact and one-sided (Clopper and Pearson 1934): 49 right of 50 is a share of 98 %, and proves 91 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: The share of right answers that a bot must be proven to reach, and how willing we are to be wrong about that.
LEAST_SHARE, DOUBT = 0.98, 0.05
#: The confidences that are looked at. Few, fixed beforehand, and the doubt divided among them: whoever looks at many
#: thresholds finds one that was right by chance.
LOOKED_AT = (0.99, 0.97, 0.95, 0.92, 0.88, 0.82)
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Case:
    """A message of which it is known whether the first entry answers it, and how sure one was of that."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Surety:
    """From which confidence on answers are proven right often enough; None: from none.

    ``right`` of the ``asked`` at or above it were right, which proves a share of ``proven``; where nothing is proven,
    of that confidence which came nearest to it.
    """

    answers_from: float | None
    asked: int
    right: int
    proven: float


#: Where there is nothing to prove it by.
UNPROVEN = Surety(None, 0, 0, 0.0)


def lowest_share(right: int, asked: int, doubt: float = DOUBT) -> float:
    """The share that ``right`` of ``asked`` prove: a lower one would give as many with a chance under ``doubt``."""
    if right <= 0:
        return 0.0
    return _where(lambda share: _at_most(asked - right, asked, 1.0 - share), doubt)


def highest_share(right: int, asked: int, doubt: float = DOUBT) -> float:
    """The share that they do not disprove."""
    return 1.0 - lowest_share(asked - right, asked, doubt)


def surety_of(cases: Sequence[Case], least: float = LEAST_SHARE, doubt: float = DOUBT) -> Surety:
    """The lowest of LOOKED_AT at and above which ``cases`` prove a share of ``least``."""
    each = doubt / len(LOOKED_AT)
    found: list[Surety] = []
    for least_sure in LOOKED_AT:
        sure = [case.is_right for case in cases if case.confidence >= least_sure]
        found.append(Surety(least_sure, len(sure), sum(sure), lowest_share(sum(sure), len(sure), each)))
    enough = [one for one in found if one.proven >= least]
    if enough:
        return enough[-1]
    best = max(found, key=lambda one: one.proven)
    return Surety(None, best.asked, best.right, best.proven)


def _at_most(wrong: int, asked: int, chance: float) -> float:
    """The probability of at most ``wrong`` of ``asked``, each with ``chance``."""
    if chance <= 0.0:
        return 1.0
    if chance >= 1.0:
        return float(wrong >= asked)
    ways = math.lgamma(asked + 1)
    total = 0.0
    for count in range(wrong + 1):
        ways_of = ways - math.lgamma(count + 1) - math.lgamma(asked - count + 1)
        total += math.exp(ways_of + count * math.log(chance) + (asked - count) * math.log1p(-chance))
    return min(total, 1.0)


def _where(tail: Callable[[float], float], doubt: float) -> float:
    """The share at which a tail that grows with it comes to ``doubt``."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) < doubt else (low, middle)
    return low
