"""Meta's side of HTTP, for the tests of its connectors: answers by method and path, and what was asked."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import httpx

from comptoir.connectors.base import HookRequest

Answer = Any | Callable[[httpx.Request], httpx.Response]


class Meta:
    """Answers by "METHOD /path" (the version left out); anything else is a failure of the test."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = dict(answers)
        self.asked: list[httpx.Request] = []

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = "/" + request.url.path.lstrip("/").partition("/")[2]
        name = f"{request.method} {path}"
        assert name in self.answers, f"unexpected {name} ({request.url})"
        answer = self.answers[name]
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def names(self) -> list[str]:
        return [f"{one.method} /{one.url.path.lstrip('/').partition('/')[2]}" for one in self.asked]


def sent_json(request: httpx.Request) -> Any:
    return json.loads(request.content)


def sent_form(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


def refusal(code: int, subcode: int = 0, status: int = 400, said: str = "no", **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    error = {"message": said, "type": "OAuthException", "code": code, **more}
    if subcode:
        error["error_subcode"] = subcode
    return httpx.Response(status, json={"error": error}, headers=headers)


def delivered(body: bytes, secret: str = "s3cret", *, signature: str | None = None) -> HookRequest:
    signed = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() if signature is None else signature
    return HookRequest("POST", "https://counter.example/hooks/x/key/", {}, {"x-hub-signature-256": signed}, body)


def challenge(token: str, mode: str = "subscribe") -> HookRequest:
    query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": "1158201444"}
    return HookRequest("GET", "https://counter.example/hooks/x/key/", query, {}, b"")
