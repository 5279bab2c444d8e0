"""Asking X what is new, and what was said before."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from comptoir.connectors.x.tests.far_side import Far, x


def test_polling_asks_since_the_newest_id_and_follows_pages() -> None:
    first = {"data": [{"id": "30", "text": "b"}], "meta": {"newest_id": "30", "next_token": "n"}}
    second = {"data": [{"id": "25", "text": "a"}], "meta": {"newest_id": "25"}}
    far = Far(
        {
            "GET /2/users/1001/mentions": [first, second],
            "GET /2/dm_events": {"data": [{"id": "7", "event_type": "MessageCreate"}], "meta": {"next_token": "m"}},
        }
    )
    pages = list(x(far).poll({"mentions": "20", "messages": "7", "round": 1}))
    assert [request.url.params.get("since_id") for request in far.asked] == ["20", "20", None]
    assert [len(page.deliveries) for page in pages] == [1, 1, 0]
    assert pages[0].cursor["mentions"] == "20"  # the first page is stored, the second is not yet
    assert pages[-1].cursor == {"mentions": "30", "messages": "7", "round": 2}


def test_ids_of_nineteen_digits_are_told_apart() -> None:
    page = {"data": [{"id": "1900000000000000002", "text": "b"}], "meta": {"newest_id": "1900000000000000002"}}
    told = {"data": [{"id": f"190000000000000000{last}", "event_type": "MessageCreate"} for last in "87"]}
    far = Far({"GET /2/users/1001/mentions": page, "GET /2/dm_events": told})
    before = {"mentions": "1900000000000000001", "messages": "1900000000000000007", "round": 1}
    cursor = list(x(far).poll(before))[-1].cursor
    assert (cursor["mentions"], cursor["messages"]) == ("1900000000000000002", "1900000000000000008")


def test_the_first_round_only_notes_what_is_newest() -> None:
    page = {"data": [{"id": "30", "text": "b"}], "meta": {"newest_id": "30", "next_token": "n"}}
    far = Far(
        {
            "GET /2/users/1001/mentions": page,
            "GET /2/users/1001/tweets": page,
            "GET /2/dm_events": {"data": [{"id": "9", "event_type": "MessageCreate"}], "meta": {"next_token": "m"}},
        }
    )
    pages = list(x(far).poll({}))
    assert pages[-1].cursor == {"mentions": "30", "own": "30", "messages": "9", "round": 1}
    assert [page.deliveries for page in pages] == [()]
    assert len(far.asked) == 3


def test_the_first_mention_of_all_is_not_taken_for_history() -> None:
    page = {"data": [{"id": "30", "text": "b"}], "meta": {"newest_id": "30"}}
    far = Far({"GET /2/users/1001/mentions": [{"meta": {"result_count": 0}}, page], "GET /2/dm_events": {}})
    cursor = list(x(far).poll({"round": 1}))[-1].cursor
    assert [len(page.deliveries) for page in x(far).poll(cursor)] == [1, 0]


def test_an_account_without_direct_messages_is_still_polled() -> None:
    refused = httpx.Response(403, json={"title": "Forbidden", "detail": "Forbidden"})
    far = Far({"GET /2/users/1001/mentions": {"meta": {"result_count": 0}}, "GET /2/dm_events": refused})
    assert [page.cursor["round"] for page in x(far).poll({"mentions": "20", "round": 1})] == [2]


def test_history_goes_on_where_it_was_left() -> None:
    far = Far(
        {
            "GET /2/users/1001/mentions": {"data": [{"id": "5", "text": "a"}], "meta": {}},
            "GET /2/dm_events": {"meta": {}},
        }
    )
    since = datetime(2026, 2, 1, tzinfo=UTC)
    pages = list(x(far).history(since, {"step": "mentions", "token": "t2"}))
    assert far.asked[0].url.params["pagination_token"] == "t2"
    assert far.asked[0].url.params["start_time"] == "2026-02-01T00:00:00Z"
    assert pages[-1].cursor == {"done": ["mentions", "messages"]}


def test_a_stored_page_is_read_again_by_parse() -> None:
    page = {"data": [{"id": "30", "text": "1 &lt; 2", "author_id": "2002"}], "meta": {"newest_id": "30"}}
    far = Far({"GET /2/users/1001/mentions": page, "GET /2/dm_events": {}})
    delivery = next(iter(x(far).poll({"mentions": "20", "round": 1}))).deliveries[0]
    assert [event.text for event in x(far).parse(delivery)] == ["1 < 2"]
