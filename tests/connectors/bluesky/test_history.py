"""What was said before the account was connected: newest first, thirty days, going on where it was cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import httpx

from comptoir.connectors.base import EventKind, NetworkEvent, Page
from tests.connectors.bluesky.fake_server import BRAND, CUSTOMER, FakeServer
from tests.connectors.bluesky.test_polling import Timeline, said

SINCE = datetime(2026, 7, 1, tzinfo=UTC)
LATER = datetime(2026, 7, 1, 1, 40, tzinfo=UTC)  # a hundred minutes: notification 100


def read(server: FakeServer, since: datetime = SINCE, cursor: dict[str, Any] | None = None, **more: str) -> list[Page]:
    return list(server.connector(**more).history(since, cursor or {}))


def texts(server: FakeServer, pages: list[Page]) -> list[list[str]]:
    return [told for page in pages if (told := said(server.connector(), page.deliveries))]


def test_pages_come_newest_first_and_end_at_the_first_day() -> None:
    server = Timeline(250)
    first, second = texts(server, read(server, LATER))
    assert (first[0], first[-1], second[0], second[-1]) == ("150", "249", "100", "149")
    assert server.asked[1].url.params.get_list("reasons") == ["mention", "reply", "quote"]


def test_a_reading_that_was_cut_goes_on_after_its_last_page() -> None:
    server = Timeline(250)
    (first,) = islice(server.connector().history(SINCE, {}), 1)
    rest = texts(server, read(server, cursor=json.loads(json.dumps(first.cursor))))
    assert [told[-1] for told in rest] == ["149", "49"]


def test_likes_are_no_part_of_what_was_said() -> None:
    server = Timeline(3)
    page = json.loads(server._page(httpx.Request("GET", "https://pds.example/?limit=100")).content)
    page["notifications"][1]["reason"] = "like"
    server.answers["listNotifications"] = page
    assert texts(server, read(server)) == [["0", "2"]]


class Exchanges(Timeline):
    """Three private exchanges of which one fell silent long ago; the first has two pages."""

    def __init__(self) -> None:
        super().__init__(0, listConvos=self._convos, getMessages=self._messages)

    def _convos(self, request: httpx.Request) -> dict[str, Any]:
        if request.url.params.get("cursor") == "second":
            return {"convos": [convo("c", "2026-07-02T08:00:00Z")]}
        found = [convo("a", "2026-07-04T08:00:00Z"), convo("old", "2026-05-01T08:00:00Z")]
        return {"convos": found, "cursor": "second"}

    def _messages(self, request: httpx.Request) -> dict[str, Any]:
        convo_id, below = request.url.params["convoId"], request.url.params.get("cursor")
        if convo_id == "a" and below is None:
            return {"messages": [message("a4", 4), message("a3", 3)], "cursor": "below-a3"}
        if convo_id == "a":
            return {"messages": [message("a2", 2), message("a0", 1, month=5)], "cursor": "below-a0"}
        return {"messages": [message(f"{convo_id}2", 2)]}


def convo(identifier: str, at: str) -> dict[str, Any]:
    members = [{"did": CUSTOMER, "handle": "camille.example"}, {"did": BRAND}]
    return {"id": identifier, "rev": "2", "members": members, "lastMessage": {"id": "x", "sentAt": at}}


def message(identifier: str, day: int, *, month: int = 7) -> dict[str, Any]:
    at = f"2026-{month:02}-{day:02}T08:00:00Z"
    return {"id": identifier, "sender": {"did": CUSTOMER}, "text": identifier, "sentAt": at}


def events(server: FakeServer, pages: Iterator[Page] | list[Page]) -> list[NetworkEvent]:
    connector = server.connector()
    return [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]


def test_private_exchanges_are_read_where_they_are_wanted() -> None:
    server = Exchanges()
    found = events(server, read(server, direct_messages="yes"))
    assert {event.event for event in found} == {EventKind.MESSAGE}
    assert [(event.external_id, event.thread_id) for event in found] == [
        ("a3", "a"), ("a4", "a"), ("a2", "a"), ("c2", "c"),
    ]  # fmt: skip
    assert found[0].author.handle == "camille.example"


def test_private_exchanges_are_not_asked_for_where_they_are_not_wanted() -> None:
    server = Exchanges()
    read(server)
    assert "listConvos" not in server.methods()


def test_private_exchanges_go_on_where_they_were_cut() -> None:
    for stored in range(1, 8):
        server = Exchanges()
        pages = list(islice(server.connector(direct_messages="yes").history(SINCE, {}), stored))
        rest = read(server, cursor=json.loads(json.dumps(dict(pages[-1].cursor))), direct_messages="yes")
        found = [event.external_id for event in events(server, [*pages, *rest])]
        assert found == ["a3", "a4", "a2", "c2"], stored
