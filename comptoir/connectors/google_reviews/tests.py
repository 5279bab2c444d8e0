from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    Outgoing,
    PayloadError,
    PermanentError,
    TransientError,
)
from comptoir.connectors.google_reviews.connector import GoogleReviews
from comptoir.connectors.shared.review_polling import EDITED_HEADER

PATH = "accounts/1/locations/2"
CREDENTIALS = {
    "client_id": "c", "client_secret": "s", "refresh_token": "r", "access_token": "a", "location": PATH,
}  # fmt: skip
OUTGOING = Outgoing(
    key="k-1",
    queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    text="Merci",
    visibility="public",
    recipient=Author(name="Camille"),
    thread_id="r-1",
    parent_id="r-1",
    parent_custom={"name": f"{PATH}/reviews/r-1"},
)

Answer = Callable[[httpx.Request], httpx.Response]


def connector(answer: Answer, credentials: dict[str, str] | None = None) -> GoogleReviews:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return GoogleReviews(CREDENTIALS if credentials is None else credentials, http, own_id=PATH)


def always(status: int, content: Any) -> Answer:
    return lambda request: httpx.Response(status, json=content)


def review(number: int, updated: str, created: str = "", text: str = "Bien") -> dict[str, Any]:
    return {
        "name": f"{PATH}/reviews/r-{number}",
        "reviewId": f"r-{number}",
        "starRating": "FOUR",
        "comment": text,
        "createTime": created or updated,
        "updateTime": updated,
    }


# --- answering ----------------------------------------------------------------------------------------------------


def test_answer_is_put_under_the_review() -> None:
    asked: list[httpx.Request] = []

    def google(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"comment": "Merci", "updateTime": "2026-03-02T08:00:01Z"})

    sent = connector(google).send(OUTGOING)
    assert (asked[0].method, str(asked[0].url)) == (
        "PUT",
        f"https://mybusiness.googleapis.com/v4/{PATH}/reviews/r-1/reply",
    )
    assert json.loads(asked[0].content) == {"comment": "Merci"}
    assert asked[0].headers["authorization"] == "Bearer a"
    assert sent.external_id == "r-1/reply/2026-03-02T08:00:01Z"


def test_answer_that_was_sent_is_known_again_when_it_is_read() -> None:
    reply = {"comment": "Merci", "updateTime": "2026-03-02T08:00:01Z"}
    google = connector(always(200, reply))
    sent = google.send(OUTGOING)
    page = {"reviews": [review(1, "2026-03-01T08:00:00Z") | {"reviewReply": reply}]}
    assert google.parse(Delivery(json.dumps(page).encode()))[1].external_id == sent.external_id


def test_private_answer_is_refused_before_google_is_called() -> None:
    with pytest.raises(PermanentError, match="no private messages"):
        connector(lambda request: pytest.fail("called")).send(replace(OUTGOING, visibility="private"))


def test_answer_taken_back_twice_is_a_success() -> None:
    asked: list[str] = []

    def google(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(404, json={"error": {"code": 404, "status": "NOT_FOUND", "message": "gone"}})

    connector(google).delete("r-1/reply/2026-03-02T08:00:01Z", {})
    assert asked == [f"DELETE /v4/{PATH}/reviews/r-1/reply"]


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (429, {"error": {"status": "RESOURCE_EXHAUSTED", "message": "quota"}}, TransientError),
        (403, {"error": {"status": "PERMISSION_DENIED", "message": "not yours"}}, PermanentError),
        (400, {"error": {"status": "INVALID_ARGUMENT", "message": "too long"}}, PermanentError),
        (503, {}, TransientError),
    ],
)
def test_googles_errors_say_what_may_be_done(status: int, content: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(always(status, content)).send(OUTGOING)


# --- the access ---------------------------------------------------------------------------------------------------


def test_ended_access_is_renewed_and_kept() -> None:
    asked: list[str] = []

    def google(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("authorization", ""))
        if request.url.host == "oauth2.googleapis.com":
            assert parse_qs(request.content.decode())["grant_type"] == ["refresh_token"]
            return httpx.Response(200, json={"access_token": "b", "expires_in": 3599})
        if request.headers["authorization"] == "Bearer a":
            return httpx.Response(401, json={"error": {"status": "UNAUTHENTICATED", "message": "expired"}})
        return httpx.Response(200, json={"updateTime": "2026-03-02T08:00:01Z"})

    google_reviews = connector(google)
    google_reviews.send(OUTGOING)
    assert asked == ["Bearer a", "", "Bearer b"]
    assert google_reviews.renewed_credentials() == {**CREDENTIALS, "access_token": "b"}


def test_withdrawn_access_asks_for_a_sign_in() -> None:
    def google(request: httpx.Request) -> httpx.Response:
        if request.url.host == "oauth2.googleapis.com":
            return httpx.Response(400, json={"error": "invalid_grant", "error_description": "revoked"})
        return httpx.Response(401, json={})

    with pytest.raises(AuthError, match="no longer accepts"):
        connector(google).check()


def test_signing_in_offers_every_location() -> None:
    def google(request: httpx.Request) -> httpx.Response:
        if request.url.host == "oauth2.googleapis.com":
            asked = parse_qs(request.content.decode())
            assert asked["code"] == ["code"]
            assert asked["code_verifier"] == ["v"]
            return httpx.Response(200, json={"access_token": "b", "refresh_token": "r2"})
        if request.url.path == "/v1/accounts":
            return httpx.Response(200, json={"accounts": [{"name": "accounts/1"}]})
        assert request.url.path == "/v1/accounts/1/locations"
        if "pageToken" not in request.url.params:
            first = {"name": "locations/2", "title": "Exemple", "storefrontAddress": {"locality": "Lyon"}}
            return httpx.Response(200, json={"locations": [first], "nextPageToken": "n"})
        return httpx.Response(200, json={"locations": [{"name": "locations/3", "title": "Exemple bis"}]})

    offered = connector(google, {"client_id": "c", "client_secret": "s"}).exchange(
        "code", redirect_url="https://counter.example/back", verifier="v"
    )
    assert [(one.own_id, one.name) for one in offered] == [
        ("accounts/1/locations/2", "Exemple, Lyon"),
        ("accounts/1/locations/3", "Exemple bis"),
    ]
    assert offered[0].credentials["refresh_token"] == "r2"
    assert offered[0].credentials["location"] == "accounts/1/locations/2"


def test_check_tells_the_locations_title() -> None:
    def google(request: httpx.Request) -> httpx.Response:
        if request.url.host == "mybusiness.googleapis.com":
            return httpx.Response(200, json={})
        assert request.url.path == "/v1/locations/2"
        return httpx.Response(200, json={"title": "Exemple"})

    health = connector(google).check()
    assert (health.own_id, health.name) == (PATH, "Exemple")


# --- reading ------------------------------------------------------------------------------------------------------


def test_first_round_only_notes_what_stands_there_and_the_next_brings_what_came_since() -> None:
    old = [review(2, "2026-03-02T08:00:00Z"), review(1, "2026-03-01T08:00:00Z")]
    pages: list[dict[str, Any]] = [{"reviews": old, "nextPageToken": "n"}]
    google_reviews = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = google_reviews.poll({})
    assert first.deliveries == [], "reviews of years ago would begin promises that are broken already"
    [second] = google_reviews.poll(first.cursor)
    assert second.deliveries == []
    pages.append({"reviews": [review(3, "2026-03-03T08:00:00Z"), *old]})
    [third] = google_reviews.poll(second.cursor)
    assert [event.external_id for event in google_reviews.parse(third.deliveries[0])] == ["r-3"]


def test_first_review_of_all_is_brought() -> None:
    pages: list[dict[str, Any]] = [{}]
    google_reviews = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = google_reviews.poll({})
    pages.append({"reviews": [review(1, "2026-03-01T08:00:00Z")]})
    [second] = google_reviews.poll(first.cursor)
    assert [event.external_id for event in google_reviews.parse(second.deliveries[0])] == ["r-1"]


def test_changed_review_comes_as_an_edit_with_its_new_stars() -> None:
    before = {"reviews": [review(1, "2026-03-01T08:00:00Z")]}
    after = {"reviews": [review(1, "2026-03-03T08:00:00Z", created="2026-03-01T08:00:00Z", text="Mieux")]}
    pages = [before]
    google_reviews = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = google_reviews.poll({})
    pages.append(after)
    [second] = google_reviews.poll(first.cursor)
    [delivery] = second.deliveries
    assert delivery.headers == {EDITED_HEADER: "1"}
    edit = google_reviews.parse(delivery)[1]
    assert (edit.event, edit.target_id, edit.text) == (EventKind.EDIT, "r-1", "Mieux")
    assert edit.rating is not None
    assert edit.rating.value == 4.0
    assert edit.sent_at == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_review_that_google_held_back_is_found_below_younger_ones() -> None:
    pages = [{"reviews": [review(2, "2026-03-02T08:00:00Z")]}]
    google_reviews = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = google_reviews.poll({})
    pages.append({"reviews": [review(2, "2026-03-02T08:00:00Z"), review(1, "2026-03-01T08:00:00Z")]})
    [second] = google_reviews.poll(first.cursor)
    assert [event.external_id for event in google_reviews.parse(second.deliveries[0])] == ["r-1"]


def test_history_goes_back_to_the_day_and_on_from_where_it_was_cut() -> None:
    asked: list[str] = []

    def google(request: httpx.Request) -> httpx.Response:
        token = request.url.params.get("pageToken", "")
        asked.append(token)
        if not token:
            return httpx.Response(200, json={"reviews": [review(3, "2026-03-03T00:00:00Z")], "nextPageToken": "n"})
        return httpx.Response(
            200,
            json={
                "reviews": [review(2, "2026-03-02T00:00:00Z"), review(1, "2026-01-01T00:00:00Z")],
                "nextPageToken": "" if token == "m" else "m",
            },
        )

    google_reviews = connector(google)
    walk = google_reviews.history(datetime(2026, 2, 1, tzinfo=UTC), {})
    first = next(walk)
    rest = list(google_reviews.history(datetime(2026, 2, 1, tzinfo=UTC), first.cursor))
    found = [event.external_id for page in rest for one in page.deliveries for event in google_reviews.parse(one)]
    assert found[0] == "r-2"
    assert "r-1" not in found
    assert asked[:2] == ["", "n"]
    assert rest[-1].cursor["finished"] is True
    assert list(google_reviews.history(datetime(2026, 2, 1, tzinfo=UTC), rest[-1].cursor)) == []


def test_figures_are_the_average_and_the_count() -> None:
    figures = connector(always(200, {"averageRating": 4.3, "totalReviewCount": 117})).figures([])
    assert [(one.name, one.value, one.best) for one in figures] == [("reviews", 117, None), ("rating", 4.3, 5.0)]


@pytest.mark.parametrize("body", [b"3", b"", b"{", b'"x"'])
def test_what_is_no_object_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        connector(always(200, {})).parse(Delivery(body))
