"""Checking, signing in, figures, the published contract."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Delivery,
    OutgoingFile,
    UncertainError,
)
from comptoir.connectors.mastodon.tests.far_side import CREDENTIALS, OUTGOING, POSTED, Far, mastodon, note
from tests.connectors.published_contract import contract

INSTANCE = {
    "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
    "configuration": {
        "urls": {"streaming": "wss://example.org"},
        "statuses": {"max_characters": 5000, "max_media_attachments": 6},
        "media_attachments": {"image_size_limit": 41943040, "supported_mime_types": ["image/png", "image/gif"]},
    },
}


def test_a_check_keeps_what_the_server_allows() -> None:
    me = {"id": "1", "acct": "marque", "display_name": "La Marque"}
    connector = mastodon(Far(verify_credentials=me, v2__instance=INSTANCE, notifications=[]))
    health = connector.check()
    assert (health.own_id, health.handle, health.name, health.remarks) == ("1", "marque", "La Marque", ())
    renewed = connector.renewed_credentials()
    assert renewed is not None
    limits = mastodon(Far(), dict(renewed)).limits_here()
    assert (limits.max_text_chars, limits.max_files, limits.max_file_bytes) == (5000, 6, 41943040)
    assert limits.file_types == ("image/png",)
    assert mastodon(Far()).limits_here().max_text_chars == 500


def test_a_token_without_the_right_to_read_is_remarked() -> None:
    refused = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
    health = mastodon(Far(verify_credentials={"id": "1"}, v2__instance={}, notifications=refused)).check()
    assert "Notifications cannot be read" in health.remarks[0]


def test_an_account_without_a_token_says_so() -> None:
    with pytest.raises(AuthError, match="no access token"):
        mastodon(Far(), {"instance": "example.org"}).check()


def test_a_sign_in_opens_the_account_and_can_be_given_back() -> None:
    far = Far(oauth__token={"access_token": "new"}, verify_credentials={"id": "1", "acct": "marque"}, oauth__revoke={})
    credentials = {"instance": "https://example.org/", "client_id": "c", "client_secret": "s"}
    offered = mastodon(far, credentials).exchange("code", redirect_url="https://us.example/back", verifier="v")
    form = parse_qs(far.asked[0].content.decode())
    assert form["code"] == ["code"]
    assert form["code_verifier"] == ["v"]
    assert form["redirect_uri"] == ["https://us.example/back"]
    assert (offered[0].own_id, offered[0].name) == ("1", "marque")
    mastodon(far, dict(offered[0].credentials)).revoke()
    assert parse_qs(far.asked[-1].content.decode())["token"] == ["new"]


def test_a_code_that_is_not_taken_is_an_error_of_signing_in() -> None:
    refused = httpx.Response(400, json={"error": "invalid_grant"})
    with pytest.raises(AuthError, match="did not take the sign-in"):
        mastodon(Far(oauth__token=refused)).exchange("code", redirect_url="https://us.example/back", verifier="v")


def test_figures_of_the_account_and_of_posts_that_still_stand() -> None:
    far = Far(verify_credentials={"followers_count": 3, "statuses_count": 9}, statuses__77={"favourites_count": 2})
    found = mastodon(far).figures(["77", "gone"])
    assert [(one.name, one.value, one.external_id) for one in found] == [
        ("followers", 3, None), ("posts", 9, None), ("likes", 2, "77"),
    ]  # fmt: skip


def test_the_line_for_servers_without_quotes_is_not_shown() -> None:
    content = '<p class="quote-inline">RE: <a href="https://a.example/9">https://a.example/9</a></p><p>Bravo</p>'
    status = {"id": "1", "account": {"id": "2"}, "content": content, "visibility": "public"}
    for quote, text in (({"state": "accepted"}, "Bravo"), (None, "RE: https://a.example/9\n\nBravo")):
        body = json.dumps({**status, "quote": quote}).encode()
        assert mastodon(Far()).parse(Delivery(body))[0].text == text


def test_requests_fit_the_published_contract() -> None:
    published = contract("mastodon_openapi.json")
    far = Far(
        source={"id": "77", "text": "x"}, favourite=POSTED, notifications=[note("5")], context={"ancestors": []},
        verify_credentials={"id": "1"}, v2__instance=INSTANCE, v2__media={"id": "m1"}, timelines__tag__marque=[],
        statuses=lambda request: POSTED if request.method == "POST" else [POSTED], statuses__77=POSTED,
    )  # fmt: skip
    connector = mastodon(far, {**CREDENTIALS, "hashtags": "marque"})
    connector.check()
    connector.send(OUTGOING)
    connector.send(dataclasses.replace(OUTGOING, files=(OutgoingFile("a.png", "image/png", b"x", "un colis"),)))
    with pytest.raises(UncertainError):
        connector.find_sent(OUTGOING)
    connector.edit("77", OUTGOING, {})
    connector.delete("77", {})
    connector.like("77", {})
    connector.figures(["77"])
    list(connector.poll({"round": 9, "watched": {"77": ""}}))
    next(connector.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    assert len(far.asked) > 18
    for request in far.asked:
        published.check(request)
