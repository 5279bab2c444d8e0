"""App Store: the reviews of one app, by App Store Connect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.app_store.api import App
from comptoir.connectors.app_store.reading import read_delivery
from comptoir.connectors.app_store.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.base import (
    ApiVersion,
    Connector,
    Delivery,
    Family,
    Figure,
    Health,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    SendsMessages,
    Sent,
)
from comptoir.connectors.shared.review_polling import is_edited


class AppStore(Connector, Polls, ReadsHistory, SendsMessages, Moderates, Measures):
    """Reviews of an app and the one public answer under each."""

    kind, label = "app_store", "App Store"
    media_hosts = ()
    family = Family.REVIEWS
    limits: ClassVar[Limits] = Limits(max_text_chars=5970, one_answer=True, sends_per_minute=60)
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion("v1")
    unverified = (
        "Écrit d’après la documentation d’Apple ; n’a pas été vérifié auprès du service.",
        "Written from Apple’s documentation; not verified against the service.",
    )
    verified_against = "recorded feeds and documentation only, not verified against the service"
    poll_every = timedelta(minutes=5)
    resends_safely = True
    writes_privately = False

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._app = App(credentials, http)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_delivery(delivery, edited=is_edited(delivery))

    def check(self) -> Health:
        return self._app.health()

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._app.listing().pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._app.listing().history(since, cursor)

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            raise PermanentError("The App Store has no private messages: answer in public, under the review.")
        return self._app.answer(outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._app.take_back(external_id)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._app.figures()

    def renewed_credentials(self) -> Mapping[str, str] | None:
        return {**self.credentials, **self._app.renewed} if self._app.renewed else None
