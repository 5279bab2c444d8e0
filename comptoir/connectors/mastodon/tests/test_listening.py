"""Polling, the stream, the history."""

from __future__ import annotations

import itertools
import json
import threading
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    EventKind,
)
from comptoir.connectors.mastodon.connector import Mastodon
from comptoir.connectors.mastodon.tests.far_side import CREDENTIALS, POSTED, Far, mastodon, note, own


def spoken(connector: Mastodon, pages: Any) -> list[tuple[Any, ...]]:
    events = [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]
    return [(event.event, event.external_id, event.thread_id, bool(event.custom.get("context"))) for event in events]


def test_polling_goes_on_where_it_left_off_and_brings_what_stands_above() -> None:
    def notifications(request: httpx.Request) -> Any:
        return {"": [note("5")], "5": [note("7"), note("6", in_reply_to_id=None)]}.get(
            request.url.params.get("min_id", ""), []
        )

    root = {**POSTED, "id": "r", "account": {"id": "3", "acct": "tom"}, "in_reply_to_id": None, "visibility": "public"}
    far = Far(notifications=notifications, context={"ancestors": [root]}, accounts__1__statuses=[])
    connector = mastodon(far)
    first = list(connector.poll({}))
    assert spoken(connector, first) == [("comment", "s5", "r", False), ("post", "r", "r", True)]
    second = list(connector.poll(json.loads(json.dumps(first[-1].cursor))))
    assert [line[1] for line in spoken(connector, second)] == ["s6", "s7", "r"]
    assert second[-1].cursor["notification"] == "7"


def test_answers_given_in_another_app_are_noticed() -> None:
    answer = own("90", in_reply_to_account_id="2")
    far = Far(notifications=[], accounts__1__statuses=[answer, own("91", in_reply_to_id=None, mentions=[])])
    connector = mastodon(far)
    events = [event for page in connector.poll({}) for one in page.deliveries for event in connector.parse(one)]
    assert [(event.direction, event.external_id) for event in events] == [("outgoing", "90")]
    assert events[0].counterpart == Author("2", "lea@ailleurs.example")


def test_posts_under_a_hashtag_come_in_but_ours_do_not() -> None:
    theirs = {**POSTED, "id": "h1", "account": {"id": "9"}, "in_reply_to_id": None}
    far = Far(notifications=[], timelines__tag__marque=[theirs, POSTED], accounts__1__statuses=[])
    connector = mastodon(far, {**CREDENTIALS, "hashtags": "#marque"})
    assert [line[1] for line in spoken(connector, connector.poll({}))] == ["h1"]


def test_edits_are_noticed_and_only_what_is_missing_twice_is_gone() -> None:
    there = {**POSTED, "id": "a", "edited_at": "2026-03-02T09:00:00.000Z"}
    far = Far(notifications=[], api__v1__statuses=[there], accounts__1__statuses=[])
    connector = mastodon(far)
    cursor: dict[str, Any] = {"round": 9, "notification": "5", "own": "1", "watched": {"a": "", "b": ""}}
    told: list[list[tuple[EventKind, str | None]]] = []
    for _round in range(3):
        pages = list(connector.poll(cursor))
        events = [event for page in pages for one in page.deliveries for event in connector.parse(one)]
        told.append([(event.event, event.target_id) for event in events])
        cursor = {"round": 19, **({} if not pages else pages[-1].cursor)}
    assert told == [[(EventKind.EDIT, "a")], [(EventKind.DELETE, "b")], []]


def test_history_goes_back_to_the_day_and_can_be_taken_up_again() -> None:
    old = {**note("3"), "created_at": "2025-01-01T00:00:00.000Z"}

    def notifications(request: httpx.Request) -> Any:
        return [note("5")] if "max_id" not in request.url.params else [note("4"), old]

    connector = mastodon(Far(notifications=notifications))
    since = datetime(2026, 1, 1, tzinfo=UTC)
    pages = list(connector.history(since, {}))
    assert [line[1] for line in spoken(connector, pages)] == ["s5", "s4"]
    assert [line[1] for line in spoken(connector, connector.history(since, pages[0].cursor))] == ["s4"]


STREAM = (
    ":)\n\nevent: notification\ndata: " + json.dumps(note("8"), separators=(",", ":")) + "\n\n:thump\n\n"
    'event: update\ndata: {"id":"x","account":{"id":"9"},"content":"","visibility":"public"}\n\n'
    "event: delete\ndata: 123\n\n"
)


def test_the_stream_tells_what_is_said_to_us_but_not_what_others_post() -> None:
    stop = threading.Event()
    stream = httpx.Response(200, text=STREAM, headers={"content-type": "text/event-stream"})
    far = Far(streaming__user=stream, notifications=[])
    limits = json.dumps({"streaming": "wss://streaming.example.org"})
    connector = mastodon(far, {**CREDENTIALS, "server_limits": limits})
    pages = []
    for page in connector.stream({"notification": "5"}, stop):
        pages.append(page)
        if len(pages) == 2:
            stop.set()
    assert [line[0] for line in spoken(connector, pages)] == ["comment", "delete"]
    assert pages[0].cursor == {"notification": "5"}
    assert far.asked[0].url.host == "streaming.example.org"


def test_what_is_said_while_the_stream_opens_is_not_missed() -> None:
    stream = httpx.Response(200, text=STREAM, headers={"content-type": "text/event-stream"})
    said = {"5": [note("6", in_reply_to_id=None)]}
    far = Far(streaming__user=stream, notifications=lambda request: said.get(request.url.params["min_id"], []))
    connector = mastodon(far)
    first, second = itertools.islice(connector.stream({"notification": "5"}, threading.Event()), 2)
    assert [line[1] for line in spoken(connector, [first])] == ["s6"]
    assert (first.cursor["notification"], second.cursor["notification"]) == ("6", "6")


def test_the_first_word_to_an_account_that_nobody_had_spoken_to_is_new() -> None:
    (page,) = mastodon(Far(notifications=[], accounts__1__statuses=[])).poll({})
    assert page.cursor["notification"] == "0"
    many = {"0": [note("2"), note("1")]}
    far = Far(notifications=lambda request: many.get(request.url.params["min_id"], []), accounts__1__statuses=[])
    assert next(mastodon(far).poll(page.cursor)).cursor["notification"] == "2"


def test_a_server_without_such_a_stream_is_only_polled() -> None:
    software = json.dumps({"software": "https://codeberg.org/superseriousbusiness/gotosocial"})
    assert not mastodon(Far(), {**CREDENTIALS, "server_limits": software}).streams_here()
    assert mastodon(Far()).streams_here()
    assert list(mastodon(Far()).stream({}, threading.Event())) == []


def test_a_stream_that_refuses_the_token_disconnects() -> None:
    with pytest.raises(AuthError):
        list(mastodon(Far(streaming__user=httpx.Response(401))).stream({}, threading.Event()))
