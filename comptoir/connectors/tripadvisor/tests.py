from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import AuthError, EventKind, PermanentError, SendsMessages, TransientError
from comptoir.connectors.tripadvisor.connector import Tripadvisor

CREDENTIALS = {"api_key": "key", "location_id": "258705"}


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> Tripadvisor:
    return Tripadvisor({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)))


def review(number: int, text: str = "Bien", **more: Any) -> dict[str, Any]:
    said = [{"language": "fr", "primary": True, "value": text}]
    return {
        "id": number,
        "publish_ts": f"2026-03-{number:02}T00:00:00Z",
        "rating": 4,
        "text": said,
        "title": [],
        **more,
    }


def page(*reviews: dict[str, Any], total: int = 1) -> dict[str, Any]:
    return {"data": list(reviews), "pagination": {"page": 1, "size": 20, "total_pages": total}}


def test_reviews_are_asked_for_in_their_own_language_newest_first() -> None:
    asked: list[httpx.Request] = []

    def terra(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=page(review(1)))

    [first] = connector(terra).poll({})
    assert asked[0].url.path == "/api/locations/258705/reviews"
    assert dict(asked[0].url.params) == {
        "version": "1", "language": "primary", "sort_by": "MOST_RECENT", "page": "1", "size": "20",
    }  # fmt: skip
    assert asked[0].headers["x-api-key"] == "key"
    assert first.deliveries == [], "what stands there already is the past, which the history reads"


def test_only_what_is_new_is_handed_on() -> None:
    pages = [page(review(1))]
    terra = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = terra.poll({})
    pages.append(page(review(2), review(1)))
    [second] = terra.poll(first.cursor)
    assert [event.external_id for event in terra.parse(second.deliveries[0])] == ["2"]


def test_changed_words_are_an_edit_and_an_answer_is_none() -> None:
    pages = [page(review(2), review(1))]
    terra = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = terra.poll({})
    answer = {"publish_date": "2026-03-05T00:00:00Z", "text": [{"language": "fr", "value": "Merci"}]}
    pages.append(page(review(2, "Mieux"), review(1, owner_response=answer)))
    [second] = terra.poll(first.cursor)
    events = [event for delivery in second.deliveries for event in terra.parse(delivery)]
    assert [(event.event, event.external_id or event.target_id) for event in events] == [
        (EventKind.REVIEW, "1"),
        (EventKind.COMMENT, "1/reply/2026-03-05T00:00:00Z"),
        (EventKind.REVIEW, "2"),
        (EventKind.EDIT, "2"),
    ]


def test_history_walks_the_pages() -> None:
    asked: list[str] = []

    def terra(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params["page"])
        return httpx.Response(200, json=page(review(20 - int(asked[-1])), total=3))

    pages = list(connector(terra).history(datetime(2026, 3, 19, tzinfo=UTC), {}))
    assert asked == ["1", "2"]
    assert pages[-1].cursor["finished"] is True


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (401, AuthError, "credentials"),
        (403, PermanentError, "may not read"),
        (404, PermanentError, "allowed locations"),
        (429, TransientError, "slow down"),
        (400, PermanentError, "refused"),
        (500, TransientError, "failed"),
    ],
)
def test_terras_errors_say_what_may_be_done(status: int, error: type[Exception], said: str) -> None:
    problem = {"title": "Problem", "detail": "why", "status": status}
    with pytest.raises(error, match=said):
        connector(lambda request: httpx.Response(status, json=problem)).check()


@pytest.mark.parametrize(("field", "error"), [("api_key", AuthError), ("location_id", PermanentError)])
def test_what_is_missing_is_named_unasked(field: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(lambda request: pytest.fail("called"), **{field: ""}).check()


def test_check_and_figures_read_the_location() -> None:
    location = {
        "id": 258705,
        "names": [{"language": "fr", "value": "Hôtel Exemple"}],
        "traveler_ratings": {"overall": {"rating": 4.5, "count": 812}},
    }
    terra = connector(lambda request: httpx.Response(200, json=location))
    assert (terra.check().own_id, terra.check().name) == ("258705", "Hôtel Exemple")
    assert [(one.name, one.value) for one in terra.figures([])] == [("reviews", 812), ("rating", 4.5)]


def test_it_offers_no_answer() -> None:
    assert not issubclass(Tripadvisor, SendsMessages)
    assert "answer" in Tripadvisor.absences[0][1]
