"""Google reviews: one location of a Google Business Profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import httpx

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
    OAuth,
    OfferedAccount,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    Scope,
    SendsMessages,
    Sent,
    SignsIn,
    TextUnit,
)
from comptoir.connectors.google_reviews.api import Location, offered
from comptoir.connectors.google_reviews.reading import read_body
from comptoir.connectors.google_reviews.session import LABEL, REVOKE_URL, Session, judge, token
from comptoir.connectors.google_reviews.setting_up import ABSENCES, FIELDS, PREPARATIONS
from comptoir.connectors.shared.calling import Network, RefusedError
from comptoir.connectors.shared.review_polling import is_edited


class GoogleReviews(Connector, Polls, ReadsHistory, SendsMessages, Moderates, Measures, SignsIn):
    """The reviews of one location, and the one public answer under each."""

    kind, label = "google_reviews", "Google Business Profile"
    media_hosts = ("googleusercontent.com", "ggpht.com")
    family = Family.REVIEWS
    limits: ClassVar[Limits] = Limits(
        max_text_chars=4096, text_unit=TextUnit.BYTES, one_answer=True, sends_per_minute=60
    )
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion("v4")
    unverified = (
        "Écrit d’après la documentation de Google ; n’a pas été vérifié auprès du service.",
        "Written from Google’s documentation; not verified against the service.",
    )
    verified_against = "documentation and recorded payloads only, not verified against the service"
    poll_every = timedelta(minutes=1)
    resends_safely = True
    writes_privately = False
    oauth = OAuth(
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        scopes=(
            Scope(
                "https://www.googleapis.com/auth/business.manage",
                (
                    "Lire les avis des établissements et y répondre.",
                    "Reading the reviews of the locations and answering them.",
                ),
            ),
        ),
        extra={"access_type": "offline", "prompt": "consent"},
    )

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._session = Session(credentials, http)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, edited=is_edited(delivery))

    def check(self) -> Health:
        return self._location().health()

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._location().listing().pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._location().listing().history(since, cursor)

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            raise PermanentError("Google has no private messages: answer in public, under the review.")
        return self._location().answer(outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._location().take_back(external_id, custom)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._location().figures()

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_url,
            "code_verifier": verifier,
        }
        opened = {**self.credentials, **token(Network(LABEL, self.http, judge), self.credentials, asked)}
        found = list(offered(Session(opened, self.http), opened))
        if not found:
            raise PermanentError("This Google account manages no location: sign in with the one that does.")
        return found

    def revoke(self) -> None:
        given = self.credentials.get("refresh_token") or self.credentials.get("access_token")
        if not given:
            return
        try:
            Network(LABEL, self.http).call("POST", REVOKE_URL, data={"token": given}, repeatable=True)
        except RefusedError as error:
            if error.status != 400:  # 400: it is gone already
                raise

    def renewed_credentials(self) -> Mapping[str, str] | None:
        return {**self.credentials, **self._session.renewed} if self._session.renewed else None

    def _location(self) -> Location:
        return Location(self._session, self.credentials.get("location", ""))
