"""A server of the fediverse, for these tests: one account, one reply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from comptoir.connectors.base import (
    Author,
    Outgoing,
)
from comptoir.connectors.mastodon.connector import Mastodon

CREDENTIALS = {"instance": "example.org", "access_token": "t0ken"}


QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)


OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11",
    queued_at=QUEUED,
    text="Bonjour Léa",
    visibility="public",
    recipient=Author(id="2", handle="lea@ailleurs.example"),
    parent_id="20",
    parent_visibility="public",
    parent_custom={"visibility": "unlisted", "warning": "colis", "acct": "lea@ailleurs.example"},
    language="fr",
)


POSTED = {
    "id": "77", "created_at": "2026-03-02T08:15:02.000Z", "url": "https://example.org/@marque/77",
    "visibility": "unlisted", "in_reply_to_id": "20", "content": "", "account": {"id": "1"},
    "mentions": [{"id": "2", "acct": "lea@ailleurs.example"}],
}  # fmt: skip


Answer = Callable[[httpx.Request], httpx.Response]


def mastodon(answer: Answer, credentials: dict[str, str] | None = None, own_id: str | None = "1") -> Mastodon:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Mastodon(CREDENTIALS if credentials is None else credentials, http, own_id=own_id)


class Far:
    """A server that answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for end, said in self.answers.items():
            if request.url.path.endswith(end.replace("__", "/")):
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"error": "Record not found"})


def own(identifier: str, **changed: Any) -> dict[str, Any]:
    return {**POSTED, "id": identifier, **changed}


def note(identifier: str, **status: Any) -> dict[str, Any]:
    said = {**POSTED, "id": f"s{identifier}", "account": {"id": "2", "acct": "lea"}, "visibility": "public", **status}
    return {
        "id": identifier, "type": "mention", "created_at": "2026-03-02T08:16:00.000Z", "account": said["account"],
        "status": said,
    }  # fmt: skip
