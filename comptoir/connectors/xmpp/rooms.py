"""The account's rooms (XEP-0045): entering them, who is there, and what a message needs before it to be understood."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from comptoir.connectors.base import Delivery, PermanentError, TransientError
from comptoir.connectors.shared.untrusted import storable
from comptoir.connectors.xmpp.archive import id_of, message_of
from comptoir.connectors.xmpp.discovery import closing, is_closed
from comptoir.connectors.xmpp.names import CLIENT, CORRECTION, MUC, MUC_USER, OCCUPANT_ID, REPLY, SID, bare, full
from comptoir.connectors.xmpp.occupants import Occupant, given_id, occupant_of, status_codes
from comptoir.connectors.xmpp.session import Session
from comptoir.connectors.xmpp.xml import as_text

MAX_ROOMS = 50
_MOST_NICKS = 3
_MOST_REMEMBERED = 2000
_MOST_STANZAS_ENTERING = 20_000
_OURS, _RENAMED, _NEWLY_MADE = "110", "303", "201"  # status codes of XEP-0045, 15.6


def rooms_of(credentials: Mapping[str, str]) -> list[str]:
    """The addresses of the rooms that the account names, each once, those with a password last."""
    named = credentials.get("rooms", "").replace(",", " ").replace(";", " ").split()
    found = [bare(one.removeprefix("xmpp:").removesuffix("?join")) for one in named]
    open_to_all = (one for one in found if one and "@" in one)
    return list(dict.fromkeys([*open_to_all, *passwords_of(credentials)]))[:MAX_ROOMS]


def passwords_of(credentials: Mapping[str, str]) -> dict[str, str]:
    """The passwords of rooms that have one: as links hold them (XEP-0045, 17.1.1), percent-encoded, or behind a =."""
    found: dict[str, str] = {}
    for written in credentials.get("room_passwords", "").split():
        named, mark, password = written.removeprefix("xmpp:").partition("?join;password=")
        if not mark:
            named, _mark, password = written.partition("=")
        address = bare(named) or ""
        if "@" in address and password:
            found[address] = storable(unquote(password) if mark else password)
    return found


def nick_of(credentials: Mapping[str, str]) -> str:
    """Under which name the account speaks in rooms."""
    asked = storable(credentials.get("nick", "")).strip()
    return asked or (bare(credentials.get("jid", "").strip()) or "").partition("@")[0]


class Room:
    """One room in one session. ``us`` is our own address in it while we are there; ``refusal`` why we are not;
    ``is_closed`` whether its members alone come in.
    """

    def __init__(self, address: str, nick: str) -> None:
        self.address = address
        self.us: str | None = None
        self.refusal = ""
        self.is_closed = False
        self._nick = nick
        self._nicks_tried = 0
        self._present: dict[str, Any] = {}
        self._given: dict[tuple[str, str], str] = {}

    def enter(self, session: Session) -> None:
        """Ask to be let in, without what was said before: the archive has it. Raises CutError."""
        self.us, self.refusal, self._nicks_tried = None, "", 0
        self._present.clear()
        self._ask_in(session)

    def _ask_in(self, session: Session) -> None:
        to = quoteattr(f"{self.address}/{self._nick}{'_' * self._nicks_tried}")
        password = session.room_passwords.get(self.address)
        shown = f"<password>{escape(password)}</password>" if password else ""
        said = f"<x xmlns='{MUC}'><history maxstanzas='0'/>{shown}</x>"
        session.send(f"<presence xmlns='{CLIENT}' to={to}>{said}</presence>")

    def note(self, session: Session, presence: Any) -> bool:
        """Learn who comes and goes; whether we came in by it. Raises CutError."""
        if presence.get("type") == "error":
            self._note_refusal(session, presence)
            return False
        address, codes = full(presence.get("from")) or "", status_codes(presence)
        if presence.get("type") == "unavailable":
            self._present.pop(address, None)
            if _OURS in codes and _RENAMED not in codes:
                self.us, self.refusal = None, "unavailable"
            return False
        if occupant_of(presence) is None:
            return False
        if address != self.us or _OURS in codes:  # another session of ours beside it is told without that mark
            self._present[address] = _essence(presence)
        if _NEWLY_MADE in codes:  # nobody had made it: we do not either
            session.send(f"<presence xmlns='{CLIENT}' to={quoteattr(address)} type='unavailable'/>")
            self.refusal = "item-not-found"
            return False
        was_out, self.us = self.us is None, address if _OURS in codes else self.us
        return was_out and self.us is not None

    def _note_refusal(self, session: Session, presence: Any) -> None:
        if self.us is not None:
            return
        error = presence.find(f"{{{CLIENT}}}error")
        said = [one.tag.rpartition("}")[2] for one in error if isinstance(one.tag, str)] if error is not None else []
        if "conflict" in said and self._nicks_tried + 1 < _MOST_NICKS:
            self._nicks_tried += 1
            self._ask_in(session)
            return
        self.refusal = ", ".join(one for one in said if one != "text") or "error"

    def ask_who_comes_in(self, session: Session) -> None:
        """Learn whether strangers do. Raises CutError."""
        self.is_closed = is_closed(session, self.address)

    def occupant(self, address: str) -> Occupant | None:
        """Who has this address in the room now."""
        found = self._present.get(address)
        return occupant_of(found) if found is not None else None

    # --- what a delivery holds ---

    def remember(self, message: Any, identifier: str | None) -> None:
        """Keep under which id the room knows a message, for what will correct it."""
        said_by, called = full(message.get("from")), message.get("id")
        if said_by and called and identifier:
            self._given[said_by, called] = identifier
            if len(self._given) > _MOST_REMEMBERED:
                del self._given[next(iter(self._given))]

    def heard(self, message: Any) -> Delivery:
        """A message as it came, behind the presences of those whom it is about, and what it corrects."""
        self.remember(message, given_id(message))
        reply = message.find(f"{{{REPLY}}}reply")
        about = dict.fromkeys(
            [self.us, full(message.get("from")), full(reply.get("to")) if reply is not None else None]
        )
        present = [self._present[one] for one in about if one in self._present]
        return _delivery([*self._closing(), *present, *self._corrected(message), message])

    def told(self, results: Sequence[Any]) -> list[Delivery]:
        """What the room's archive told, in its order, each behind our own presence and what it corrects."""
        said = [(one, message_of(one)) for one in results]
        for result, message in said:
            if message is not None:
                self.remember(message, id_of(result))
        ours = [self._present[self.us]] if self.us in self._present else []
        return [_delivery([*self._closing(), *ours, *self._corrected(message), result]) for result, message in said]

    def _closing(self) -> list[Any]:
        return [closing(self.address)] if self.is_closed else []

    def _corrected(self, message: Any) -> list[Any]:
        correction = message.find(f"{{{CORRECTION}}}replace") if message is not None else None
        said_by, called = (
            (full(message.get("from")) or "", correction.get("id")) if correction is not None else ("", "")
        )
        identifier = self._given.get((said_by, called or ""))
        return [_reminder(self.address, said_by, called, identifier)] if identifier else []


def enter_now(session: Session, address: str, nick: str) -> Room:
    """Enter a room and wait until we are in. Raises PermanentError, TransientError and CutError."""
    room, others = Room(address, nick), []
    room.enter(session)
    for _stanza in range(_MOST_STANZAS_ENTERING):
        stanza = session.receive()
        if stanza is None:
            break
        if stanza.tag != f"{{{CLIENT}}}presence" or bare(stanza.get("from")) != address:
            others.append(stanza)
        elif room.note(session, stanza):
            session.keep(others)
            return room
        elif "not-authorized" in room.refusal:
            raise PermanentError("The room %(room)s wants a password, or another one: enter it.", room=address)
        elif room.refusal:
            raise PermanentError(
                "The room %(room)s does not let the account in (%(said)s).", room=address, said=room.refusal
            )
    raise TransientError("The room %(room)s does not answer.", room=address)


def _delivery(stanzas: Sequence[Any]) -> Delivery:
    return Delivery("".join(as_text(one) for one in stanzas).encode(), "application/xml")


def _essence(presence: Any) -> Any:
    """Of a presence, what says who it is: no statuses, pictures and abilities of clients."""
    kept = etree.Element(f"{{{CLIENT}}}presence", {"from": presence.get("from")}, nsmap={None: CLIENT})
    for tag in (f"{{{MUC_USER}}}x", f"{{{OCCUPANT_ID}}}occupant-id"):
        for one in presence.findall(tag):
            kept.append(copy.deepcopy(one))
    return kept


def _reminder(room: str, said_by: str, called: str, identifier: str) -> Any:
    """An earlier message without its words: which id the room gave it."""
    named = {"from": said_by, "type": "groupchat", "id": called}
    message = etree.Element(f"{{{CLIENT}}}message", named, nsmap={None: CLIENT})
    etree.SubElement(message, f"{{{SID}}}stanza-id", {"by": room, "id": identifier}, nsmap={None: SID})
    return message
