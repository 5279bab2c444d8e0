"""Answering, looking up, moderating."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest

from comptoir.connectors.base import (
    Delivery,
    Outgoing,
    OutgoingFile,
    PermanentError,
    Standing,
)
from comptoir.connectors.x.tests.far_side import DATE, OUTGOING, PRIVATE, Far, _fields, x


def test_a_public_reply_names_what_it_answers() -> None:
    far = Far({"POST /2/tweets": httpx.Response(201, json={"data": {"id": "42", "text": "t"}}, headers=DATE)})
    sent = x(far).send(OUTGOING)
    assert (sent.external_id, sent.sent_at) == ("42", datetime(2026, 3, 2, 8, 15, tzinfo=UTC))
    assert far.last == {"text": OUTGOING.text, "reply": {"in_reply_to_tweet_id": "1900000000000000001"}}
    assert far.asked[0].headers["authorization"] == "Bearer user-token"


def test_pictures_are_handed_over_first_with_what_they_show() -> None:
    far = Far(
        {
            "POST /2/media/upload": {"data": {"id": "88"}},
            "POST /2/media/metadata": {"data": {"id": "88"}},
            "POST /2/tweets": httpx.Response(201, json={"data": {"id": "42", "text": "t"}}),
        }
    )
    picture = OutgoingFile("a.png", "image/png", b"abc", alt_text="Un colis")
    x(far).send(Outgoing(**{**_fields(OUTGOING), "files": (picture,)}))
    bodies = [json.loads(request.content) for request in far.asked]
    assert bodies[0] == {"media": "YWJj", "media_category": "tweet_image"}
    assert bodies[1] == {"id": "88", "metadata": {"alt_text": {"text": "Un colis"}}}
    assert bodies[2]["media"] == {"media_ids": ["88"]}


def test_a_private_reply_goes_to_the_person() -> None:
    far = Far(
        {
            "POST /2/dm_conversations/with/2002/messages": httpx.Response(
                201, json={"data": {"dm_event_id": "50", "dm_conversation_id": "1001-2002"}}
            )
        }
    )
    sent = x(far).send(PRIVATE)
    assert sent.external_id == "50"
    assert far.last == {"text": "Bonjour"}
    assert sent.custom == {"private": True, "exchange": "1001-2002"}


def test_an_answer_in_a_group_goes_to_the_group() -> None:
    far = Far({"POST /2/dm_conversations/1899/messages": {"data": {"dm_event_id": "50"}}})
    fields = {**_fields(PRIVATE), "parent_visibility": "private", "parent_custom": {"exchange": "1899"}}
    assert x(far).send(Outgoing(**fields)).external_id == "50"


def test_what_a_cut_attempt_left_is_found_by_its_words() -> None:
    ours = {
        "id": "42",
        "created_at": "2026-03-02T08:15:20.000Z",
        "text": "@lea_m Bonjour Léa, nous regardons : https://t.co/xyz",
        "referenced_posts": [{"type": "replied_to", "id": "1900000000000000001"}],
    }
    other = {**ours, "id": "41", "referenced_posts": [{"type": "replied_to", "id": "3"}]}
    far = Far({"GET /2/users/1001/tweets": {"data": [other, ours]}})
    found = x(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "42"
    assert far.asked[0].url.params["start_time"] == "2026-03-02T08:13:00Z"


def test_an_attempt_that_left_nothing_is_not_found() -> None:
    assert x(Far({"GET /2/users/1001/tweets": {"meta": {"result_count": 0}}})).find_sent(OUTGOING) is None


def test_a_direct_message_that_was_cut_is_found() -> None:
    one = {"id": "50", "sender_id": "1001", "text": "Bonjour", "created_at": "2026-03-02T08:15:01Z"}
    far = Far({"GET /2/dm_conversations/with/2002/dm_events": {"data": [{**one, "sender_id": "2002"}, one]}})
    found = x(far).find_sent(PRIVATE)
    assert found is not None
    assert found.external_id == "50"


def test_only_what_is_said_in_conversations_of_ours_can_be_hidden() -> None:
    account = x(Far({}))
    assert account.may_hide(Standing("1", "7", "2002", "5", thread_author_id="1001"))
    assert account.may_hide(Standing("1", "7", "2002", "1", custom={"answered": "1001"}))
    assert not account.may_hide(Standing("1", "7", "2002", "5", custom={"answered": "1001"}))  # who began it: unknown
    assert not account.may_hide(Standing("1", "7", "2002", "1", thread_author_id="3003"))
    assert not account.may_hide(Standing("1", "1", "1001", thread_author_id="1001"))


def test_a_post_says_who_began_its_conversation_where_it_knows() -> None:
    root = {"id": "1", "author_id": "1001", "text": "a", "conversation_id": "1"}
    reply = {"id": "7", "author_id": "2002", "text": "b", "conversation_id": "1", "in_reply_to_user_id": "1001",
             "referenced_tweets": [{"type": "replied_to", "id": "1"}]}  # fmt: skip
    beside = {"data": [reply], "includes": {"tweets": [root]}}
    events = x(Far({})).parse(Delivery(json.dumps(beside).encode()))
    assert [(event.external_id, event.thread_author_id) for event in events] == [("7", "1001"), ("1", "1001")]
    (alone,) = x(Far({})).parse(Delivery(json.dumps({"data": [reply]}).encode()))
    assert (alone.thread_author_id, alone.custom) == (None, {"answered": "1001"})


def test_hiding_liking_and_deleting_use_their_own_calls() -> None:
    far = Far(
        {
            "PUT /2/tweets/7/hidden": {"data": {"hidden": True}},
            "POST /2/users/1001/likes": {"data": {"liked": True}},
            "DELETE /2/users/1001/likes/7": {"data": {"liked": False}},
            "DELETE /2/tweets/7": httpx.Response(404, json={"title": "Not Found Error"}),
            "DELETE /2/dm_events/8": {"data": {"deleted": True}},
        }
    )
    x(far).hide("7", thread_id="1")
    assert far.last == {"hidden": True}
    x(far).like("7", {})
    assert far.last == {"tweet_id": "7"}
    x(far).unlike("7", {})
    x(far).delete("7", {})  # gone already
    x(far).delete("8", {"private": True})
    assert len(far.asked) == 5


def test_an_id_that_is_none_of_x_never_reaches_an_address() -> None:
    with pytest.raises(PermanentError, match="not an id"):
        x(Far({})).delete("../users/1001", {})
