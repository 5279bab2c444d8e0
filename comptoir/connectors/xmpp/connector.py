"""XMPP (Jabber): one account, spoken to over its server's WebSocket."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from xml.sax.saxutils import quoteattr

from comptoir.connectors.base import (
    Connector,
    Delivery,
    EditsMessages,
    Family,
    FindsSent,
    Health,
    Likes,
    Limits,
    Moderates,
    NetworkEvent,
    Outgoing,
    Page,
    Polls,
    ReadsHistory,
    SendsMessages,
    Sent,
    Streams,
    TextUnit,
    TransientError,
)
from comptoir.connectors.shared.once import each_once
from comptoir.connectors.xmpp import sending, uploads
from comptoir.connectors.xmpp.archive import NoArchiveError, deliveries, missed, past, query
from comptoir.connectors.xmpp.names import CARBONS, CLIENT, bare
from comptoir.connectors.xmpp.session import CutError, Session, opened
from comptoir.connectors.xmpp.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.xmpp.stanzas import read_stanza
from comptoir.connectors.xmpp.xml import stanzas_of
from comptoir.core.reasons import Reason

_PATIENCE_S = 1.0
_SILENCES_BETWEEN_PINGS = 60
_SUBSCRIBING = frozenset(["subscribe", "unsubscribe", "unsubscribed"])


class Xmpp(Connector, Polls, Streams, ReadsHistory, SendsMessages, FindsSent, EditsMessages, Moderates, Likes):
    """What is said to the account, and what it answers."""

    kind, label = "xmpp", "XMPP"
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=10_000, text_unit=TextUnit.BYTES, sends_per_minute=60,
        max_files=uploads.MAX_FILES, max_file_bytes=uploads.MAX_FILE_BYTES,
    )  # fmt: skip
    credential_fields, preparations, absences = FIELDS, PREPARATIONS, ABSENCES
    verified_against = "a real Prosody 0.12"
    poll_every = timedelta(seconds=30)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        ours = self.own_id or bare(self.credentials.get("jid", "").strip())
        return each_once(event for one in stanzas_of(delivery.body) for event in read_stanza(one, ours))

    def check(self) -> Health:
        with self._opened() as session:
            jid = bare(session.jid) or ""
            remarks: tuple[str, ...] = ()
            try:
                query(session, before="")
            except NoArchiveError:
                remarks = (Reason("The server keeps no archive: what comes in during an interruption is lost."),)
            except CutError as error:
                raise TransientError("The XMPP server broke off the sign-in (%(error)s).", error=str(error)) from error
        return Health(jid, jid, jid.partition("@")[0], remarks=remarks)

    # --- listening ---

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What the archive kept; nothing where the server keeps none."""
        with self._opened() as session:
            try:
                yield from missed(session, cursor)
            except NoArchiveError:
                return
            except CutError as error:
                raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        with self._opened() as session:
            try:
                session.send(f"<presence xmlns='{CLIENT}'/>")
                session.send(f"<iq xmlns='{CLIENT}' type='set' id='copies'><enable xmlns='{CARBONS}'/></iq>")
                yield from _heard(session, cursor, stop)
            except CutError as error:
                if not stop.is_set():
                    raise TransientError(
                        "The XMPP server could not be reached (%(error)s).", error=str(error)
                    ) from error

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        with self._opened() as session:
            try:
                yield from past(session, since, cursor)
            except NoArchiveError:
                return
            except CutError as error:
                raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        sending.recipient_of(outgoing)
        with self._opened() as session:
            return sending.send(session, outgoing, self.http)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        with self._opened() as session:
            return sending.find_sent(session, outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        with self._opened() as session:
            sending.edit(session, external_id, outgoing.text, outgoing.key)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        with self._opened() as session:
            sending.retract(session, external_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        with self._opened() as session:
            sending.react(session, external_id, wanted=True)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        with self._opened() as session:
            sending.react(session, external_id, wanted=False)

    def _opened(self) -> Any:
        return opened(self.credentials, self.http)


def _heard(session: Session, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
    """Messages as they come; who asks to see that we are there may, and a silent line is tried now and then."""
    silences = 0
    while not stop.is_set():
        stanza = session.receive(_PATIENCE_S)
        if stanza is None:
            silences += 1
            if silences % _SILENCES_BETWEEN_PINGS == 0:
                for late in session.flush():
                    yield from _told(session, late, cursor)
            continue
        yield from _told(session, stanza, cursor)


def _told(session: Session, stanza: Any, cursor: Mapping[str, Any]) -> Iterator[Page]:
    is_presence, kind, sender = stanza.tag == f"{{{CLIENT}}}presence", stanza.get("type"), stanza.get("from") or ""
    if stanza.tag == f"{{{CLIENT}}}iq" and kind in ("get", "set"):
        session.send(_refusal(sender, stanza.get("id") or ""))
    if is_presence and kind == "subscribe":
        sending.accept(session, bare(sender) or "")
    if stanza.tag == f"{{{CLIENT}}}message" or (is_presence and kind in _SUBSCRIBING):
        yield Page(deliveries([stanza]), dict(cursor))


def _refusal(to: str, identifier: str) -> str:
    """What an entity says to a question that it does not understand (RFC 6120, 8.3.3.19)."""
    error = "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    return f"<iq xmlns='{CLIENT}' type='error' to={quoteattr(to)} id={quoteattr(identifier)}>{error}</iq>"
