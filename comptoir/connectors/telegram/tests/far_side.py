"""The Bot API, for these tests: one bot, one reply."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from typing import Any

import httpx

from comptoir.connectors.base import (
    Author,
    Outgoing,
    OutgoingFile,
)
from comptoir.connectors.telegram.connector import Telegram

CREDENTIALS = {"bot_token": "555:ABCdef"}


OUTGOING = Outgoing(
    key="k", queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC), text="Bonjour Léa", visibility="private",
    recipient=Author(id="77001"), thread_id="77001", parent_id="77001/21", parent_visibility="private",
)  # fmt: skip


IN_GROUP = dataclasses.replace(
    OUTGOING, visibility="public", thread_id="-100123", parent_id="-100123/30", parent_visibility="public",
    parent_custom={"topic": "12"},
)  # fmt: skip


PNG = OutgoingFile("colis.png", "image/png", b"\x89PNG")


PDF = OutgoingFile("facture.pdf", "application/pdf", b"%PDF")


class Far:
    """The Bot API: answers each method as told, numbers what is sent, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api.telegram.org"
        token, method = request.url.path.removeprefix("/bot").split("/", 1)
        assert token == "555:ABCdef"
        parameters = parameters_of(request)
        self.asked.append((method, parameters))
        self.requests.append(request)
        said = self.answers.get(method)
        said = said(parameters) if callable(said) else said
        if isinstance(said, httpx.Response):
            return said
        if said is None:
            chat = int(parameters.get("chat_id", 0))
            said = {"message_id": 100 + len(self.asked), "date": 1772439302, "chat": {"id": chat, "type": "private"}}
        return httpx.Response(200, json={"ok": True, "result": said})


def parameters_of(request: httpx.Request) -> dict[str, Any]:
    if request.headers["content-type"].startswith("application/json"):
        return dict(json.loads(request.content))
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + request.content).get_payload()
    assert isinstance(parts, list)
    return dict(map(_part, parts))


def _part(part: Any) -> tuple[str, Any]:
    assert isinstance(part, Message)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return str(part.get_param("name", header="content-disposition")), (
        content if part.get_filename() else content.decode()
    )


def refusal(code: int, description: str, **parameters: Any) -> httpx.Response:
    return httpx.Response(
        code, json={"ok": False, "error_code": code, "description": description, "parameters": parameters}
    )


def telegram(far: Any = None, credentials: dict[str, str] | None = None) -> Telegram:
    http = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return Telegram(CREDENTIALS if credentials is None else credentials, http)
