"""Who speaks in a room: what the room tells of the people behind its nicknames (XEP-0045, XEP-0421), read purely.

A nickname is whoever's it is at the moment. Who spoke is therefore told by the presences that the room sent before,
which are kept in front of each message (`comptoir.connectors.xmpp.rooms`); of what an archive kept, by the message
itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from comptoir.connectors.base import Author
from comptoir.connectors.shared.untrusted import name
from comptoir.connectors.xmpp.discovery import closed_room
from comptoir.connectors.xmpp.names import CLIENT, MUC_USER, OCCUPANT_ID, SID, bare, full, resource

#: Said now; said before, as a room that we enter may repeat it; or told by the room's own archive.
When = Literal["live", "past", "archived"]

_OURS, _SHOWS_EVERYBODY = "110", "100"  # status codes of XEP-0045, 15.6


@dataclass(frozen=True, slots=True)
class Occupant:
    """What a room's presence tells: ``jid`` where the room shows it to us, ``occupant_id`` where it gives one."""

    address: str
    jid: str | None
    occupant_id: str | None
    is_us: bool
    shows_everybody: bool


def occupant_of(presence: Any) -> Occupant | None:
    """Who came in or is there, as the room says; None for any other presence."""
    told, address = presence.find(f"{{{MUC_USER}}}x"), full(presence.get("from"))
    if presence.tag != f"{{{CLIENT}}}presence" or told is None or not resource(address) or presence.get("type"):
        return None
    codes = status_codes(presence)
    jid = _shown_jid(presence)
    return Occupant(address or "", jid, _occupant_id(presence), _OURS in codes, _SHOWS_EVERYBODY in codes)


def status_codes(presence: Any) -> frozenset[str]:
    """What a room says about a presence, by numbers (XEP-0045, 15.6)."""
    return frozenset(one.get("code") or "" for one in presence.findall(f"{{{MUC_USER}}}x/{{{MUC_USER}}}status"))


def given_id(message: Any) -> str | None:
    """The id that the room itself gave a message (XEP-0359): nobody else can choose it."""
    room = bare(message.get("from"))
    given = (one for one in message.findall(f"{{{SID}}}stanza-id") if bare(one.get("by")) == room)
    return next((name(one.get("id")) for one in given), None)


@dataclass(slots=True)
class Occupants:
    """What the stanzas before a message told of rooms. ``own_jid`` is ours, ``rooms`` those that the account names."""

    own_jid: str | None = None
    rooms: Sequence[str] = ()
    _known: dict[str, Occupant] = field(default_factory=dict)
    _us: dict[str, Occupant] = field(default_factory=dict)
    _given: dict[tuple[str, str], str] = field(default_factory=dict)
    _closed: set[str] = field(default_factory=set)

    def note(self, stanza: Any) -> None:
        """Learn from a presence who is there, from a message which id the room gave it, and which room is closed."""
        found, closed = occupant_of(stanza), closed_room(stanza)
        if closed is not None:
            self._closed.add(closed)
        if found is not None:
            self._known[found.address] = found
            if found.is_us:
                self._us[bare(found.address) or ""] = found
        elif stanza.get("type") == "groupchat":
            self.note_given(stanza, given_id(stanza))

    def note_given(self, message: Any, identifier: str | None) -> None:
        """Under which id the room keeps what its author calls otherwise."""
        said_by, called = full(message.get("from")), message.get("id")
        if said_by and called and identifier:
            self._given[said_by, called] = identifier

    def given(self, said_by: str | None, called: str | None) -> str | None:
        """The room's id for a message that its author called ``called``; None where that was not told."""
        return self._given.get((said_by or "", called or ""))

    def is_closed(self, room: str | None) -> bool:
        """Whether the members of a room alone read what is said in it."""
        return room in self._closed

    def author(self, message: Any, when: When) -> Author:
        """Whoever said a message: by their real address, the room's lasting id for them, or the nickname alone."""
        address = full(message.get("from")) or ""
        present = self._known.get(address) if when == "live" else None
        jid = present.jid if present else self._archived_jid(message, when)
        told = _occupant_id(message) or (present.occupant_id if present else None)
        return _author(address, jid, told)

    def somebody(self, address: str | None) -> Author | None:
        """Who has this nickname now; None where it was not told."""
        present = self._known.get(full(address) or "")
        return author_of(present) if present else None

    def knows(self, address: str | None) -> bool:
        """Whether it was told that somebody has this address in a room."""
        return full(address) in self._known

    def is_ours(self, message: Any, when: When) -> bool:
        """Whether we said it, on this device or another; nobody else has our nickname while we are there."""
        address = full(message.get("from"))
        us = self._us.get(bare(address) or "")
        if us is None or when == "live":
            return us is not None and address == us.address
        jid, told = self._archived_jid(message, when), _occupant_id(message)
        if jid:
            return jid == bare(self.own_jid)
        return told == us.occupant_id if told and us.occupant_id else address == us.address

    def _archived_jid(self, message: Any, when: When) -> str | None:
        """The real address that an archive adds where everybody may see it, unless another tries to add one too."""
        if when != "archived":
            return None
        us = self._us.get(bare(message.get("from")) or "")
        is_told_once = len(message.findall(f"{{{MUC_USER}}}x")) == 1
        return _shown_jid(message) if us is not None and us.shows_everybody and is_told_once else None


def author_of(occupant: Occupant) -> Author:
    """The person behind a nickname."""
    return _author(occupant.address, occupant.jid, occupant.occupant_id)


def _author(address: str, jid: str | None, occupant_id: str | None) -> Author:
    nick = resource(address)
    lasting = f"occupant:{bare(address)}/{occupant_id}" if occupant_id else None
    if jid:
        return Author(jid, jid, nick, aliases=(lasting,) if lasting else ())
    return Author(lasting or name(address), nick, nick)


def _shown_jid(stanza: Any) -> str | None:
    item = stanza.find(f"{{{MUC_USER}}}x/{{{MUC_USER}}}item")
    return bare(item.get("jid")) if item is not None else None


def _occupant_id(stanza: Any) -> str | None:
    told = stanza.find(f"{{{OCCUPANT_ID}}}occupant-id")
    return name(told.get("id")) if told is not None else None
