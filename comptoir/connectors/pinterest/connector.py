"""Pinterest: one account's Pins and figures. Its interface has no comments and no messages to be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from comptoir.connectors.base import (
    ApiVersion,
    Connector,
    Delivery,
    Figure,
    Health,
    Measures,
    NetworkEvent,
    OfferedAccount,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    RenewsCredentials,
    SignsIn,
)
from comptoir.connectors.pinterest import api
from comptoir.connectors.pinterest.reading import read_body
from comptoir.connectors.pinterest.setting_up import ABSENCES, FIELDS, OAUTH, PREPARATIONS
from comptoir.connectors.shared.tokens import code_form
from comptoir.connectors.shared.untrusted import name


class Pinterest(Connector, Polls, ReadsHistory, Measures, SignsIn, RenewsCredentials):
    """What the account publishes, and what comes of it."""

    kind, label = "pinterest", api.LABEL
    media_hosts = ("pinimg.com",)
    offers_publishing = True
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    oauth = OAUTH
    api_version = ApiVersion(api.VERSION)
    unverified = (
        "Écrit d’après le contrat publié par Pinterest (5.23.0) ; n’a pas été vérifié auprès du service.",
        "Written from Pinterest’s published contract (5.23.0); not verified against the service.",
    )
    verified_against = "the published contract 5.23.0, not verified against the service"
    poll_every = timedelta(hours=1)

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._account = api.Account(credentials, http)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, self.own_id)

    def check(self) -> Health:
        told = self._account.profile()
        username = name(told.get("username"))
        if username is None:
            raise PermanentError("Pinterest did not say which account this access opens.")
        return Health(
            username, username, name(told.get("business_name")) or username, api.TOKENS.ends_at(self.credentials)
        )

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._account.poll()

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._account.history(since, cursor)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._account.figures([pin for pin in post_ids if pin.isdecimal()])

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        asked = {**code_form(code, redirect_url), "continuous_refresh": "true"}
        opened = {**self.credentials, **api.tokens(self.http, self.credentials, asked)}
        found = Pinterest(opened, self.http).check()
        return [OfferedAccount(found.own_id, found.name, opened)]

    def renew_at(self) -> datetime | None:
        return api.TOKENS.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        asked = api.TOKENS.refresh_form(self.credentials)
        return {**self.credentials, **api.tokens(self.http, self.credentials, asked)}
