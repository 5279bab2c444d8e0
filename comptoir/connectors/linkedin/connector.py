"""LinkedIn: one page, by the Community Management API."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import httpx

from comptoir.connectors.base import (
    Answer,
    ApiVersion,
    CompletesEvents,
    Connector,
    Delivery,
    EditsMessages,
    Figure,
    FindsSent,
    Health,
    HookRequest,
    Lack,
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
    ReceivesWebhooks,
    RenewsCredentials,
    SendsMessages,
    Sent,
    SignatureError,
    SignsIn,
)
from comptoir.connectors.linkedin import api, page
from comptoir.connectors.linkedin.reading import read_body
from comptoir.connectors.linkedin.setting_up import ABSENCES, FIELDS, OAUTH, PREPARATIONS
from comptoir.connectors.shared.calling import Network
from comptoir.connectors.shared.signing import same
from comptoir.connectors.shared.tokens import code_form
from comptoir.connectors.shared.untrusted import name
from comptoir.core.reasons import Reason

_PREFIX = "hmacsha256="
_PERSON = "urn:li:person:"


class LinkedIn(
    Connector, ReceivesWebhooks, Polls, ReadsHistory, CompletesEvents, SendsMessages, FindsSent, EditsMessages,
    Moderates, Likes, Measures, SignsIn, RenewsCredentials,
):  # fmt: skip
    """Comments under the page's posts, posts that name it, and our answers."""

    kind, label = "linkedin", api.LABEL
    mark = "Ln"
    media_hosts = ("licdn.com", "linkedin.com")
    offers_publishing = True
    limits: ClassVar[Limits] = Limits(max_text_chars=1250, sends_per_minute=30)
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    oauth = OAUTH
    api_version = ApiVersion(api.VERSION, date(2027, 6, 30))
    unverified = (
        "Écrit d’après la documentation de LinkedIn ; n’a pas été vérifié auprès du service.",
        "Written from LinkedIn’s documentation; not verified against the service.",
    )
    verified_against = "documentation only, not verified against the service"
    poll_every = timedelta(minutes=5)
    writes_privately = False

    @classmethod
    def called(cls, external_id: str) -> Reason | None:
        """Of people their id is all that may be kept."""
        return (
            Reason("LinkedIn member %(id)s", id=external_id.removeprefix(_PERSON)) if _PERSON in external_id else None
        )

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._page = api.Page(credentials, http)

    # --- listening ---

    def verify(self, request: HookRequest) -> None:
        """LinkedIn signs the body, its documentation says with the header's own prefix before it."""
        given = request.headers.get("x-li-signature", "").strip().lower().removeprefix(_PREFIX)
        signed = (request.body, _PREFIX.encode() + request.body)
        if not any(same(self._digest(content), given) for content in signed):
            raise SignatureError("The signature does not fit the body and this account's secret.")

    def challenge(self, request: HookRequest) -> Answer | None:
        code = request.query.get("challengeCode", "") if request.method == "GET" else ""
        if not code:
            return None
        answer = {"challengeCode": code, "challengeResponse": self._digest(code.encode("utf-8", "replace"))}
        return Answer(body=json.dumps(answer).encode(), content_type="application/json")

    def _digest(self, content: bytes) -> str:
        secret = self.credentials.get("client_secret", "").strip()
        if not secret:
            raise SignatureError("This account has no signing secret: nothing can be verified.")
        return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        ours = self.credentials.get("organization_id", "")
        return read_body(delivery.body, self.own_id or (f"urn:li:organization:{ours}" if ours else None))

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return page.poll(self._page, cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return page.history(self._page, since, cursor)

    def lacks(self, event: NetworkEvent) -> Collection[Lack]:
        """Pages may be named. LinkedIn forbids keeping what its Profile API says of people who did not sign in."""
        number = (event.author.id or "").removeprefix(page.ORGANISATION)
        return ["person"] if number.isdecimal() and event.author.id != number and not event.author.name else []

    def completed(self, event: NetworkEvent, lacking: Collection[Lack]) -> NetworkEvent:
        number = (event.author.id or "").removeprefix(page.ORGANISATION)
        return replace(event, author=page.organisation(self._page, number))

    # --- answering ---

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            raise PermanentError("LinkedIn does not open its messages to applications: answer in public.")
        return page.answer(self._page, outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return page.find(self._page, outgoing)

    def edit(self, external_id: str, outgoing: Outgoing, custom: Mapping[str, Any]) -> None:
        page.edit(self._page, external_id, outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        page.delete(self._page, external_id)

    def like(self, external_id: str, custom: Mapping[str, Any]) -> None:
        page.like(self._page, external_id)

    def unlike(self, external_id: str, custom: Mapping[str, Any]) -> None:
        page.unlike(self._page, external_id)

    # --- the account ---

    def check(self) -> Health:
        if not self._page.id.isdecimal():
            raise PermanentError("The page’s number is not known: sign in to LinkedIn.")
        told = page.profile(self._page, self._page.id)
        handle = name(told.get("vanityName")) or ""
        title = name(told.get("localizedName")) or handle
        return Health(self._page.urn, handle, title, api.TOKENS.ends_at(self.credentials))

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return page.figures(self._page, post_ids)

    def exchange(self, code: str, *, redirect_url: str, verifier: str) -> Sequence[OfferedAccount]:
        asked = code_form(code, redirect_url)
        opened = {**self.credentials, **api.tokens(self._network(), self.credentials, asked)}
        found = list(page.offered(api.Page(opened, self.http), opened))
        if not found:
            raise PermanentError("This person administers no page on LinkedIn: sign in as one who does.")
        return found

    def renew_at(self) -> datetime | None:
        return api.TOKENS.renew_at(self.credentials)

    def renew(self) -> Mapping[str, str]:
        asked = api.TOKENS.refresh_form(self.credentials)
        return {**self.credentials, **api.tokens(self._network(), self.credentials, asked)}

    def _network(self) -> Network:
        return Network(api.LABEL, self.http, api.judge)
