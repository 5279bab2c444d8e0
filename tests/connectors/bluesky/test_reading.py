"""Payloads → events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors import bluesky
from comptoir.connectors.base import Delivery, EventKind, NetworkEvent, PayloadError
from comptoir.connectors.bluesky.connector import Bluesky
from comptoir.connectors.bluesky.facets import cut_links
from comptoir.connectors.bluesky.untrusted import instant, text
from tests.connectors.bluesky.fake_server import BRAND, CUSTOMER

FIXTURES = Path(bluesky.__file__).parent / "fixtures"
POST = "app.bsky.feed.post"
NO_NETWORK = httpx.Client(transport=httpx.MockTransport(lambda request: pytest.fail("parse asked the network")))


def read(payload: object, *, own_id: str | None = BRAND, **headers: str) -> list[NetworkEvent]:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Bluesky({}, NO_NETWORK, own_id=own_id).parse(Delivery(body, headers=named))


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def a_post(did: str = CUSTOMER, rkey: str = "3k", **record: Any) -> dict[str, Any]:
    value = {"$type": POST, "text": "Bonjour", "createdAt": "2026-07-04T14:38:07Z", **record}
    return {"uri": f"at://{did}/{POST}/{rkey}", "cid": "bafy", "value": value}


def test_what_we_wrote_ourselves_is_outgoing() -> None:
    assert [read(a_post(did))[0].direction for did in (BRAND, CUSTOMER)] == ["outgoing", "incoming"]


def test_a_reply_keeps_what_answering_it_needs() -> None:
    root, parent = {"uri": "at://a/b/1", "cid": "bafyroot"}, {"uri": "at://a/b/2", "cid": "bafyparent"}
    (event,) = read(a_post(reply={"root": root, "parent": parent}))
    assert (event.event, event.thread_id, event.parent_id) == (EventKind.COMMENT, "at://a/b/1", "at://a/b/2")
    assert event.custom == {"cid": "bafy", "root": root}


def test_a_quote_keeps_what_it_quotes() -> None:
    quoted = {"uri": f"at://{BRAND}/{POST}/3z", "cid": "bafyquoted"}
    (event,) = read(a_post(embed={"$type": "app.bsky.embed.record", "record": quoted}))
    assert (event.event, event.related_ids, event.custom["quote"]) == (EventKind.POST, (quoted["uri"],), quoted)


def test_images_have_their_alternative_text() -> None:
    (event,) = read(fixture("post_with_everything.json"))
    images = [file for file in event.attachments if file.kind == "image"]
    assert [image.alt_text for image in images] == ["Un carton écrasé", None]


def test_a_post_that_a_page_holds_twice_comes_once() -> None:
    assert len(read([a_post(), a_post()])) == 1


def test_posts_fetched_for_context_say_so() -> None:
    (event,) = read({"records": [a_post()]}, x_comptoir_context="1")
    assert event.custom["context"] is True


def test_messages_of_one_exchange_get_its_id_from_the_delivery() -> None:
    message = {"id": "3m1", "sender": {"did": CUSTOMER}, "text": "Bonjour", "sentAt": "2026-07-04T14:38:07Z"}
    (event,) = read({"messages": [message]}, x_comptoir_convo="3conv")
    assert (event.thread_id, event.visibility, event.custom) == ("3conv", "private", {"convo": "3conv"})


def test_our_own_direct_message_names_the_other_person() -> None:
    log = json.loads(fixture("chat_log.json"))
    log["logs"] = [{**log["logs"][1], "message": {**log["logs"][1]["message"], "sender": {"did": BRAND}}}]
    (event,) = read(log)
    assert event.direction == "outgoing"
    assert event.counterpart is not None
    assert event.counterpart.handle == "camille.example"


def test_a_reaction_taken_back_says_so() -> None:
    log = json.loads(fixture("chat_log.json"))["logs"][3]
    (event,) = read({"logs": [{**log, "$type": "chat.bsky.convo.defs#logRemoveReaction"}]})
    assert (event.event, event.reaction, event.reaction_removed) == (EventKind.REACTION, "👍", True)


def test_a_deep_thread_is_read_to_its_end() -> None:
    thread: dict[str, Any] = {"post": a_post(rkey="0")}
    for depth in range(1, 150):
        thread = {"post": {**a_post(rkey=str(depth)), "record": a_post()["value"]}, "replies": [thread]}
    assert len(read({"thread": thread})) == 150


@pytest.mark.parametrize(
    "body", [b"", b"  \n", b"\xff\xfe", b"bonjour", b"[1, 2]", b"null", b"[" * 200_000, b'"at://"']
)
def test_what_cannot_be_read_says_why(body: bytes) -> None:
    with pytest.raises(PayloadError, match=r"\.$"):
        read(body)


@pytest.mark.parametrize(
    ("found", "why"),
    [({"error": "ExpiredToken", "message": "Token has expired"}, "ExpiredToken Token has expired"), ({}, "no page"),
     ({"a": 1}, "no page")],
)  # fmt: skip
def test_an_object_that_says_nothing_is_left_aside_and_says_why(found: dict[str, Any], why: str) -> None:
    [event] = read(found)
    assert event.event is EventKind.IGNORED
    assert why in str(event.reason)


def test_a_body_in_utf_16_is_read() -> None:
    [event] = read(json.dumps(a_post()).encode("utf-16"))
    assert event.event is EventKind.POST


def test_an_empty_page_holds_nothing() -> None:
    assert read({"notifications": [], "priority": False}) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023-08-26T12:56:31.044240", datetime(2023, 8, 26, 12, 56, 31, 44240, UTC)),
        ("2026-07-04T16:38:07.123456789+02:00", datetime(2026, 7, 4, 14, 38, 7, 123456, UTC)),
        ("2026-07-04T14:38:07.7Z", datetime(2026, 7, 4, 14, 38, 7, 700000, UTC)),
        ("2026-07-04 14:38Z", datetime(2026, 7, 4, 14, 38, tzinfo=UTC)),
        ("2026-07-04T14:38:07+0200", datetime(2026, 7, 4, 12, 38, 7, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("2026-02-30T00:00:00Z", None),
        ("hier", None),
        (1783175888, None),
        (None, None),
    ],
)
def test_instants_are_read_however_they_are_written(written: object, meant: datetime | None) -> None:
    assert instant(written) == meant


def test_a_post_without_a_readable_date_has_the_one_it_was_seen_at() -> None:
    notification = {**a_post(createdAt="hier"), "indexedAt": "2026-07-04T14:38:08Z", "reason": "mention"}
    notification["record"] = notification.pop("value")
    (event,) = read({"notifications": [notification]})
    assert event.sent_at == datetime(2026, 7, 4, 14, 38, 8, tzinfo=UTC)


def test_half_a_surrogate_pair_and_nul_do_not_reach_the_database() -> None:
    assert text("a\ud83d\x00b") == "a�b"
    assert text("\ud83d\ude00") == "😀"


def test_only_links_cut_short_are_kept_beside_the_text() -> None:
    def link(start: int, end: int, uri: str) -> dict[str, Any]:
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": uri}
        return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}

    shown = "é a.fr/lo… b.fr"
    facets = [link(3, 13, "https://a.fr/longue"), link(14, 18, "https://b.fr"), link(4, 900, "https://c.fr"), {}, None]
    assert cut_links(shown, facets) == ("https://a.fr/longue",)


KEYS = [
    "$type", "did", "kind", "commit", "operation", "collection", "rkey", "record", "uri", "cid", "value",
    "post", "posts", "thread", "replies", "parent", "reply", "root", "feed", "notifications", "reason",
    "author", "embed", "images", "text", "facets", "index", "features", "langs", "createdAt", "logs",
    "messages", "convos", "convo", "message", "sender", "reaction", "members", "likes", "actor", "identity",
    "account", "notFound", "comptoir", "uris", "time_us", "subject", "id",
]  # fmt: skip
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8))
def test_no_shape_of_json_breaks_reading(document: dict[str, Any]) -> None:
    try:
        events = read(document)
    except PayloadError:
        return
    assert all(event.reason for event in events if event.event is EventKind.IGNORED)


@given(st.text(), st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=4))
def test_no_facet_breaks_a_text(shown: str, spans: list[tuple[int, int]]) -> None:
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://exemple.fr"}
    facets = [{"index": {"byteStart": start, "byteEnd": end}, "features": [feature]} for start, end in spans]
    assert set(cut_links(shown, facets)) <= {"https://exemple.fr"}
