"""Mastodon: one account on a server of the fediverse that speaks Mastodon's client API."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    ANYWHERE,
    ApiVersion,
    Author,
    Connector,
    Delivery,
    EditsMessages,
    Figure,
    FindsSent,
    Health,
    Likes,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    OfferedAccount,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    RegistersApplications,
    Reports,
    SendsMessages,
    Sent,
    SignsIn,
    Streams,
)
from comptoir.connectors.mastodon.figures import figures_of
from comptoir.connectors.mastodon.payloads import read_delivery
from comptoir.connectors.mastodon.polling import Poller, past_notifications
from comptoir.connectors.mastodon.posting import (
    delete_status,
    edit_status,
    find_status,
    mark,
    remark_on,
    report_status,
    send_status,
)
from comptoir.connectors.mastodon.server import DEFAULT_LIMITS, KEPT_LIMITS, Server, limits_of, told_limits
from comptoir.connectors.mastodon.setting_up import ABSENCES, FIELDS, PREPARATIONS, UNVERIFIED
from comptoir.connectors.mastodon.signing_in import OAUTH, exchange_code, register_application, revoke_token
from comptoir.connectors.mastodon.streaming import follow, speaks_server_sent_events, stream_url
from comptoir.connectors.shared.addresses import place_of
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.untrusted import mapping, name


class Mastodon(
    Connector,
    Polls,
    Streams,
    ReadsHistory,
    SendsMessages,
    FindsSent,
    EditsMessages,
    Moderates,
    Likes,
    Reports,
    Measures,
    SignsIn,
    RegistersApplications,
):
    """Mentions, answers and private messages of one account, its own answers, and hashtags where asked for."""

    kind, label = "mastodon", "Mastodon"
    media_hosts = ANYWHERE  # a server's media may lie at any object storage
    offers_publishing = True
    limits: ClassVar[Limits] = DEFAULT_LIMITS
    credential_fields, preparations, absences, unverified = FIELDS, PREPARATIONS, ABSENCES, UNVERIFIED
    verified_against = "mastodon-mock 0.6.1; recordings of Mastodon 4.5 and GoToSocial 0.20"
    api_version = ApiVersion("v1/v2")
    oauth = OAUTH
    poll_every = timedelta(seconds=30)

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._told: str | None = None

    def people_scope(self) -> str:
        return place_of(self.credentials.get("instance", ""))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, self.own_id)

    def check(self) -> Health:
        server = self._server()
        account = mapping(server.get("/api/v1/accounts/verify_credentials"))
        described = server.found("/api/v2/instance") or server.found("/api/v1/instance")
        self._told = told_limits(mapping(described))
        remarks: list[str] = []
        try:
            server.get("/api/v1/notifications", limit=1)
        except RefusedError as error:
            remarks.append(remark_on(error))
        acct = name(account.get("acct")) or ""
        return Health(
            name(account.get("id")) or "", acct, name(account.get("display_name")) or acct, remarks=tuple(remarks)
        )

    def renewed_credentials(self) -> Mapping[str, str] | None:
        """With what the server told of its limits, where that changed."""
        if self._told is None or self._told == self.credentials.get(KEPT_LIMITS):
            return None
        return {**self.credentials, KEPT_LIMITS: self._told}

    def limits_here(self) -> Limits:
        return limits_of(self.credentials)

    # --- listening ---

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._poller().pages(cursor)

    def streams_here(self) -> bool:
        return speaks_server_sent_events(self.credentials)

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        server = self._server()
        return follow(server, stream_url(server, self.credentials), self._poller(), cursor, stop)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return past_notifications(self._server(), since, cursor)

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        return send_status(self._server(), outgoing, self.limits_here())

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return find_status(self._server(), self._own_id(), outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        edit_status(self._server(), external_id, outgoing, custom, self.limits_here())

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        delete_status(self._server(), external_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        mark(self._server(), external_id, "favourite")

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        mark(self._server(), external_id, "unfavourite")

    def report(self, external_id: str, author: Author, *, comment: str) -> None:
        if not author.id:
            raise PermanentError("It is not known who wrote this: report it on the server itself.")
        report_status(self._server(), external_id, author.id, comment)

    # --- the account ---

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return figures_of(self._server(), post_ids)

    def register(self, *, redirect_url: str, site: str) -> Mapping[str, str]:
        return register_application(self.credentials, self.http, redirect_url=redirect_url, site=site)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        return exchange_code(self.credentials, self.http, code, redirect_url=redirect_url, verifier=verifier)

    def revoke(self) -> None:
        revoke_token(self.credentials, self.http)

    def _poller(self) -> Poller:
        return Poller(self._server(), self._own_id(), self._hashtags)

    @property
    def _hashtags(self) -> list[str]:
        return [tag.strip("#,") for tag in self.credentials.get("hashtags", "").split() if tag.strip("#,")]

    def _own_id(self) -> str:
        """Our own id, asked for where the account was never checked."""
        if not self.own_id:
            self.own_id = name(mapping(self._server().get("/api/v1/accounts/verify_credentials")).get("id")) or ""
        return self.own_id

    def _server(self) -> Server:
        return Server.of(self.credentials, self.http)
