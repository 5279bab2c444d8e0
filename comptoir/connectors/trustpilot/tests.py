from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    HookRequest,
    Outgoing,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.trustpilot.connector import Trustpilot

CREDENTIALS = {
    "api_key": "key", "api_secret": "secret", "business_unit_id": "bu", "business_user_id": "u1",
    "webhook_token": "t0ken", "access_token": "a",
}  # fmt: skip
OUTGOING = Outgoing(
    key="k-1",
    queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    text="Merci beaucoup",
    visibility="public",
    recipient=Author(id="c"),
    parent_id="r-1",
)
ANSWERED = {"id": "r-1", "companyReply": {"text": "Merci  beaucoup", "createdAt": "2026-03-02T08:00:02Z"}}

Answer = Callable[[httpx.Request], httpx.Response]


def connector(answer: Answer, **changed: str) -> Trustpilot:
    return Trustpilot({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)), own_id="bu")


def hook(query: dict[str, str]) -> HookRequest:
    return HookRequest("POST", "https://counter.example/hooks/trustpilot/key/", query, {}, b"{}")


def silent(request: httpx.Request) -> httpx.Response:
    return httpx.Response(500)


def test_delivery_to_the_address_with_its_token_is_accepted() -> None:
    connector(silent).verify(hook({"token": "t0ken"}))


@pytest.mark.parametrize("query", [{}, {"token": ""}, {"token": "T0ken"}])
def test_delivery_without_the_token_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        connector(silent).verify(hook(query))


def test_account_without_a_token_accepts_no_delivery() -> None:
    with pytest.raises(SignatureError):
        connector(silent, webhook_token="").verify(hook({"token": ""}))


def test_answer_names_its_author_and_bears_the_networks_instant() -> None:
    asked: list[httpx.Request] = []

    def trustpilot(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201) if request.method == "POST" else httpx.Response(200, json=ANSWERED)

    sent = connector(trustpilot).send(OUTGOING)
    assert str(asked[0].url) == "https://api.trustpilot.com/v1/private/reviews/r-1/reply"
    assert json.loads(asked[0].content) == {"message": "Merci beaucoup", "authorBusinessUserId": "u1"}
    assert asked[0].headers["authorization"] == "Bearer a"
    assert sent.external_id == "r-1/reply/2026-03-02T08:00:02Z"


def test_answer_that_was_taken_is_sent_though_it_cannot_be_looked_at() -> None:
    def trustpilot(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201 if request.method == "POST" else 503)

    assert connector(trustpilot).send(OUTGOING).external_id == "r-1/reply/k-1"


def test_cut_answer_is_uncertain_and_found_by_its_words() -> None:
    def trustpilot(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("cut", request=request)
        return httpx.Response(200, json=ANSWERED)

    cut = connector(trustpilot)
    with pytest.raises(UncertainError):
        cut.send(OUTGOING)
    found = cut.find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "r-1/reply/2026-03-02T08:00:02Z"
    assert cut.find_sent(replace(OUTGOING, text="autre chose")) is None


@pytest.mark.parametrize(
    "outgoing",
    [
        replace(OUTGOING, visibility="private"),
        replace(OUTGOING, parent_custom={"product": True}),
        replace(OUTGOING, parent_id=None),
    ],
)
def test_what_trustpilot_takes_no_answer_to_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, {"message": "Message is required"}, PermanentError),
        (403, {"reason": "Not your review"}, PermanentError),
        (403, {"fault": {"faultstring": "Quota limit exceeded"}}, TransientError),
        (429, {}, TransientError),
        (500, {}, UncertainError),
    ],
)
def test_trustpilots_errors_say_what_may_be_done(status: int, content: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(lambda request: httpx.Response(status, json=content)).send(OUTGOING)


def test_ended_access_is_renewed_with_the_key_and_kept() -> None:
    asked: list[str] = []

    def trustpilot(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["authorization"])
        if request.url.path.endswith("/accesstoken"):
            assert request.content == b"grant_type=client_credentials"
            return httpx.Response(200, json={"access_token": "b", "expires_in": "359999"})
        if request.headers["authorization"] == "Bearer a":
            return httpx.Response(401, json={"reason": "expired"})
        return httpx.Response(200, json=ANSWERED)

    trust = connector(trustpilot)
    assert trust.find_sent(OUTGOING) is not None
    assert asked[0] == "Bearer a"
    assert asked[1].startswith("Basic ")
    assert asked[2] == "Bearer b"
    assert (trust.renewed_credentials() or {})["access_token"] == "b"


def test_wrong_key_asks_for_new_credentials() -> None:
    with pytest.raises(AuthError):
        connector(lambda request: httpx.Response(401, json={}), access_token="").check()


def test_removed_answer_is_a_success_twice() -> None:
    asked: list[str] = []

    def trustpilot(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(404, json={"message": "no reply"})

    connector(trustpilot).delete("r-1/reply/2026-03-02T08:00:02Z", {})
    assert asked == ["DELETE /v1/private/reviews/r-1/reply"]


def test_check_says_that_answers_lack_their_author() -> None:
    profile = {"displayName": "Exemple", "name": {"identifying": "exemple.fr"}}
    health = connector(lambda request: httpx.Response(200, json=profile), business_user_id="").check()
    assert (health.own_id, health.handle, health.name) == ("bu", "exemple.fr", "Exemple")
    assert len(health.remarks) == 1


def test_polling_walks_pages_and_tells_edits() -> None:
    def review(updated: str | None, stars: int) -> dict[str, Any]:
        return {"id": "r-1", "stars": stars, "createdAt": "2026-03-01T00:00:00Z", "updatedAt": updated, "consumer": {}}

    pages = [[review(None, 1)]]
    trust = connector(lambda request: httpx.Response(200, json={"reviews": pages[-1]}))
    [first] = trust.poll({})
    assert first.deliveries == []
    pages.append([review("2026-03-03T00:00:00Z", 4)])
    [second] = trust.poll(first.cursor)
    events = trust.parse(second.deliveries[0])
    assert [event.event for event in events] == [EventKind.REVIEW, EventKind.EDIT]
    assert events[1].sent_at == datetime(2026, 3, 3, tzinfo=UTC)
    [third] = trust.poll(second.cursor)
    assert third.deliveries == []


def test_history_asks_page_after_page() -> None:
    asked: list[str] = []

    def trustpilot(request: httpx.Request) -> httpx.Response:
        page = request.url.params["page"]
        asked.append(page)
        many = [
            {"id": f"r-{page}-{number}", "stars": 5, "createdAt": "2026-03-01T00:00:00Z"}
            for number in range(100 if page == "1" else 3)
        ]
        return httpx.Response(200, json={"reviews": many})

    pages = list(connector(trustpilot).history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    assert asked == ["1", "2"]
    assert pages[-1].cursor == {"token": "", "finished": True}


def test_figures_are_the_trustscore_and_the_count() -> None:
    profile = {"score": {"stars": 4.5, "trustScore": 4.3}, "numberOfReviews": {"total": 1205}}
    figures = connector(lambda request: httpx.Response(200, json=profile)).figures([])
    assert [(one.name, one.value, one.best) for one in figures] == [("reviews", 1205, None), ("rating", 4.3, 5.0)]


def test_removed_review_is_told() -> None:
    body = {"events": [{"eventName": "service-review-deleted", "eventData": {"id": "r-1"}}]}
    [event] = connector(silent).parse(Delivery(json.dumps(body).encode()))
    assert (event.event, event.target_id) == (EventKind.DELETE, "r-1")
