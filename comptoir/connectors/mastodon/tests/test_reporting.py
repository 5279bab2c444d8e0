"""Reports to the moderators, and registering ourselves."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    Author,
    PermanentError,
)
from comptoir.connectors.mastodon.tests.far_side import Far, mastodon


def test_a_post_and_its_author_are_reported_with_a_comment() -> None:
    far = Far(__reports={"id": "1", "action_taken": False})
    mastodon(far).report("20", Author(id="2", handle="lea@ailleurs.example"), comment="Insultes")
    (asked,) = far.asked
    assert (asked.method, asked.url.path) == ("POST", "/api/v1/reports")
    said = json.loads(asked.content)
    assert (said["account_id"], said["status_ids"], said["comment"]) == ("2", ["20"], "Insultes")
    assert said["forward"] is True


def test_a_token_that_may_not_report_is_told() -> None:
    far = Far(__reports=httpx.Response(403, json={"error": "This action is outside the authorized scopes"}))
    with pytest.raises(PermanentError, match="authorized scopes"):
        mastodon(far).report("20", Author(id="2"), comment="")


def test_comptoir_registers_itself_where_it_is_to_sign_in() -> None:
    far = Far(__apps={"id": "9", "name": "Comptoir", "client_id": "key", "client_secret": "s3cret"})
    given = mastodon(far, {"instance": "example.org"}).register(
        redirect_url="https://counter.example/accounts/signed-in/", site="https://counter.example"
    )
    assert given == {"instance": "example.org", "client_id": "key", "client_secret": "s3cret"}
    asked = parse_qs(far.asked[0].content.decode())
    assert asked["redirect_uris"] == ["https://counter.example/accounts/signed-in/"]
    assert "write:reports" in asked["scopes"][0].split()


def test_a_server_that_gives_no_key_is_told() -> None:
    with pytest.raises(PermanentError, match="key"):
        mastodon(Far(__apps={}), {"instance": "example.org"}).register(redirect_url="https://c.example/", site="")
