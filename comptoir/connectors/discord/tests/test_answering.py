"""Answering, looking up, changing, removing."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    OutgoingFile,
    PermanentError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.discord.sending import snowflake_at
from comptoir.connectors.discord.tests.far_side import CHANNEL, LEA, OUTGOING, QUEUED, SENT, Far, discord, refusal


def test_an_answer_names_what_it_answers_and_is_known_by_its_nonce() -> None:
    far = Far(messages=SENT)
    first, second = discord(far).send(OUTGOING), discord(far).send(OUTGOING)
    assert first == second
    bodies = [json.loads(request.content) for request in far.asked]
    assert bodies[0] == bodies[1]
    assert far.asked[0].url.path == f"/api/v10/channels/{CHANNEL}/messages"
    assert bodies[0]["message_reference"] == {"message_id": "500000000000000001", "fail_if_not_exists": False}
    assert bodies[0]["enforce_nonce"] is True
    assert len(bodies[0]["nonce"]) == 25
    assert bodies[0]["allowed_mentions"]["parse"] == ["users"]
    assert (first.external_id, first.thread_id, first.custom) == (SENT["id"], CHANNEL, {"channel": CHANNEL})


def test_a_private_answer_to_what_was_said_in_public_opens_a_private_channel() -> None:
    far = Far(**{"users__@me__channels": {"id": "600000000000000009"}, "messages": SENT})
    discord(far).send(dataclasses.replace(OUTGOING, visibility="private"))
    assert json.loads(far.asked[0].content) == {"recipient_id": LEA}
    assert far.asked[1].url.path == "/api/v10/channels/600000000000000009/messages"
    assert "message_reference" not in json.loads(far.asked[1].content)


def test_files_go_along_with_what_they_show() -> None:
    far = Far(messages=SENT)
    discord(far).send(
        dataclasses.replace(OUTGOING, files=(OutgoingFile("a.png", "image/png", b"\x89PNG", "un colis"),))
    )
    assert b'name="files[0]"; filename="a.png"' in far.asked[0].content
    assert b'"description": "un colis"' in far.asked[0].content


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (refusal(401, 0), AuthError, "token"),
        (refusal(403, 50013), PermanentError, "permission"),
        (refusal(403, 50007), PermanentError, "private messages"),
        (refusal(404, 10003), PermanentError, "channel"),
        (refusal(400, 50035), PermanentError, "50035"),
        (refusal(400, 20028), TransientError, "slow mode"),
        (httpx.Response(502, text="<html>"), UncertainError, "502"),
    ],
)
def test_refusals_are_told_apart(answer: httpx.Response, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        discord(Far(messages=answer)).send(OUTGOING)


def test_discords_wish_to_wait_is_read() -> None:
    with pytest.raises(TransientError) as raised:
        discord(Far(messages=httpx.Response(429, json={"retry_after": 1.5, "global": False}))).send(OUTGOING)
    assert raised.value.retry_after == timedelta(seconds=1.5)


def test_an_interrupted_answer_is_found_in_its_channel_or_certainly_not_there() -> None:
    far = Far(messages=[{**SENT, "id": "500000000000000076", "content": "autre"}, SENT])
    found = discord(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == SENT["id"]
    assert int(far.asked[0].url.params["after"]) == snowflake_at(QUEUED - timedelta(minutes=2))
    assert discord(Far(messages=[{**SENT, "author": {"id": LEA}}])).find_sent(OUTGOING) is None
    with pytest.raises(UncertainError):
        discord(Far(messages=[{**SENT, "content": "autre"}] * 100)).find_sent(OUTGOING)


def test_snowflakes_count_from_2015() -> None:
    assert snowflake_at(datetime(2015, 1, 1, tzinfo=UTC)) == 0
    assert snowflake_at(datetime(2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC)) == 175928847298985984


def test_what_was_said_is_changed_removed_and_liked_where_it_stands() -> None:
    far = Far(**{SENT["id"]: SENT, "@me": httpx.Response(204)})
    connector = discord(far)
    connector.edit(SENT["id"], OUTGOING, {"channel": CHANNEL})
    connector.like(SENT["id"], {"channel": CHANNEL})
    connector.unlike(SENT["id"], {"channel": CHANNEL})
    connector.remove("500000000000000001", thread_id=CHANNEL)
    asked = [(request.method, request.url.raw_path.decode().removeprefix("/api/v10")) for request in far.asked]
    place = f"/channels/{CHANNEL}/messages/{SENT['id']}"
    assert asked == [
        ("PATCH", place),
        ("PUT", f"{place}/reactions/%F0%9F%91%8D/@me"),
        ("DELETE", f"{place}/reactions/%F0%9F%91%8D/@me"),
        ("DELETE", f"/channels/{CHANNEL}/messages/500000000000000001"),
    ]
    assert connector.may_remove(Standing(CHANNEL))
    assert not connector.may_remove(Standing("600000000000000002"))


def test_a_message_whose_channel_is_not_known_is_not_acted_upon() -> None:
    for custom in ({}, {"channel": "../users"}):
        with pytest.raises(PermanentError, match="which channel"):
            discord().delete("500000000000000001", custom)
