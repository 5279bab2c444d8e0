"""Writing the record. One NOTIFY for each call, however many events it writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.db import connection, models

from comptoir.core.clock import now
from comptoir.core.reasons import kept
from comptoir.core.recordset import recordset
from comptoir.events.models import Event

#: The PostgreSQL channel on which every batch of events is announced, as "first-last" ids.
CHANNEL = "comptoir_events"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an agent, the customer (contact), the bot, a token of the API, or the system itself."""

    kind: str
    id: int | None = None


SYSTEM = Actor("system")


class Recordable(Protocol):
    """What can be the subject of an event: any saved row."""

    pk: Any
    _meta: ClassVar[Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event to be written; ``name`` is ``noun.past_tense``."""

    name: str
    subject_kind: str
    subject_id: int
    by: Actor = SYSTEM
    conversation_id: int | None = None
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record(name: str, *, subject: Recordable, by: Actor = SYSTEM, reason: str = "", **details: Any) -> Event:
    """Write one event about a row, in the current transaction. Details must be JSON; a row is kept as its id."""
    kind = subject._meta.model_name
    conversation_id = subject.pk if kind == "conversation" else getattr(subject, "conversation_id", None)
    kept = {key: value.pk if isinstance(value, models.Model) else value for key, value in details.items()}
    happening = Happening(name, kind, subject.pk, by, conversation_id, reason, kept)
    return record_all([happening])[0]


def record_all(happenings: Iterable[Happening]) -> Sequence[Event]:
    """Write a batch of events in the current transaction, and announce it once."""
    present = now()
    events = Event.objects.bulk_create(
        Event(
            name=one.name,
            at=one.at or present,
            actor_kind=one.by.kind,
            actor_id=one.by.id,
            subject_kind=one.subject_kind,
            subject_id=one.subject_id,
            conversation_id=one.conversation_id,
            reason=one.reason,
            details=one.details,
        )
        for one in happenings
    )
    if events:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{events[0].pk}-{events[-1].pk}"])
    return events


_WRITE = """
WITH written AS (
    INSERT INTO events_event
        (name, at, actor_kind, actor_id, subject_kind, subject_id, conversation_id, reason, details)
    SELECT name, COALESCE(at, %s), actor_kind, actor_id, subject_kind, subject_id, conversation_id,
        COALESCE(reason, ''), COALESCE(details, '{}')
    FROM json_to_recordset(%s::json) AS new (name text, at timestamptz, actor_kind text, actor_id bigint,
        subject_kind text, subject_id bigint, conversation_id bigint, reason text, details jsonb)
    RETURNING id
)
SELECT pg_notify(%s, min(id) || '-' || max(id)) FROM written HAVING count(*) > 0
"""


def record_many(happenings: Iterable[Happening]) -> None:
    """As `record_all`, for batches of hundreds: one statement, and no objects made of what it wrote."""
    written = [_row(one) for one in happenings]
    if written:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [now(), recordset(written), CHANNEL])


def _row(happening: Happening) -> dict[str, object]:
    """What is said of it; the rest is left to the statement."""
    row: dict[str, object] = {
        "name": happening.name,
        "actor_kind": happening.by.kind,
        "actor_id": happening.by.id,
        "subject_kind": happening.subject_kind,
        "subject_id": happening.subject_id,
        "conversation_id": happening.conversation_id,
    }
    if happening.at:
        row["at"] = happening.at
    if happening.reason:
        row["reason"] = kept(happening.reason)
    if happening.details:
        row["details"] = happening.details
    return row
