"""One exchange as people read it: messages, notes and what was done, by time, a window at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comptoir.conversations.models import Conversation, Message, Note
from comptoir.delivery.models import Moderation
from comptoir.events.models import Event
from comptoir.people.models import Agent, Team
from comptoir.sla.models import SLAClock
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.parents import Parent
from comptoir.web.queries.windows import MOST_REFRESHED, Place, stretch

_MOST_EVENTS = 200
#: What was done to the conversation and is worth a line between its messages.
SHOWN_EVENTS = (
    "conversation.assigned",
    "conversation.team_changed",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.tagged",
    "conversation.untagged",
    "conversation.snoozed",
    "conversation.held",
    "conversation.woken",
    "conversation.merged",
    "conversation.merged_away",
    "conversation.unmerged",
    "conversation.parted",
    "conversation.split",
    "conversation.marked_spam",
    "conversation.cleared_of_spam",
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that was done, ready to be said: who, what, to whom."""

    id: str
    name: str
    at: datetime
    who: str
    whom: str = ""
    reason: str = ""


@dataclass(slots=True)
class Item:
    """One entry of the exchange.

    ``starts_day`` and ``starts_run`` say when the day and the author change. What it answers, what it gives away and
    what was last asked of the network about it are filled in by whoever shows it.
    """

    kind: str
    at: datetime
    message: Message | None = None
    note: Note | None = None
    occurrences: list[Occurrence] = field(default_factory=list)
    starts_day: bool = False
    starts_run: bool = True
    starts_unread: bool = False
    is_long: bool = False
    parent: Parent | None = None
    exposed: Any = None
    moderation: Moderation | None = None

    @property
    def author(self) -> tuple[Any, ...]:
        """Who speaks, and how: a run of messages ends where this changes."""
        if self.message is None:
            return (self.kind, self.note.agent_id if self.note else None)
        one = self.message
        return (one.direction, one.identity_id, one.agent_id, one.is_automatic, one.visibility)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A window on the exchange, from its oldest message ``first`` to its newest ``last``.

    ``before`` and ``after`` are where the earlier and the later window begin, where there are any.
    """

    items: Sequence[Item]
    first: Position | None
    last: Position | None
    before: Position | None
    after: Position | None


def exchange_window(
    conversation: Conversation, place: Place | None = None, *, unread_after: datetime | None = None
) -> Exchange:
    """Messages at a place, with the notes and acts among them.

    ``unread_after`` is how far the reader had come: the window says where what they have not read begins.
    """
    place = place or Place()
    found = stretch(conversation, place)
    messages = found.messages
    first = Position(messages[0].sent_at, messages[0].pk) if messages else None
    last = Position(messages[-1].sent_at, messages[-1].pk) if messages else None
    start = first.at if first and (found.has_earlier or place.since or place.after) else None
    end = found.next_at or (place.before.at if place.before else None)
    items = [
        *(Item("message", message.sent_at, message=message) for message in messages),
        *(Item("note", note.created_at, note=note) for note in _notes(conversation, start, end)),
        *(Item("events", one.at, occurrences=[one]) for one in _occurrences(conversation, start, end)),
    ]
    items.sort(key=lambda item: item.at)
    arranged = _arranged(items)
    if unread_after is not None:
        _mark_unread(arranged, unread_after, begins_here=not found.has_earlier)
    before, after = (first if found.has_earlier else None), (last if found.next_at else None)
    return Exchange(arranged, first, last, before, after)


def _mark_unread(items: Sequence[Item], read_up_to: datetime, *, begins_here: bool) -> None:
    """The first message that the reader has not seen, if it is in this window and not before it."""
    unread = [item for item in items if item.message and item.message.direction == "incoming" and item.at > read_up_to]
    if unread and (begins_here or unread[0] is not next((item for item in items if item.message), None)):
        unread[0].starts_unread = unread[0].starts_run = True


def _between(rows: QuerySet[Any], column: str, start: datetime | None, end: datetime | None) -> QuerySet[Any]:
    if start is not None:
        rows = rows.filter(**{f"{column}__gte": start})
    return rows.filter(**{f"{column}__lt": end}) if end is not None else rows


def _notes(conversation: Conversation, start: datetime | None, end: datetime | None) -> list[Note]:
    notes = _between(conversation.notes.select_related("agent"), "created_at", start, end)
    return list(notes.order_by("-created_at", "-id")[:MOST_REFRESHED])


def _occurrences(conversation: Conversation, start: datetime | None, end: datetime | None) -> list[Occurrence]:
    subject = Event.objects.filter(subject_kind="conversation", subject_id=conversation.pk, name__in=SHOWN_EVENTS)
    events = list(_between(subject, "at", start, end).order_by("-id")[:_MOST_EVENTS])
    breaches = _between(
        SLAClock.objects.filter(conversation=conversation, breached_at__isnull=False), "breached_at", start, end
    )
    agents, teams = _named(events)
    return [
        *(_occurrence(event, agents, teams) for event in events),
        *(
            Occurrence(f"breach-{clock.pk}", "clock.breached", clock.breached_at, "")
            for clock in breaches.order_by("-id")[:_MOST_EVENTS]
        ),
    ]


def _named(events: Iterable[Event]) -> tuple[dict[int, str], dict[int, str]]:
    events = list(events)
    agents = {one.actor_id or 0 for one in events if one.actor_kind == "agent"}
    agents |= {one.details.get("to") or 0 for one in events if one.name == "conversation.assigned"}
    teams = {one.details.get("to") or 0 for one in events if one.name == "conversation.team_changed"}
    return (
        dict(Agent.objects.filter(pk__in=agents).values_list("pk", "name")),
        dict(Team.objects.filter(pk__in=teams).values_list("pk", "name")),
    )


def _occurrence(event: Event, agents: dict[int, str], teams: dict[int, str]) -> Occurrence:
    whom: str = ""
    if event.name == "conversation.assigned":
        whom = agents.get(event.details.get("to") or 0, "")
    elif event.name == "conversation.team_changed":
        whom = teams.get(event.details.get("to") or 0, "")
    elif event.name in ("conversation.tagged", "conversation.untagged"):
        whom = str(event.details.get("tag", ""))
    who = agents.get(event.actor_id or 0, "") if event.actor_kind == "agent" else ""
    return Occurrence(f"event-{event.pk}", event.name, event.at, who, whom, event.reason)


def _arranged(items: Sequence[Item]) -> list[Item]:
    """Fold acts that follow one another into one line, and mark where days and authors change."""
    arranged: list[Item] = []
    for item in items:
        last = arranged[-1] if arranged else None
        if last and item.kind == "events" == last.kind and _day(item) == _day(last):
            last.occurrences += item.occurrences
            continue
        item.starts_day = last is None or _day(item) != _day(last)
        item.starts_run = item.starts_day or last is None or item.author != last.author
        arranged.append(item)
    return arranged


def _day(item: Item) -> object:
    return timezone.localtime(item.at).date()
