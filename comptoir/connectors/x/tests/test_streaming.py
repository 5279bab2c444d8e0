"""The filtered stream, against a server of our own that speaks as X documents it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from comptoir.connectors.base import AuthError, Page, PermanentError, StreamError
from comptoir.connectors.x import streaming
from comptoir.connectors.x.connector import X
from comptoir.connectors.x.rules import rule_of
from comptoir.connectors.x.tests.far_side import CREDENTIALS
from comptoir.connectors.x.tests.stream_server import OPERATIONAL, StreamServer

STREAMING = {**CREDENTIALS, "api_secret": ""}
STARTED = {"mentions": "1", "own": "1", "messages": None, "round": 1}


class ToThisMachine(httpx.HTTPTransport):
    """Whatever goes to X goes to our own server."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return super().handle_request(request)


@pytest.fixture
def server() -> Iterator[StreamServer]:
    server = StreamServer()
    yield server
    server.shutdown()
    server.server_close()
    assert server.wrong == []


@pytest.fixture
def account(server: StreamServer) -> Iterator[X]:
    with httpx.Client(transport=ToThisMachine(server.port)) as http:
        yield X(STREAMING, http, own_id="1001")


def spoken(account: X, page: Page) -> list[str]:
    return [event.external_id or "" for one in page.deliveries for event in account.parse(one)]


def opened(account: X, cursor: dict[str, object] | None = None) -> tuple[Iterator[Page], threading.Event]:
    """A stream after what it asked when it was opened."""
    stop = threading.Event()
    pages = iter(account.stream(cursor or STARTED, stop))
    assert next(pages).deliveries == ()
    return pages, stop


def test_a_post_is_told_as_it_is_said_and_read_like_any_other(account: X, server: StreamServer) -> None:
    pages, _stop = opened(account)
    post_id = server.say("Colis perdu")
    page = next(pages)
    (event,) = [event for one in page.deliveries for event in account.parse(one)]
    assert (event.external_id, event.text) == (post_id, "@maisonverte Colis perdu (1)")
    assert event.author.handle == "client2001"
    assert page.cursor["mentions"] == "1"  # polling goes over the same ground again


def test_our_rule_is_added_once_and_those_of_others_are_let_alone(account: X, server: StreamServer) -> None:
    server.rules.append({"id": "5", "value": "@oldname", "tag": "comptoir:1001"})
    opened(account)
    assert [rule["value"] for rule in server.rules] == ["cats has:images", rule_of("1001", "maisonverte")]
    server.cut()
    opened(account)
    assert len(server.rules) == 2
    assert server.asked.count("POST /2/tweets/search/stream/rules") == 2


def test_what_matched_only_rules_of_others_is_not_ours(account: X, server: StreamServer) -> None:
    pages, _stop = opened(account)
    server.say("un chat", rule="1")
    post_id = server.say()
    assert spoken(account, next(pages)) == [post_id]


def test_what_was_said_while_the_stream_was_closed_is_asked_for_when_it_opens(account: X, server: StreamServer) -> None:
    post_id = server.say()
    first = next(iter(account.stream(STARTED, threading.Event())))
    assert spoken(account, first) == [post_id]
    assert first.cursor["mentions"] == post_id


def test_what_a_stream_does_not_tell_is_asked_for_while_it_is_open(
    account: X, server: StreamServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(X, "poll_every", timedelta(seconds=0.3))
    pages, _stop = opened(account)
    next(pages)
    assert server.asked.count("GET /2/dm_events") >= 2
    assert len(server.streams) == 1


def test_stopping_is_noticed_within_two_seconds(account: X, server: StreamServer) -> None:
    server.beat_s = 60.0
    pages, stop = opened(account)
    ended = threading.Thread(target=lambda: list(pages))
    ended.start()
    stop.set()
    ended.join(2.0)
    assert not ended.is_alive()


def test_a_stream_that_is_cut_is_opened_again_after_a_moment(account: X, server: StreamServer) -> None:
    pages, _stop = opened(account)
    server.cut()
    with pytest.raises(StreamError) as cut:
        next(pages)
    assert [cut.value.backoff.pause(times).total_seconds() for times in (1, 2, 100)] == [0.25, 0.5, 16.0]


def test_a_silent_stream_is_dead_after_its_keep_alives_should_have_come(
    account: X, server: StreamServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.beat_s = 60.0
    monkeypatch.setattr(streaming, "_TIMEOUT", httpx.Timeout(5, read=0.3))
    pages, _stop = opened(account)
    with pytest.raises(StreamError, match="ReadTimeout"):
        next(pages)


def test_maintenance_ends_the_stream_with_its_reason(account: X, server: StreamServer) -> None:
    pages, _stop = opened(account)
    server.say_farewell(OPERATIONAL)
    with pytest.raises(StreamError, match="operational reasons") as ended:
        next(pages)
    assert ended.value.backoff.pause(1) == timedelta(milliseconds=250)


def test_a_failing_x_is_left_alone_twice_as_long_each_time(account: X, server: StreamServer) -> None:
    server.refusals.append((503, {"title": "Service Unavailable"}))
    with pytest.raises(StreamError) as failed:
        opened(account)
    assert [failed.value.backoff.pause(times).total_seconds() for times in (1, 2, 9)] == [5, 10, 320]


def test_a_second_stream_of_one_app_waits_for_minutes_and_says_what_to_do(account: X, server: StreamServer) -> None:
    opened(account)
    with pytest.raises(StreamError, match="an app of its own") as refused:
        opened(account)
    assert [refused.value.backoff.pause(times).total_seconds() for times in (1, 2)] == [60, 120]
    assert server.most_open == 1


def test_an_app_without_the_stream_is_told_and_the_account_stays_connected(account: X, server: StreamServer) -> None:
    server.refusals.append((403, {"title": "Client Forbidden", "reason": "client-not-enrolled", "detail": "no"}))
    with pytest.raises(PermanentError, match="the app’s plan"):
        opened(account)


def test_a_wrong_app_token_does_not_disconnect_the_account(server: StreamServer) -> None:
    with httpx.Client(transport=ToThisMachine(server.port)) as http:
        with pytest.raises(PermanentError, match="bearer token"):
            opened(X({**STREAMING, "bearer_token": "wrong"}, http, own_id="1001"))
        with pytest.raises(AuthError):
            opened(X({**STREAMING, "access_token": "wrong"}, http, own_id="1001"))


def test_a_gap_is_filled_where_the_contract_with_x_has_that(account: X, server: StreamServer) -> None:
    first = next(iter(account.stream(STARTED, threading.Event())))
    assert "backfill_minutes" not in server.streams[0]
    server.cut()
    opened(account, dict(first.cursor))
    assert server.streams[1]["backfill_minutes"] == ["5"]


def test_where_it_does_not_the_stream_opens_without_and_it_is_remembered(account: X, server: StreamServer) -> None:
    said = {"errors": [{"parameters": {"backfill_minutes": ["5"]}, "message": "backfill_minutes is not available"}]}
    server.refusals.append((400, said))
    first = next(iter(account.stream({**STARTED, "backfill": True}, threading.Event())))
    assert first.cursor["backfill"] is False
    assert "backfill_minutes" not in server.streams[0]


def test_only_the_app_token_alone_streams() -> None:
    def streams(**credentials: str) -> bool:
        return X({**STREAMING, **credentials}, httpx.Client()).streams_here()

    assert streams()
    assert not streams(bearer_token="")
    assert not streams(api_secret="hook-s3cret")  # account activity brings the same, sooner


def test_disconnecting_takes_our_rule_back(account: X, server: StreamServer) -> None:
    opened(account)
    account.revoke()
    assert [rule["id"] for rule in server.rules] == ["1"]
