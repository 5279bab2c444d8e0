"""The account: signatures, signing in, renewing, subscribing, history, figures."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    Delivery,
    EventKind,
    Figure,
    HookRequest,
    SignatureError,
)
from comptoir.connectors.instagram.tests.far_side import BY_PAGE, CREDENTIALS, OURS, instagram
from tests.connectors.meta import Meta, delivered, refusal, sent_form


def test_deliveries_may_be_signed_with_either_secret() -> None:
    account = instagram(Meta({}), {**CREDENTIALS, "app_secret": "meta"})
    account.verify(delivered(b"{}", "s3cret"))
    account.verify(delivered(b"{}", "meta"))
    with pytest.raises(SignatureError):
        account.verify(delivered(b"{}", "guess"))


def test_a_delivery_is_handed_to_every_account_it_is_about() -> None:
    request = HookRequest("POST", "", {}, {}, b'{"object":"instagram","entry":[{"id":"1"},{"id":"2"}]}')
    assert instagram(Meta({})).addressees(request) == [Addressee("instagram", "1"), Addressee("instagram", "2")]


def dated(content: object) -> httpx.Response:
    return httpx.Response(200, json=content, headers={"Date": "Mon, 02 Mar 2026 08:00:00 GMT"})


def test_a_sign_in_is_exchanged_for_sixty_days() -> None:
    meta = Meta(
        {
            "POST /access_token": {"data": [{"access_token": "short", "user_id": OURS}]},
            "GET /": dated({"access_token": "long", "expires_in": 5_184_000}),
            "GET /me": {"id": "1", "user_id": OURS, "username": "lamaison", "name": "La Maison"},
        }
    )
    (offered,) = instagram(meta).exchange("code#_", redirect_url="https://counter.example/back", verifier="")
    assert (offered.own_id, offered.name, offered.credentials["access_token"]) == (OURS, "lamaison", "long")
    assert str(meta.asked[0].url) == "https://api.instagram.com/oauth/access_token"
    assert sent_form(meta.asked[0])["code"] == "code"
    assert str(meta.asked[1].url.copy_with(query=None)) == "https://graph.instagram.com/access_token"
    assert dict(meta.asked[1].url.params) == {
        "grant_type": "ig_exchange_token",
        "client_secret": "s3cret",
        "access_token": "short",
    }
    account = instagram(meta, dict(offered.credentials))
    assert account.renew_at() == datetime(2026, 4, 11, 8, 0, tzinfo=UTC)


def test_a_token_is_renewed_with_its_end() -> None:
    meta = Meta({"GET /": dated({"access_token": "fresh", "expires_in": 5_184_000})})
    renewed = instagram(meta).renew()
    assert renewed == {**CREDENTIALS, "access_token": "fresh", "token_expires_at": "2026-05-01T08:00:00+00:00"}
    assert meta.asked[0].url.path == "/refresh_access_token"


def test_a_token_that_ended_is_not_renewed() -> None:
    with pytest.raises(AuthError):
        instagram(Meta({"GET /": refusal(190)})).renew()


def test_a_code_that_is_not_taken_is_begun_again() -> None:
    said = httpx.Response(400, json={"error_type": "OAuthException", "code": 400, "error_message": "Invalid code"})
    with pytest.raises(AuthError, match="Invalid code"):
        instagram(Meta({"POST /access_token": said})).exchange("code", redirect_url="https://c.example", verifier="")


def test_check_says_who_we_are_and_until_when() -> None:
    meta = Meta({"GET /me": {"id": "1", "user_id": OURS, "username": "lamaison", "name": "La Maison"}})
    health = instagram(meta, {**CREDENTIALS, "token_expires_at": "2026-05-01T08:00:00+00:00"}).check()
    assert (health.own_id, health.handle, health.name) == (OURS, "lamaison", "La Maison")
    assert health.token_expires_at == datetime(2026, 5, 1, 8, tzinfo=UTC)


def test_by_instagrams_own_sign_in_the_account_alone_is_subscribed() -> None:
    meta = Meta({"POST /me/subscribed_apps": {"success": True}})
    instagram(meta).subscribe("https://counter.example/hooks/instagram/k/")
    assert meta.names() == ["POST /me/subscribed_apps"]


def test_by_way_of_a_page_the_apps_address_is_set_too() -> None:
    meta = Meta({"POST /77/subscriptions": {"success": True}, "POST /me/subscribed_apps": {"success": True}})
    instagram(meta, BY_PAGE).subscribe("https://counter.example/hooks/instagram/k/")
    assert sent_form(meta.asked[0])["object"] == "instagram"


def test_history_reads_media_with_comments_and_then_messages() -> None:
    since = datetime(2026, 2, 1, tzinfo=UTC)
    more = "https://graph.instagram.com/v23.0/1700/comments?after=c"
    medium = {
        "id": "1700",
        "caption": "Lampe",
        "timestamp": "2026-03-01T08:00:00+0000",
        "owner": {"id": OURS},
        "comments": {"data": [], "paging": {"next": more}},
    }
    message = {"id": "aWd1", "message": "Bonjour", "created_time": "2026-03-01T09:00:00+0000", "from": {"id": "901"}}
    talk = {"id": "t", "updated_time": "2026-03-01T09:00:00+0000", "messages": {"data": [message]}}
    meta = Meta(
        {
            "GET /me/media": {
                "data": [medium, {"id": "1600", "caption": "x", "timestamp": "2025-01-01T08:00:00+0000"}]
            },
            "GET /1700/comments": {"data": [{"id": "1801", "text": "Quelle taille ?"}]},
            "GET /me/conversations": {"data": [talk]},
        }
    )
    account = instagram(meta)
    pages = list(account.history(since, {}))
    events = [event for page in pages for one in page.deliveries for event in account.parse(one)]
    assert [(event.event, event.external_id, event.thread_id) for event in events] == [
        (EventKind.COMMENT, "1801", "1700"),
        (EventKind.POST, "1700", "1700"),
        (EventKind.MESSAGE, "aWd1", "901"),
    ]
    assert pages[-1].cursor == {"stage": "done"}
    assert list(account.history(since, pages[-1].cursor)) == []


def test_figures_are_the_accounts_and_those_of_media_that_are_named() -> None:
    meta = Meta(
        {
            "GET /me": {"followers_count": 900, "follows_count": 10, "media_count": 55},
            "GET /me/media": {"data": [{"id": "1700", "like_count": 4, "comments_count": 2}, {"id": "1"}]},
        }
    )
    assert instagram(meta).figures(["1700"]) == [
        Figure("followers", 900),
        Figure("following", 10),
        Figure("posts", 55),
        Figure("likes", 4, "1700"),
        Figure("comments", 2, "1700"),
    ]


def test_a_heart_is_read_as_one() -> None:
    body = b'{"sender":{"id":"901"},"recipient":{"id":"1"},"message":{"mid":"m","attachments":[{"type":"like_heart"}]}}'
    (event,) = instagram(Meta({})).parse(Delivery(body))
    assert (event.text, event.attachments) == ("❤️", ())
