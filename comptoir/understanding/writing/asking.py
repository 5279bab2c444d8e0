"""Asking an OpenAI-compatible endpoint to write: one call, within its time, with a JSON object as its answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Literal

import httpx

from comptoir.understanding.replacing.settings import WriterSettings

Cause = Literal["unreachable", "late", "refused", "unusable"]
_LARGEST_BYTES, _MAX_TOKENS = 256 * 1024, 900


class WriterError(Exception):
    """The endpoint wrote nothing that can be used; ``cause`` says why, ``detail`` is for the log."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause, self.detail = cause, detail


def ask(
    settings: WriterSettings,
    client: httpx.Client,
    *,
    instructions: str,
    asked: str,
    now: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """What the endpoint answers; ``asked`` has nothing personal left in it. Raises WriterError."""
    key, until = settings.key(), now() + settings.timeout_s
    try:
        with client.stream(
            "POST",
            settings.url.rstrip("/") + "/chat/completions",
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=settings.timeout_s,
            json={
                "model": settings.model,
                "temperature": 0.2,
                "max_tokens": _MAX_TOKENS,
                "response_format": {"type": "json_object"},
                "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": asked}],
            },
        ) as response:
            body = _body(response, until, now)
    except httpx.TimeoutException as error:
        raise WriterError("late", str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise WriterError("unreachable", str(error)) from error
    return _object(body)


def _body(response: httpx.Response, until: float, now: Callable[[], float]) -> bytes:
    """All of it, however it trickles in: never longer than was allowed, never more than is sensible."""
    if response.status_code >= httpx.codes.BAD_REQUEST:
        raise WriterError("refused", f"HTTP {response.status_code}")
    body = b""
    for piece in response.iter_bytes():
        body += piece
        if len(body) > _LARGEST_BYTES:
            raise WriterError("unusable", "the answer is too long")
        if now() > until:
            raise WriterError("late")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(json.loads(body)["choices"][0]["message"]["content"])
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise WriterError("unusable", str(error)) from error
    if not isinstance(found, dict) or not isinstance(found.get("text"), str) or not found["text"].strip():
        raise WriterError("unusable", "there is no text")
    return found
