"""Hiding replies under a post of ours, as the threadgate's lexicon has it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from comptoir.connectors.base import PermanentError, Standing, TransientError
from tests.connectors.bluesky.fake_server import BRAND, CUSTOMER, FakeServer, error

POST = f"at://{BRAND}/app.bsky.feed.post/3mptbypt22l26"
REPLY = f"at://{CUSTOMER}/app.bsky.feed.post/3mptreply"
GATE = {"$type": "app.bsky.feed.threadgate", "post": POST, "createdAt": "2026-07-01T08:00:00.000Z"}


def standing(**fields: Any) -> dict[str, Any]:
    return {"cid": "bafygate", "value": {**GATE, **fields}}


def test_a_reply_joins_those_that_are_hidden_and_the_rules_stay() -> None:
    rule = [{"$type": "app.bsky.feed.threadgate#followingRule"}]
    server = FakeServer(getRecord=standing(allow=rule, hiddenReplies=["at://x/y/z"]), putRecord={"cid": "new"})
    server.connector().hide(REPLY, thread_id=POST)
    [body] = server.bodies("putRecord")
    assert (body["collection"], body["rkey"], body["swapRecord"]) == (
        "app.bsky.feed.threadgate", "3mptbypt22l26", "bafygate",
    )  # fmt: skip
    assert body["record"] == {**GATE, "allow": rule, "hiddenReplies": ["at://x/y/z", REPLY]}


def test_the_first_one_makes_a_gate_that_is_open_to_everybody() -> None:
    def record(request: Any) -> Any:
        if "threadgate" in str(request.url):
            return error(400, "RecordNotFound")
        return httpx.Response(200, json={"value": {"createdAt": GATE["createdAt"]}})

    server = FakeServer(getRecord=record, putRecord={"cid": "new"})
    server.connector().hide(REPLY, thread_id=POST)
    [body] = server.bodies("putRecord")
    assert body["record"] == {**GATE, "hiddenReplies": [REPLY]}
    assert body["swapRecord"] is None


def test_hiding_what_is_hidden_changes_nothing() -> None:
    server = FakeServer(getRecord=standing(hiddenReplies=[REPLY]))
    server.connector().hide(REPLY, thread_id=POST)
    assert "putRecord" not in server.methods()


def test_a_reply_is_shown_again() -> None:
    server = FakeServer(getRecord=standing(hiddenReplies=[REPLY]), putRecord={"cid": "new"})
    server.connector().show(REPLY, thread_id=POST)
    assert server.bodies("putRecord")[0]["record"]["hiddenReplies"] == []


def test_a_gate_that_was_changed_meanwhile_is_read_again_later() -> None:
    server = FakeServer(getRecord=standing(), putRecord=error(400, "InvalidSwap"))
    with pytest.raises(TransientError):
        server.connector().hide(REPLY, thread_id=POST)


def test_a_full_list_is_told() -> None:
    server = FakeServer(getRecord=standing(hiddenReplies=[f"at://a/b/{number}" for number in range(300)]))
    with pytest.raises(PermanentError, match="300"):
        server.connector().hide(REPLY, thread_id=POST)


def test_nothing_is_hidden_under_somebody_elses_post() -> None:
    connector = FakeServer().connector()
    assert connector.may_hide(Standing(POST))
    assert not connector.may_hide(Standing(REPLY))
    assert not connector.may_hide(Standing(""))
    with pytest.raises(PermanentError, match="own posts"):
        connector.hide(REPLY, thread_id=f"at://{CUSTOMER}/app.bsky.feed.post/1")
