"""XMPP (Jabber): one account, spoken to over its server's WebSocket."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    ANYWHERE,
    Connector,
    Delivery,
    EditsMessages,
    Family,
    FindsSent,
    Health,
    Lack,
    Likes,
    Limits,
    Moderates,
    NamesPlaces,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
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
from comptoir.connectors.xmpp.archive import NoArchiveError, missed, query
from comptoir.connectors.xmpp.discovery import called
from comptoir.connectors.xmpp.listening import Listener, noted, past, read_places
from comptoir.connectors.xmpp.names import bare
from comptoir.connectors.xmpp.places import target_of
from comptoir.connectors.xmpp.rooms import enter_now, nick_of, passwords_of, rooms_of
from comptoir.connectors.xmpp.session import CutError, Session, opened
from comptoir.connectors.xmpp.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.xmpp.stanzas import read_stanzas
from comptoir.connectors.xmpp.xml import stanzas_of
from comptoir.core.reasons import Reason


class Xmpp(
    Connector, Polls, Streams, ReadsHistory, NamesPlaces, SendsMessages, FindsSent, EditsMessages, Moderates, Likes
):  # fmt: skip
    """What is said to the account, and what it answers."""

    kind, label = "xmpp", "XMPP"
    media_hosts = ANYWHERE  # each server uploads to where it likes
    family = Family.PRIVATE
    has_closed_places: ClassVar[bool] = True
    limits: ClassVar[Limits] = Limits(
        max_text_chars=10_000, text_unit=TextUnit.BYTES, sends_per_minute=60,
        max_files=uploads.MAX_FILES, max_file_bytes=uploads.MAX_FILE_BYTES,
    )  # fmt: skip
    credential_fields, preparations, absences = FIELDS, PREPARATIONS, ABSENCES
    verified_against = "a real Prosody 0.12, a real ejabberd 23.01"
    poll_every = timedelta(seconds=30)

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._asks = contextlib.ExitStack()
        self._asked: Session | None = None
        self._is_asking = False

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        ours = self.own_id or bare(self.credentials.get("jid", "").strip())
        return each_once(read_stanzas(stanzas_of(delivery.body), ours, self._rooms))

    def check(self) -> Health:
        with self._opened() as session:
            jid = bare(session.jid) or ""
            remarks: list[str] = []
            try:
                query(session, before="")
            except NoArchiveError:
                remarks.append(Reason("The server keeps no archive: what comes in during an interruption is lost."))
            except CutError as error:
                raise TransientError("The XMPP server broke off the sign-in (%(error)s).", error=str(error)) from error
            remarks += _remarks_on_rooms(session, self._rooms, self._nick)
        return Health(jid, jid, jid.partition("@")[0], remarks=tuple(remarks))

    # --- listening ---

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """What the archive kept, nothing where the server keeps none; of rooms, only where theirs stand."""
        with self._opened() as session:
            try:
                present = noted(session, self._rooms, cursor)
                if present is not None:
                    yield Page([], present)
                yield from missed(session, present or cursor)
            except NoArchiveError:
                return
            except CutError as error:
                raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        with self._opened() as session:
            try:
                yield from Listener(session, self._rooms, self._nick, cursor).pages(stop)
            except CutError as error:
                if not stop.is_set():
                    raise TransientError(
                        "The XMPP server could not be reached (%(error)s).", error=str(error)
                    ) from error

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        with self._opened() as session:
            try:
                yield from past(session, self._rooms, self._nick, since, cursor)
            except CutError as error:
                raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        """With what its room is called, by its address where it has no name."""
        room = event.thread_id or ""
        with self.asking():
            try:
                return replace(event, subject=called(self._session_to_ask(), room) or room)
            except CutError as error:
                self._forget_session()
                raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """One session, opened with the first question; a question asked alone has its own."""
        if self._is_asking:
            yield
            return
        self._is_asking = True
        try:
            yield
        finally:
            self._is_asking = False
            self._forget_session()

    def _session_to_ask(self) -> Session:
        if self._asked is None:
            self._asked = self._asks.enter_context(self._opened())
        return self._asked

    def _forget_session(self) -> None:
        self._asked = None
        self._asks.close()

    def has_more_past(self, cursor: Mapping[str, Any]) -> bool:
        return bool(set(self._rooms) - set(read_places(cursor))) if "read" in cursor else False

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        sending.check_content(outgoing)
        with self._opened() as session:
            return sending.send(session, outgoing, self.http, self._nick)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        with self._opened() as session:
            return sending.find_sent(session, outgoing, self._nick)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        target = target_of(external_id, custom)
        with self._opened() as session:
            sending.edit(session, target, outgoing.text, outgoing.key, self._nick)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        target = target_of(external_id, custom)
        with self._opened() as session:
            sending.retract(session, target, self._nick)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._react(external_id, custom, wanted=True)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._react(external_id, custom, wanted=False)

    def _react(self, external_id: str, custom: Mapping[str, Any], *, wanted: bool) -> None:
        target = target_of(external_id, custom)
        with self._opened() as session:
            sending.react(session, target, self._nick, wanted=wanted)

    # --- the account ---

    @property
    def _rooms(self) -> list[str]:
        return rooms_of(self.credentials)

    @property
    def _nick(self) -> str:
        return nick_of(self.credentials)

    def _opened(self) -> Any:
        return opened(self.credentials, self.http, passwords_of(self.credentials))


def _remarks_on_rooms(session: Session, rooms: Sequence[str], nick: str) -> list[str]:
    """Which rooms do not let us in, and which keep no archive."""
    remarks: list[str] = []
    for address in rooms:
        try:
            enter_now(session, address, nick)
            query(session, room=address, before="")
        except NoArchiveError:
            remarks.append(
                Reason("The room %(room)s keeps no archive: what is said during an interruption is lost.", room=address)
            )
        except (PermanentError, TransientError) as error:
            remarks.append(error.reason)
        except CutError as error:
            raise TransientError("The XMPP server could not be reached (%(error)s).", error=str(error)) from error
    return remarks
