"""The clock of the week: customers say something, agents come, go and work; a desk decides who works on what."""

from __future__ import annotations

import heapq
import itertools
import json
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from benchmarks._week.staff import FINDING_S, NEXT_S, NOTICED_S, READING_S, RESUMING_S, Person
from benchmarks._week.world import CHANNELS, DAY, MONDAY, OPENING, ZONE, Drawn, at_instant_of
from comptoir.core.hours import DAYS
from comptoir.people.models import Agent
from comptoir.sla.matching import Owed, due_times

WEEK = 7 * DAY
_DAYS_RUN = 12  # what the week leaves is worked off in the next one, in which nobody writes


@dataclass(slots=True, eq=False)
class Conversation:
    """How it stands. ``waits_since`` None: nobody waits; ``is_understood``: somebody has read what it takes, or was
    told that nobody who can is free; ``left_s`` is what is left of a work that was interrupted.
    """

    drawn: Drawn
    turn: int = 0
    waits_since: float | None = None
    due: float = 0.0
    owner: Person | None = None
    is_understood: bool = False
    left_s: float | None = None

    @property
    def is_live(self) -> bool:
        return self.drawn.is_live


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: to which turn, since when it was waited for, until when it was promised, when it came."""

    drawn: Drawn
    turn: int
    since: float
    due: float
    at: float


@dataclass(slots=True)
class Outcome:
    """What came of the week."""

    replies: list[Reply] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    in_hand: list[tuple[int, int]] = field(default_factory=list)  # least and most that waits with anybody here
    passed_on: int = 0
    collisions: int = 0


class Desk(Protocol):
    """A way of sharing out the work."""

    def came(self, one: Conversation) -> None:
        """A customer waits, and whoever had it is not there or is nobody."""

    def stays_with_absent(self, one: Conversation) -> bool:
        """Whether what waits with somebody who is not there stays with them for now."""

    def pick(self, person: Person) -> tuple[Conversation, float] | None:
        """What somebody who has nothing in hand does next, and after how many seconds of looking."""

    def changed(self, person: Person) -> None:
        """They came or went."""

    def weighs(self, one: Conversation) -> None:
        """It was opened, answered, resolved or passed on: what its owner has in hand is another."""


class Week:
    """One run. ``own`` is what waits with each person, ``live`` how many chats or calls each of them is in."""

    def __init__(self, drawn: list[Drawn], people: list[Person], desk: Callable[[Week], Desk], seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = 0.0
        self.people = people
        self.here: set[int] = set()
        self.working: dict[int, Conversation] = {}
        self.own: dict[int, list[Conversation]] = {one.id: [] for one in people}
        self.live: dict[int, int] = {one.id: 0 for one in people}
        self.knows: dict[int, int] = {}  # by contact, who answered them last
        self.outcome = Outcome(people=people)
        self._came_at: dict[int, float] = {}
        self._ends_at: dict[int, float] = {}  # of what can be put aside, when its work is done
        self._looks_at: dict[int, float] = {}
        self._able: dict[tuple[str, str], list[Person]] = {}  # who is here and can, by language and topic
        self._events: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = itertools.count()
        self._left = len(drawn)
        self.desk = desk(self)
        for one in drawn:
            self.at(one.at_s, self._says, Conversation(one))
        for person in people:
            self._plan(person)
        self.at(0.0, self._sample)

    def run(self) -> Outcome:
        """Until everybody was answered."""
        while self._left and self.now < _DAYS_RUN * DAY:
            self.now, _order, act, given = heapq.heappop(self._events)
            act(*given)
        assert not self._left, "somebody was never answered"
        return self.outcome

    def at(self, second: float, act: Callable[..., None], *given: Any) -> None:
        """Have something done then."""
        heapq.heappush(self._events, (second, next(self._order), act, given))

    def give(self, one: Conversation, person: Person) -> None:
        """It waits with them from now on. For a call or chat they put aside what they can."""
        one.owner = person
        self.own[person.id].append(one)
        self.wake(person, NEXT_S if one.is_live and self._puts_aside(person) else NOTICED_S)

    def take_back(self, one: Conversation) -> None:
        """It waits with nobody."""
        if one.owner is not None and one in self.own[one.owner.id]:
            self.own[one.owner.id].remove(one)
        one.owner = one.left_s = None

    def wake(self, person: Person, after: float) -> None:
        """Have them look what is to be done, unless they are at something."""
        second = self.now + after
        if person.id not in self.working and second < self._looks_at.get(person.id, math.inf):
            self._looks_at[person.id] = second
            self.at(second, self._look, person)

    def colleagues(self, one: Conversation, but: Person) -> list[Person]:
        """Who is here and would not pass it on."""
        asked = (one.drawn.language, one.drawn.topic)
        able = self._able.get(asked)
        if able is None:
            able = [who for who in self.people if who.id in self.here and who.can(one.drawn)]
            self._able[asked] = able
        return [who for who in able if who is not but]

    # --- what happens ---

    def _says(self, one: Conversation) -> None:
        one.waits_since, one.due = self.now, due_second(one.drawn, self.now)
        self.desk.weighs(one)
        owner = one.owner
        if owner is not None and (owner.id in self.here or one.is_live or self.desk.stays_with_absent(one)):
            self.give(one, owner)
        else:
            self.take_back(one)
            self.desk.came(one)

    def _look(self, person: Person) -> None:
        if person.id in self.working or self._looks_at.get(person.id) != self.now:
            return  # they are at something, or look at another moment
        del self._looks_at[person.id]
        if person.id not in self.here:
            picked = next(((one, 0.0) for one in self.own[person.id] if one.is_live), None)
        else:
            picked = self.desk.pick(person)
        if picked is None:
            return
        one, after = picked
        self.working[person.id] = one
        self.at(self.now + after, self._opens, person, one)

    def _opens(self, person: Person, one: Conversation) -> None:
        if one.waits_since is None or one.owner not in (None, person):  # a colleague was faster
            self.outcome.collisions += 1
            self._is_free(person, NOTICED_S)
            return
        if one in self.own[person.id]:
            self.own[person.id].remove(one)
        is_new, one.owner = one.owner is None, person
        if is_new:
            self.desk.weighs(one)
        if not one.is_understood and not person.can(one.drawn) and self.colleagues(one, person):
            self._spends(person, READING_S)
            self.at(self.now + READING_S, self._passes_on, person, one)
            return
        self._works_on(person, one)

    def _works_on(self, person: Person, one: Conversation) -> None:
        knows_customer = self.knows.get(one.drawn.contact) == person.id
        work = one.left_s or person.work_s(one.drawn, one.turn, knows_customer=knows_customer)
        one.left_s = None
        self._spends(person, work)
        if not one.is_live:
            self._ends_at[person.id] = self.now + work
        if one.drawn.channel == "phone":
            self._answered(one, self.now)
        self.live[person.id] += one.is_live and one.turn == 0
        self.at(self.now + work, self._done, person, one)

    def _puts_aside(self, person: Person) -> bool:
        """Whether they were writing something: it waits, and takes a little longer then."""
        ends_at = self._ends_at.pop(person.id, None)
        if ends_at is None:
            return False
        one = self.working.pop(person.id)
        one.left_s = ends_at - self.now + RESUMING_S
        self._spends(person, self.now - ends_at)
        self.own[person.id].insert(0, one)
        return True

    def _passes_on(self, person: Person, one: Conversation) -> None:
        """To a colleague of their choice, in every tool."""
        self.outcome.passed_on += 1
        one.is_understood = True
        others = self.colleagues(one, person)
        one.owner = None
        self.desk.weighs(one)
        if others:
            one.owner = self.chance.choice(others)
            self.desk.weighs(one)
            self.at(self.now + FINDING_S, self._reaches, one)
        else:
            self.desk.came(one)
        self._is_free(person, NEXT_S)

    def _reaches(self, one: Conversation) -> None:
        if one.owner is not None and one.owner.id in self.here:
            self.give(one, one.owner)
        else:
            self.take_back(one)
            self.desk.came(one)

    def _done(self, person: Person, one: Conversation) -> None:
        if not one.is_live and self._ends_at.get(person.id) != self.now:
            return  # it was interrupted
        self._ends_at.pop(person.id, None)
        if one.drawn.channel != "phone":
            self._answered(one, self.now)
        self.knows[one.drawn.contact] = person.id
        one.waits_since = None
        gap = one.drawn.turns[one.turn][1]
        is_last = one.turn + 1 == len(one.drawn.turns)
        if is_last:
            self._left -= 1
            self.live[person.id] -= one.is_live
        else:
            self.at(self.now + gap, self._next_turn, one)
        self.desk.weighs(one)
        self._is_free(person, NEXT_S)

    def _next_turn(self, one: Conversation) -> None:
        one.turn += 1
        self._says(one)

    def _answered(self, one: Conversation, at: float) -> None:
        assert one.waits_since is not None
        self.outcome.replies.append(Reply(one.drawn, one.turn, one.waits_since, one.due, at))

    def _spends(self, person: Person, seconds: float) -> None:
        person.busy_s += seconds if self.now < WEEK else 0.0

    def _is_free(self, person: Person, after: float) -> None:
        self.working.pop(person.id, None)
        self.wake(person, after)

    # --- who is there ---

    def _plan(self, person: Person) -> None:
        """The instants at which the product may say something else of them."""
        for day in range(_DAYS_RUN):
            spans = person.row.working_hours.get(DAYS[day % 7], ())
            for wall in itertools.chain.from_iterable(spans):
                hours, minutes = map(int, wall.split(":"))
                self.at(day * DAY + hours * 3600 + minutes * 60, self._turns, person)
            for begins, lasts in person.breaks if spans else ():
                self.at(day * DAY + begins * 60, self._sets, person, Agent.Availability.AWAY)
                self.at(day * DAY + (begins + lasts) * 60, self._sets, person, Agent.Availability.AVAILABLE)

    def _sets(self, person: Person, availability: Agent.Availability) -> None:
        person.row.availability = availability
        person.row.availability_since = at_instant_of(self.now)
        self._turns(person)

    def _turns(self, person: Person) -> None:
        was, is_here = person.id in self.here, person.is_here(at_instant_of(self.now))
        if was == is_here:
            return
        if is_here:
            self.here.add(person.id)
            self._came_at[person.id] = self.now
        else:
            self.here.discard(person.id)
            person.here_s += min(self.now, WEEK) - min(self._came_at[person.id], WEEK)
        self._able.clear()
        self.desk.changed(person)
        self.wake(person, NOTICED_S)

    def _sample(self) -> None:
        """What waits with each who is here, every quarter of an hour."""
        held = [len(self.own[pk]) for pk in self.here]
        if len(held) > 1 and self.now < 6 * DAY:
            self.outcome.in_hand.append((min(held), max(held)))
        self.at(self.now + 900, self._sample)


_HOURS = json.dumps(OPENING)


def due_second(drawn: Drawn, since: float) -> float:
    """Until when what is said at ``since`` is to be answered, by the product's own arithmetic."""
    promise: timedelta = CHANNELS[drawn.channel].promise
    (due,) = due_times([Owed(at_instant_of(since), promise, None, True, None, _HOURS, ZONE)])
    assert due is not None
    return (due.at - MONDAY).total_seconds()
