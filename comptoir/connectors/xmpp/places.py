"""Where our messages go: to one person, to a room, or to one person through a room that shows a nickname alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptoir.connectors.base import Author, Outgoing, PermanentError, TransientError
from comptoir.connectors.shared.untrusted import name
from comptoir.connectors.xmpp.names import bare, full, resource
from comptoir.connectors.xmpp.occupants import author_of
from comptoir.connectors.xmpp.rooms import Room, enter_now
from comptoir.connectors.xmpp.session import CutError, Session


@dataclass(frozen=True, slots=True)
class Place:
    """``room`` is the room to be in for it, "" for none; ``to`` is the room itself where all shall read it."""

    to: str
    room: str = ""

    @property
    def is_public(self) -> bool:
        return self.to == self.room

    @property
    def kind(self) -> str:
        return "groupchat" if self.is_public else "chat"


@dataclass(frozen=True, slots=True)
class Target:
    """A message that is corrected, taken back or liked: as its author called it, and as it is spoken of."""

    place: Place
    origin_id: str
    known_as: str


def place_of(outgoing: Outgoing) -> Place:
    """Where it goes. Raises PermanentError where nobody is named."""
    thread = full(outgoing.thread_id or outgoing.recipient.id)
    if outgoing.visibility == "public":
        place = Place(bare(thread) or "", bare(thread) or "")
    elif outgoing.parent_visibility == "public":
        place = _aside(outgoing)
    elif resource(thread) is not None:
        place = Place(thread or "", bare(thread) or "")
    else:
        place = Place(thread or "")
    if not place.to:
        raise PermanentError("Nobody is named to whom this message could go.")
    return place


def _aside(outgoing: Outgoing) -> Place:
    """In private to somebody who spoke in a room: by their own address where we know it, else through the room."""
    person, occupant = outgoing.recipient.id or "", name(outgoing.parent_custom.get("occupant")) or ""
    if "@" in person and resource(person) is None and ":" not in person:
        return Place(bare(person) or "")
    return Place(occupant, bare(occupant) or "")


def target_of(external_id: str, custom: Mapping[str, Any]) -> Target:
    """The message, by what was kept with it. Raises PermanentError where it is none of this network."""
    origin_id, room, occupant = (name(custom.get(one)) or "" for one in ("origin_id", "room", "occupant"))
    if room:
        known_as = name(custom.get("given_id")) or origin_id
        target = Target(Place(room, room), origin_id, known_as)
    elif occupant:
        target = Target(Place(occupant, bare(occupant) or ""), origin_id, origin_id)
    else:
        to, _slash, identifier = external_id.partition("/")
        target = Target(Place(to if "@" in to else ""), identifier, identifier)
    if not target.place.to or not target.known_as or not target.origin_id:
        raise PermanentError("This is not a message on XMPP that can be acted upon.")
    return target


def entered(session: Session, place: Place, nick: str) -> Room | None:
    """The room to be in, once we are. Nothing was said yet. Raises PermanentError and TransientError."""
    if not place.room:
        return None
    try:
        return enter_now(session, place.room, nick)
    except CutError as error:
        raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error


def must_be_there(room: Room | None, place: Place, person: Author) -> None:
    """Whoever has the nickname now must be the one who is meant. Raises PermanentError."""
    if room is None or place.is_public:
        return
    present = room.occupant(place.to)
    now_there = author_of(present) if present is not None else None
    if now_there is None or (person.id and person.id not in (now_there.id, *now_there.aliases, place.to)):
        raise PermanentError(
            "%(nick)s has left the room: answer in public, or once they are back.", nick=resource(place.to) or "?"
        )
