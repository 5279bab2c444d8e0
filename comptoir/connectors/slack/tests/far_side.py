"""Slack’s side of HTTP, for these tests."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from comptoir.connectors.base import (
    Author,
    HookRequest,
    Outgoing,
)
from comptoir.connectors.slack.connector import Slack

CREDENTIALS = {"client_id": "c", "client_secret": "s", "signing_secret": "s3cret", "bot_token": "xoxb-1"}
OUTGOING = Outgoing(
    key="k-1",
    queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    text="1 < 2 & <@U1>",
    visibility="private",
    recipient=Author(id="U7"),
    thread_id="C1",
    parent_id="C1/1772438400.000100",
    parent_custom={"channel": "C1", "channel_type": "channel"},
)
POSTED = {"ok": True, "channel": "C1", "ts": "1772438500.000100", "message": {}}


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> Slack:
    return Slack({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)), own_id="UBOT")


def always(content: Any, status: int = 200, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, json=content, headers=headers)


def hook(body: bytes, stamp: str = "1772438400", secret: str = "s3cret") -> HookRequest:
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}
    return HookRequest("POST", "https://counter.example/hooks/slack/k/", {}, headers, body)
