"""Which way to the newest hits costs least, from how many are expected and how many of them may be seen.

Four ways lead there. Through what is written, the newest first, until a page is full: good for what is common. Through
the index of words, whole: good for what is rare. Through both at once, one stretch of time after the other: good for
what lies between. And through the conversations, where few are asked for. The costs are processor time as measured on
a million messages (docs/decisions); only their proportions matter.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

#: More hits than this are not taken from the index of words at once.
FEW = 6000
#: More conversations than this are not read through for a word.
FEW_CONVERSATIONS = 2000
_LEAST_WALKED, _MOST_WALKED = 1000, 40_000
_LEAST_TAKEN = 1000

# Microseconds for one row: read in the order of time and compared; its place taken from the index of time, from the
# index of words; fetched by its place; looked up with its message and conversation; a conversation's messages found.
_READ, _PLACED_IN_TIME, _PLACED_BY_WORD, _FETCHED, _LOOKED_UP, _OPENED = 2.0, 0.3, 0.5, 9.0, 8.0, 4.0


class Way(enum.Enum):
    """Where to begin."""

    THROUGH_TIME = enum.auto()
    THROUGH_STRETCHES = enum.auto()
    THROUGH_WORDS = enum.auto()
    THROUGH_CONVERSATIONS = enum.auto()


@dataclass(frozen=True, slots=True)
class Expected:
    """What the statistics say: how much there is to search, how many hits, and how many conversations of how many
    belong to the question.
    """

    texts: float
    hits: float
    conversations: float
    conversations_asked_for: float

    @property
    def seen(self) -> float:
        """The part of the hits that counts, if words do not care who may see them."""
        return min(1.0, max(self.conversations_asked_for, 0.5) / max(self.conversations, 1.0))

    def depth(self, wanted: int) -> float:
        """So many texts hold ``wanted`` hits that count."""
        return wanted * max(self.texts, 1.0) / (max(self.hits, 0.5) * self.seen)


def cheapest_way(expected: Expected, wanted: int) -> Way:
    """The way to begin with. Those who find that it leads nowhere go on through stretches."""
    looked_up = min(expected.hits, wanted / expected.seen) * _LOOKED_UP
    depth = min(expected.depth(wanted), expected.texts)
    placed = expected.hits * _PLACED_BY_WORD
    costs = {
        Way.THROUGH_TIME: depth * _READ + looked_up,
        Way.THROUGH_STRETCHES: 2 * depth * (_PLACED_IN_TIME + _FETCHED * expected.hits / max(expected.texts, 1.0))
        + placed
        + looked_up,
    }
    if expected.hits <= FEW:
        costs[Way.THROUGH_WORDS] = placed + expected.hits * _FETCHED + looked_up
    if expected.conversations_asked_for <= FEW_CONVERSATIONS:
        each = expected.texts / max(expected.conversations, 1.0)
        costs[Way.THROUGH_CONVERSATIONS] = expected.conversations_asked_for * (_OPENED + each * _LOOKED_UP)
    return min(costs, key=lambda way: costs[way])


def walked_at_most(expected: Expected, wanted: int) -> int:
    """How many texts to read through before another way is taken: four times what should do."""
    return int(min(max(4 * expected.depth(wanted), _LEAST_WALKED), _MOST_WALKED))


def taken_at_most(expected: Expected) -> int:
    """How many hits to take from the index of words before the estimate is held to be wrong."""
    return int(min(max(8 * expected.hits, _LEAST_TAKEN), FEW))


def corrected(expected: Expected, taken: int) -> Expected:
    """After more than ``taken`` hits: words that belong together come together far oftener than each alone tells."""
    return replace(expected, hits=max(expected.hits, min(8.0 * taken, expected.texts), FEW + 1.0))
