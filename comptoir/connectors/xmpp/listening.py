"""What an open session hears: private messages, and what is said in the account's rooms."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from comptoir.connectors.base import Page, PermanentError, TransientError
from comptoir.connectors.shared.untrusted import items, mapping, name
from comptoir.connectors.xmpp import sending
from comptoir.connectors.xmpp.archive import (
    NoArchiveError,
    deliveries,
    id_of,
    message_of,
    pages_back,
    pages_since,
    query,
)
from comptoir.connectors.xmpp.names import CARBONS, CLIENT, PING, bare, resource
from comptoir.connectors.xmpp.occupants import given_id, status_codes
from comptoir.connectors.xmpp.rooms import Room, enter_now
from comptoir.connectors.xmpp.session import CutError, Session

_PATIENCE_S = 1.0
_SILENCES_BETWEEN_PINGS = 60
_SUBSCRIBING = frozenset(["subscribe", "unsubscribe", "unsubscribed"])
_ASKED_WHETHER_IN = "in:"
_REFURNISHED = "104"  # a status code of XEP-0045, 15.6
#: What a room answers by itself to whoever is not in it (XEP-0410).
_NOT_IN = f"{{{CLIENT}}}error/{{urn:ietf:params:xml:ns:xmpp-stanzas}}not-acceptable"


class Listener:
    """One session that stays open. ``cursor`` keeps, for each room, the last message that its archive told of."""

    def __init__(self, session: Session, rooms: Sequence[str], nick: str, cursor: Mapping[str, Any]) -> None:
        self.session = session
        self.rooms = {address: Room(address, nick) for address in rooms}
        self.cursor = dict(cursor)
        self.places = {room: last for room, last in places_of(cursor).items() if room in self.rooms}

    def pages(self, stop: threading.Event) -> Iterator[Page]:
        """Messages as they come; who asks to see that we are there may, and a silent line is tried now and then."""
        self.session.send(f"<presence xmlns='{CLIENT}'/>")
        self.session.send(f"<iq xmlns='{CLIENT}' type='set' id='copies'><enable xmlns='{CARBONS}'/></iq>")
        for room in self.rooms.values():
            room.enter(self.session)
        silences = 0
        while not stop.is_set():
            stanza = self.session.receive(_PATIENCE_S)
            if stanza is not None:
                yield from self._told(stanza)
                continue
            silences += 1
            if silences % _SILENCES_BETWEEN_PINGS == 0:
                self.session.keep(self.session.flush())
                self._look_after_rooms()

    def _told(self, stanza: Any) -> Iterator[Page]:
        kind, sender = stanza.get("type"), stanza.get("from") or ""
        is_presence, is_message = stanza.tag == f"{{{CLIENT}}}presence", stanza.tag == f"{{{CLIENT}}}message"
        room = self.rooms.get(bare(sender) or "")
        if stanza.tag == f"{{{CLIENT}}}iq":
            self._answer(stanza, room)
        elif room is not None and is_presence:
            if room.note(self.session, stanza):
                yield from self._caught_up(room)
        elif room is not None and is_message:
            yield self._said_in(room, stanza)
        elif is_message or (is_presence and kind in _SUBSCRIBING):
            if is_presence and kind == "subscribe":
                sending.accept(self.session, bare(sender) or "")
            yield Page(deliveries([stanza]), self._cursor())

    def _said_in(self, room: Room, message: Any) -> Page:
        """Said before all, or to us alone by somebody in the room; or by the room, where it was furnished anew."""
        if resource(message.get("from")) is None and _REFURNISHED in status_codes(message):
            room.ask_who_comes_in(self.session)
        kept_as = given_id(message) if message.get("type") == "groupchat" else None
        if kept_as is not None:
            self.places[room.address] = kept_as
        return Page([room.heard(message)], self._cursor())

    def _answer(self, stanza: Any, room: Room | None) -> None:
        """Nobody's questions are understood; the answers to ours tell whether we are still in a room."""
        identifier = stanza.get("id") or ""
        if stanza.get("type") in ("get", "set"):
            self.session.send(_refusal(stanza.get("from") or "", identifier))
        elif room is not None and identifier.startswith(_ASKED_WHETHER_IN) and stanza.find(_NOT_IN) is not None:
            room.enter(self.session)

    def _look_after_rooms(self) -> None:
        """Enter again where we were put out or not let in; ask whether we are where we think we are."""
        for room in self.rooms.values():
            if room.us is None:
                room.enter(self.session)
            else:
                named = f"to={quoteattr(room.us)} id={quoteattr(_ASKED_WHETHER_IN + room.address)}"
                self.session.send(f"<iq xmlns='{CLIENT}' type='get' {named}><ping xmlns='{PING}'/></iq>")

    def _caught_up(self, room: Room) -> Iterator[Page]:
        """What was said while we were not in the room, where it keeps an archive; at first, only where it stands."""
        room.ask_who_comes_in(self.session)
        try:
            found = newest(self.session, room)
        except NoArchiveError:
            return
        last, latest = self.places.get(room.address), _last_id(found)
        if last is None:
            self.places[room.address] = latest
            yield Page([], self._cursor())
            return
        try:
            while last != latest:
                begun = last
                for page, last in pages_since(self.session, begun, room=room.address):
                    self.places[room.address] = last
                    yield Page(room.told(page), self._cursor())
                if last == begun:
                    return
        except NoArchiveError:  # it has forgotten what we had read last
            self.places[room.address] = latest
            yield Page(room.told(found), self._cursor())

    def _cursor(self) -> dict[str, Any]:
        return {**self.cursor, "rooms": dict(self.places)} if self.rooms else self.cursor


def places_of(cursor: Mapping[str, Any]) -> dict[str, str]:
    """The last message read of each room's archive; "" where it was empty."""
    return {room: last for room, last in mapping(cursor.get("rooms")).items() if isinstance(last, str)}


def newest(session: Session, room: Room) -> list[Any]:
    """The latest that a room's archive keeps, remembered. Raises NoArchiveError and CutError."""
    found, _complete = query(session, room=room.address, before="")
    for result in found:
        message = message_of(result)
        if message is not None:
            room.remember(message, id_of(result))
    return found


def _last_id(results: Sequence[Any]) -> str:
    return (id_of(results[-1]) or "") if results else ""


def noted(session: Session, rooms: Sequence[str], cursor: Mapping[str, Any]) -> dict[str, Any] | None:
    """The cursor with where the archives of rooms stand that were never listened to; None where there is none such.

    It is noted before the past is read, and read on from there once we are in.
    """
    places = places_of(cursor)
    for address in rooms:
        if address not in places:
            try:
                places[address] = _last_id(newest(session, Room(address, "")))
            except NoArchiveError:
                continue  # none, or for those in the room only
            except CutError:
                break  # noted once we are in: a room that does not answer keeps nobody from being heard
    return {**cursor, "rooms": places} if places != places_of(cursor) else None


def past(
    session: Session, rooms: Sequence[str], nick: str, since: datetime, cursor: Mapping[str, Any]
) -> Iterator[Page]:
    """What is kept back to ``since``: our own archive's, then each room's, the newest first; of rooms that were added
    later, theirs alone. Raises CutError.
    """
    begun, before, read = name(cursor.get("place")) or "", name(cursor.get("before")) or "", read_places(cursor)
    for place in (one for one in ("", *rooms) if one not in read):
        try:
            room = enter_now(session, place, nick) if place else None
            if room is not None:
                room.ask_who_comes_in(session)
            for found, first in pages_back(session, since, before if place == begun else "", room=place):
                told = room.told(found) if room is not None else deliveries(found)
                yield Page(list(reversed(told)), {"read": read, "place": place, "before": first})
        except (PermanentError, TransientError):
            continue  # the others are read all the same; `check` says which rooms do not let us in
        except NoArchiveError:
            pass  # it has no past
        read = [*read, place]
        yield Page([], {"read": read})


def read_places(cursor: Mapping[str, Any]) -> list[str]:
    """Whose past was read to its end: our own archive ("") and rooms."""
    return [one for one in items(cursor.get("read")) if isinstance(one, str)]


def _refusal(to: str, identifier: str) -> str:
    """What an entity says to a question that it does not understand (RFC 6120, 8.3.3.19)."""
    error = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    return f"<iq xmlns='{CLIENT}' type='error' to={quoteattr(to)} id={quoteattr(identifier)}>{error}</iq>"
