"""Signing in, and staying signed in."""

from __future__ import annotations

import httpx
import pytest

from comptoir.connectors.base import AuthError, PermanentError, TransientError
from tests.connectors.bluesky.fake_server import BRAND, CREDENTIALS, SESSION, FakeServer, error

GET_SESSION = {"did": BRAND, "handle": "marque.example", "active": True}


def kept_credentials() -> dict[str, str]:
    connector = FakeServer(getSession=GET_SESSION, getProfile={}).connector()
    connector.check()
    return dict(connector.renewed_credentials() or {})


def test_signing_in_is_stored_beside_what_was_entered() -> None:
    kept = kept_credentials()
    assert CREDENTIALS.items() <= kept.items()
    assert (kept["access_token"], kept["refresh_token"], kept["did"]) == ("access", "refresh", BRAND)


def test_a_stored_session_is_used_without_signing_in() -> None:
    server = FakeServer(getSession=GET_SESSION, getProfile={})
    connector = server.connector(**kept_credentials())
    connector.check()
    assert server.methods() == ["getSession", "getProfile"]
    assert connector.renewed_credentials() is None


def test_a_changed_password_makes_the_stored_session_void() -> None:
    server = FakeServer(getSession=GET_SESSION, getProfile={})
    server.connector(**{**kept_credentials(), "app_password": "other"}).check()
    assert server.methods()[0] == "createSession"


def test_an_expired_token_is_renewed_once_and_the_call_made_again() -> None:
    def get_session(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] == "Bearer new":
            return httpx.Response(200, json=GET_SESSION)
        return error(400, "ExpiredToken")

    renewed = {**SESSION, "accessJwt": "new", "refreshJwt": "newer"}
    server = FakeServer(getSession=get_session, getProfile={}, refreshSession=renewed)
    connector = server.connector(**kept_credentials())
    connector.check()
    assert server.methods() == ["getSession", "refreshSession", "getSession", "getProfile"]
    assert server.asked[1].headers["authorization"] == "Bearer refresh"
    assert {"access_token": "new", "refresh_token": "newer"}.items() <= dict(
        connector.renewed_credentials() or {}
    ).items()


def test_a_refused_refresh_token_leads_to_signing_in_again() -> None:
    answers = iter([error(400, "ExpiredToken"), httpx.Response(200, json=GET_SESSION)])
    server = FakeServer(getSession=lambda _: next(answers), getProfile={}, refreshSession=error(400, "ExpiredToken"))
    server.connector(**kept_credentials()).check()
    assert server.methods()[:4] == ["getSession", "refreshSession", "createSession", "getSession"]


def test_a_failing_refresh_does_not_use_up_sign_ins() -> None:
    server = FakeServer(getSession=error(400, "ExpiredToken"), refreshSession=error(503, "NotEnoughResources"))
    with pytest.raises(TransientError):
        server.connector(**kept_credentials()).check()
    assert "createSession" not in server.methods()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error(401, "AuthenticationRequired", "Invalid identifier or password"), "did not accept"),
        (error(401, "AuthFactorTokenRequired"), "app password"),
        (error(400, "AccountTakedown"), "did not accept"),
        ({"did": BRAND}, "tokens"),
        ({**SESSION, "did": "did:plc:somebodyelse"}, "another account"),
    ],
)
def test_credentials_that_do_not_open_the_account_are_told(answer: object, said: str) -> None:
    with pytest.raises(AuthError, match=said):
        FakeServer(createSession=answer).connector().check()


def test_too_many_sign_ins_are_waited_for() -> None:
    server = FakeServer(createSession=error(429, "RateLimitExceeded", retry_after="60"))
    with pytest.raises(TransientError):
        server.connector().check()


def test_missing_credentials_are_told_before_asking() -> None:
    server = FakeServer()
    with pytest.raises(AuthError):
        server.connector(app_password="").check()
    assert server.asked == []


@pytest.mark.parametrize("service", ["http://pds.example", "ftp://pds.example", "pds.example", "https://", "http://["])
def test_a_password_goes_only_to_a_safe_address(service: str) -> None:
    with pytest.raises(PermanentError):
        FakeServer().connector(service=service).check()


def test_the_account_is_asked_where_it_lives() -> None:
    lives = {"id": f"{BRAND}#atproto_pds", "serviceEndpoint": "https://shroom.example"}
    opened = {**SESSION, "didDoc": {"service": [lives]}}
    server = FakeServer(createSession=opened, getSession=GET_SESSION, getProfile={})
    server.connector().check()
    assert [request.url.host for request in server.asked] == ["pds.example", "shroom.example", "shroom.example"]


def test_check_warns_of_what_is_not_as_it_should_be() -> None:
    server = FakeServer(
        getSession={**GET_SESSION, "active": False, "status": "deactivated"},
        getProfile=error(400, "InvalidRequest", "Profile not found"),
        listConvos=error(400, "InvalidToken", "Bad token scope"),
    )
    health = server.connector(direct_messages="yes").check()
    assert (health.own_id, health.name) == (BRAND, "marque.example")
    assert [
        "deactivated" in health.remarks[0],
        "Profile" in health.remarks[1],
        "app password" in health.remarks[2],
    ] == [True] * 3
    assert "refreshSession" not in server.methods()
