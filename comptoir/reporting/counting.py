"""What counts of one conversation, read off its messages, its events and its clocks. Pure.

The definitions that the screen gives in words (`reporting.wording`) are these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

#: What an answered promise is; the same numbers are stored (`models.Kept`).
NOT_GIVEN, RUNNING, KEPT, BROKEN = range(4)


@dataclass(frozen=True, slots=True)
class Said:
    """One message. ``has_arrived``: received, or taken by the network and not refused later. ``taken_at``: of a call of
    theirs, when somebody of ours took it.
    """

    id: int
    at: datetime
    is_incoming: bool
    is_automatic: bool = False
    has_arrived: bool = True
    deleted_at: datetime | None = None
    agent_id: int | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the record about the conversation; ``agent_id`` where a person did it."""

    name: str
    at: datetime
    details: dict[str, Any]
    actor_kind: str = "system"
    agent_id: int | None = None
    has_reason: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """One clock."""

    promise: str
    due_at: datetime
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    is_abandoned: bool = False

    @property
    def outcome(self) -> int:
        """One that was broken before it was given up stays broken: closing does not keep it."""
        is_late = not self.is_abandoned and self.stopped_at is not None and self.stopped_at > self.due_at
        if is_late or self.breached_at is not None:
            return BROKEN
        if self.stopped_at is None:
            return RUNNING
        return NOT_GIVEN if self.is_abandoned else KEPT


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one conversation. Messages that were history when they came in are left out; events are in
    the order of the record.
    """

    conversation_id: int
    account_id: int
    team_id: int | None
    resolved_at: datetime | None = None
    is_left_out: bool = False
    messages: Sequence[Said] = ()
    events: Sequence[Told] = ()
    clocks: Sequence[Promised] = ()
    reason_id: int | None = None
    intent: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """Open from … until, with one team."""

    team_id: int | None
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What `models.CountedConversation` and `models.OpenSpell` keep of one conversation."""

    conversation_id: int
    account_id: int
    team_id: int | None
    reply_team_id: int | None
    replied_by_id: int | None
    resolved_by_id: int | None
    reason_id: int | None
    intent: str
    began_at: datetime
    answered_at: datetime | None
    resolved_at: datetime | None
    first_reply_s: int | None
    resolution_s: int | None
    first_reply_promise: int
    resolution_promise: int
    transfer_count: int
    reopening_count: int
    spells: Sequence[Spell] = ()


def counted(story: Story) -> Counted | None:
    """What counts of a conversation; None where no customer asked anything that counts."""
    asked = None if story.is_left_out else _first_question(story.messages)
    if asked is None:
        return None
    question, answer = asked
    open_times, resolver = _open_times(story, question.at)
    where = Whereabouts.of(story)
    ended_at = open_times[-1][1]
    answered_at = answer[0] if answer else None
    return Counted(
        conversation_id=story.conversation_id,
        account_id=story.account_id,
        team_id=story.team_id,
        reply_team_id=where.at(answered_at) if answered_at else story.team_id,
        replied_by_id=answer[1] if answer else None,
        resolved_by_id=resolver if ended_at else None,
        reason_id=story.reason_id,
        intent=story.intent,
        began_at=question.at,
        answered_at=answered_at,
        resolved_at=ended_at,
        first_reply_s=_seconds(question.at, answered_at) if answered_at else None,
        resolution_s=sum(_seconds(begin, end) for begin, end in open_times if end) if ended_at else None,
        first_reply_promise=_outcome(story.clocks, "first_reply"),
        resolution_promise=_outcome(story.clocks, "resolution"),
        transfer_count=sum(_is_transfer(event) for event in story.events),
        reopening_count=len(open_times) - 1,
        spells=[spell for begin, end in open_times for spell in where.spells(begin, end)],
    )


Answer = tuple[datetime, int | None]


def _first_question(messages: Sequence[Said]) -> tuple[Said, Answer | None] | None:
    """What was asked first, and the first answer after it. Deleted before it was answered, a message asked nothing."""
    answers = sorted(_answers(messages), key=lambda answer: answer[0])
    asked = (one for one in messages if one.is_incoming and not one.is_automatic)
    for question in sorted(asked, key=lambda one: (one.at, one.id)):
        answer = next((answer for answer in answers if answer[0] >= question.at), None)
        if question.deleted_at is None or (answer is not None and answer[0] < question.deleted_at):
            return question, answer
    return None


def _answers(messages: Iterable[Said]) -> list[Answer]:
    """What people wrote and the network took, and calls that somebody took."""
    written = [
        (one.at, one.agent_id) for one in messages if not one.is_incoming and not one.is_automatic and one.has_arrived
    ]
    return written + [(max(one.at, one.taken_at), one.agent_id) for one in messages if one.taken_at is not None]


def _open_times(story: Story, began_at: datetime) -> tuple[list[tuple[datetime, datetime | None]], int | None]:
    """From when until when it was open, from its beginning on, and who resolved it last.

    What the record does not tell, the conversation itself does: that it is resolved now, or is not.
    """
    times: list[tuple[datetime, datetime | None]] = [(began_at, None)]
    resolver: int | None = None
    for event in sorted(story.events, key=lambda event: event.at):
        begun, ended = times[-1]
        if event.name == "conversation.resolved" and ended is None and event.at > begun:
            times[-1], resolver = (begun, event.at), event.agent_id
        elif event.name == "conversation.reopened" and ended is not None and event.at >= ended:
            if event.details.get("undone"):
                times[-1] = (begun, None)
            else:
                times.append((event.at, None))
    begun, ended = times[-1]
    if story.resolved_at is None and ended is not None:
        times[-1] = (begun, None)
    elif story.resolved_at is not None and ended is None:
        times[-1] = (begun, story.resolved_at if story.resolved_at > begun else begun)
    return times, resolver


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """When a conversation went from which team to which; ``now`` has it, or had it last."""

    moves: Sequence[tuple[datetime, int | None, int | None]]
    now: int | None

    @classmethod
    def of(cls, story: Story) -> Whereabouts:
        """The last team it went to is the one that it has, whatever the record says."""
        moves = [
            (event.at, event.details.get("former"), event.details.get("to"))
            for event in sorted(story.events, key=lambda event: event.at)
            if event.name == "conversation.team_changed"
        ]
        if moves:
            at, former, _to = moves[-1]
            moves[-1] = (at, former, story.team_id)
        return cls(moves, story.team_id)

    def at(self, instant: datetime) -> int | None:
        """Which team had it; before the first move, the one that it came from."""
        team = self.moves[0][1] if self.moves else self.now
        for moved_at, _former, to in self.moves:
            if moved_at <= instant:
                team = to
        return team

    def spells(self, begin: datetime, end: datetime | None) -> list[Spell]:
        """One open time, cut where the team changed."""
        cuts = {at for at, _former, _to in self.moves if begin < at and (end is None or at < end)}
        spells: list[Spell] = []
        for start, stop in pairwise([begin, *sorted(cuts), end]):
            assert start is not None  # only the last one may be
            if stop is not None and stop <= start:
                continue
            team = self.at(start)
            if spells and spells[-1].team_id == team:
                spells[-1] = replace(spells[-1], ended_at=stop)
            else:
                spells.append(Spell(team, start, stop))
        return spells


def _is_transfer(event: Told) -> bool:
    """From one team to another, by a person or a program, or because nobody there took it. Rules that place anew what
    they had placed, once it is read thoroughly, transfer nothing.
    """
    if event.name != "conversation.team_changed" or event.details.get("former") is None:
        return False
    return event.actor_kind != "system" or event.has_reason


def _outcome(clocks: Iterable[Promised], promise: str) -> int:
    """Of several clocks of one promise, the worst: broken before kept; kept before running."""
    outcomes = {clock.outcome for clock in clocks if clock.promise == promise}
    return next((outcome for outcome in (BROKEN, KEPT, RUNNING) if outcome in outcomes), NOT_GIVEN)


def _seconds(begin: datetime, end: datetime) -> int:
    return max(0, int((end - begin).total_seconds()))
