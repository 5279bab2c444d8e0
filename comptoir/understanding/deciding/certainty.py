"""What a count of right answers proves, and from which confidence on it proves enough for a bot to answer alone.

Bounds are exact and one-sided (Clopper and Pearson 1934): 49 right of 50 is a share of 98 %, and proves 91 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

#: The shares of right answers, in per cent, that a bot may be asked to be proven to reach, and the one it is unless
#: somebody says otherwise; and how willing we are to be wrong about that.
PER_CENTS, USUAL = (95, 98, 99), 98
LEAST_SHARE, DOUBT = USUAL / 100, 0.05
#: The confidences that are looked at. Few, fixed beforehand, and the doubt divided among them: whoever looks at many
#: thresholds finds one that was right by chance.
LOOKED_AT = (0.97, 0.92, 0.88)
#: An entry that people found wrong when the bot was as sure as this is not answered with alone: what goes wrong, goes
#: wrong with few entries, again and again.
_DOUBTED_FROM = 0.6
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Case:
    """A message of which it is known whether the first entry answers it, and how sure one was of that.

    ``half`` is 0 or 1, whatever tells the messages apart by chance.
    """

    confidence: float
    is_right: bool
    entry: str = ""
    half: int = 0


@dataclass(frozen=True, slots=True)
class Surety:
    """From which confidence on answers are proven right often enough; None: from none.

    ``right`` of the ``asked`` at or above it were right, which proves a share of ``proven``; where nothing is proven,
    of that confidence which came nearest to it. ``doubted`` are the entries that are not answered with alone.
    """

    answers_from: float | None
    asked: int
    right: int
    proven: float
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What took long to find out about a catalogue: how its odds are stretched and moved, and what it has proven, by
    which of PER_CENTS must be right."""

    slope: float
    shift: float
    sureties: Mapping[int, Surety]

    def surety(self, least_per_cent: int = USUAL) -> Surety:
        """Where so many of a hundred answers must be right."""
        return self.sureties.get(least_per_cent, UNPROVEN)


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


def faultless_needed(least: float) -> int:
    """How many right answers without a mistake prove a share of ``least``, as `surety_of` asks it."""
    return math.ceil(math.log(DOUBT / len(LOOKED_AT)) / math.log(least))


def sureties_of(judged: Sequence[Case], phrasings: Sequence[Case] = ()) -> dict[int, Surety]:
    """`surety_of`, by which of PER_CENTS must be right."""
    return {per_cent: surety_of(judged, phrasings, per_cent / 100) for per_cent in PER_CENTS}


def surety_of(judged: Sequence[Case], phrasings: Sequence[Case] = (), least: float = LEAST_SHARE) -> Surety:
    """What is proven by messages that people have ``judged``; or, until they do, by the catalogue's ``phrasings``,
    unless what was judged disproves it."""
    doubted = tuple(sorted(_doubted(judged)))
    kept = _without_doubted(judged)
    by_people, by_phrasings = _proven(kept, least), _proven(phrasings, least)
    if by_people.answers_from is None and by_phrasings.answers_from is not None:
        sure = [case.is_right for case in kept if case.confidence >= by_phrasings.answers_from]
        if highest_share(sum(sure), len(sure)) >= least:
            return replace(by_phrasings, doubted=doubted)
        return replace(by_people, doubted=doubted)
    if by_people.answers_from is None and by_phrasings.proven > by_people.proven:
        by_people = by_phrasings
    return replace(by_people, doubted=doubted)


def _doubted(judged: Sequence[Case]) -> set[str]:
    return {case.entry for case in judged if not case.is_right and case.confidence >= _DOUBTED_FROM}


def _without_doubted(judged: Sequence[Case]) -> list[Case]:
    """What is left of each half without the entries that the other half throws doubt on: whoever leaves out what was
    wrong and counts the same messages finds that all of them were right."""
    halves = [[case for case in judged if case.half == half] for half in (0, 1)]
    others = [_doubted(halves[1]), _doubted(halves[0])]
    return [case for half, doubted in zip(halves, others, strict=True) for case in half if case.entry not in doubted]


def _proven(cases: Sequence[Case], least: float) -> Surety:
    """The lowest of LOOKED_AT at and above which ``cases`` prove a share of ``least``."""
    found: list[Surety] = []
    for least_sure in LOOKED_AT:
        sure = [case.is_right for case in cases if case.confidence >= least_sure]
        proven = lowest_share(sum(sure), len(sure), DOUBT / len(LOOKED_AT))
        found.append(Surety(least_sure, len(sure), sum(sure), proven))
    enough = [one for one in found if one.proven >= least]
    return enough[-1] if enough else replace(max(found, key=lambda one: one.proven), answers_from=None)


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
