from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import AuthError, PermanentError, SendsMessages, TransientError
from comptoir.connectors.pinterest.connector import Pinterest
from tests.connectors.published_contract import hold_to

CREDENTIALS = {"client_id": "c", "client_secret": "s", "access_token": "a", "refresh_token": "r"}
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of these tests is held to the published contract."""
    hold_to(monkeypatch, "pinterest_v5_openapi.yaml", server="https://api.pinterest.com/v5")


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> Pinterest:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Pinterest({**CREDENTIALS, **changed}, http, own_id="exemple")


def always(content: Any, status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, json=content)


def pin(number: int, day: int) -> dict[str, Any]:
    media = {"media_type": "image", "images": {}}
    return {
        "id": str(number),
        "title": "T",
        "is_owner": True,
        "created_at": f"2026-01-{day:02}T00:00:00",
        "media": media,
    }


def test_pins_are_asked_for_and_read_as_ours() -> None:
    asked: list[httpx.Request] = []

    def pinterest(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"items": [pin(2, 6), pin(1, 5)], "bookmark": None})

    account = connector(pinterest)
    [page] = account.poll({})
    assert str(asked[0].url) == "https://api.pinterest.com/v5/pins?page_size=100"
    assert asked[0].headers["authorization"] == "Bearer a"
    events = account.parse(page.deliveries[0])
    assert [(event.external_id, event.direction) for event in events] == [("1", "outgoing"), ("2", "outgoing")]
    [again] = account.poll(page.cursor)
    assert again.deliveries[0].key == page.deliveries[0].key


def test_history_follows_bookmarks_back_to_the_day() -> None:
    asked: list[str] = []

    def pinterest(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("bookmark", ""))
        return httpx.Response(200, json={"items": [pin(9 - len(asked), 9 - len(asked))], "bookmark": f"b{len(asked)}"})

    account = connector(pinterest)
    pages = list(account.history(datetime(2026, 1, 7, tzinfo=UTC), {}))
    assert asked == ["", "b1", "b2"]
    assert pages[-1].cursor["finished"] is True
    assert list(account.history(JANUARY, pages[-1].cursor)) == []


def test_figures_are_of_the_account_and_of_its_pins() -> None:
    def pinterest(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v5/user_account":
            return httpx.Response(200, json={"follower_count": 10, "following_count": 2, "pin_count": 3})
        if request.url.path == "/v5/pins/6":
            return httpx.Response(404, json={"code": 50, "message": "Pin not found."})
        assert request.url.params["pin_metrics"] == "true"
        metrics = {"90d": {"impression": 1}, "lifetime_metrics": {"impression": 240, "reaction": 12, "comment": 4}}
        return httpx.Response(200, json={"id": "5", "pin_metrics": metrics})

    found = [(one.name, one.value, one.external_id) for one in connector(pinterest).figures(["5", "6", "x/../y"])]
    assert found == [
        ("followers", 10, None), ("following", 2, None), ("posts", 3, None),
        ("views", 240, "5"), ("likes", 12, "5"), ("comments", 4, "5"),
    ]  # fmt: skip


def test_nothing_is_asked_for_but_to_read() -> None:
    assert Pinterest.oauth is not None
    assert {scope.name.rpartition(":")[2] for scope in Pinterest.oauth.scopes} == {"read"}


@pytest.mark.parametrize(
    ("status", "error"), [(401, AuthError), (403, PermanentError), (429, TransientError), (500, TransientError)]
)
def test_pinterests_errors_say_what_may_be_done(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(always({"code": 2, "message": "why"}, status)).check()


def test_signing_in_opens_the_account_and_is_renewed_in_time() -> None:
    def pinterest(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v5/user_account":
            return httpx.Response(200, json={"username": "exemple", "business_name": "Exemple"})
        assert request.headers["authorization"].startswith("Basic ")
        assert parse_qs(request.content.decode())["grant_type"][0] in ("authorization_code", "refresh_token")
        told = {"access_token": "b", "refresh_token": "r2", "expires_in": 2592000}
        return httpx.Response(200, json=told, headers={"date": "Mon, 02 Mar 2026 08:00:00 GMT"})

    [offered] = connector(pinterest, access_token="").exchange("code", redirect_url="https://c.example/", verifier="")
    assert (offered.own_id, offered.name) == ("exemple", "Exemple")
    opened = connector(pinterest, **offered.credentials)
    assert opened.renew_at() == datetime(2026, 3, 30, 8, tzinfo=UTC)
    assert opened.renew()["refresh_token"] == "r2"


def test_code_that_is_not_taken_asks_to_sign_in_again() -> None:
    with pytest.raises(AuthError):
        connector(always({"code": 283, "message": "Invalid request"}, 400)).exchange(
            "code", redirect_url="https://c.example/", verifier=""
        )


def test_it_offers_no_answer() -> None:
    assert not issubclass(Pinterest, SendsMessages)
    assert "comments" in Pinterest.absences[0][1]
