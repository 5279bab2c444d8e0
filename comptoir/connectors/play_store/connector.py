"""Google Play: the reviews of one app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    ApiVersion,
    Connector,
    Delivery,
    Family,
    Health,
    Limits,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    SendsMessages,
    Sent,
)
from comptoir.connectors.play_store.api import App
from comptoir.connectors.play_store.reading import read_body
from comptoir.connectors.play_store.session import LABEL
from comptoir.connectors.play_store.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.shared.review_polling import is_edited


class PlayStore(Connector, Polls, ReadsHistory, SendsMessages):
    """Reviews with words of an app, and the one public answer under each."""

    kind, label = "play_store", LABEL
    mark = "Gp"
    media_hosts = ()
    family = Family.REVIEWS
    # Google takes 2,000 answers a day for one app.
    limits: ClassVar[Limits] = Limits(max_text_chars=350, one_answer=True, sends_per_minute=30)
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion("v3")
    unverified = (
        "Écrit d’après la documentation de Google ; n’a pas été vérifié auprès du service.",
        "Written from Google’s documentation; not verified against the service.",
    )
    verified_against = "documentation only, not verified against the service"
    poll_every = timedelta(minutes=2)  # 200 calls an hour are allowed
    resends_safely = True
    writes_privately = False

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._app = App(credentials, http)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, edited=is_edited(delivery))

    def check(self) -> Health:
        return self._app.health()

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._app.listing().pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        """Google gives the last seven days, whatever is asked."""
        return self._app.listing().history(since, cursor)

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            raise PermanentError("Google Play has no private messages: answer in public, under the review.")
        return self._app.answer(outgoing)

    def renewed_credentials(self) -> Mapping[str, str] | None:
        renewed = self._app.session.renewed
        return {**self.credentials, **renewed} if renewed else None
