"""For how long conversations were in a state, read off what was said and done: what an automation of time would have
been met by. Plain arithmetic over one conversation's story.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

What = Literal["began", "said", "answered", "resolved", "opened", "snoozed", "pending"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing in the story: the customer said something, we answered, or the status became what it says."""

    at: datetime
    what: What


#: What begins each state, and what ends it.
_BEGINS: dict[str, frozenset[str]] = {
    "waits": frozenset({"said"}),
    "silent": frozenset({"answered"}),
    "unresolved": frozenset({"began"}),
    "resolved": frozenset({"resolved"}),
    "snoozed": frozenset({"snoozed"}),
    "pending": frozenset({"pending"}),
}
_ENDS: dict[str, frozenset[str]] = {
    "waits": frozenset({"answered", "resolved"}),
    "silent": frozenset({"said", "resolved", "snoozed"}),
    "unresolved": frozenset({"resolved"}),
    "resolved": frozenset({"opened", "snoozed", "pending"}),
    "snoozed": frozenset({"opened", "resolved", "pending"}),
    "pending": frozenset({"opened", "resolved", "snoozed"}),
}


def crossings(
    state: str, story: Sequence[Turn], *, reached: Callable[[datetime], datetime | None], until: datetime
) -> Iterator[datetime]:
    """When the state had lasted long enough, each time that it did, up to ``until``. ``story`` is in order; ``reached``
    tells when that is of what began at an instant, None for never.

    A silence counts from our last words, and once: however often we write into it.
    """
    begun: datetime | None = None
    is_met = False
    for turn in [*story, Turn(until, "said" if state == "silent" else _an_end_of(state))]:
        at = reached(begun) if begun is not None and not is_met else None
        if at is not None and at <= turn.at:
            is_met = True
            yield at
        if turn.what in _ENDS[state]:
            begun, is_met = None, False
        elif turn.what in _BEGINS[state] and (begun is None or state == "silent"):
            begun = turn.at


def _an_end_of(state: str) -> What:
    return "opened" if state in ("resolved", "snoozed", "pending") else "resolved"
