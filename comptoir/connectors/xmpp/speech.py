"""Where a message was said, by whom, and what it and those it speaks of are called: in private, and in a room.

In private, messages are known by the ids that their senders chose. In a room they are known by those that the room gave
them (XEP-0359), which reactions, retractions and answers name too; where it gives none, by those of their senders:
others in the room may have chosen the same, so they count for one nickname alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comptoir.connectors.base import Author, Direction
from comptoir.connectors.shared.untrusted import name, storable
from comptoir.connectors.xmpp.names import (
    CORRECTION,
    MODERATED,
    NICK,
    REPLY,
    RETRACT,
    SID,
    bare,
    full,
    resource,
)  # fmt: skip
from comptoir.connectors.xmpp.occupants import Occupants, When, given_id


@dataclass(frozen=True, slots=True)
class Speech:
    """``common`` is what every event of the message has. ``is_room``: the room itself says it, for its moderators."""

    common: dict[str, Any]
    direction: Direction
    external_id: str | None
    corrected_id: str | None = None
    answered_id: str | None = None
    counterpart: Author | None = None
    is_room: bool = False
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return bool(self.common["visibility"] == "public")


def in_private(message: Any, people: Occupants, sent_at: datetime | None, *, kept_as: str | None) -> Speech:
    """Between the account and one person, whom we may also know from a room alone."""
    ours = people.own_jid is not None and bare(message.get("from")) == bare(people.own_jid)
    address = message.get("to") if ours else message.get("from")
    is_occupant = resource(address) is not None and (bare(address) in people.rooms or people.knows(address))
    other = full(address) if is_occupant else bare(address)
    if is_occupant and not ours:
        person = people.author(message, "live")
    elif is_occupant:
        person = people.somebody(other) or Author(other, resource(other), resource(other))
    else:
        person = Author(other, other, None if ours else _nick(message))
    author = Author(bare(message.get("from")), bare(message.get("from")), _nick(message)) if ours else person
    correction, reply = message.find(f"{{{CORRECTION}}}replace"), message.find(f"{{{REPLY}}}reply")
    return Speech(
        {"visibility": "private", "thread_id": other, "author": author, "sent_at": sent_at, "id_scope": other or ""},
        "outgoing" if ours else "incoming",
        name(message.get("id")) or kept_as,
        corrected_id=name(correction.get("id")) if correction is not None else None,
        answered_id=name(reply.get("id")) if reply is not None else None,
        counterpart=person if ours else None,
        custom={"occupant": other or "", "origin_id": name(message.get("id")) or ""} if is_occupant else {},
    )


def in_room(message: Any, people: Occupants, sent_at: datetime | None, when: When, *, kept_as: str | None) -> Speech:
    """Before everybody in a room. ``kept_as`` is its id in the room's own archive."""
    room, address = bare(message.get("from")), full(message.get("from"))
    given = kept_as or given_id(message)
    scope = room if given is not None else address
    people.note_given(message, given)
    ours = people.is_ours(message, when)
    nobody = resource(address) is None
    author = Author() if nobody else people.author(message, when)
    reply = message.find(f"{{{REPLY}}}reply")
    return Speech(
        {"visibility": "public", "thread_id": room, "author": author, "sent_at": sent_at, "id_scope": scope or "",
         "is_members_only": people.is_closed(room)},
        "outgoing" if ours else "incoming",
        given or name(message.get("id")),
        corrected_id=_corrected(message, people, given),
        answered_id=name(reply.get("id")) if reply is not None and given is not None else None,
        counterpart=people.somebody(reply.get("to")) if ours and reply is not None else None,
        is_room=nobody and message.find(f"{{{RETRACT}}}retract/{{{MODERATED}}}moderated") is not None,
        custom=_kept(message, given),
    )  # fmt: skip


def is_reminder(stanza: Any) -> bool:
    """Whether it says nothing, and only reminds of which id a room gave an earlier message."""
    inside = list(stanza)
    return stanza.get("type") == "groupchat" and len(inside) == 1 and inside[0].tag == f"{{{SID}}}stanza-id"


def _corrected(message: Any, people: Occupants, given: str | None) -> str | None:
    """Which message this takes the place of. One that we know nothing of is lost to us: then this stands by itself."""
    correction = message.find(f"{{{CORRECTION}}}replace")
    called = name(correction.get("id")) if correction is not None else None
    return people.given(full(message.get("from")), called) if given is not None else called


def _kept(message: Any, given: str | None) -> dict[str, str]:
    """What answering, correcting and liking in a room need: who said it, and both its ids."""
    sender = message.get("from")
    kept = {"room": bare(sender), "occupant": full(sender), "origin_id": name(message.get("id")), "given_id": given}
    return {what: told for what, told in kept.items() if told}


def _nick(message: Any) -> str | None:
    found = message.find(f"{{{NICK}}}nick")
    return storable(found.text) if found is not None and found.text else None
