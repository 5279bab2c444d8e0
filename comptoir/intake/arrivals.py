"""One event of a network, made fit for the database: cleaned, with an id, a direction and an instant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from comptoir.connectors.base import SPOKEN, Attachment, Author, EventKind, NetworkEvent, Rating
from comptoir.contacts.naming import NAMELESS
from comptoir.core import reasons
from comptoir.intake.cleaning import (
    MAX_IDENTITY_ID_BYTES,
    MAX_SCOPE_BYTES,
    MAX_THREAD_ID_BYTES,
    clipped,
    fitting_id,
    storable_json,
)

_EPOCH_OF_NETWORKS = datetime(1980, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(hours=1)
_MAX_RELATED = 60
_MAX_ALIASES = 8
_PUBLIC_KINDS = frozenset({EventKind.COMMENT, EventKind.POST, EventKind.REVIEW})

#: Kinds that change a message that is, or will be, there.
CHANGES = frozenset(
    {
        EventKind.EDIT,
        EventKind.DELETE,
        EventKind.REACTION,
        EventKind.READ,
        EventKind.DELIVERY,
        EventKind.SENT,
        EventKind.FAILED,
    }
)

#: A call in one of these states was answered, by voice.
CALL_TAKEN = ("answered", "ended")
#: In one of these nobody has said anything.
CALL_UNHEARD = ("ringing", "missed")

IdentityKey = tuple[str, str]  # scope, external id


@dataclass(slots=True)
class Arrival:
    """An event with what the database needs of it. ``person`` is who it comes from or, of ours, goes to; ``told_at`` is
    when we were told, also where it is read again later; ``text`` is the event's, fit to be stored.
    """

    event: NetworkEvent
    external_id: str
    at: datetime
    is_ours: bool
    visibility: str
    person: IdentityKey | None
    author: Author
    told_at: datetime
    text: str = ""
    target_id: str = ""
    parent_id: str = ""
    thread_id: str = ""
    scope: str = ""
    related_ids: list[str] = field(default_factory=list)

    @property
    def is_spoken(self) -> bool:
        return self.event.event in SPOKEN

    @property
    def aliases(self) -> list[IdentityKey]:
        """The other keys of the same person."""
        if self.person is None:
            return []
        others = dict.fromkeys(fitting_id(alias, MAX_IDENTITY_ID_BYTES) for alias in self.author.aliases if alias)
        return [(self.person[0], other) for other in others if other != self.person[1]][:_MAX_ALIASES]

    @property
    def is_context(self) -> bool:
        return bool(self.event.custom.get("context"))

    @property
    def is_private(self) -> bool:
        return self.visibility == "private"

    @property
    def asks(self) -> bool:
        """Whether a customer waits for an answer to it: not once their call was taken."""
        return not self.is_ours and not self.event.automatic and not self.is_call_taken

    @property
    def answers(self) -> bool:
        """Whether a customer has their answer by it: our own words, a call of ours unless nobody took it, one of theirs
        that we took.
        """
        is_unheard = self.event.call is not None and self.event.call.state in CALL_UNHEARD
        return self.is_call_taken or (self.is_ours and not self.event.automatic and not is_unheard)

    @property
    def is_call_taken(self) -> bool:
        return self.event.call is not None and self.event.call.state in CALL_TAKEN


def arrivals(
    events: Iterable[NetworkEvent], *, own_id: str, received_at: datetime, origin: bytes = b"", place: str = ""
) -> list[Arrival]:
    """Make events fit. ``origin`` tells one delivery from another where an event has neither an id nor a time;
    ``place`` is within what an author's id is unique where the event does not say.
    """
    return [_arrival(event, own_id, received_at, origin, place) for event in events if _is_of_use(event)]


def _is_of_use(event: NetworkEvent) -> bool:
    is_told = bool(event.author.aliases) or event.holder is not None
    return is_told or event.event in SPOKEN or event.event in CHANGES


def _arrival(event: NetworkEvent, own_id: str, received_at: datetime, origin: bytes, place: str) -> Arrival:
    is_ours = event.direction == "outgoing" or (
        event.direction is None and bool(own_id) and event.author.id == own_id and event.event in SPOKEN
    )
    external_id = _scoped(event, event.external_id) or _made_up_id(event, origin)
    spoken_by_us = is_ours and event.event in SPOKEN
    author = (event.counterpart or Author()) if spoken_by_us else event.author
    scope = event.scope or place
    return Arrival(
        event=event,
        external_id=external_id,
        at=_instant(event.edited_at or event.sent_at, received_at),
        is_ours=is_ours,
        visibility=event.visibility or ("public" if event.event in _PUBLIC_KINDS else "private"),
        person=_person(author, scope, None if spoken_by_us else external_id),
        author=author,
        told_at=received_at,
        text=clipped(event.text),
        target_id=_scoped(event, event.target_id),
        parent_id=_scoped(event, event.parent_id),
        thread_id=fitting_id(event.thread_id, MAX_THREAD_ID_BYTES),
        scope=scope,
        related_ids=[_scoped(event, one) for one in _related(event.related_ids)],
    )


def _scoped(event: NetworkEvent, identifier: str | None) -> str:
    """The id of a message, told from others of the same name elsewhere on the account."""
    return fitting_id(f"{event.id_scope}/{identifier}" if event.id_scope and identifier else identifier)


def _related(ids: tuple[str, ...]) -> list[str]:
    """The nearest relatives and, of a long family, its first ancestor."""
    kept = ids if len(ids) <= _MAX_RELATED else (*ids[: _MAX_RELATED - 1], ids[-1])
    return [fitting_id(identifier) for identifier in kept if identifier]


def _person(author: Author, scope: str, nameless_as: str | None) -> IdentityKey | None:
    """The key of a person; one whom the network does not name is a person of their own for each thing they say."""
    identifier = author.id or (f"@{author.handle}" if author.handle else "")
    if not identifier and nameless_as is not None:
        identifier = f"{NAMELESS}{nameless_as}"
    if not identifier:
        return None
    return fitting_id(scope, MAX_SCOPE_BYTES), fitting_id(identifier, MAX_IDENTITY_ID_BYTES)


def _instant(sent_at: datetime | None, received_at: datetime) -> datetime:
    """The network's time, unless it cannot be: before there were networks, or in the future."""
    if sent_at is None:
        return received_at
    if sent_at.tzinfo is None:
        sent_at = sent_at.replace(tzinfo=UTC)
    return sent_at if _EPOCH_OF_NETWORKS <= sent_at <= received_at + _CLOCKS_DIFFER else received_at


def _made_up_id(event: NetworkEvent, origin: bytes) -> str:
    """An id for what the network gave none: the same for the same words of the same person at the same time."""
    surrogate = event.custom.get("surrogate_id")
    if surrogate:
        return fitting_id(f"~{surrogate}")
    said: list[Any] = [event.event, event.author.id, event.author.handle, event.text, event.target_id, event.parent_id]
    said += [
        event.thread_id,
        event.reaction,
        event.reaction_removed,
        [file.url or file.name for file in event.attachments],
    ]
    said.append(event.sent_at.astimezone(UTC).isoformat() if event.sent_at else hashlib.sha256(origin).hexdigest())
    return "~" + hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


# --- kept as JSON while they wait ---------------------------------------------------------------------------------


def event_as_json(arrival: Arrival) -> dict[str, Any]:
    """What is kept of an event that came too early; files' contents are not (they come with messages, not changes)."""
    event = replace(arrival.event, attachments=tuple(replace(file, content=None) for file in arrival.event.attachments))
    kept = {name: value for name, value in asdict(event).items() if value not in (None, "", (), {}, False)}
    for name in ("edited_at", "id_scope", "holder"):  # the instant, and the whole ids, are kept already
        kept.pop(name, None)
    kept |= {"target_id": arrival.target_id, "parent_id": arrival.parent_id, "related_ids": arrival.related_ids}
    kept |= {
        "sent_at": arrival.at.astimezone(UTC).isoformat(),
        "direction": "outgoing" if arrival.is_ours else "incoming",
    }
    if arrival.scope:
        kept["scope"] = arrival.scope
    kept |= {"external_id": arrival.external_id, "event": str(event.event), "custom": dict(event.custom)}
    if event.reason:
        kept["reason"] = reasons.kept(event.reason)
    return dict(storable_json(kept))


def _author_from_json(kept: Mapping[str, Any]) -> Author:
    return Author(**{**kept, "aliases": tuple(kept.get("aliases", ()))})


def event_from_json(kept: Mapping[str, Any]) -> NetworkEvent:
    """The event that `event_as_json` kept."""
    fields = dict(kept)
    fields["event"] = EventKind(fields["event"])
    fields["author"] = _author_from_json(fields.get("author", {}))
    if fields.get("counterpart"):
        fields["counterpart"] = _author_from_json(fields["counterpart"])
    if fields.get("rating"):
        fields["rating"] = Rating(**fields["rating"])
    fields["attachments"] = tuple(Attachment(**file) for file in fields.get("attachments", ()))
    fields["related_ids"] = tuple(fields.get("related_ids", ()))
    fields["sent_at"] = datetime.fromisoformat(fields["sent_at"])
    if "reason" in fields:
        fields["reason"] = reasons.read(fields["reason"])
    return NetworkEvent(**fields)


def fingerprint(arrival: Arrival) -> str:
    """The same change has the same fingerprint, however often and in whatever delivery it comes."""
    event = arrival.event
    said = [
        event.event,
        arrival.external_id,
        arrival.person,
        event.text,
        event.reaction,
        event.reaction_removed,
        event.reason,
    ]
    said.append(arrival.at.astimezone(UTC).isoformat() if event.sent_at else None)
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def subject_of(in_time: Iterable[Arrival]) -> str:
    """What messages are about: the first that names a subject says it."""
    for one in in_time:
        if one.event.subject:
            return clipped(one.event.subject, 500)
    return ""


def language_of(in_time: Sequence[Arrival]) -> str:
    """What a customer writes in: the last of their messages of which the network says it."""
    for one in reversed(in_time):
        if one.event.language and not one.is_ours:
            return clipped(one.event.language, 12)
    return ""
