"""Twilio’s side of HTTP, and the numbers of these tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    Delivery,
    EventKind,
    NetworkEvent,
)
from comptoir.connectors.phone.connector import Phone

US, LEA, AGENT = "+33123456789", "+33612345678", "+33611111111"


TWILIO = {"number": US, "account_sid": "AC1", "auth_token": "t0ken", "callback_url": "https://us.example/h?a=1&b=2"}


ASTERISK = {"number": US, "ari_url": "http://pbx.example:8088/", "ari_user": "care", "ari_password": "p"}


FIXTURES = Path(__file__).parent.parent / "fixtures"


def phone(answer: Any = None, credentials: dict[str, str] | None = None) -> Phone:
    transport = httpx.MockTransport(answer or (lambda request: pytest.fail(f"called {request.url}")))
    return Phone(TWILIO if credentials is None else credentials, httpx.Client(transport=transport))


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): said for path, said in answers.items()}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for end, said in self.answers.items():
            if request.url.path.removesuffix(".json").endswith(end):
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"message": "not found"})

    def form(self, position: int = 0) -> dict[str, list[str]]:
        return parse_qs(self.asked[position].content.decode())


def calls(name: str) -> list[NetworkEvent]:
    events = phone().parse(Delivery((FIXTURES / name).read_bytes(), ""))
    return [event for event in events if event.event is EventKind.CALL]
