"""One pass: what waits, in its order, to whoever fits best, as far as anybody has room. Plain arithmetic, no database.

`giving` makes a pass over what it holds in the database, `benchmarks/week.py` over a simulated week.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from comptoir.routing.assigning.choosing import Choice, Member, Waiting, choose

Given = tuple[Waiting, Choice, datetime]

_MICROSECOND = timedelta(microseconds=1)


def match(
    pages: Iterable[Sequence[Waiting]], members: Sequence[Member], at: datetime, skill_names: Mapping[int, str]
) -> list[Given]:
    """Who is given what, in order; ``members`` have it from then on. No more pages are asked for than there is room.

    Whatever asks for the same as one that nobody could take is passed over: in one pass room only becomes less.
    """
    given: list[Given] = []
    refused: set[tuple[object, ...]] = set()
    has_room = _has_room(members)
    for one in itertools.chain.from_iterable(pages):
        if not (has_room or one.is_live):
            break  # who is on the line goes before all others
        if one.wish in refused:
            continue
        choice = choose(one, members, skill_names)
        if choice is None:
            refused.add(one.wish)
            continue
        moment = _later(at, len(given))
        choice.member.give(one, moment)
        given.append((one, choice, moment))
        has_room = has_room and _has_room(members)
    return given


def _has_room(members: Sequence[Member]) -> bool:
    return any(member.free_points > 0 for member in members)


def _later(at: datetime, count: int) -> datetime:
    """Of several given in one pass each has an instant of its own, so that turns stay in order."""
    return at + _MICROSECOND * count
