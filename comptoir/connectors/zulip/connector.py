"""Zulip: the channels a bot is subscribed to, and what is written to it privately."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from comptoir.connectors.base import (
    Connector,
    CredentialField,
    Delivery,
    EditsMessages,
    Family,
    FindsSent,
    Health,
    Likes,
    Limits,
    LocatesMedia,
    MediaSource,
    Moderates,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    SendsMessages,
    Sent,
    Streams,
    UncertainError,
)
from comptoir.connectors.shared.addresses import host_of, site_address
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import inside, instant, items, mappings, name
from comptoir.connectors.zulip.calling import Server
from comptoir.connectors.zulip.content import upload_path
from comptoir.connectors.zulip.listening import ear, history
from comptoir.connectors.zulip.reading import Reader
from comptoir.connectors.zulip.writing import MOST_CHARS, Place, alike, link_to, place_of, written
from comptoir.core.reasons import Reason

_PAUSE_S = 2.0
_LIKE = "+1"
_LOOKED_THROUGH = 200
#: How far the server's clock may be behind ours when a reply is looked for.
_CLOCKS_DIFFER = timedelta(minutes=2)


class Zulip(
    Connector, Polls, Streams, ReadsHistory, SendsMessages, FindsSent, EditsMessages, Moderates, Likes, LocatesMedia
):
    """One bot of one Zulip organization."""

    kind = "zulip"
    media_hosts = ()
    label = "Zulip"
    family = Family.PRIVATE
    limits = Limits(max_text_chars=MOST_CHARS, max_files=10, max_file_bytes=25 * 1024 * 1024)
    credential_fields = (
        CredentialField(
            "site",
            ("Adresse de l’organisation", "Address of the organization"),
            ("Comme https://exemple.zulipchat.com.", "Such as https://example.zulipchat.com."),
        ),
        CredentialField("email", ("Adresse e-mail du bot", "The bot’s e-mail address")),
        CredentialField("api_key", ("Clé d’API du bot", "The bot’s API key"), secret=True),
        CredentialField(
            "listen",
            ("Écouter dans les canaux", "Listen to in channels"),
            (
                "all : tout ce qui s’y dit ; mentions : ce qui mentionne le bot. Le privé arrive toujours.",
                "all: everything said there; mentions: what mentions the bot. Private messages always arrive.",
            ),
            required=False,
            default="all",
        ),
    )
    preparations = (
        (
            "Dans Zulip : Paramètres personnels, Bots, Ajouter un bot ; type « Generic bot », au nom de la marque.",
            "In Zulip: Personal settings, Bots, Add a new bot; type “Generic bot”, named after the brand.",
        ),
        (
            "Copiez l’adresse e-mail du bot et sa clé d’API.",
            "Copy the bot’s e-mail address and its API key.",
        ),
        (
            "Abonnez le bot à chaque canal à écouter : Paramètres du canal, Abonnés, Ajouter.",
            "Subscribe the bot to every channel to listen to: Channel settings, Subscribers, Add.",
        ),
    )
    absences = (
        (
            "Les messages des autres ne sont ni masqués ni supprimés : il y faudrait un bot administrateur.",
            "Messages of others are neither hidden nor deleted: that would take a bot that is an administrator.",
        ),
        (
            "Après dix minutes sans connexion, modifications, suppressions et réactions se perdent ; pas les messages.",
            "After ten minutes without a connection, edits, deletions and reactions are lost; messages are not.",
        ),
        (
            "Zulip ne permet pas d’écrire ses signes de mise en forme tels quels : *ainsi* devient italique.",
            "Zulip has no way to write its formatting signs as they are: *thus* becomes italic.",
        ),
    )
    unverified = (
        "Écrit d’après la documentation publique de l’API de Zulip ; jamais essayé sur un serveur Zulip.",
        "Written from the public documentation of Zulip’s API; never tried against a Zulip server.",
    )
    verified_against = "examples of Zulip’s published API documentation"

    # --- reading ---

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        site = self.people_scope()
        mentions_only = self.credentials.get("listen", "").strip().lower() == "mentions"
        return Reader(self.own_id, site, mentions_only).events(delivery.body)

    def people_scope(self) -> str:
        """The server, which counts its people from 1; empty where a payload is read without knowing whose it is."""
        try:
            return site_address(self.credentials.get("site", ""))
        except PermanentError:
            return ""

    def check(self) -> Health:
        server = self._server()
        me = server.call("GET", "users/me").content
        own_id = name(inside(me, "user_id"))
        if own_id is None:
            raise PermanentError("This address does not answer as a Zulip server does.")
        remarks: list[str] = []
        if not items(inside(server.call("GET", "users/me/subscriptions").content, "subscriptions")):
            remarks.append(
                Reason("The bot is subscribed to no channel: only what is written to it privately will arrive.")
            )
        return Health(
            own_id, handle=name(inside(me, "email")) or "", name=name(inside(me, "full_name")) or "",
            remarks=tuple(remarks),
        )  # fmt: skip

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        yield from ear(self._server(), cursor).round()

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        """Ask the queue every two seconds: a question that waits for an answer could not be broken off in time."""
        listening = ear(self._server(), cursor)
        while not stop.is_set():
            yield from listening.round()
            stop.wait(_PAUSE_S)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        yield from history(self._server(), since, cursor)

    def media_hosts_here(self) -> Sequence[str]:
        return (*self.media_hosts, host_of(self.credentials.get("site", "")))

    def locate(self, url: str) -> MediaSource:
        server = self._server()
        path = upload_path(url, server.site)
        if path is None:
            return MediaSource(url)
        found = name(inside(server.call("GET", f"user_uploads/{path}").content, "url"))
        if found is None:
            raise PermanentError("Zulip did not say where the file is to be had.")
        return MediaSource(f"{server.site}{found}" if found.startswith("/") else found)

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        server = self._server()
        place = place_of(outgoing, server, self.own_id)
        written(outgoing.text, [])  # before its files are sent
        links = [self._uploaded(server, file) for file in outgoing.files]
        form = place.form | {"content": written(outgoing.text, links), "read_by_sender": "true"}
        answered = server.call("POST", "messages", data=form)
        external_id = name(inside(answered.content, "id"))
        if external_id is None:
            raise UncertainError("Zulip answered without saying under which id it keeps the message.")
        return self._sent(external_id, answered.at, place, links)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        server = self._server()
        place = place_of(outgoing, server, self.own_id)
        narrow = [*place.narrow, ("sender", self.credentials["email"])]
        answered = server.messages("newest", before=_LOOKED_THROUGH, narrow=narrow, rendered=False).content
        sought = alike(written(outgoing.text, [link_to(one.name, "/user_uploads/") for one in outgoing.files]))
        since = outgoing.queued_at - _CLOCKS_DIFFER
        for said in reversed(mappings(inside(answered, "messages"))):
            at, external_id = instant(said.get("timestamp")), name(said.get("id"))
            if at is None or external_id is None:
                continue
            if at < since:
                return None
            content = name(said.get("content")) or ""
            if external_id not in outgoing.related_ids and alike(content) == sought:
                links = [line for line in content.splitlines() if "](/user_uploads/" in line]
                return self._sent(external_id, at, place, links)
        if inside(answered, "found_oldest") is True:
            return None
        raise UncertainError("Too much was written there since to find out whether the reply had arrived.")

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        links = [one for one in map(name, items(custom.get("files"))) if one]
        content = written(outgoing.text, links)
        self._server().call("PATCH", f"messages/{external_id}", repeatable=True, data={"content": content})

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        server = self._server()
        try:
            server.call("DELETE", f"messages/{external_id}")
        except RefusedError:
            if server.message(external_id) is not None:
                raise

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._react("POST", external_id, done="REACTION_ALREADY_EXISTS")

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._react("DELETE", external_id, done="REACTION_DOES_NOT_EXIST")

    def _react(self, method: str, external_id: str, *, done: str) -> None:
        path, form = f"messages/{external_id}/reactions", {"emoji_name": _LIKE}
        try:
            self._server().call(method, path, repeatable=True, **{"data" if method == "POST" else "params": form})
        except RefusedError as error:
            if error.code != done:
                raise

    def _uploaded(self, server: Server, file: OutgoingFile) -> str:
        """Its link. A file that no message names in the end is no harm: it may be sent again."""
        part = {"file": (file.name, file.content, file.mime_type)}
        content = server.call("POST", "user_uploads", repeatable=True, files=part).content
        uri = name(inside(content, "url")) or name(inside(content, "uri"))
        if uri is None or upload_path(uri, server.site) is None:
            raise PermanentError("Zulip did not say where it put the file “%(name)s”.", name=file.name)
        return link_to(file.name, uri)

    def _sent(self, external_id: str, at: datetime | None, place: Place, links: list[str]) -> Sent:
        return Sent(external_id, sent_at=at, thread_id=place.thread(self.own_id), custom={"files": links})

    def _server(self) -> Server:
        site = site_address(self.credentials.get("site", ""))
        return Server(site, self.credentials.get("email", ""), self.credentials.get("api_key", ""), self.http)
