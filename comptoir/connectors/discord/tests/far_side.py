"""Discord’s side of HTTP, for these tests: one bot, one reply."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comptoir.connectors.base import (
    Author,
    Outgoing,
)
from comptoir.connectors.discord.connector import Discord

KEY = Ed25519PrivateKey.generate()


PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


ME, LEA, CHANNEL, GUILD = "800000000000000001", "800000000000000002", "600000000000000001", "700000000000000001"


CREDENTIALS = {"bot_token": "t0ken", "public_key": PUBLIC, "channels": CHANNEL}


QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)


OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11", queued_at=QUEUED, text="Bonjour Léa", visibility="public",
    recipient=Author(id=LEA), thread_id=CHANNEL, parent_id="500000000000000001", parent_visibility="public",
)  # fmt: skip


SENT = {
    "id": "500000000000000077", "channel_id": CHANNEL, "timestamp": "2026-03-02T08:15:02+00:00",
    "content": "Bonjour Léa", "author": {"id": ME}, "type": 0,
}  # fmt: skip


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): said for path, said in answers.items()}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        assert request.headers["authorization"] == "Bot t0ken"
        for end, said in self.answers.items():
            if request.url.path.endswith(end):
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"code": 10008, "message": "Unknown Message"})


def discord(far: Any = None, credentials: dict[str, str] | None = None) -> Discord:
    http = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return Discord(CREDENTIALS if credentials is None else credentials, http, own_id=ME)


def refusal(status: int, code: int, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": "no", **more})


def said(number: int) -> dict[str, Any]:
    return {**SENT, "id": str(number), "author": {"id": LEA, "username": "lea"}}


def spoken(connector: Discord, pages: Any) -> list[tuple[Any, ...]]:
    events = [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]
    return [(event.external_id, event.visibility) for event in events]
