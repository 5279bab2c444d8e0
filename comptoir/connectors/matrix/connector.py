"""Matrix: one account on a homeserver, in the rooms it is in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from urllib.parse import quote

import httpx

from comptoir.connectors.base import (
    ApiVersion,
    Author,
    Connector,
    DeletesOthers,
    Delivery,
    EditsMessages,
    Family,
    Health,
    Lack,
    Likes,
    Limits,
    LocatesMedia,
    MediaSource,
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
    SignalsTyping,
    Standing,
    TextUnit,
)
from comptoir.connectors.matrix import rooms, sending
from comptoir.connectors.matrix.homeserver import Homeserver
from comptoir.connectors.matrix.payloads import read_delivery
from comptoir.connectors.matrix.polling import new_events, past_events
from comptoir.connectors.matrix.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.shared.addresses import host_of
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import mapping, name, whole

#: The credential that keeps how large a file the homeserver takes.
_KEPT_SIZE = "upload_bytes"
_TYPING_MS = 10_000


class Matrix(
    Connector, Polls, ReadsHistory, NamesPlaces, SendsMessages, EditsMessages, Moderates, DeletesOthers, Likes,
    SignalsTyping, LocatesMedia,
):  # fmt: skip
    """What is said in the account's rooms, and what it answers."""

    kind, label = "matrix", "Matrix"
    mark = "Mx"
    media_hosts = ()
    family = Family.PRIVATE
    limits: ClassVar[Limits] = Limits(
        max_text_chars=50_000, text_unit=TextUnit.BYTES, max_files=10, max_file_bytes=50 * 1024 * 1024,
        sends_per_minute=60, takes_alt_text=True,
    )  # fmt: skip
    credential_fields, preparations, absences = FIELDS, PREPARATIONS, ABSENCES
    verified_against = "a real Synapse 1.163"
    api_version = ApiVersion("client-server v1.11")
    poll_every = timedelta(seconds=3)
    resends_safely: ClassVar[bool] = True
    writes_privately: ClassVar[bool] = False
    has_closed_places: ClassVar[bool] = True

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._told_size = credentials.get(_KEPT_SIZE, "")

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        server = self._server()
        user = self._own_id()
        profile = _found(server, f"/profile/{quote(user, safe='')}")
        size = whole(_found(server, "/_matrix/client/v1/media/config").get("m.upload.size"))
        self._told_size = str(size) if size else ""
        return Health(user, user, name(profile.get("displayname")) or user)

    def renewed_credentials(self) -> Mapping[str, str] | None:
        """With how large a file the homeserver takes, where that changed."""
        if self._told_size == self.credentials.get(_KEPT_SIZE, ""):
            return None
        return {**self.credentials, _KEPT_SIZE: self._told_size}

    def limits_here(self) -> Limits:
        size = whole(self.credentials.get(_KEPT_SIZE)) or self.limits.max_file_bytes
        return Limits(
            self.limits.max_text_chars, self.limits.text_unit, self.limits.max_files, size,
            sends_per_minute=self.limits.sends_per_minute, takes_alt_text=True,
        )  # fmt: skip

    # --- listening ---

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        joins = self.credentials.get("joins", "yes").strip().lower() not in ("no", "non", "false", "0")
        return new_events(self._server(), cursor, joins=joins)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return past_events(self._server(), since, cursor)

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        return replace(event, subject=rooms.called(self._server(), event.thread_id or ""))

    def media_hosts_here(self) -> Sequence[str]:
        return (*self.media_hosts, host_of(self.credentials.get("homeserver", "")))

    def locate(self, url: str) -> MediaSource:
        """Files are had from our own homeserver, with the account's token."""
        server_name, _slash, media = url.removeprefix("mxc://").partition("/")
        if not url.startswith("mxc://") or not server_name or not media:
            raise PermanentError("“%(url)s” is not the address of a file on Matrix.", url=url)
        server = self._server()
        path = f"/_matrix/client/v1/media/download/{quote(server_name, safe=':')}/{quote(media, safe='')}"
        return MediaSource(f"{server.base_url}{path}", {"Authorization": f"Bearer {server.token}"})

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        return sending.send(self._server(), outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        room = name(custom.get("room")) or outgoing.thread_id or ""
        sending.edit(self._server(), external_id, outgoing.text, room, outgoing.key)

    def signal(self, recipient: Author, signal: Literal["typing", "read"], *, thread_id: str | None) -> None:
        """Typing is shown for ten seconds; what we have read is all that is in the room."""
        if not thread_id:
            return
        server = self._server()
        if signal == "read":
            sending.mark_read(server, thread_id)
        else:
            path = server.room(thread_id, "typing", self._own_id())
            server.call("PUT", path, json={"typing": True, "timeout": _TYPING_MS})

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.redact(self._server(), external_id, sending.room_of(custom))

    def may_remove(self, message: Standing) -> bool:
        """Wherever the account is a moderator, which only the homeserver knows."""
        return message.thread_id.startswith("!")

    def remove(self, external_id: str, *, thread_id: str) -> None:
        sending.redact(self._server(), external_id, thread_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.like(self._server(), external_id, sending.room_of(custom), self._own_id())

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        sending.unlike(self._server(), external_id, sending.room_of(custom), self._own_id())

    def _own_id(self) -> str:
        """Our own id, asked for where the account was never checked."""
        if not self.own_id:
            self.own_id = name(mapping(self._server().call("GET", "/account/whoami")).get("user_id")) or ""
        return self.own_id

    def _server(self) -> Homeserver:
        return Homeserver.of(self.credentials, self.http)


def _found(server: Homeserver, path: str) -> Mapping[str, Any]:
    """What stands there, or nothing."""
    try:
        return mapping(server.call("GET", path))
    except RefusedError:
        return {}
