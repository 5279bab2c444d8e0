"""Two ways of sharing out work that other tools have: in turn, and by hand from one shared list.

Both are given more than they mostly have: whoever goes home leaves nothing lying (what waits with them is shared out
again at once), calls and chats are answered before anything else, nobody is given or takes a third chat beside two, and
two who open the same conversation are told so.

By hand, whoever has nothing to do looks at the list (every minute or so, as eager as they are; a call or chat rings),
reads it for some seconds, and takes one of the first that suit them: of the oldest, of the newest, or of what looks
shortest on the first page, as people were found to choose where they may (Ibanez, Clark, Huckman, Staats,
*Discretionary Task Ordering*, Management Science 64, 2018). Languages are seen in the list, topics where the words tell
them; what they cannot do they leave to others while one of those is here, or until it is late.

What suits them stands out to them at once, however far down it is: nobody has such a list. Choosing takes time (in the
same study, of 2.4 million tasks, it cost more than it gained), so that the same is also run with ``turns_pages``: they
read the list as it is sorted, 25 rows at a time, and what does not suit them is read as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
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

    def __init__(self, week: Week, order: Order, *, turns_pages: bool = False) -> None:
        self.week, self.order, self.turns_pages = week, order, turns_pages
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
        found = self._first(person, ringing, "oldest")
        if found is not None:
            return found[0], 0.0
        if own is not None:
            return own, 0.0
        found = self._first(person, self._list.values(), self.order)
        if found is not None:
            one, pages = found
            return one, _READS_LIST_S * self.week.chance.uniform(0.5, 1.5) * pages
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

    def _first(self, person: Person, waiting: Iterable[Conversation], order: Order) -> tuple[Conversation, int] | None:
        """Of the first page on which anything is for them, one of the first that are; and how many pages they read."""
        by_age: Order = "newest" if order == "newest" else "oldest"
        for number, page in enumerate(self._pages(person, sorted(waiting, key=_BY[by_age])), start=1):
            seen = sorted(page, key=_BY[order])
            if seen:
                return self.week.chance.choice(seen[:_AT_A_GLANCE]), number
        return None

    def _pages(self, person: Person, rows: list[Conversation]) -> Iterator[list[Conversation]]:
        """What is for them on each page, read page by page; or all that is for them as if it stood on the first."""
        if not self.turns_pages:
            yield list(itertools.islice((one for one in rows if self._is_for(person, one)), _PAGE))
            return
        for start in range(0, len(rows), _PAGE):
            yield [one for one in rows[start : start + _PAGE] if self._is_for(person, one)]

    def _is_for(self, person: Person, one: Conversation) -> bool:
        drawn = one.drawn
        shows_topic = drawn.says_topic or one.is_understood
        looks_fit = person.speaks(drawn.language) and (
            not shows_topic or not TOPICS[drawn.topic].needs or person.level_in(drawn) > 0
        )
        return looks_fit or (self.week.now > one.due and not self.week.colleagues(one, person))
