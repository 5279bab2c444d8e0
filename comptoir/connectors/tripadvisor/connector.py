"""Tripadvisor: the reviews of one location. Its owner's answer has no public interface: it is read, not written."""

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
    NetworkEvent,
    Page,
    Polls,
    ReadsHistory,
)
from comptoir.connectors.shared.review_polling import is_edited
from comptoir.connectors.tripadvisor.api import LABEL, VERSION, Location
from comptoir.connectors.tripadvisor.reading import read_body
from comptoir.connectors.tripadvisor.setting_up import ABSENCES, FIELDS, PREPARATIONS


class Tripadvisor(Connector, Polls, ReadsHistory, Measures):
    """Reviews and their answers, as they appear."""

    kind, label = "tripadvisor", LABEL
    mark = "Ta"
    media_hosts = ("tripadvisor.com", "tacdn.com")
    family = Family.REVIEWS
    limits: ClassVar[Limits] = Limits(one_answer=True)
    credential_fields = FIELDS
    preparations = PREPARATIONS
    absences = ABSENCES
    api_version = ApiVersion(f"Terra v{VERSION}")
    unverified = (
        "Écrit d’après la documentation de Tripadvisor ; n’a pas été vérifié auprès du service.",
        "Written from Tripadvisor’s documentation; not verified against the service.",
    )
    verified_against = "documentation only, not verified against the service"
    poll_every = timedelta(hours=1)  # each call is paid for

    def __init__(self, credentials: Mapping[str, str], http: httpx.Client, *, own_id: str | None = None) -> None:
        super().__init__(credentials, http, own_id=own_id)
        self._location = Location(credentials, http)

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return read_body(delivery.body, edited=is_edited(delivery))

    def check(self) -> Health:
        return self._location.health()

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._location.listing().pages(cursor)

    def history(self, since: datetime, cursor: Mapping[str, Any]) -> Iterator[Page]:
        return self._location.listing().history(since, cursor)

    def figures(self, post_ids: Sequence[str]) -> Sequence[Figure]:
        return self._location.figures()
