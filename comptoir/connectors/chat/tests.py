from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.base import Author, Delivery, EventKind, Outgoing, PayloadError
from comptoir.connectors.chat.connector import Chat

VISITOR = {"id": "v-1", "name": "Léa"}


def unreachable(request: httpx.Request) -> httpx.Response:
    raise AssertionError("the chat calls nobody")


def chat() -> Chat:
    return Chat({}, httpx.Client(transport=httpx.MockTransport(unreachable)))


def parse(content: Any) -> list[Any]:
    return chat().parse(Delivery(body=json.dumps(content).encode()))


def test_two_visitors_may_choose_the_same_id() -> None:
    posts = [
        {"visitor": {"id": visitor}, "events": [{"type": "message", "id": "1", "text": "a"}]} for visitor in ("a", "b")
    ]
    first, second = (parse(post)[0] for post in posts)
    assert first.external_id != second.external_id


def test_edit_reaches_only_messages_of_the_same_visitor() -> None:
    event = parse({"visitor": {"id": "b"}, "events": [{"type": "edit", "target_id": "a:1", "text": "mine now"}]})[0]
    assert event.target_id == "b:a:1"


def test_verified_is_kept_with_the_message() -> None:
    message = {"type": "message", "id": "1", "text": "a"}
    event = parse({"visitor": {**VISITOR, "is_verified": True, "host_id": "42"}, "events": [message]})[0]
    assert event.custom == {"is_verified": True, "host_id": "42"}


def test_address_left_after_hours_is_kept_with_the_message() -> None:
    message = {"type": "message", "id": "1", "text": "a", "email": "lea@example.org", "after_hours": True}
    event = parse({"visitor": VISITOR, "events": [message]})[0]
    assert event.custom == {"is_verified": False, "email": "lea@example.org", "is_after_hours": True}


def test_file_comes_with_its_bytes() -> None:
    message = {"type": "message", "id": "1", "files": [{"name": "a.txt", "content_base64": "YWJj"}]}
    (attachment,) = parse({"visitor": VISITOR, "events": [message]})[0].attachments
    assert (attachment.content, attachment.size_bytes, attachment.kind) == (b"abc", 3, "file")


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        {"events": []},
        {"events": "x"},
        {"events": [{"id": "1", "text": " "}]},
        {"events": [{"text": "no id"}]},
        {"events": [{"id": "x" * 201, "text": "a"}]},
        {"events": [{"id": "1", "text": "a", "sent_at": "soon"}]},
        {"events": [{"id": "1", "text": "a", "sent_at": 1e300}]},
        {"events": [{"id": "1", "files": [{"content_base64": "é"}]}]},
        {"events": [{"type": "read", "target_ids": "k"}]},
        {"events": [{"type": "read", "target_ids": [3]}]},
        {"visitor": "v", "events": [{"id": "1", "text": "a"}]},
    ],
)
def test_unreadable_post_is_a_payload_error(content: object) -> None:
    with pytest.raises(PayloadError):
        parse(content)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
one_event = st.dictionaries(
    st.sampled_from(["id", "text", "sent_at", "files", "email", "name", "target_id", "target_ids"]), json_values
).flatmap(
    lambda fields: st.sampled_from(["message", "edit", "delete", "read", "delivered", "typing", "identify"]).map(
        lambda kind: {**fields, "type": kind}
    )
)


@given(st.fixed_dictionaries({"events": st.lists(one_event)}, optional={"visitor": json_values, "page": json_values}))
def test_whatever_comes_is_read_or_refused(content: object) -> None:
    try:
        events = parse(content)
    except PayloadError:
        return
    for event in events:
        assert isinstance(event.event, EventKind)
        (event.text or "").encode()


def test_reply_is_acknowledged_under_its_key() -> None:
    outgoing = Outgoing(
        key="k-1", queued_at=datetime(2026, 3, 2, tzinfo=UTC), text="a", visibility="private", recipient=Author(id="v")
    )
    assert chat().send(outgoing).external_id == chat().reserve_external_id(outgoing) == "k-1"
    assert Chat.resends_safely
