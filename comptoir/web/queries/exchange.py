"""One exchange as people read it: messages, notes and what was done, by time, a window at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from comptoir.analysis.models import MessageAnalysis
from comptoir.automations.queries import note_writers
from comptoir.bot.models import BotNote
from comptoir.conversations.models import Conversation, Message, Note, WordedAct
from comptoir.delivery.abilities import Abilities
from comptoir.delivery.models import Moderation
from comptoir.web.queries.hanging import Hanging, hanging_on
from comptoir.web.queries.inbox import Position
from comptoir.web.queries.occurrences import Occurrence, occurrences
from comptoir.web.queries.parents import Parent
from comptoir.web.queries.windows import MOST_REFRESHED, Place, stretch

_NOTHING = Abilities()


@dataclass(slots=True)
class Item:
    """One entry of the exchange.

    ``starts_day`` and ``starts_run`` say when the day and the author change. What it answers and what it gives away are
    filled in by whoever shows it. ``automation`` is the name of the one that left a note.
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
    able: Abilities = field(default_factory=Abilities)
    hanging: Hanging = field(default_factory=Hanging)
    is_bots: bool = False
    is_replaced: bool = False
    automation: str = ""

    @property
    def moderation(self) -> Moderation | None:
        """What was last asked of the network about it."""
        return self.hanging.moderations[-1] if self.hanging.moderations else None

    @property
    def worded_act(self) -> WordedAct | None:
        """What was last asked of the network about it in words of our own."""
        return self.hanging.worded_acts[-1] if self.hanging.worded_acts else None

    @property
    def has_acts(self) -> bool:
        """Whether the network can be asked for anything about it, and has not been asked already."""
        if self.message is None or self.message.deleted_at or self.able == _NOTHING:
            return False
        if any(one and one.outcome == "waiting" for one in (self.moderation, self.worded_act)):
            return False
        return self.message.direction == Message.Direction.INCOMING or self.message.is_at_the_network

    @property
    def analysis(self) -> MessageAnalysis | None:
        """What was read in it, with its reason; None where nothing was read yet."""
        return self.hanging.analyses[0] if self.hanging.analyses else None

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
    conversation: Conversation,
    place: Place | None = None,
    *,
    unread_after: datetime | None = None,
    has_notes: bool = True,
) -> Exchange:
    """Messages at a place, with the notes and acts among them.

    ``unread_after`` is how far the reader had come: the window says where what they have not read begins. Where it is
    known that there are no notes, nobody looks for them.
    """
    place = place or Place()
    found = stretch(conversation, place)
    messages = found.messages
    first = Position(messages[0].sent_at, messages[0].pk) if messages else None
    last = Position(messages[-1].sent_at, messages[-1].pk) if messages else None
    start = first.at if first and (found.has_earlier or place.since or place.after) else None
    end = found.next_at or (place.before.at if place.before else None)
    hanging = hanging_on(messages)
    notes = _notes(conversation, start, end) if has_notes else []
    bots = _bots_own(notes)
    automations = note_writers([note.pk for note in notes if note.agent_id is None and note.pk not in bots])
    items = [
        *(Item("message", message.sent_at, message=message, hanging=hanging[message.pk]) for message in messages),
        *(
            Item("note", one.created_at, note=one, is_bots=one.pk in bots, automation=automations.get(one.pk, ""))
            for one in notes
        ),
        *(Item("events", one.at, occurrences=[one]) for one in occurrences(conversation, start, end)),
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


def _bots_own(notes: Sequence[Note]) -> set[int]:
    """Of notes that nobody has signed, those that the bot left."""
    unsigned = [note.pk for note in notes if note.agent_id is None]
    return set(BotNote.objects.filter(note__in=unsigned).values_list("pk", flat=True)) if unsigned else set()


def _between(rows: QuerySet[Any], column: str, start: datetime | None, end: datetime | None) -> QuerySet[Any]:
    if start is not None:
        rows = rows.filter(**{f"{column}__gte": start})
    return rows.filter(**{f"{column}__lt": end}) if end is not None else rows


def _notes(conversation: Conversation, start: datetime | None, end: datetime | None) -> list[Note]:
    notes = _between(conversation.notes.select_related("agent", "consultation__expert"), "created_at", start, end)
    return list(notes.order_by("-created_at", "-id")[:MOST_REFRESHED])


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
