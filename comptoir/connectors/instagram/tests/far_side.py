"""Instagram’s side of HTTP, for these tests: one account, one reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from comptoir.connectors.base import (
    Author,
    Outgoing,
)
from comptoir.connectors.instagram.connector import Instagram
from tests.connectors.meta import Meta

OURS = "17841400000000001"
CREDENTIALS = {"client_id": "77", "client_secret": "s3cret", "verify_token": "phrase", "access_token": "IGAA"}
BY_PAGE = {**CREDENTIALS, "instagram_id": OURS, "access_token": "EAAG"}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
ANSWER = Outgoing(
    key="k-1",
    queued_at=QUEUED,
    text="M et L",
    visibility="public",
    recipient=Author(id="901", handle="lea.martin"),
    thread_id="1700",
    parent_id="1801",
    parent_visibility="public",
    customer_wrote_at=QUEUED - timedelta(hours=1),
)
PRIVATE = replace(ANSWER, visibility="private", parent_visibility="private", parent_id="aWd1", thread_id="901")


def instagram(meta: Meta, credentials: dict[str, str] | None = None) -> Instagram:
    return Instagram(CREDENTIALS if credentials is None else credentials, meta.client(), own_id=OURS)
