"""Twilio’s and another gateway’s side of HTTP, for these tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    Author,
    Outgoing,
)
from comptoir.connectors.sms.connector import Sms

US, LEA = "+33700000001", "+33612345678"
#: A messaging service of Twilio's, which chooses the sender.
SERVICE = "MG" + 32 * "1"


TWILIO = {"sender": US, "account_sid": "AC1", "auth_token": "t0ken"}


GATEWAY = {"sender": US, "send_url": "https://gateway.example/send", "send_token": "s", "webhook_secret": "hook"}


OUTGOING = Outgoing(
    key="5a0f2c1e", queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC), text="Bonjour Léa", visibility="private",
    recipient=Author(id=LEA), thread_id=LEA,
)  # fmt: skip


QUEUED = {"sid": "SM7", "status": "queued", "to": LEA, "date_created": "Mon, 02 Mar 2026 08:15:02 +0000"}


def sms(answer: Any = None, credentials: dict[str, str] | None = None) -> Sms:
    transport = httpx.MockTransport(answer or (lambda request: pytest.fail(f"called {request.url}")))
    return Sms(TWILIO if credentials is None else credentials, httpx.Client(transport=transport))


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): said for path, said in answers.items()}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for end, said in self.answers.items():
            if request.url.path.removesuffix(".json").endswith(end):
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"code": 20404, "message": f"{request.url.path} was not found"})

    def form(self, position: int = 0) -> dict[str, list[str]]:
        return parse_qs(self.asked[position].content.decode())
