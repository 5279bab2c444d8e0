"""The record as it is read by people: filtered, newest first, page by page, with names for its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from comptoir.api.models import ApiToken
from comptoir.automations.models import Automation
from comptoir.brands.models import Brand
from comptoir.channels.models import ChannelAccount
from comptoir.contacts.models import Contact
from comptoir.conversations.models import Conversation
from comptoir.events.models import Event
from comptoir.people.models import Agent, Team

PAGE = 100
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class RecordFilters:
    """What of the record is wanted; nothing means all of it."""

    actor_kind: str = ""
    agent_id: int | None = None
    name: str = ""
    conversation_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self != RecordFilters()


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with the names of who did it and of what it was done to, as far as they are known."""

    event: Event
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Entries, and before which one the next page begins; None at the end."""

    entries: Sequence[Entry]
    before: int | None


def record_page(agent: Agent, filters: RecordFilters, *, before: int | None = None) -> RecordPage:
    """One page, in a fixed number of queries."""
    events = _wanted(agent, filters).order_by("-id")
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events[: PAGE + 1])
    return RecordPage(_named(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else None)


def recorded(agent: Agent, filters: RecordFilters) -> Iterator[Entry]:
    """All of it, oldest first, a thousand at a time: whatever its length, it is never held whole."""
    events = iter(_wanted(agent, filters).order_by("id").iterator(chunk_size=_BATCH))
    while batch := list(islice(events, _BATCH)):
        yield from _named(batch)


def _wanted(agent: Agent, filters: RecordFilters) -> QuerySet[Event]:
    events = Event.objects.all()
    if filters.agent_id is not None:
        events = events.filter(actor_kind="agent", actor_id=filters.agent_id)
    elif filters.actor_kind:
        events = events.filter(actor_kind=filters.actor_kind)
    if filters.name:
        by_noun = Q(name__startswith=filters.name[:-1]) if filters.name.endswith(".*") else Q(name=filters.name)
        events = events.filter(by_noun)
    if filters.conversation_id is not None:
        events = events.filter(conversation_id=filters.conversation_id)
    if filters.since is not None:
        events = events.filter(at__gte=filters.since)
    if filters.until is not None:
        events = events.filter(at__lt=filters.until)
    return _shown_to(agent, events)


def _shown_to(agent: Agent, events: QuerySet[Event]) -> QuerySet[Event]:
    """What happened in conversations that are hidden from somebody is not told to them here either."""
    hidden = list(ChannelAccount.objects.hidden_from(agent).values_list("pk", flat=True))
    if not hidden:
        return events
    out_of_sight = Conversation.objects.filter(pk=OuterRef("conversation_id"), account__in=hidden)
    return events.filter(~Exists(out_of_sight))


def _named(events: Sequence[Event]) -> list[Entry]:
    actors = _names({(event.actor_kind, event.actor_id) for event in events if event.actor_id is not None})
    subjects = _names({(event.subject_kind, event.subject_id) for event in events})
    return [
        Entry(
            event,
            actors.get((event.actor_kind, event.actor_id or 0), ""),
            subjects.get((event.subject_kind, event.subject_id), ""),
        )
        for event in events
    ]


#: Whose names are worth a query; the rest is known by its number.
_NAMED: dict[str, tuple[Any, str]] = {
    "agent": (Agent, "name"),
    "team": (Team, "name"),
    "brand": (Brand, "name"),
    "channelaccount": (ChannelAccount, "name"),
    "contact": (Contact, "name"),
    "token": (ApiToken, "name"),
    "automation": (Automation, "name"),
    "apitoken": (ApiToken, "name"),
}


def _names(wanted: Iterable[tuple[str, int | None]]) -> dict[tuple[str, int], str]:
    by_kind: dict[str, set[int]] = {}
    for kind, pk in wanted:
        if kind in _NAMED and pk is not None:
            by_kind.setdefault(kind, set()).add(pk)
    names: dict[tuple[str, int], str] = {}
    for kind, ids in by_kind.items():
        model, field = _NAMED[kind]
        names |= {(kind, pk): name for pk, name in model.objects.filter(pk__in=ids).values_list("pk", field)}
    return names
