"""Our answers: one message with an id of our choosing, sent once the server has taken what came after it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import httpx

from comptoir.connectors.base import Outgoing, PermanentError, Sent, TransientError, UncertainError
from comptoir.connectors.xmpp import uploads
from comptoir.connectors.xmpp.archive import NoArchiveError, id_of, message_of, query, stamp
from comptoir.connectors.xmpp.names import (
    CLIENT,
    CORRECTION,
    MARKERS,
    REACTIONS,
    RECEIPTS,
    RETRACT,
    SID,
    bare,
)  # fmt: skip
from comptoir.connectors.xmpp.session import CutError, Session

_CLOCKS_DIFFER = timedelta(minutes=2)
_LIKE = "👍"
_MOST_PAGES = 20


def recipient_of(outgoing: Outgoing) -> str:
    """Whom it is for. Raises PermanentError where nobody is named, or nothing is said."""
    to = bare(outgoing.thread_id or outgoing.recipient.id)
    if to is None:
        raise PermanentError("Nobody is named to whom this message could go.")
    if not outgoing.text and not outgoing.files:
        raise PermanentError("There is no text to send.")
    return to


def send(session: Session, outgoing: Outgoing, http: httpx.Client) -> Sent:
    """Send the text, and each file as a message of its own: all files are put before anything is said.

    Raises what sending may raise.
    """
    to = recipient_of(outgoing)
    said = _contents(session, outgoing, http)
    for position, content in enumerate(said):
        identifier = _identifier(outgoing, position)
        try:
            _deliver(session, to, identifier, content + _wishes(identifier))
        except (PermanentError, TransientError) as error:
            if position:  # the text has been said: it must not be said again
                raise UncertainError("A part of this message was sent, and the rest was not: look there.") from error
            raise
    first, *others = (f"{to}/{_identifier(outgoing, position)}" for position in range(len(said)))
    return Sent(first, thread_id=to, part_ids=tuple(others))


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


def _wishes(identifier: str) -> str:
    return (
        f"<request xmlns='{RECEIPTS}'/><markable xmlns='{MARKERS}'/>"
        f"<origin-id xmlns='{SID}' id={quoteattr(identifier)}/>"
    )


def _deliver(session: Session, to: str, identifier: str, content: str) -> None:
    """Send one message, and wait until the server has taken it, or has sent it back."""
    said = f"<message xmlns='{CLIENT}' to={quoteattr(to)} type='chat' id={quoteattr(identifier)}>{content}</message>"
    try:
        session.send(said)
        came = session.flush()
    except CutError as error:
        raise UncertainError("The session with the XMPP server broke off while sending.") from error
    for stanza in came:
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


def find_sent(session: Session, outgoing: Outgoing) -> Sent | None:
    """The message that an interrupted attempt left in the archive, by its id."""
    to, after = recipient_of(outgoing), None
    fields = {"with": to, "start": stamp(outgoing.queued_at - _CLOCKS_DIFFER)}
    try:
        for _page in range(_MOST_PAGES):
            found, complete = query(session, after=after, fields=fields)
            for stanza in found:
                message = message_of(stanza)
                if message is not None and message.get("id") == outgoing.key:
                    if len(outgoing.files) > (0 if outgoing.text else 1):
                        raise UncertainError("A part of this message was sent: look there whether the files are.")
                    return Sent(f"{to}/{outgoing.key}", thread_id=to)
            after = id_of(found[-1]) if found else None
            if complete or after is None:
                return None
    except NoArchiveError:
        raise UncertainError("The XMPP server keeps no archive: whether it took the message is not known.") from None
    except CutError as error:
        raise UncertainError("The session with the XMPP server broke off while looking.") from error
    raise UncertainError("The XMPP server's archive is too long to see whether the message arrived.")


# --- what may be done with a message ------------------------------------------------------------------------------


def _parts(external_id: str) -> tuple[str, str]:
    to, slash, identifier = external_id.partition("/")
    if not slash or "@" not in to or not identifier:
        raise PermanentError("This is not a message on XMPP that can be acted upon.")
    return to, identifier


def edit(session: Session, external_id: str, text: str, key: str) -> None:
    """Put another text in the place of ours."""
    to, identifier = _parts(external_id)
    correction = f"<replace xmlns='{CORRECTION}' id={quoteattr(identifier)}/>"
    _repeatable(lambda: _deliver(session, to, f"edit-{key}", f"<body>{escape(_clean(text))}</body>{correction}"))


def retract(session: Session, external_id: str) -> None:
    """Take ours back; clients that know how forget it."""
    to, identifier = _parts(external_id)
    said = f"<retract xmlns='{RETRACT}' id={quoteattr(identifier)}/><store xmlns='urn:xmpp:hints'/>"
    _repeatable(lambda: _deliver(session, to, f"retract-{identifier}", said))


def react(session: Session, external_id: str, *, wanted: bool) -> None:
    """Say which reactions of ours a message has: one, or none."""
    to, identifier = _parts(external_id)
    emoji = f"<reaction>{_LIKE}</reaction>" if wanted else ""
    said = (
        f"<reactions xmlns='{REACTIONS}' id={quoteattr(identifier)}>{emoji}</reactions><store xmlns='urn:xmpp:hints'/>"
    )
    _repeatable(lambda: _deliver(session, to, f"react-{identifier}", said))


def _repeatable(work: Callable[[], None]) -> None:
    """Saying it twice changes nothing: what broke off may be said again."""
    try:
        work()
    except UncertainError as error:
        raise TransientError(error.reason) from error


def _clean(text: str) -> str:
    """Without the control characters that XML has no place for."""
    return "".join(letter for letter in text if letter in "\t\n\r" or ord(letter) >= 32)


def accept(session: Session, jid: str) -> None:
    """Let a customer see that we are there."""
    with contextlib.suppress(CutError):
        session.send(f"<presence xmlns='{CLIENT}' to={quoteattr(jid)} type='subscribed'/>")
