"""Asking what is new: nothing skipped, whatever ends the round."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptoir.connectors.base import Delivery, EventKind, PermanentError
from comptoir.connectors.bluesky.connector import Bluesky
from tests.connectors.bluesky.fake_server import BRAND, CUSTOMER, FakeServer, error

POST = "app.bsky.feed.post"


class Timeline(FakeServer):
    """Notifications one minute apart, the youngest first, by pages."""

    def __init__(self, count: int = 0, **answers: Any) -> None:
        given = {"listNotifications": self._page, "getPosts": self._posts, "getAuthorFeed": {"feed": []}}
        super().__init__(**{**given, **answers})
        self.count = count
        self.gone: set[str] = set()

    def _page(self, request: httpx.Request) -> httpx.Response:
        before = int(request.url.params.get("cursor", self.count))
        limit = int(request.url.params["limit"])
        numbers = list(range(before - 1, max(before - 1 - limit, -1), -1))
        page: dict[str, Any] = {"notifications": [notification(number) for number in numbers]}
        if numbers and numbers[-1] > 0:
            page["cursor"] = str(numbers[-1])
        return httpx.Response(200, json=page)

    def _posts(self, request: httpx.Request) -> httpx.Response:
        uris = request.url.params.get_list("uris")
        return httpx.Response(200, json={"posts": [{"uri": uri} for uri in uris if uri not in self.gone]})


#: The cursor of a round that is not the first.
LATER = {"round": 1}


def uri_of(number: int) -> str:
    return f"at://{CUSTOMER}/{POST}/{number}"


def notification(number: int) -> dict[str, Any]:
    at = f"2026-07-{1 + number // 1440:02}T{number // 60 % 24:02}:{number % 60:02}:00.000Z"
    record = {"$type": POST, "text": str(number), "createdAt": at}
    author = {"did": CUSTOMER, "handle": "camille.example"}
    return {
        "uri": uri_of(number),
        "cid": "bafy",
        "author": author,
        "reason": "mention",
        "record": record,
        "indexedAt": at,
    }


def said(connector: Bluesky, deliveries: Sequence[Delivery]) -> list[str]:
    events = [event for delivery in deliveries for event in connector.parse(delivery)]
    return [event.text or "" for event in events if event.event is EventKind.POST]


def a_round(server: FakeServer, cursor: dict[str, Any], **credentials: str) -> tuple[list[Delivery], dict[str, Any]]:
    deliveries: list[Delivery] = []
    for page in server.connector(**credentials).poll(cursor):
        deliveries += page.deliveries
        cursor = json.loads(json.dumps(page.cursor))
    return deliveries, cursor


def test_the_first_round_only_notes_what_stands_there() -> None:
    server = Timeline(250)
    deliveries, cursor = a_round(server, {})
    assert deliveries == []
    server.count = 252
    assert said(server.connector(), a_round(server, cursor)[0]) == ["250", "251"]


def test_the_first_word_to_an_account_that_nobody_had_spoken_to_is_new() -> None:
    server = Timeline(0)
    _, cursor = a_round(server, {})
    server.count = 1
    assert said(server.connector(), a_round(server, cursor)[0]) == ["0"]


def test_a_round_tells_the_oldest_first() -> None:
    server = Timeline(30)
    assert said(server.connector(), a_round(server, LATER)[0]) == [str(number) for number in range(30)]


def test_the_next_round_brings_only_what_is_new() -> None:
    server = Timeline(120)
    _, cursor = a_round(server, {})
    server.count = 123
    deliveries, cursor = a_round(server, cursor)
    assert said(server.connector(), deliveries) == ["120", "121", "122"]
    assert a_round(server, cursor)[0] == []


def test_a_notification_dated_before_others_already_read_is_not_missed() -> None:
    server = Timeline(120)
    _, cursor = a_round(server, {})
    late = {**notification(116), "uri": uri_of(999), "record": {**notification(116)["record"], "text": "tard"}}
    page = {"notifications": [notification(119), notification(118), late, notification(117)]}
    server.answers["listNotifications"] = page
    assert said(server.connector(), a_round(server, cursor)[0]) == ["tard"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 450), st.integers(1, 6)), min_size=1, max_size=5))
def test_no_crash_between_two_pages_skips_a_notification(rounds: list[tuple[int, int]]) -> None:
    server = Timeline(50)
    heard: set[str] = set()
    cursor: dict[str, Any] = {}
    _nothing, cursor = a_round(server, cursor)
    for more, pages_before_crash in rounds:
        server.count += more
        for page in islice(server.connector().poll(cursor), pages_before_crash):
            heard |= set(said(server.connector(), page.deliveries))
            cursor = json.loads(json.dumps(page.cursor))
    for _ in range(2):
        last, cursor = a_round(server, cursor)
        heard |= set(said(server.connector(), last))
    assert heard == {str(number) for number in range(50, server.count)}


def test_the_same_page_has_the_same_key() -> None:
    first, second = (a_round(Timeline(5), LATER)[0] for _ in range(2))
    assert [delivery.key for delivery in first] == [delivery.key for delivery in second]


def test_what_is_answered_to_comes_along() -> None:
    ours = f"at://{BRAND}/{POST}/3z"
    reply = notification(1)
    reply["record"]["reply"] = {"root": {"uri": ours}, "parent": {"uri": ours}}
    post = {"uri": ours, "author": {"did": BRAND}, "record": {"$type": POST, "text": "La nôtre"}}
    server = Timeline(listNotifications={"notifications": [reply]}, getPosts={"posts": [post]})
    deliveries, _ = a_round(server, LATER)
    context = server.connector().parse(deliveries[1])
    assert [(event.external_id, event.direction, event.custom["context"]) for event in context] == [
        (ours, "outgoing", True)
    ]


def test_missing_context_does_not_hold_up_what_was_said() -> None:
    reply = notification(1)
    reply["record"]["reply"] = {"root": {"uri": uri_of(7)}, "parent": {"uri": uri_of(7)}}
    server = Timeline(listNotifications={"notifications": [reply]}, getPosts=error(502, "UpstreamFailure"))
    assert len(a_round(server, LATER)[0]) == 1


def test_a_post_missing_twice_is_told_as_deleted_once() -> None:
    server = Timeline(3)
    _, cursor = a_round(server, {})
    server.gone = {uri_of(1)}
    deleted = []
    for _ in range(25):
        deliveries, cursor = a_round(server, cursor)
        deleted += [event.target_id for each in deliveries for event in server.connector().parse(each)]
    assert deleted == [uri_of(1)]


def test_a_post_missing_for_a_moment_is_not_told_as_deleted() -> None:
    server = Timeline(3)
    _, cursor = a_round(server, {})
    server.gone = {uri_of(1)}
    for _ in range(9):
        _, cursor = a_round(server, cursor)
    assert cursor["missing"] == [uri_of(1)]
    server.gone = set()
    assert [a_round(server, cursor)[0] for _ in range(2)] == [[], []]


def own_answer(number: int, parent: str) -> dict[str, Any]:
    reply = {"root": {"uri": uri_of(1)}, "parent": {"uri": parent}}
    record = {"$type": POST, "text": f"Réponse {number}", "createdAt": "2026-07-04T14:38:07Z", "reply": reply}
    return {"post": {"uri": f"at://{BRAND}/{POST}/{number}", "cid": "bafy", "author": {"did": BRAND}, "record": record}}


def test_what_was_answered_elsewhere_is_told_once_with_whom_it_answers() -> None:
    before, ours = own_answer(1, uri_of(1)), own_answer(2, f"at://{BRAND}/{POST}/1")
    server = Timeline(2, getAuthorFeed={"feed": [ours, before]})
    _, cursor = a_round(server, {})
    server.answers["getAuthorFeed"] = {"feed": [own_answer(4, uri_of(1)), own_answer(3, uri_of(1)), ours, before]}
    told = []
    for _ in range(5):
        deliveries, cursor = a_round(server, cursor)
        told += [event for each in deliveries for event in server.connector().parse(each)]
    assert [event.text for event in told] == ["Réponse 3", "Réponse 4"]
    assert {(event.direction, event.counterpart and event.counterpart.id) for event in told} == {("outgoing", CUSTOMER)}


def test_direct_messages_asked_for_later_start_from_the_last_of_each_exchange_and_follow_the_log() -> None:
    convo = {"id": "3conv", "rev": "22222", "members": [{"did": CUSTOMER, "handle": "camille.example"}, {"did": BRAND}]}
    first = {"id": "3m1", "sender": {"did": CUSTOMER}, "text": "Un", "sentAt": "2026-07-04T14:38:07Z"}
    second = {"$type": "chat.bsky.convo.defs#logCreateMessage", "convoId": "3conv", "rev": "22223"}
    logs = [{**second, "message": {**first, "id": "3m2", "text": "Deux"}}]
    server = Timeline(
        0,
        listConvos={"convos": [{**convo, "lastMessage": first}]},
        getConvo={"convo": convo},
        getLog=lambda request: {"logs": [log for log in logs if log["rev"] > request.url.params["cursor"]]},
    )
    (page,), cursor = a_round(server, LATER, direct_messages="yes")
    (log,), cursor = a_round(server, cursor, direct_messages="yes")
    events = [*server.connector().parse(page), *server.connector().parse(log)]
    assert [(event.text, event.author.handle, event.thread_id) for event in events] == [
        ("Un", "camille.example", "3conv"),
        ("Deux", "camille.example", "3conv"),
    ]
    assert a_round(server, cursor, direct_messages="yes")[0] == []
    assert a_round(server, {}, direct_messages="yes")[0] == []  # those of a new account come with its history


def test_an_app_password_without_direct_messages_is_told_after_the_rest_is_read() -> None:
    server = Timeline(2, listConvos=error(400, "InvalidToken", "Bad token scope"))
    pages = server.connector(direct_messages="yes").poll(LATER)
    assert said(server.connector(), next(pages).deliveries) == ["0", "1"]
    with pytest.raises(PermanentError, match="app password"):
        list(pages)


def test_a_cursor_of_another_shape_starts_anew() -> None:
    _, cursor = a_round(Timeline(2), {"seen_at": 5, "recent": "x", "watched": [1], "round": "y"})
    assert (cursor["round"], cursor["watched"]) == (1, [uri_of(0), uri_of(1)])
