"""Comptoir's own way: its rules, its choice and its arithmetic decide, over the simulated week instead of a database.

`Book.decide` reads the words, `needs_of` and `match` give out, `absent_since` says who has been away for how long. What
is written here instead of in SQL is who has what in hand, and the order of the queue as `Waiting.place` has it
(`tests/routing/test_order.py` holds the database to the same).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from benchmarks._week.desks import Order, first_of
from benchmarks._week.running import Conversation, Week
from benchmarks._week.staff import CAPACITY_POINTS, Person
from benchmarks._week.world import CHANNELS, DAY, TOPICS, at_instant_of
from comptoir.conversations.models import Priority
from comptoir.routing.assigning.absence import absent_since
from comptoir.routing.assigning.choosing import Member, Waiting
from comptoir.routing.assigning.matching import match
from comptoir.routing.assigning.needing import Abilities, needs_of
from comptoir.routing.book import Book, bound
from comptoir.routing.facts import VIP_TAG, Facts
from comptoir.routing.models import DEFAULT_POINTS, RuleRevision, Strategy

SAME_AGENT_WITHIN_S = 7 * DAY
OVERFLOW_AFTER = timedelta(minutes=30)
RETURNS_AFTER = timedelta(minutes=15)
_NEVER = at_instant_of(366 * DAY)
_ONCE_S = 1.0  # a pass is a task of its own, queued once however much happens
_WATCH_S = 60.0

_SKILLS = ("en", "es", "de", "it", *(name for name, topic in TOPICS.items() if topic.needs))
_IDS = {name: number for number, name in enumerate(_SKILLS, start=1)}
_NAMES = {number: name for name, number in _IDS.items()}


def rule_book() -> Book:
    """The rules of this counter, as somebody would write them on the screen."""
    high = {"kind": "priority", "among": [str(Priority.HIGH.value)]}
    rules: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
        ({"kind": "channel", "among": [name for name, one in CHANNELS.items() if one.is_live]}, high, True),
        ({"kind": "vip", "among": []}, high, True),
    ]
    for name, topic in TOPICS.items():
        if topic.needs:
            skill = {"kind": "skills", "among": [f"{_IDS[name]}:{topic.needs}"]}
            rules.append(({"kind": "text", "among": [topic.words]}, skill, False))
    return bound(
        RuleRevision(id=number, conditions=[condition], effects=[effect], goes_on=goes_on)
        for number, (condition, effect, goes_on) in enumerate(rules, start=1)
    )


class Comptoir:
    """Least load, by skills and room, known agents first; everybody's own list by what is due first."""

    def __init__(self, week: Week, order: Order = "promise") -> None:
        self.week, self.order = week, order
        self._book = rule_book()
        self._members = {person.id: _member(person) for person in week.people}
        self._able = _abilities(self._members)
        self._queue: dict[int, tuple[Conversation, Waiting]] = {}
        self._decided: dict[int, tuple[int, tuple[tuple[int, int], ...]]] = {}
        self._weighing: dict[int, tuple[Member, int]] = {}
        self._known: dict[int, tuple[int, float]] = {}
        self._last: dict[int, int] = {}
        self._places: dict[int, tuple[datetime, tuple[Any, ...]]] = {}
        self._is_asked = False
        week.at(_WATCH_S, self._watch)

    def came(self, one: Conversation) -> None:
        priority, needs = self._decide(one)
        known, at = self._known.get(one.drawn.contact, (None, 0.0))
        assert one.waits_since is not None
        waiting = Waiting(
            id=one.drawn.id,
            contact_id=one.drawn.contact,
            brand_id=1,
            reserved_for=frozenset(),
            points=_points(one),
            strategy=Strategy.LEAST_LOAD,
            needs=needs,
            last_agent_id=self._last.pop(one.drawn.id, None),
            known_agent_id=known if self.week.now - at <= SAME_AGENT_WITHIN_S else None,
            is_live=one.is_live,
            priority=priority,
            waiting_since=at_instant_of(one.waits_since),
            promise_due_at=at_instant_of(one.due),
            promised_within=CHANNELS[one.drawn.channel].promise,
        )
        self._queue[one.drawn.id] = (one, waiting)
        self._places.pop(one.drawn.id, None)
        self.week.at(self.week.now + OVERFLOW_AFTER.total_seconds() + 1, self._overdue, waiting)
        self._ask()

    def stays_with_absent(self, one: Conversation) -> bool:
        return True

    def pick(self, person: Person) -> tuple[Conversation, float] | None:
        one = first_of(self.week.own[person.id], self.order)
        return None if one is None else (one, 0.0)

    def changed(self, person: Person) -> None:
        self._ask()

    def weighs(self, one: Conversation) -> None:
        """What is answered is resolved, and weighs again once the customer writes; a chat weighs until it ends."""
        before = self._weighing.pop(one.drawn.id, None)
        if before is not None:
            member, points = before
            member.load_points -= points
            member.live_points -= points if one.is_live else 0
        if one.owner is None:
            return
        self._known[one.drawn.contact] = (one.owner.id, self.week.now)
        is_over = one.waits_since is None and one.turn + 1 == len(one.drawn.turns)
        if one.waits_since is not None or (one.is_live and not is_over):
            member = self._members[one.owner.id]
            self._weighing[one.drawn.id] = (member, _points(one))
            member.load_points += _points(one)
            member.live_points += _points(one) if one.is_live else 0
        else:
            self._ask()

    def _decide(self, one: Conversation) -> tuple[int, tuple[tuple[int, int], ...]]:
        known = self._decided.get(one.drawn.id)
        if known is None:
            decision = self._book.decide(_facts(one))
            priority = Priority.NORMAL.value if decision.priority is None else decision.priority
            known = (priority, needs_of(decision.needs, one.drawn.language, self._able))
            self._decided[one.drawn.id] = known
        return known

    def _ask(self) -> None:
        if not self._is_asked:
            self._is_asked = True
            self.week.at(self.week.now + _ONCE_S, self._offer)

    def _offer(self) -> None:
        self._is_asked = False
        present = [self._members[person.id] for person in self.week.people if person.id in self.week.here]
        if not self._queue or not present:
            return
        at = at_instant_of(self.week.now)
        is_ringing = any(one.is_live for one, _waiting in self._queue.values())
        if not is_ringing and not any(member.free_points > 0 for member in present):
            return  # as `match` would find out, after everything was put in order
        page = sorted((waiting for _one, waiting in self._queue.values()), key=lambda waiting: self._place(waiting, at))
        by_id = {person.id: person for person in self.week.people}
        for waiting, choice, _moment in match([page], present, at, _NAMES):
            one, _waiting = self._queue.pop(waiting.id)
            self._weighing[one.drawn.id] = (choice.member, waiting.points)
            one.is_understood = one.is_understood or not choice.member.can(waiting.needs)
            one.owner = by_id[choice.member.id]
            self.weighs(one)
            self.week.give(one, one.owner)

    def _place(self, waiting: Waiting, at: datetime) -> tuple[Any, ...]:
        """`Waiting.place`, looked up anew only once it may be another."""
        known = self._places.get(waiting.id)
        if known is None or known[0] < at:
            known = self._places[waiting.id] = (waiting.place_changes_at(at) or _NEVER, waiting.place(at))
        return known[1]

    def _overdue(self, waiting: Waiting) -> None:
        if self._queue.get(waiting.id, (None, None))[1] is waiting:
            self._queue[waiting.id] = (self._queue[waiting.id][0], replace(waiting, is_overdue=True))
            self._ask()

    def _watch(self) -> None:
        """Take back what the absent have, where a colleague is there: every minute."""
        at = at_instant_of(self.week.now)
        for person in self.week.people if self.week.here else ():
            if person.id in self.week.here or not self.week.own[person.id]:
                continue
            since = absent_since(person.row, at)
            if since is not None and since <= at - RETURNS_AFTER:
                self._return(person)
        self.week.at(self.week.now + _WATCH_S, self._watch)

    def _return(self, person: Person) -> None:
        for one in list(self.week.own[person.id]):
            self.week.take_back(one)
            self.weighs(one)
            self._last[one.drawn.id] = person.id
            self.came(one)


def _member(person: Person) -> Member:
    return Member(
        id=person.id,
        name=person.row.name,
        capacity_points=CAPACITY_POINTS,
        load_points=0,
        last_given_at=None,
        skills={_IDS[name]: level for name, level in person.levels.items()},
    )


def _abilities(members: Mapping[int, Member]) -> Abilities:
    levels: dict[int, int] = {}
    for member in members.values():
        for skill, level in member.skills.items():
            levels[skill] = max(levels.get(skill, 0), level)
    return Abilities(levels, {name: pk for name, pk in _IDS.items() if name not in TOPICS})


def _points(one: Conversation) -> int:
    return DEFAULT_POINTS.get(one.drawn.channel, 1)


def _facts(one: Conversation) -> Facts:
    drawn = one.drawn
    return Facts(
        conversation_id=drawn.id, message_id=drawn.id, account_id=1, channel=drawn.channel, brand_id=1,
        is_public=CHANNELS[drawn.channel].is_public, language=drawn.language, text=drawn.text,
        tags=frozenset({VIP_TAG} if drawn.is_vip else ()), rating=None, is_returning=False,
        at=at_instant_of(drawn.at_s),
    )  # fmt: skip
