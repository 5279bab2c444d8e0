"""The far side of HTTP: a server that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from comptoir.connectors.base import Author, Outgoing
from comptoir.connectors.bluesky.connector import Bluesky

BRAND = "did:plc:mmmmmmmmmmmmmmmmmmmmmmmm"
CUSTOMER = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
CREDENTIALS = {"identifier": "marque.example", "app_password": "abcd-efgh-ijkl-mnop", "service": "https://pds.example"}
PARENT = f"at://{CUSTOMER}/app.bsky.feed.post/3mptbypt22l26"
SESSION = {"did": BRAND, "handle": "marque.example", "accessJwt": "access", "refreshJwt": "refresh"}

Behaviour = Callable[[httpx.Request], httpx.Response]


class FakeServer:
    """Answers each method by what was put into ``answers``: JSON, a response, or a function of the request."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {"createSession": SESSION, **answers}
        self.asked: list[httpx.Request] = []

    def connector(self, *, own_id: str | None = BRAND, **credentials: str) -> Bluesky:
        http = httpx.Client(transport=httpx.MockTransport(self._answer))
        return Bluesky({**CREDENTIALS, **credentials}, http, own_id=own_id)

    def methods(self) -> list[str]:
        return [request.url.path.rpartition(".")[2] for request in self.asked]

    def bodies(self, method: str) -> list[Any]:
        return [json.loads(request.content) for request in self.asked if request.url.path.endswith(f".{method}")]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.get(request.url.path.rpartition(".")[2], error(501, "MethodNotImplemented"))
        if callable(answer):
            answer = answer(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


def error(status: int, code: str, message: str = "", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"error": code, "message": message}, headers=named)


def breaks(kind: type[httpx.RequestError]) -> Behaviour:
    def answer(request: httpx.Request) -> httpx.Response:
        raise kind("broken", request=request)

    return answer


def a_reply(text: str = "Bonjour !", **fields: Any) -> Outgoing:
    given: dict[str, Any] = {
        "key": "5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11",
        "queued_at": datetime(2026, 7, 4, 14, 40, 0, 123456, UTC),
        "text": text,
        "visibility": "public",
        "recipient": Author(id=CUSTOMER, handle="camille.example"),
        "thread_id": PARENT,
        "parent_id": PARENT,
        "parent_custom": {"cid": "bafyparent"},
    }
    return Outgoing(**{**given, **fields})


def a_direct_message(text: str = "Bonjour !", **fields: Any) -> Outgoing:
    return a_reply(text, visibility="private", thread_id="3conv", parent_id="3m1", parent_custom={}, **fields)
