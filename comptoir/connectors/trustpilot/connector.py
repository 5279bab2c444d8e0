"""Trustpilot: the reviews of one company."""

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
    FindsSent,
    Health,
    HookRequest,
    Limits,
    Measures,
    Moderates,
    NetworkEvent,
    Outgoing,
    Page,
    PermanentError,
    Polls,
    ReadsHistory,
    ReceivesWebhooks,
    SendsMessages,
    Sent,
)
from comptoir.connectors.shared.review_polling import is_edited
from comptoir.connectors.shared.signing import check_token
from comptoir.connectors.trustpilot.api import BusinessUnit
from comptoir.connectors.trustpilot.reading import read_body
from comptoir.connectors.trustpilot.setting_up import ABSENCES, FIELDS, PREPARATIONS


class Trustpilot(Connector, ReceivesWebhooks, Polls, ReadsHistory, SendsMessages, FindsSent, Moderates, Measures):
    """The reviews of a business unit, and the one public answer under each."""

    kind, label = "trustpilot", "Trustpilot"
    media_hosts = ("trustpilot.com", "trustpilot.net")
    family = Family.REVIEWS
    limits: ClassVar[Limits] = Limits(one_answer=True, sends_per_minute=60)
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion("v1")
    unverified = (
        "Écrit d’après la documentation de Trustpilot ; n’a pas été vérifié auprès du service.",
        "Written from Trustpilot’s documentation; not verified against the service.",
    )
    verified_against = "documentation only, not verified against the service"
    poll_every = timedelta(minutes=5)
    writes_privately = False

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._unit = BusinessUnit(credentials, http)

    def verify(self, request: HookRequest) -> None:
        """Trustpilot signs nothing: the address it was given carries a token."""
        check_token(self.credentials.get("webhook_token", ""), request.query.get("token", ""))

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, edited=is_edited(delivery))

    def check(self) -> Health:
        return self._unit.health()

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._unit.listing().pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._unit.listing().history(since, cursor)

    def send(self, outgoing: Outgoing) -> Sent:
        if outgoing.visibility == "private":
            raise PermanentError("Trustpilot has no private messages: answer in public, under the review.")
        return self._unit.answer(outgoing)

    def find_sent(self, outgoing: Outgoing) -> Sent | None:
        return self._unit.find(outgoing)

    def delete(self, external_id: str, custom: Mapping[str, Any]) -> None:
        self._unit.take_back(external_id)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._unit.figures()

    def renewed_credentials(self) -> Mapping[str, str] | None:
        return {**self.credentials, **self._unit.renewed} if self._unit.renewed else None
