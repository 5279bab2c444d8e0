"""Who fits one conversation best, among those who are there: plain arithmetic, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from comptoir.conversations.models import Priority
from comptoir.core.reasons import Reason, template
from comptoir.routing.models import Strategy

#: What nothing was promised of waits among the rest as if it had been promised within that time.
UNPROMISED = timedelta(days=1)

#: A promise that is broken already counts as one of so many times its length: docs/decisions/0025.
LATE_COUNTS = 5

#: Who has waited longer than that, and in vain, goes before everything else of the same priority.
IN_VAIN = timedelta(days=1)

_NEVER = datetime.min.replace(tzinfo=UTC)

_AGAIN = template("%(name)s knows this customer.")
_BACK = template("%(name)s had it before, and is there again.")
_IN_TURN = template("It was the turn of %(name)s.")
_LEAST = template("%(name)s had the least to do: %(load)s of %(capacity)s points.")
_LEAST_ON_THE_LINE = template("%(name)s had the least on the line: %(load)s of %(capacity)s points in calls and chats.")
_SKILLED = template("%(why)s Asked for: %(skills)s.")
_WAIVED = template("%(why)s Nobody with %(skills)s was free in time.")


@dataclass(slots=True)
class Member:
    """An agent who can be given something now. ``brands`` empty: all; ``skills`` is the level by skill id.

    ``live_points`` are those of ``load_points`` in which a customer is on the line.
    """

    id: int
    name: str
    capacity_points: int
    load_points: int
    last_given_at: datetime | None
    live_points: int = 0
    is_administrator: bool = False
    brands: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    skills: Mapping[int, int] = field(default_factory=dict)

    @property
    def free_points(self) -> int:
        return self.capacity_points - self.load_points

    @property
    def free_live_points(self) -> int:
        """What can be put aside does not stand in the way of somebody who is on the line."""
        return self.capacity_points - self.live_points

    def has_room_for(self, one: Waiting) -> bool:
        """What weighs more than they can ever hold takes all of their room, and fits while they have nothing."""
        return min(one.points, self.capacity_points) <= (self.free_live_points if one.is_live else self.free_points)

    def may_see(self, one: Waiting) -> bool:
        """Neither a brand that is not theirs nor an account that is reserved for others."""
        if self.is_administrator:
            return True
        if self.brands and one.brand_id not in self.brands:
            return False
        return not one.reserved_for or not self.teams.isdisjoint(one.reserved_for)

    def can(self, needs: Iterable[tuple[int, int]]) -> bool:
        return all(self.skills.get(skill, 0) >= level for skill, level in needs)

    def give(self, one: Waiting, at: datetime) -> None:
        """They have it."""
        self.load_points += one.points
        self.live_points += one.points if one.is_live else 0
        self.last_given_at = at


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the queue: what it weighs, what it needs, and who had it. ``is_live``: they are on the line;
    ``promised_within``: how long the promise is that runs out first.
    """

    id: int
    contact_id: int
    brand_id: int
    reserved_for: frozenset[int]
    points: int
    strategy: str
    needs: tuple[tuple[int, int], ...] = ()
    last_agent_id: int | None = None
    released_by_id: int | None = None
    known_agent_id: int | None = None
    is_overdue: bool = False
    is_live: bool = False
    priority: int = Priority.NORMAL
    waiting_since: datetime = _NEVER
    promise_due_at: datetime | None = None
    promised_within: timedelta | None = None

    @property
    def until(self) -> datetime:
        """The instant by which it wants an answer."""
        return self.promise_due_at or self.waiting_since + UNPROMISED

    def place(self, at: datetime) -> tuple[bool, int, timedelta, bool, datetime, datetime, int]:
        """Its place in the queue at an instant: who is on the line, then by priority, then the shorter promise first,
        and of the same promise by the instant by which it wants an answer.
        """
        is_late = self.until < at
        return (
            not self.is_live,
            -self.priority,
            self._counts_as(at, is_late=is_late),
            is_late,
            self.until,
            self.waiting_since,
            self.id,
        )

    def place_changes_at(self, at: datetime) -> datetime | None:
        """The first instant from ``at`` on after which `place` says something else; None: never again."""
        in_vain = max(self.until, self.waiting_since + IN_VAIN)
        return min((one for one in (self.until, in_vain) if one >= at), default=None)

    def _counts_as(self, at: datetime, *, is_late: bool) -> timedelta:
        """How long its promise is, for its place."""
        within = self.promised_within or UNPROMISED
        if not is_late:
            return within
        return timedelta(0) if self.waiting_since < at - IN_VAIN else within * LATE_COUNTS

    @property
    def wish(self) -> tuple[object, ...]:
        """All that decides who may take it at all: where nobody can take one, nobody can take another of the same."""
        return (
            self.points,
            self.is_live,
            self.needs,
            self.brand_id,
            self.reserved_for,
            self.released_by_id,
            self.is_overdue,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Whom it is given to, and why, in words that can be said in any language."""

    member: Member
    reason: Reason


def choose(one: Waiting, members: Sequence[Member], skill_names: Mapping[int, str]) -> Choice | None:
    """The best of those who may see it, have room for it and can do what it needs; None: nobody.

    What has waited too long goes to anybody with room, also to who gave it back.
    """
    able = [member for member in members if member.may_see(one) and (one.is_overdue or member.id != one.released_by_id)]
    needs = one.needs
    free = [member for member in able if member.has_room_for(one) and member.can(needs)]
    is_waived = not free and one.is_overdue and bool(needs)
    if is_waived:
        free = [member for member in able if member.has_room_for(one)]
    if not free:
        return None
    member, why = _best(one, free)
    if needs:
        skills = ", ".join(skill_names.get(skill, "?") for skill, _level in needs)
        why = Reason(_WAIVED if is_waived else _SKILLED, why=why, skills=skills)
    return Choice(member, why)


def _best(one: Waiting, free: Sequence[Member]) -> tuple[Member, Reason]:
    by_id = {member.id: member for member in free}
    if one.last_agent_id in by_id:
        member = by_id[one.last_agent_id]
        return member, Reason(_BACK, name=member.name)
    if one.known_agent_id in by_id:
        member = by_id[one.known_agent_id]
        return member, Reason(_AGAIN, name=member.name)
    if one.strategy == Strategy.ROUND_ROBIN:
        member = min(free, key=lambda member: (member.last_given_at or _NEVER, member.id))
        return member, Reason(_IN_TURN, name=member.name)
    member = min(free, key=lambda member: _least_load(member, one))
    if one.is_live:
        live, most = member.live_points, member.capacity_points
        return member, Reason(_LEAST_ON_THE_LINE, name=member.name, load=live, capacity=most)
    return member, Reason(_LEAST, name=member.name, load=member.load_points, capacity=member.capacity_points)


def _least_load(member: Member, one: Waiting) -> tuple[int, float, int, datetime, int]:
    """The share of what they can hold that is taken, for who is on the line first by others who are; then who is better
    at it; then who has waited longest.
    """
    level = sum(member.skills.get(skill, 0) for skill, _level in one.needs)
    on_the_line = member.live_points if one.is_live else 0
    share = member.load_points / member.capacity_points
    return on_the_line, share, -level, member.last_given_at or _NEVER, member.id
