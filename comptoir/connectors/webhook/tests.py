from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PayloadError,
    PermanentError,
    SignatureError,
    TransientError,
)
from comptoir.connectors.webhook.connector import Webhook
from comptoir.connectors.webhook.signing import check_signature, signature

CREDENTIALS = {"secret": "s3cret", "outgoing_url": "https://other.example/in"}
OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Bonjour Léa",
    visibility="private",
    recipient=Author(id="c-7", handle="@lea", name="Léa"),
    thread_id="t-1",
    parent_custom={"ticket": 7},
    files=(OutgoingFile(name="a.txt", mime_type="text/plain", content=b"abc"),),
)


def webhook(answer: Any = None, credentials: dict[str, str] | None = None) -> Webhook:
    transport = httpx.MockTransport(answer or (lambda request: httpx.Response(200)))
    return Webhook(CREDENTIALS if credentials is None else credentials, httpx.Client(transport=transport))


def posted(header: str, body: bytes) -> HookRequest:
    return HookRequest("POST", "https://counter.example/hooks/webhook/key/", {}, {"x-comptoir-signature": header}, body)


def parse(content: Any) -> list[Any]:
    return webhook().parse(Delivery(body=json.dumps(content).encode()))


# --- in -----------------------------------------------------------------------------------------------------------


def test_signature_of_the_body_is_accepted() -> None:
    header = signature("s3cret", stamp="1772439300", body=b'{"a":1}')
    webhook().verify(posted(header, b'{"a":1}'))


@pytest.mark.parametrize(
    "header",
    ["", "v1=00", "t=1772439300", "t=x,v1=00", "t=1,v1=é", "t=1,t=2,v1=00", signature("other", stamp="1", body=b"{}")],
)
def test_anything_else_is_refused(header: str) -> None:
    with pytest.raises(SignatureError):
        webhook().verify(posted(header, b"{}"))


def test_signature_of_another_instant_is_refused() -> None:
    forged = signature("s3cret", stamp="1", body=b"{}").replace("t=1", "t=2")
    with pytest.raises(SignatureError):
        check_signature("s3cret", forged, b"{}")


def test_no_secret_verifies_nothing() -> None:
    with pytest.raises(SignatureError, match="no signing secret"):
        check_signature("", signature("", stamp="1", body=b"{}"), b"{}")


def test_second_signature_is_accepted_while_a_secret_changes() -> None:
    old, new = (signature(secret, stamp="1", body=b"{}") for secret in ("old", "s3cret"))
    check_signature("s3cret", f"{old},{new.partition(',')[2]}", b"{}")


@given(st.integers())
def test_whole_numbers_keep_every_digit(number: int) -> None:
    if abs(number) < 10**400:
        event = parse({"external_id": number, "text": "x"})[0]
        assert event.external_id == str(number)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_every_way_to_write_an_instant_is_the_same_instant(moment: datetime) -> None:
    microseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    ways: list[object] = [moment.isoformat(), microseconds, str(microseconds)]
    if moment.microsecond % 1000 == 0:
        ways.append(microseconds // 1000)
    if moment.microsecond == 0:
        ways.append(microseconds // 1_000_000)
    if abs(microseconds) > 10**14:
        read = [parse({"external_id": "1", "sent_at": way})[0].sent_at for way in ways]
        assert read == [moment] * len(ways)


def test_instant_without_offset_is_universal_time() -> None:
    assert parse({"external_id": "1", "sent_at": "2026-03-02T08:15:00"})[0].sent_at == datetime(
        2026, 3, 2, 8, 15, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"external_id": True}, "external_id"),
        ({"external_id": 1.5}, "external_id"),
        ({"external_id": "x" * 501}, "external_id"),
        ({"text": "no id"}, "external_id"),
        ({"event": "edit"}, "target_id"),
        ({"event": "dance"}, "event"),
        ({"event": "error", "reason": "ours to say"}, "event"),
        ({"external_id": "1", "text": 3}, "text"),
        ({"external_id": "1", "sent_at": "yesterday"}, "sent_at"),
        ({"external_id": "1", "sent_at": 10**30}, "sent_at"),
        ({"external_id": "1", "author": "Léa"}, "author"),
        ({"external_id": "1", "author": {"id": []}}, "author.id"),
        ({"external_id": "1", "attachments": [{"kind": "image"}]}, "attachments[0].url"),
        ({"external_id": "1", "attachments": [{"url": "file:///etc/passwd"}]}, "attachments[0].url"),
        ({"external_id": "1", "rating": {"best": 5}}, "rating.value"),
        ({"external_id": "1", "url": "javascript:alert(1)"}, "url"),
        ({"external_id": "1", "custom": {"a": "x" * 5000}}, "custom"),
        ({"events": {"external_id": "1"}}, "events"),
        ({"events": [{"external_id": "1", "visibility": "secret"}]}, "events[0].visibility"),
    ],
)
def test_wrong_field_is_named(content: object, named: str) -> None:
    with pytest.raises(PayloadError) as raised:
        parse(content)
    assert f"“{named}”" in str(raised.value)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1", b"\xff\xfe\xfa", b"NaN", b'{"external_id": Infinity}', b"[" * 100_000, b"3", b'"x"']
)
def test_unreadable_body_is_a_payload_error(body: bytes) -> None:
    with pytest.raises(PayloadError):
        webhook().parse(Delivery(body=body))


def test_empty_list_of_events_is_nothing() -> None:
    assert parse({"events": []}) == []


def test_nul_and_lone_surrogates_do_not_reach_the_database() -> None:
    written = {"a\x00": ["\ud800\x00", 1.5]}
    event = parse({"external_id": "1\x00", "text": "a\x00b\ud800", "custom": written})[0]
    assert (event.external_id, event.text, event.custom) == ("1", "ab?", {"a": ["?", 1.5]})


def test_own_author_makes_it_outgoing() -> None:
    connector = webhook(credentials={**CREDENTIALS, "own_id": "shop"})
    body = json.dumps({"external_id": "1", "author": {"id": "shop"}}).encode()
    assert connector.parse(Delivery(body=body))[0].direction == "outgoing"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
known_names = st.sampled_from(
    ["event", "external_id", "author", "text", "attachments", "rating", "sent_at", "custom", "related_ids", "events"]
)


@given(st.dictionaries(known_names, json_values) | json_values | st.lists(st.dictionaries(known_names, json_values)))
def test_whatever_comes_is_read_or_refused(content: object) -> None:
    try:
        events = parse(content)
    except PayloadError:
        return
    for event in events:
        assert isinstance(event.event, EventKind)
        json.dumps(dict(event.custom)).encode()
        (event.text or "").encode()


# --- out ----------------------------------------------------------------------------------------------------------


def test_reply_is_posted_signed_and_the_same_at_every_attempt() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(201, json={"external_id": 9007199254740993, "sent_at": 1772439301})

    connector = webhook(answer)
    sent = [connector.send(OUTGOING) for _attempt in range(2)]
    assert sent[0] == sent[1]
    assert sent[0].external_id == "9007199254740993"
    assert sent[0].sent_at == datetime(2026, 3, 2, 8, 15, 1, tzinfo=UTC)
    first, second = requests
    assert first.content == second.content
    assert first.headers["Idempotency-Key"] == OUTGOING.key
    check_signature("s3cret", first.headers["X-Comptoir-Signature"], first.content)
    posted = json.loads(first.content)
    assert posted["text"] == "Bonjour Léa"
    assert posted["recipient"]["id"] == "c-7"
    assert posted["custom"] == {"ticket": 7}
    assert posted["attachments"][0]["content_base64"] == "YWJj"


@pytest.mark.parametrize("body", [b"", b"ok", b'{"external_id": ', b"[]", b'{"external_id": true}'])
def test_answer_that_says_nothing_leaves_our_key(body: bytes) -> None:
    connector = webhook(lambda request: httpx.Response(200, content=body))
    assert connector.send(OUTGOING).external_id == connector.reserve_external_id(OUTGOING) == OUTGOING.key


@pytest.mark.parametrize(
    ("status", "error"),
    [(301, PermanentError), (400, PermanentError), (401, AuthError), (403, AuthError), (404, PermanentError)]
    + [(status, TransientError) for status in (408, 425, 429, 500, 502, 503, 504)],
)
def test_refusals_are_told_apart(status: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=str(status)):
        webhook(lambda request: httpx.Response(status, text="<b>no</b>")).send(OUTGOING)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "Mon, 02 Mar 2026 08:17:00 GMT", "Date": "Mon, 02 Mar 2026 08:15:00 GMT"}, 120),
        ({"Retry-After": "Mon, 02 Mar 2026 08:10:00 GMT", "Date": "Mon, 02 Mar 2026 08:15:00 GMT"}, 0),
        ({"Retry-After": "Mon, 02 Mar 2026 08:17:00 GMT"}, math.nan),
        ({"Retry-After": "soon"}, math.nan),
        ({"Retry-After": "9" * 30}, 86400),
        ({}, math.nan),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float) -> None:
    with pytest.raises(TransientError) as raised:
        webhook(lambda request: httpx.Response(503, headers=headers)).send(OUTGOING)
    assert raised.value.retry_after == (None if math.isnan(seconds) else timedelta(seconds=seconds))


def test_an_address_where_nothing_answers_is_named() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(TransientError, match=r"Nothing answers at https?://"):
        webhook(refuse).send(OUTGOING)


@pytest.mark.parametrize("cut", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
def test_cut_connection_may_be_tried_again(cut: type[httpx.TransportError]) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise cut("cut")

    assert Webhook.resends_safely
    with pytest.raises(TransientError):
        webhook(answer).send(OUTGOING)


def test_account_without_an_outgoing_address_says_so() -> None:
    connector = webhook(credentials={"secret": "s"})
    assert not connector.sends_here()
    with pytest.raises(PermanentError, match="no outgoing address"):
        connector.send(OUTGOING)
    assert connector.check().remarks


def test_check_posts_a_signed_ping() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    webhook(answer).check()
    check_signature("s3cret", seen[0].headers["X-Comptoir-Signature"], seen[0].content)
    assert json.loads(seen[0].content) == {"event": "ping"}


def test_check_tells_that_the_secret_is_refused() -> None:
    with pytest.raises(AuthError):
        webhook(lambda request: httpx.Response(401)).check()


def test_a_picture_that_has_no_address_is_left_out_and_the_message_kept() -> None:
    (read,) = webhook().parse(
        Delivery(
            json.dumps({"external_id": "1", "text": "Bonjour", "author": {"id": "7", "avatar_url": "moi.png"}}).encode()
        )
    )
    assert (read.text, read.author.id, read.author.avatar_url) == ("Bonjour", "7", None)
