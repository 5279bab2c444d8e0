"""X’s side of HTTP, for these tests: one account, one reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from comptoir.connectors.base import (
    Author,
    Outgoing,
)
from comptoir.connectors.x.connector import X

CREDENTIALS = {
    "client_id": "app",
    "client_secret": "s3cret",
    "api_secret": "hook-s3cret",
    "bearer_token": "app-token",
    "access_token": "user-token",
    "refresh_token": "refresh-1",
    "expires_at": "2026-03-02T10:15:00+00:00",
}


OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Bonjour Léa, nous regardons : https://maison.example/suivi",
    visibility="public",
    recipient=Author(id="2002", handle="lea_m"),
    parent_id="1900000000000000001",
    parent_visibility="public",
)


PRIVATE = Outgoing(
    key="k", queued_at=OUTGOING.queued_at, text="Bonjour", visibility="private", recipient=Author(id="2002")
)


DATE = {"date": "Mon, 02 Mar 2026 08:15:00 GMT"}


Answers = Callable[[httpx.Request], httpx.Response]


class Far:
    """The far side: answers by path, and what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[f"{request.method} {request.url.path}"]
        if isinstance(answer, list):
            answer = answer.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer, headers=DATE)

    @property
    def last(self) -> Any:
        return json.loads(self.asked[-1].content)


def x(far: Far, **credentials: str) -> X:
    client = httpx.Client(transport=httpx.MockTransport(far))
    return X({**CREDENTIALS, **credentials}, client, own_id="1001")


def _fields(outgoing: Outgoing) -> dict[str, Any]:
    return {name: getattr(outgoing, name) for name in Outgoing.__dataclass_fields__}
