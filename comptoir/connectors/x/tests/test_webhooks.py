"""What X delivers, and where it is told to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest

from comptoir.connectors.base import (
    Addressee,
    HookRequest,
    SignatureError,
)
from comptoir.connectors.x.tests.far_side import Far, x


def hook(
    body: bytes = b"", *, method: str = "POST", query: dict[str, str] | None = None, **headers: str
) -> HookRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HookRequest(method, "https://counter.example/hooks/x/key/", query or {}, named, body)


def signed(body: bytes, secret: str = "hook-s3cret") -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_a_signed_delivery_is_taken() -> None:
    x(Far({})).verify(hook(b"{}", x_twitter_webhooks_signature=signed(b"{}")))


@pytest.mark.parametrize("header", ["", "sha256=", signed(b"{}", "other"), signed(b"{ }"), signed(b"{}")[7:]])
def test_any_other_delivery_is_refused(header: str) -> None:
    with pytest.raises(SignatureError):
        x(Far({})).verify(hook(b"{}", x_twitter_webhooks_signature=header))


def test_the_challenge_is_answered_with_the_signed_token() -> None:
    answer = x(Far({})).challenge(hook(method="GET", query={"crc_token": "abc"}))
    assert answer is not None
    assert json.loads(answer.body) == {"response_token": signed(b"abc")}
    assert answer.content_type == "application/json"


def test_a_delivery_names_the_account_it_is_about() -> None:
    assert x(Far({})).addressees(hook(b'{"for_user_id": "1001"}')) == (Addressee("x", "1001"),)
    assert x(Far({})).addressees(hook(b'{"data": {"filter": {"user_id": "7"}}}')) == (Addressee("x", "7"),)
    assert x(Far({})).addressees(hook(b"[")) == ()


def test_subscribing_names_our_address_and_asks_for_the_account() -> None:
    far = Far(
        {
            "GET /2/webhooks": {"data": [{"id": "1", "url": "https://other.example/", "valid": True}]},
            "POST /2/webhooks": {"data": {"id": "9", "url": "u", "valid": True, "created_at": "now"}},
            "POST /2/account_activity/webhooks/9/subscriptions/all": {"data": {"subscribed": True}},
        }
    )
    x(far).subscribe("https://counter.example/hooks/x/key/")
    assert [request.headers["authorization"] for request in far.asked] == [
        "Bearer app-token", "Bearer app-token", "Bearer user-token",
    ]  # fmt: skip


def test_an_address_that_x_finds_invalid_is_not_subscribed() -> None:
    url = "https://counter.example/hooks/x/key/"
    far = Far({"GET /2/webhooks": {"data": [{"id": "9", "url": url, "valid": False}]}})
    assert not x(far).is_subscribed(url)


def test_without_the_apps_secrets_nothing_is_to_be_subscribed() -> None:
    assert x(Far({}), api_secret="").is_subscribed("https://counter.example/")
