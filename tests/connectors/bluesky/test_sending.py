"""Our answers: what is sent, and what every answer of the network leads to."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.base import (
    AuthError,
    Author,
    ConnectorError,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.bluesky.facets import find_facets
from comptoir.connectors.bluesky.tid import tid_for
from tests.connectors.bluesky.fake_server import (
    BRAND,
    CUSTOMER,
    PARENT,
    FakeServer,
    a_direct_message,
    a_reply,
    breaks,
    error,
)

PUT = {"uri": "at://x", "cid": "bafyours"}


def test_a_reply_names_root_and_parent() -> None:
    server = FakeServer(putRecord=PUT)
    root = {"uri": "at://did:plc:r/app.bsky.feed.post/1", "cid": "bafyroot"}
    sent = server.connector().send(a_reply(parent_custom={"cid": "bafyparent", "root": root}))
    (body,) = server.bodies("putRecord")
    assert body["record"]["reply"] == {"root": root, "parent": {"uri": PARENT, "cid": "bafyparent"}}
    assert (sent.thread_id, sent.custom) == (root["uri"], {"cid": "bafyours", "root": root})


def test_two_attempts_make_the_same_request() -> None:
    server = FakeServer(putRecord=PUT, resolveHandle={"did": CUSTOMER})
    outgoing = a_reply("Bonjour @camille.example, voir https://exemple.fr #colis", language="fr")
    sent = [server.connector().send(outgoing).external_id for _ in range(2)]
    first, second = server.bodies("putRecord")
    assert first == second
    assert sent == [server.connector().reserve_external_id(outgoing)] * 2
    assert first["swapRecord"] is None
    assert first["record"]["createdAt"] == "2026-07-04T14:40:00.123Z"


def test_the_id_reserved_for_a_reply_is_the_one_it_gets() -> None:
    server = FakeServer(putRecord=PUT)
    reserved = f"at://{BRAND}/app.bsky.feed.post/3mptbypt22l26"
    assert server.connector().send(a_reply(external_id=reserved)).external_id == reserved
    assert server.bodies("putRecord")[0]["rkey"] == "3mptbypt22l26"


@given(st.text(min_size=1), st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_a_key_is_a_valid_timestamp_identifier_of_its_second(key: str, at: datetime) -> None:
    tid = tid_for(key, at)
    assert re.fullmatch("[234567abcdefghij][234567a-z]{12}", tid)
    number = 0
    for letter in tid:
        number = number * 32 + "234567abcdefghijklmnopqrstuvwxyz".index(letter)
    assert (number >> 10) // 1_000_000 == int(at.timestamp())


def test_replies_queued_at_one_instant_have_keys_of_their_own() -> None:
    at = datetime(2026, 7, 4, tzinfo=UTC)
    assert len({tid_for(f"message {number}", at) for number in range(2000)}) == 2000


def test_a_post_that_already_stands_is_the_one_sent() -> None:
    outgoing = a_reply()
    value = {"text": outgoing.text, "createdAt": "2026-07-04T14:40:00.123Z"}
    server = FakeServer(putRecord=error(400, "InvalidSwap"), getRecord={"cid": "bafyfirst", "value": value})
    assert server.connector().send(outgoing).custom["cid"] == "bafyfirst"


def test_another_post_in_its_place_is_not_taken_for_ours() -> None:
    standing = {"cid": "bafy", "value": {"text": "Autre", "createdAt": "2026-07-04T14:40:00.123Z"}}
    server = FakeServer(putRecord=error(400, "InvalidSwap"), getRecord=standing)
    with pytest.raises(PermanentError):
        server.connector().send(a_reply())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error(429, "RateLimitExceeded"), TransientError),
        (error(401, "AuthMissing"), AuthError),
        (error(400, "AccountTakedown"), AuthError),
        (error(400, "InvalidRequest", "Invalid record"), PermanentError),
        (error(413, "PayloadTooLarge"), PermanentError),
        (error(500, "InternalServerError"), UncertainError),
        (httpx.Response(502, text="<html>"), UncertainError),
        (httpx.Response(200, text="<html>garbage"), UncertainError),
        (httpx.Response(200, json=[1]), UncertainError),
        (httpx.Response(301, headers={"location": "https://elsewhere.example"}), PermanentError),
        (breaks(httpx.ConnectError), TransientError),
        (breaks(httpx.ConnectTimeout), TransientError),
        (breaks(httpx.ReadTimeout), UncertainError),
        (breaks(httpx.RemoteProtocolError), UncertainError),
        (breaks(httpx.ReadError), UncertainError),
    ],
)
@pytest.mark.parametrize("visibility", ["public", "private"])
def test_every_answer_leads_somewhere(answer: Any, expected: type[ConnectorError], visibility: str) -> None:
    server = FakeServer(putRecord=answer, sendMessage=answer, getMessages={"messages": []})
    with pytest.raises(expected) as raised:
        server.connector().send(a_reply() if visibility == "public" else a_direct_message())
    assert type(raised.value) is expected or issubclass(expected, PermanentError)
    assert str(raised.value).endswith(".")


def test_half_an_answer_to_a_question_may_be_asked_again() -> None:
    server = FakeServer(getRecord=breaks(httpx.RemoteProtocolError))
    with pytest.raises(TransientError):
        server.connector().find_sent(a_reply())


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry_after": "17"}, timedelta(seconds=17)),
        ({"ratelimit_reset": "1783175900", "date": "Sat, 04 Jul 2026 14:38:00 GMT"}, timedelta(seconds=20)),
        ({"ratelimit_reset": "1783175800", "date": "Sat, 04 Jul 2026 14:38:00 GMT"}, timedelta(0)),
        (
            {"retry_after": "Sat, 04 Jul 2026 14:39:00 GMT", "date": "Sat, 04 Jul 2026 14:38:00 GMT"},
            timedelta(minutes=1),
        ),
        ({"ratelimit_reset": "1783175900"}, None),
        ({"retry_after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_pause_is_the_one_the_network_asks_for(headers: dict[str, str], pause: timedelta | None) -> None:
    server = FakeServer(putRecord=error(429, "RateLimitExceeded", **headers))
    with pytest.raises(TransientError) as raised:
        server.connector().send(a_reply())
    assert raised.value.retry_after == pause


def test_a_lost_post_is_found_or_certainly_not_there() -> None:
    there = FakeServer(getRecord={"cid": "bafy", "value": {"text": "Bonjour !"}})
    found = there.connector().find_sent(a_reply())
    assert found is not None
    assert found.external_id == there.connector().reserve_external_id(a_reply())
    assert FakeServer(getRecord=error(400, "RecordNotFound")).connector().find_sent(a_reply()) is None


@pytest.mark.parametrize(("text", "said"), [("a" * 301, "301"), ("👨‍👩‍👧‍👦" * 200, "bytes"), ("   ", "neither a text")])
def test_a_text_the_network_would_refuse_says_what_to_change(text: str, said: str) -> None:
    server = FakeServer(putRecord=PUT)
    with pytest.raises(PermanentError, match=said):
        server.connector().send(a_reply(text))
    assert server.asked == []


def test_a_family_of_emoji_counts_as_one_character() -> None:
    assert FakeServer(putRecord=PUT).connector().send(a_reply("👨‍👩‍👧‍👦" * 100 + "a" * 200)).external_id


@pytest.mark.parametrize(
    "files",
    [
        (OutgoingFile("a.pdf", "application/pdf", b"x"),),
        (OutgoingFile("a.png", "image/png", b"x" * 1_000_001),),
        (OutgoingFile("a.png", "image/png", b"x"),) * 5,
    ],
)
def test_files_the_network_would_refuse_are_not_uploaded(files: tuple[OutgoingFile, ...]) -> None:
    server = FakeServer(putRecord=PUT)
    with pytest.raises(PermanentError):
        server.connector().send(a_reply(files=files))
    assert server.asked == []


def test_an_answer_to_a_post_that_is_gone_is_refused() -> None:
    server = FakeServer(putRecord=PUT, getPosts={"posts": []})
    with pytest.raises(PermanentError, match="no longer"):
        server.connector().send(a_reply(parent_custom={}))


def test_facets_count_bytes_and_leave_sentences_alone() -> None:
    text = "👋 Voir (https://exemple.fr/a_(b)), écrire à @marque.example. Pas à c@marque.example ni #1, mais #colis !"
    found = find_facets(text, {"marque.example": BRAND}.get)
    covered = [text.encode()[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode() for f in found]
    assert covered == ["https://exemple.fr/a_(b)", "@marque.example", "#colis"]


def test_a_handle_nobody_has_stays_text() -> None:
    server = FakeServer(putRecord=PUT, resolveHandle=error(400, "InvalidRequest", "Unable to resolve handle"))
    server.connector().send(a_reply("Bonjour @personne.example"))
    assert "facets" not in server.bodies("putRecord")[0]["record"]


@given(st.text(alphabet="@#.:/ ahtps1é👋(),", max_size=60))
def test_facets_never_overlap_and_end_inside_the_text(text: str) -> None:
    ends = [0]
    for facet in find_facets(text, lambda handle: "did:plc:x"):
        assert ends[-1] <= facet["index"]["byteStart"] < facet["index"]["byteEnd"] <= len(text.encode())
        ends.append(facet["index"]["byteEnd"])


def test_a_direct_message_goes_through_the_chat_service() -> None:
    sent_at = "2026-07-04T14:40:01.000Z"
    server = FakeServer(
        getConvoForMembers={"convo": {"id": "3conv"}},
        getMessages={"messages": []},
        sendMessage={"id": "3m9", "sentAt": sent_at},
    )
    sent = server.connector().send(a_reply(visibility="private"))
    assert (sent.external_id, sent.thread_id, sent.custom) == ("3m9", "3conv", {"convo": "3conv"})
    assert server.asked[-1].headers["atproto-proxy"] == "did:web:api.bsky.chat#bsky_chat"
    assert server.bodies("sendMessage") == [{"convoId": "3conv", "message": {"text": "Bonjour !"}}]


def test_a_direct_message_that_arrived_is_not_sent_again() -> None:
    ours = {"id": "3m9", "sender": {"did": BRAND}, "text": "Bonjour !", "sentAt": "2026-07-04T14:40:01.000Z"}
    server = FakeServer(getMessages={"messages": [ours]})
    assert server.connector().send(a_direct_message()).external_id == "3m9"
    assert "sendMessage" not in server.methods()


@pytest.mark.parametrize(
    "other",
    [
        {"sender": {"did": CUSTOMER}},
        {"text": "Bonsoir !"},
        {"sentAt": "2026-07-04T14:30:00.000Z"},
    ],
)
def test_another_message_is_not_taken_for_the_lost_one(other: dict[str, Any]) -> None:
    ours = {"id": "3m9", "sender": {"did": BRAND}, "text": "Bonjour !", "sentAt": "2026-07-04T14:40:01.000Z"}
    server = FakeServer(getMessages={"messages": [{**ours, **other}]})
    assert server.connector().find_sent(a_direct_message()) is None


def test_too_long_an_exchange_leaves_it_uncertain() -> None:
    theirs = {"id": "3m9", "sender": {"did": CUSTOMER}, "text": "?", "sentAt": "2026-07-04T14:50:00.000Z"}
    server = FakeServer(getMessages={"messages": [theirs], "cursor": "more"})
    with pytest.raises(UncertainError):
        server.connector().find_sent(a_direct_message())


def test_a_direct_message_to_nobody_is_refused() -> None:
    with pytest.raises(PermanentError):
        FakeServer().connector().send(a_reply(visibility="private", recipient=Author()))


def test_a_direct_message_cannot_be_taken_back() -> None:
    with pytest.raises(PermanentError):
        FakeServer().connector().delete("3m9", {"convo": "3conv"})
