"""Signing in, the account’s state, figures, files."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
)
from comptoir.connectors.x.tests.far_side import Far, x


def test_signing_in_trades_the_code_for_the_account() -> None:
    tokens = {"access_token": "a", "refresh_token": "r", "expires_in": 7200, "scope": "tweet.read users.read"}
    far = Far({"POST /2/oauth2/token": tokens, "GET /2/users/me": {"data": {"id": "1001", "username": "maisonverte"}}})
    (account,) = x(far).exchange("c0de", redirect_url="https://counter.example/back", verifier="v")
    form = dict(part.split("=") for part in far.asked[0].content.decode().split("&"))
    assert form["code_verifier"] == "v"
    assert far.asked[0].headers["authorization"].startswith("Basic ")
    assert (account.own_id, account.name) == ("1001", "@maisonverte")
    assert account.credentials["access_token"] == "a"
    assert account.credentials["expires_at"] == "2026-03-02T10:15:00+00:00"
    assert account.credentials["client_secret"] == "s3cret"


def test_a_code_that_x_does_not_take_opens_nothing() -> None:
    far = Far({"POST /2/oauth2/token": httpx.Response(400, json={"error": "invalid_request"})})
    with pytest.raises(AuthError):
        x(far).exchange("c0de", redirect_url="u", verifier="v")


def test_the_access_is_renewed_before_it_ends() -> None:
    far = Far({"POST /2/oauth2/token": {"access_token": "a2", "refresh_token": "refresh-2", "expires_in": 7200}})
    assert x(far).renew_at() == datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    renewed = x(far).renew()
    assert (renewed["access_token"], renewed["refresh_token"]) == ("a2", "refresh-2")


def test_revoking_what_is_gone_is_a_success() -> None:
    far = Far({"POST /2/oauth2/revoke": [httpx.Response(400, json={"error": "invalid"}), {"revoked": True}]})
    x(far).revoke()
    assert len(far.asked) == 2


def test_check_says_who_we_are_and_what_was_not_granted() -> None:
    far = Far({"GET /2/users/me": {"data": {"id": "1001", "username": "maisonverte", "name": "Maison Verte"}}})
    health = x(far, granted="tweet.read users.read", api_secret="", bearer_token="").check()
    assert (health.own_id, health.handle, health.name) == ("1001", "@maisonverte", "Maison Verte")
    assert any("dm.read" in remark for remark in health.remarks)
    assert any("every two minutes" in remark for remark in health.remarks)


def test_pictures_of_direct_messages_are_asked_for_with_our_access() -> None:
    source = x(Far({})).locate("https://ton.twitter.com/1.1/ton/data/dm/10/77/a.jpg")
    assert source.url == "https://api.x.com/2/dm_conversations/media/10/77/a.jpg"
    assert source.headers == {"authorization": "Bearer user-token"}
    assert x(Far({})).locate("https://pbs.twimg.com/media/a.jpg").headers == {}


def test_figures_of_the_account_and_of_posts_are_read() -> None:
    metrics = {"impression_count": 10, "like_count": 3, "reply_count": 1, "repost_count": 2, "quote_count": 1}
    far = Far(
        {
            "GET /2/users/me": {"data": {"id": "1001", "public_metrics": {"followers_count": 120, "post_count": 9}}},
            "GET /2/tweets": {"data": [{"id": "7", "public_metrics": metrics}]},
        }
    )
    found = {(figure.name, figure.external_id): figure.value for figure in x(far).figures(["7", "not-an-id"])}
    assert found == {
        ("followers", None): 120, ("posts", None): 9, ("views", "7"): 10, ("likes", "7"): 3, ("comments", "7"): 1,
        ("shares", "7"): 3,
    }  # fmt: skip
    assert far.asked[1].url.params["ids"] == "7"
