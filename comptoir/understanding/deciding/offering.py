"""Which of the entries that were found are worth the look of somebody who answers; the others wait until they are
asked for.

A panel that is always full and mostly wrong is not looked at any more. From where on it is worth it was chosen on one
part of the messages at hand and measured on another (docs/decisions/0017-silent-where-unlikely.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Confidences, 0…1, from which on an entry is offered: the likeliest, those beside it, and the likeliest where the
    message calls for no answer."""

    first: float
    beside: float
    unasked: float

    def worth_a_look(self, confidences: Sequence[float], *, calls_for_answer: bool) -> int:
        """How many of the likeliest, none to all. ``confidences`` are theirs, the likeliest first; ``calls_for_answer``
        is what was read of the message, true where nothing was."""
        least = self.first if calls_for_answer else self.unasked
        if not confidences or confidences[0] < least:
            return 0
        return 1 + sum(one >= self.beside for one in confidences[1:])


#: Of panels whose likeliest is just above 0.2 one in three holds the right entry, just below hardly one in four; of
#: entries beside it that are believed less than 0.03, one in fifty is right.
RULE = Rule(first=0.2, beside=0.03, unasked=0.3)
