"""The queue, its gaps, the stream, the history."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Page,
    PermanentError,
    TransientError,
)
from comptoir.connectors.zulip.tests.far_side import NOW, Server, refusal


def heard(server: Server, pages: Iterator[Page] | list[Page]) -> list[str]:
    connector = server.connector()
    found = [connector.parse(delivery) for page in pages for delivery in page.deliveries]
    return [event.external_id or event.event for events in found for event in events]


def test_the_first_round_hears_nothing_and_the_next_what_is_new(server: Server) -> None:
    server.says("avant")
    pages = list(server.connector().poll({}))
    assert heard(server, pages) == []
    assert pages[-1].cursor == {"newest": 100, "queue": "queue-1", "last": -1}
    server.says("après")
    pages = list(server.connector().poll(pages[-1].cursor))
    assert heard(server, pages) == ["101"]
    assert list(server.connector().poll(pages[-1].cursor)) == []


def test_a_queue_that_is_gone_is_replaced_and_nothing_is_missed(server: Server) -> None:
    [page] = server.connector().poll({})
    for number in range(3):
        server.says(f"pendant {number}")
    server.queue = None
    pages = list(server.connector().poll(page.cursor))
    assert heard(server, pages) == ["100", "101", "102"]
    assert pages[-1].cursor == {"newest": 102, "queue": "queue-2", "last": -1}
    assert all("queue" not in page.cursor for page in pages[:-1])  # a crash in between begins the gap again


def test_a_long_gap_comes_in_pages(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.listening._MISSED_PAGE", 2)
    [page] = server.connector().poll({})
    for _number in range(5):
        server.says("pendant")
    server.queue = None
    assert heard(server, server.connector().poll(page.cursor)) == ["100", "101", "102", "103", "104"]


def test_heartbeats_are_not_stored(server: Server) -> None:
    [page] = server.connector().poll({})
    server.events.append({"id": 4, "type": "heartbeat"})
    [beat] = server.connector().poll(page.cursor)
    assert (beat.deliveries, beat.cursor["last"]) == ([], 4)


def test_a_stream_goes_on_in_the_queue_of_the_poll_and_ends_when_told(server: Server) -> None:
    [page] = server.connector().poll({})
    server.says("un")
    stop = threading.Event()
    pages = server.connector().stream(page.cursor, stop)
    assert heard(server, [next(pages)]) == ["100"]
    stop.set()
    assert list(pages) == []
    assert server.queues == 1


def test_a_stream_outlives_its_queue(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.connector._PAUSE_S", 0.0)
    [page] = server.connector().poll({})
    pages = server.connector().stream(page.cursor, threading.Event())
    server.says("un")
    first = next(pages)
    server.queue = None
    server.says("deux")
    assert heard(server, [first, next(pages)]) == ["100", "101"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal("Invalid API key", "INVALID_API_KEY", status=401), AuthError),
        (refusal("Account is deactivated", "USER_DEACTIVATED", status=403), AuthError),
        (httpx.Response(429, json={"msg": "Slow"}, headers={"retry-after": "28.7"}), TransientError),
        (httpx.Response(502, text="<html>"), TransientError),
        (httpx.ConnectError("no"), TransientError),
        (refusal("Nope"), PermanentError),
    ],
)
def test_what_goes_wrong_says_what_may_be_done(server: Server, answer: Any, error: type[Exception]) -> None:
    server.failing = answer
    with pytest.raises(error):
        list(server.connector().poll({}))


def test_history_is_read_newest_first_as_far_as_wanted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.listening._HISTORY_PAGE", 2)
    for days in (70, 60, 50, 40, 20, 10, 5, 1):
        server.says("alors", at=NOW - timedelta(days=days))
    pages = list(server.connector().history(NOW - timedelta(days=30), {}))
    assert [heard(server, [page]) for page in pages] == [["106", "107"], ["104", "105"], []]
    again = list(server.connector().history(NOW - timedelta(days=30), pages[0].cursor))
    assert heard(server, again) == ["104", "105"]
    assert list(Server().connector().history(NOW, {})) == []
