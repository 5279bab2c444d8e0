"""The record of what happened, read as a queue: whoever follows `next` misses nothing and gets nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from comptoir.api.authentication import ApiRequest, needs
from comptoir.api.pages import Cursor, bad_cursor, decoded, encoded, next_address, whole_number
from comptoir.api.scopes import Scope
from comptoir.conversations.reach import readable_by
from comptoir.events.models import Event as StoredEvent
from comptoir.events.queue import START, Position, events_after, newest_position, position_of, valid_position
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

router = Router(tags=["events"])

EventLimit = Annotated[int, Query(ge=1, le=500, description="How many of the record are looked at.")]


class Ref(Schema):
    kind: str
    id: int | None


class Event(Schema):
    id: int
    name: str
    at: datetime
    actor: Ref
    subject: Ref
    conversation_id: int | None
    reason: str
    details: dict[str, Any]


class EventPage(Schema):
    items: list[Event] = Field(description="May be fewer than asked for, since only what the agent may read is told.")
    next: str = Field(description="Where to go on, also when there is nothing more yet.")
    has_more: bool = Field(description="Whether more can be had at once.")


@router.get("/events", response=EventPage, **needs(Scope.EVENTS_READ, Permission.READ_CONVERSATIONS))
def list_events(
    request: ApiRequest, cursor: Cursor = "", limit: EventLimit = 100, start: Literal["first", "now"] = "first"
) -> EventPage:
    """What happened after the cursor; without one, from the first event on, or from now on."""
    position = _position(cursor) if cursor else newest_position() if start == "now" else START
    events = events_after(position, limit=limit + 1)
    looked_at = events[:limit]
    after = position_of(looked_at[-1]) if looked_at else position
    following = next_address(request, encoded([after.transaction_id, after.event_id]))
    shown = [_shown(event) for event in _readable(request.agent, looked_at)]
    return EventPage(items=shown, next=following, has_more=len(events) > limit)


def _position(cursor: str) -> Position:
    parts = decoded(cursor)
    if len(parts) != 2:
        raise bad_cursor()
    return valid_position(Position(whole_number(parts[0]), whole_number(parts[1])))


def _readable(agent: Agent, events: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    """All for who sets up; what is about conversations they may read for the others."""
    if may(agent, Permission.SET_UP):
        return events
    ids = {event.conversation_id for event in events if event.conversation_id is not None}
    readable = set(readable_by(agent).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return [event for event in events if event.conversation_id in readable]


def _shown(event: StoredEvent) -> Event:
    return Event(
        id=event.pk,
        name=event.name,
        at=event.at,
        actor=Ref(kind=event.actor_kind, id=event.actor_id),
        subject=Ref(kind=event.subject_kind, id=event.subject_id),
        conversation_id=event.conversation_id,
        reason=event.reason,
        details=event.details,
    )
