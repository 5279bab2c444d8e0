"""Two ways of sharing out work that other tools have: in turn, and by hand from one shared list.

Both are given more than they mostly have: whoever goes home leaves nothing lying (what waits with them is shared out
again at once), calls and chats are answered before anything else, nobody is given or takes a third chat beside two, and
two who open the same conversation are told so.

By hand, whoever has nothing to do looks at the list (every minute or so, as eager as they are; a call or chat rings),
reads it for some seconds, and takes one of the first that suit them: of the oldest, of the newest, or of what looks
shortest on the first page, as people were found to choose where they may (Ibanez, Clark, Huckman, Staats,
*Discretionary Task Ordering*, Management Science 64, 2018). Languages are seen in the list, topics where the words tell
them; what they cannot do they leave to others while one of those is here, or until it is late.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Literal

from benchmarks._week.running import Conversation, Week
from benchmarks._week.staff import Person
from benchmarks._week.world import TOPICS

Order = Literal["oldest", "newest", "shortest", "promise"]

_TOGETHER_S = 2.0  # after which what came while nobody was there is shared out
_MOST_CHATS = 3
_PAGE, _AT_A_GLANCE = 25, 5
_READS_LIST_S = 15.0
_LOOKS_EVERY_S = 45.0
_RINGS_S = 8.0

_BY: dict[Order, Callable[[Conversation], float]] = {
    "oldest": lambda one: one.waits_since or 0.0,
    "newest": lambda one: -(one.waits_since or 0.0),
    "shortest": lambda one: one.drawn.turns[one.turn][0],
    "promise": lambda one: one.due,
}


def first_of(waiting: list[Conversation], order: Order) -> Conversation | None:
    """What somebody does next of their own: who is on the line, then in order."""
    return min(waiting, key=lambda one: (not one.is_live, _BY[order](one)), default=None)


class InTurn:
    """Each to the next of those who are here, whatever they can do and have already; worked off in one order."""

    def __init__(self, week: Week, order: Order = "oldest") -> None:
        self.week, self.order = week, order
        self._turn = 0
        self._left_over: list[Conversation] = []

    def came(self, one: Conversation) -> None:
        here = [person for person in self.week.people if person.id in self.week.here]
        free = [person for person in here if not one.is_live or self.week.live[person.id] < _MOST_CHATS]
        if not free:
            if not self._left_over:
                self.week.at(self.week.now + 60, self._share_out)
            self._left_over.append(one)
            return
        person = min(free, key=lambda person: (person.id - self._turn - 1) % len(self.week.people))
        self._turn = person.id
        self.week.give(one, person)

    def stays_with_absent(self, one: Conversation) -> bool:
        return False

    def pick(self, person: Person) -> tuple[Conversation, float] | None:
        one = first_of(self.week.own[person.id], self.order)
        return None if one is None else (one, 0.0)

    def changed(self, person: Person) -> None:
        if person.id in self.week.here:
            self.week.at(self.week.now + _TOGETHER_S, self._share_out)
        elif not person.row.working_hours or person.row.availability != "away":
            for one in list(self.week.own[person.id]):
                self.week.take_back(one)
                self.came(one)

    def weighs(self, one: Conversation) -> None:
        return

    def _share_out(self) -> None:
        waiting, self._left_over = self._left_over, []
        for one in waiting:
            self.came(one)


class ByHand:
    """A shared list from which everybody takes."""

    def __init__(self, week: Week, order: Order) -> None:
        self.week, self.order = week, order
        self._list: dict[int, Conversation] = {}
        self._ringing: dict[int, Conversation] = {}

    def came(self, one: Conversation) -> None:
        (self._ringing if one.is_live else self._list)[one.drawn.id] = one
        if one.is_live:
            for person in self.week.people:
                if person.id in self.week.here:
                    self.week.wake(person, _RINGS_S * person.eagerness)

    def stays_with_absent(self, one: Conversation) -> bool:
        return False

    def pick(self, person: Person) -> tuple[Conversation, float] | None:
        own = first_of(self.week.own[person.id], "oldest")
        if own is not None and own.is_live:
            return own, 0.0
        ringing = self._ringing.values() if self.week.live[person.id] < _MOST_CHATS else ()
        one = self._first(person, ringing, "oldest")
        if one is not None:
            return one, 0.0
        if own is not None:
            return own, 0.0
        one = self._first(person, self._list.values(), self.order)
        if one is not None:
            return one, _READS_LIST_S * self.week.chance.uniform(0.5, 1.5)
        self.week.wake(person, self.week.chance.expovariate(1 / (_LOOKS_EVERY_S * person.eagerness)))
        return None

    def changed(self, person: Person) -> None:
        if person.id not in self.week.here and person.row.availability != "away":
            for one in list(self.week.own[person.id]):
                self.week.take_back(one)
                self.came(one)

    def weighs(self, one: Conversation) -> None:
        if one.owner is not None:
            (self._ringing if one.is_live else self._list).pop(one.drawn.id, None)

    def _first(self, person: Person, waiting: Iterable[Conversation], order: Order) -> Conversation | None:
        """Of the top page of the list as they have it sorted, one of the first that are for them."""
        by_age: Order = "newest" if order == "newest" else "oldest"
        fit = (one for one in sorted(waiting, key=_BY[by_age]) if self._is_for(person, one))
        seen = sorted(itertools.islice(fit, _PAGE), key=_BY[order])
        return self.week.chance.choice(seen[:_AT_A_GLANCE]) if seen else None

    def _is_for(self, person: Person, one: Conversation) -> bool:
        drawn = one.drawn
        shows_topic = drawn.says_topic or one.is_understood
        looks_fit = person.speaks(drawn.language) and (
            not shows_topic or not TOPICS[drawn.topic].needs or person.level_in(drawn) > 0
        )
        return looks_fit or (self.week.now > one.due and not self.week.colleagues(one, person))
