"""One exchange as people read it: messages, notes and what was done, by time, a window at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from comptoir.conversations.models import Conversation, Message, Note
from comptoir.events.models import Event
from comptoir.intake.models import ContextPost
from comptoir.people.models import Agent, Team
from comptoir.sla.models import SLAClock
from comptoir.web.queries.inbox import Position

WINDOW = 50
#: What is refreshed while one reads is bounded too; beyond it the page is loaded again.
MOST_REFRESHED = 400
_MOST_EVENTS = 200
#: What was done to the conversation and is worth a line between its messages.
SHOWN_EVENTS = (
    "conversation.assigned",
    "conversation.team_changed",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.tagged",
    "conversation.untagged",
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
    """One entry of the exchange. ``starts_day`` and ``starts_run`` say when the day and the author change."""

    kind: str
    at: datetime
    message: Message | None = None
    note: Note | None = None
    occurrences: list[Occurrence] = field(default_factory=list)
    starts_day: bool = False
    starts_run: bool = True

    @property
    def author(self) -> tuple[Any, ...]:
        """Who speaks, and how: a run of messages ends where this changes."""
        if self.message is None:
            return (self.kind, self.note.agent_id if self.note else None)
        one = self.message
        return (one.direction, one.identity_id, one.agent_id, one.is_automatic, one.visibility)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A window on the exchange; ``first`` is its oldest message, ``before`` where the earlier window ends, if any."""

    items: Sequence[Item]
    first: Position | None
    before: Position | None


def exchange_window(
    conversation: Conversation, *, before: Position | None = None, since: Position | None = None
) -> Exchange:
    """The newest messages, those ``before`` a position, or all ``since`` one; with the notes and acts among them."""
    most = MOST_REFRESHED if since else WINDOW
    found = list(_messages(conversation, before, since)[: most + 1])
    has_earlier = len(found) > most
    messages = found[:most][::-1]
    first = Position(messages[0].sent_at, messages[0].pk) if messages else None
    start = first.at if first and (has_earlier or since) else None
    items = [
        *(Item("message", message.sent_at, message=message) for message in messages),
        *(Item("note", note.created_at, note=note) for note in _notes(conversation, start, before)),
        *(Item("events", one.at, occurrences=[one]) for one in _occurrences(conversation, start, before)),
    ]
    items.sort(key=lambda item: item.at)
    return Exchange(_arranged(items), first, first if has_earlier else None)


def _messages(conversation: Conversation, before: Position | None, since: Position | None) -> QuerySet[Message]:
    messages = conversation.messages.select_related("identity", "agent").prefetch_related("attachments", "reactions")
    if before is not None:
        messages = messages.filter(Q(sent_at__lte=before.at), Q(sent_at__lt=before.at) | Q(pk__lt=before.id))
    if since is not None:
        messages = messages.filter(Q(sent_at__gte=since.at), Q(sent_at__gt=since.at) | Q(pk__gte=since.id))
    return messages.order_by("-sent_at", "-id")


def _between(rows: QuerySet[Any], column: str, start: datetime | None, before: Position | None) -> QuerySet[Any]:
    if start is not None:
        rows = rows.filter(**{f"{column}__gte": start})
    return rows.filter(**{f"{column}__lt": before.at}) if before is not None else rows


def _notes(conversation: Conversation, start: datetime | None, before: Position | None) -> list[Note]:
    notes = _between(conversation.notes.select_related("agent"), "created_at", start, before)
    return list(notes.order_by("-created_at", "-id")[:MOST_REFRESHED])


def _occurrences(conversation: Conversation, start: datetime | None, before: Position | None) -> list[Occurrence]:
    subject = Event.objects.filter(subject_kind="conversation", subject_id=conversation.pk, name__in=SHOWN_EVENTS)
    events = list(_between(subject, "at", start, before).order_by("-id")[:_MOST_EVENTS])
    breaches = _between(
        SLAClock.objects.filter(conversation=conversation, breached_at__isnull=False), "breached_at", start, before
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


def context_post(conversation: Conversation) -> ContextPost | None:
    """The post that a public exchange is about, where it was kept: ours if there is one, else the thread's first."""
    if not conversation.is_public:
        return None
    posts = ContextPost.objects.filter(account=conversation.account_id, thread_id=conversation.thread_id)
    return posts.exclude(thread_id="").order_by("-is_ours", "sent_at").first()
