from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    EventKind,
    Outgoing,
    PermanentError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.wordpress.connector import WordPress

CREDENTIALS = {"site": "https://blog.example", "username": "marque", "application_password": "abcd efgh"}
OUTGOING = Outgoing(
    key="k",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Oui, 40 & 42 <en boutique>.",
    visibility="public",
    recipient=Author(name="Léa"),
    thread_id="7",
    parent_id="12",
)
MADE = {"id": 13, "post": 7, "date_gmt": "2026-03-02T08:15:02", "link": "https://blog.example/article/#comment-13"}


class Far:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def routes(self) -> list[str]:
        return [f"{one.method} {one.url.params['rest_route'].removeprefix('/wp/v2/')}" for one in self.asked]


def wordpress(far: Far | None = None, **credentials: str) -> WordPress:
    client = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return WordPress({**CREDENTIALS, **credentials}, client, own_id="3")


def comment(number: int, at: str = "2026-03-02T08:00:00", **more: Any) -> dict[str, Any]:
    return {"id": number, "post": 7, "parent": 0, "content": {"raw": "a"}, "date_gmt": at, **more}


def feed(*numbers: int) -> httpx.Response:
    items = "".join(
        f"<item><guid>c{one}</guid><link>https://b.example/?p=7#comment-{one}</link></item>" for one in numbers
    )
    body = f"<rss><channel><title>Comments</title>{items}</channel></rss>".encode()
    return httpx.Response(200, content=body, headers={"etag": '"a"', "content-type": "application/rss+xml"})


# --- listening --------------------------------------------------------------------------------------------------------


def test_the_first_round_only_notes_the_newest_and_the_next_brings_what_came_since() -> None:
    far = Far([comment(9)], [comment(11), comment(10), comment(9)], [])
    account = wordpress(far)
    (page,) = account.poll({})
    assert (page.deliveries, page.cursor) == ((), {"newest": 9})
    page, noted = account.poll(page.cursor)
    assert [event.external_id for event in account.parse(page.deliveries[0])] == ["11", "10"]
    assert (page.cursor, noted.cursor) == ({"newest": 11}, {"newest": 11, "held": []})
    assert far.asked[0].url.params["status"] == "all"
    assert far.asked[0].headers["authorization"].startswith("Basic ")


def test_more_than_a_page_is_followed() -> None:
    far = Far([comment(300 - number) for number in range(100)], [comment(200), comment(150)], [])
    pages = list(wordpress(far).poll({"newest": 150}))[:2]
    assert [page.cursor for page in pages] == [{"newest": 150}, {"newest": 300}]


def test_history_goes_back_to_the_day_and_on_where_it_was_left() -> None:
    far = Far([comment(9), comment(8, "2026-01-01T00:00:00")])
    (page,) = wordpress(far).history(datetime(2026, 2, 1, tzinfo=UTC), {"page": 2})
    assert far.asked[0].url.params["page"] == "3"
    assert len(json.loads(page.deliveries[0].body)) == 1
    assert list(wordpress().history(datetime(2026, 2, 1, tzinfo=UTC), page.cursor)) == []


def test_without_a_password_the_feed_is_read() -> None:
    account = wordpress(Far(feed(1), feed(2, 1), httpx.Response(304)), application_password="")
    (page,) = account.poll({})
    assert not page.deliveries
    (page,) = account.poll(page.cursor)
    (event,) = account.parse(page.deliveries[0])
    assert (event.external_id, event.thread_id) == ("2", "7")
    assert list(account.poll(page.cursor)) == []
    assert not account.may_hide(Standing("7"))


def test_a_comment_that_awaits_approval_says_so() -> None:
    far = Far([comment(9)], [comment(11, status="hold"), comment(10, status="approved"), comment(9)], [])
    account = wordpress(far)
    (page,) = account.poll({})
    page, _noted = account.poll(page.cursor)
    assert [event.is_held for event in account.parse(page.deliveries[0])] == [True, False]


def test_what_a_moderator_did_to_what_was_held_is_told() -> None:
    held = [comment(11, status="hold"), comment(8, status="hold")]
    done = [comment(11, status="approved"), comment(10, status="trash")]
    far = Far([], [*held, comment(9, status="hold")], [], held[1:], done)
    account = wordpress(far)
    _new, noted = account.poll({"newest": 11})
    assert (noted.deliveries, noted.cursor["held"]) == ([], [11, 8, 9])
    _new, page = account.poll({"newest": 11, "held": [11, 10, 9]})
    events = account.parse(page.deliveries[0])
    assert [(one.event, one.external_id or one.target_id, one.is_held) for one in events] == [
        (EventKind.COMMENT, "8", True),
        (EventKind.COMMENT, "11", False),
        (EventKind.DELETE, "10", None),
        (EventKind.DELETE, "9", None),
    ]
    assert far.asked[-1].url.params["include"] == "11,10,9"
    assert page.cursor["held"] == [8]


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_answer_stands_under_the_comment_and_keeps_its_signs() -> None:
    far = Far(httpx.Response(201, json=MADE))
    sent = wordpress(far).send(OUTGOING)
    assert far.routes == ["POST comments"]
    assert json.loads(far.asked[0].content) == {
        "post": 7,
        "parent": 12,
        "content": "Oui, 40 &amp; 42 &lt;en boutique&gt;.",
    }
    assert (sent.external_id, sent.thread_id, sent.url) == ("13", "7", MADE["link"])


def test_what_a_cut_attempt_left_is_found() -> None:
    ours = {**MADE, "parent": 12, "content": {"raw": "Oui, 40 &amp; 42 &lt;en boutique&gt;."}}
    found = wordpress(Far([{**ours, "id": 14, "parent": 0}, ours])).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "13"
    assert wordpress(Far([])).find_sent(OUTGOING) is None


def test_holding_approving_changing_and_deleting_use_their_own_calls() -> None:
    gone = httpx.Response(410, json={"code": "rest_already_trashed", "message": "m"})
    far = Far({}, {}, {}, gone, {})
    account = wordpress(far)
    account.hide("12", thread_id="7")
    account.show("12", thread_id="7")
    account.edit("13", OUTGOING, {})
    account.delete("13", {})
    account.remove("12", thread_id="7")
    assert [json.loads(one.content).get("status") for one in far.asked[:2]] == ["hold", "approved"]
    assert [one.url.params.get("force") for one in far.asked[3:]] == [None, "true"]
    assert far.routes[3:] == ["DELETE comments/13", "DELETE comments/12"]


@pytest.mark.parametrize("parent_id", ["https://blog.example/?p=7#comment-12", "12/../users"])
def test_what_did_not_come_by_the_api_cannot_be_answered(parent_id: str) -> None:
    fields = {name: getattr(OUTGOING, name) for name in Outgoing.__dataclass_fields__}
    with pytest.raises(PermanentError, match="not an id"):
        wordpress().send(Outgoing(**{**fields, "parent_id": parent_id}))


@pytest.mark.parametrize(
    ("status", "code", "error", "said"),
    [
        (409, "comment_duplicate", PermanentError, "twice"),
        (400, "comment_flood", TransientError, "slow down"),
        (403, "rest_comment_closed", PermanentError, "closed"),
        (401, "incorrect_password", AuthError, "application password"),
        (401, "rest_cannot_edit", PermanentError, "may not moderate"),
        (404, "rest_no_route", PermanentError, "REST API is closed"),
        (400, "other", PermanentError, "m"),
        (500, "x", UncertainError, "not known"),
    ],
)
def test_a_refusal_says_what_may_be_done_next(status: int, code: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        wordpress(Far(httpx.Response(status, json={"code": code, "message": "m"}))).send(OUTGOING)


def test_a_page_that_is_no_wordpress_is_told() -> None:
    page = httpx.Response(200, content=b"<html></html>", headers={"content-type": "text/html"})
    with pytest.raises(PermanentError, match="no WordPress"):
        wordpress(Far(page)).check()


# --- the account ------------------------------------------------------------------------------------------------------


def test_check_says_who_we_are_and_what_is_missing() -> None:
    user = {"id": 3, "name": "Maison Verte", "slug": "marque", "capabilities": {"moderate_comments": False}}
    health = wordpress(Far(user)).check()
    assert (health.own_id, health.handle, health.name) == ("3", "marque", "Maison Verte")
    assert "Editor" in health.remarks[0]
    assert "not answered" in wordpress(Far(feed(1)), application_password="").check().remarks[0]
