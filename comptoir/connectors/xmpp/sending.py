"""Our answers: one message with an id of our choosing, sent once the server has taken what came after it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import httpx

from comptoir.connectors.base import Outgoing, PermanentError, Sent, TransientError, UncertainError
from comptoir.connectors.shared.untrusted import name
from comptoir.connectors.xmpp import uploads
from comptoir.connectors.xmpp.archive import NoArchiveError, id_of, message_of, query, stamp
from comptoir.connectors.xmpp.names import (
    CLIENT,
    CORRECTION,
    MARKERS,
    MUC_USER,
    REACTIONS,
    RECEIPTS,
    REPLY,
    RETRACT,
    SID,
    full,
)  # fmt: skip
from comptoir.connectors.xmpp.occupants import given_id
from comptoir.connectors.xmpp.places import Place, Target, entered, must_be_there, place_of
from comptoir.connectors.xmpp.rooms import Room
from comptoir.connectors.xmpp.session import CutError, Session

_CLOCKS_DIFFER = timedelta(minutes=2)
_LIKE = "👍"
_MOST_PAGES = 20
_MOST_STANZAS_BEFORE_ECHO = 2000


def check_content(outgoing: Outgoing) -> None:
    """Raises PermanentError where nobody is named, or nothing is said."""
    place_of(outgoing)
    if not outgoing.text and not outgoing.files:
        raise PermanentError("There is no text to send.")


def send(session: Session, outgoing: Outgoing, http: httpx.Client, nick: str) -> Sent:
    """Send the text, and each file as a message of its own: all files are put before anything is said.

    ``nick`` is our name in rooms. Raises what sending may raise.
    """
    check_content(outgoing)
    place = place_of(outgoing)
    room = entered(session, place, nick)
    must_be_there(room, place, outgoing.recipient)
    parts: list[_Part] = []
    for position, content in enumerate(_contents(session, outgoing, http)):
        identifier = _identifier(outgoing, position)
        try:
            given = _deliver(session, place, identifier, content + _wishes(place, identifier, outgoing), room)
        except (PermanentError, TransientError) as error:
            if position:  # the text has been said: it must not be said again
                raise UncertainError("A part of this message was sent, and the rest was not: look there.") from error
            raise
        parts.append(_Part(place, identifier, given, room.us if room is not None else None))
    return Sent(
        parts[0].external_id, thread_id=place.to, custom=parts[0].custom,
        part_ids=tuple(one.external_id for one in parts[1:]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """One message of ours, as we and, in a room, the room call it; ``us`` is who we are there."""

    place: Place
    identifier: str
    given: str | None
    us: str | None

    @property
    def external_id(self) -> str:
        if not self.place.is_public:
            return f"{self.place.to}/{self.identifier}"
        return f"{self.place.room}/{self.given}" if self.given else f"{self.us}/{self.identifier}"

    @property
    def custom(self) -> dict[str, str]:
        """The same that reading its echo keeps."""
        if not self.place.room:
            return {}
        if not self.place.is_public:
            return {"occupant": self.place.to, "origin_id": self.identifier}
        kept = {"room": self.place.room, "occupant": self.us, "origin_id": self.identifier, "given_id": self.given}
        return {what: told for what, told in kept.items() if told}


def _contents(session: Session, outgoing: Outgoing, http: httpx.Client) -> list[str]:
    text = [f"<body>{escape(_clean(outgoing.text))}</body>"] if outgoing.text else []
    if not outgoing.files:
        return text
    try:
        return text + [uploads.said(one) for one in uploads.addresses_of(session, http, outgoing.files)]
    except CutError as error:
        raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error


def _identifier(outgoing: Outgoing, position: int) -> str:
    """Of the first message, our own key: it is by this that an interrupted attempt is found."""
    return f"{outgoing.key}-{position}" if position else outgoing.key


def _wishes(place: Place, identifier: str, outgoing: Outgoing) -> str:
    """What goes with a message: of one person, we ask to be told that it arrived; a room is told whom we answer."""
    origin = f"<origin-id xmlns='{SID}' id={quoteattr(identifier)}/>"
    if not place.room:
        return f"<request xmlns='{RECEIPTS}'/><markable xmlns='{MARKERS}'/>{origin}"
    if not place.is_public:
        return f"<x xmlns='{MUC_USER}'/>{origin}"
    occupant, given = (name(outgoing.parent_custom.get(one)) for one in ("occupant", "given_id"))
    if not occupant or not given:
        return origin
    return f"<reply xmlns='{REPLY}' to={quoteattr(occupant)} id={quoteattr(given)}/>{origin}"


def _deliver(session: Session, place: Place, identifier: str, content: str, room: Room | None = None) -> str | None:
    """Send one message, and wait until the server has taken it, or has sent it back; the id that a room gave it."""
    head = f"to={quoteattr(place.to)} type='{place.kind}' id={quoteattr(identifier)}"
    try:
        session.send(f"<message xmlns='{CLIENT}' {head}>{content}</message>")
        if room is not None and place.is_public:
            return given_id(_echo(session, room, identifier))
        came = session.flush()
    except CutError as error:
        raise UncertainError("The session with the XMPP server broke off while sending.") from error
    for stanza in came:
        _check_not_returned(stanza, identifier)
    return None


def _echo(session: Session, room: Room, identifier: str) -> Any:
    """Our message as the room says it to everybody: only then has it been said. Raises CutError."""
    for _stanza in range(_MOST_STANZAS_BEFORE_ECHO):
        stanza = session.receive()
        if stanza is None:
            break
        _check_not_returned(stanza, identifier)
        is_ours = stanza.get("type") == "groupchat" and full(stanza.get("from")) == room.us
        if is_ours and stanza.get("id") == identifier:
            return stanza
    raise UncertainError("The room did not say whether it took the message.")


def _check_not_returned(stanza: Any, identifier: str) -> None:
    if stanza.tag == f"{{{CLIENT}}}message" and stanza.get("type") == "error" and stanza.get("id") == identifier:
        raise _returned(stanza)


def _returned(stanza: Any) -> PermanentError | TransientError:
    error = stanza.find(f"{{{CLIENT}}}error")
    said = (
        ", ".join(one.tag.rpartition("}")[2] for one in error if isinstance(one.tag, str)) if error is not None else "?"
    )
    if error is not None and error.get("type") == "wait":
        return TransientError("The XMPP server cannot deliver now (%(said)s).", said=said)
    return PermanentError("The XMPP server could not deliver it (%(said)s).", said=said)


def find_sent(session: Session, outgoing: Outgoing, nick: str) -> Sent | None:
    """The message that an interrupted attempt left in the archive, by its id."""
    place, after = place_of(outgoing), None
    fields = {"start": stamp(outgoing.queued_at - _CLOCKS_DIFFER)} | ({} if place.is_public else {"with": place.to})
    try:
        us = _us_in(session, place, nick)
        for _page in range(_MOST_PAGES):
            found, complete = query(session, room=place.room if place.is_public else "", after=after, fields=fields)
            for stanza in found:
                message = message_of(stanza)
                if message is not None and message.get("id") == outgoing.key:
                    return _found(outgoing, _Part(place, outgoing.key, id_of(stanza), us))
            after = id_of(found[-1]) if found else None
            if complete or after is None:
                return None
    except NoArchiveError:
        raise UncertainError("The XMPP server keeps no archive: whether it took the message is not known.") from None
    except CutError as error:
        raise UncertainError("The session with the XMPP server broke off while looking.") from error
    raise UncertainError("The XMPP server's archive is too long to see whether the message arrived.")


def _us_in(session: Session, place: Place, nick: str) -> str | None:
    """Who we are in the room whose archive is looked through: some open it to those who are in only."""
    if not place.is_public:
        return None
    try:
        room = entered(session, place, nick)
    except PermanentError as error:
        raise UncertainError(error.reason) from error
    return room.us if room is not None else None


def _found(outgoing: Outgoing, part: _Part) -> Sent:
    if len(outgoing.files) > (0 if outgoing.text else 1):
        raise UncertainError("A part of this message was sent: look there whether the files are.")
    return Sent(part.external_id, thread_id=part.place.to, custom=part.custom)


# --- what may be done with a message ------------------------------------------------------------------------------


def edit(session: Session, target: Target, text: str, key: str, nick: str) -> None:
    """Put another text in the place of ours."""
    correction = f"<replace xmlns='{CORRECTION}' id={quoteattr(target.origin_id)}/>"
    _say_of(session, target, f"edit-{key}", f"<body>{escape(_clean(text))}</body>{correction}", nick)


def retract(session: Session, target: Target, nick: str) -> None:
    """Take ours back; clients that know how forget it."""
    said = f"<retract xmlns='{RETRACT}' id={quoteattr(target.known_as)}/><store xmlns='urn:xmpp:hints'/>"
    _say_of(session, target, f"retract-{target.known_as}", said, nick)


def react(session: Session, target: Target, nick: str, *, wanted: bool) -> None:
    """Say which reactions of ours a message has: one, or none."""
    emoji = f"<reaction>{_LIKE}</reaction>" if wanted else ""
    named = quoteattr(target.known_as)
    said = f"<reactions xmlns='{REACTIONS}' id={named}>{emoji}</reactions><store xmlns='urn:xmpp:hints'/>"
    _say_of(session, target, f"react-{target.known_as}", said, nick)


def _say_of(session: Session, target: Target, identifier: str, content: str, nick: str) -> None:
    """Say something about a message where it stands. Twice changes nothing: what broke off may be said again."""
    room = entered(session, target.place, nick)
    aside = f"<x xmlns='{MUC_USER}'/>" if room is not None and not target.place.is_public else ""
    try:
        _deliver(session, target.place, identifier, content + aside, room)
    except UncertainError as error:
        raise TransientError(error.reason) from error


def _clean(text: str) -> str:
    """Without the characters that XML has no place for: a server ends the session over one."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))


def accept(session: Session, jid: str) -> None:
    """Let a customer see that we are there."""
    with contextlib.suppress(CutError):
        session.send(f"<presence xmlns='{CLIENT}' to={quoteattr(jid)} type='subscribed'/>")
