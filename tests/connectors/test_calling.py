"""Calling a network: each failure says what may be done next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from comptoir.connectors.base import AuthError, PermanentError, TransientError, UncertainError
from comptoir.connectors.shared.calling import Network, RefusedError
from comptoir.core.answers import UnendingAnswerError

URL = "https://api.example/things"


def network(answer: Callable[[httpx.Request], httpx.Response]) -> Network:
    return Network("Exemple", httpx.Client(transport=httpx.MockTransport(answer)))


def failing(error: Exception) -> Network:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return network(answer)


def answering(status: int, body: bytes = b"", **headers: str) -> Network:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return network(lambda request: httpx.Response(status, content=body, headers=named))


def test_an_answer_gives_its_json() -> None:
    assert answering(200, b'{"id": 12345678901234567890}').call("GET", URL).content == {"id": 12345678901234567890}


def test_no_content_is_an_answer() -> None:
    assert answering(204).call("POST", URL).content is None


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RefusedError), (401, AuthError), (403, RefusedError), (404, RefusedError), (429, TransientError),
     (302, PermanentError), (408, TransientError), (500, UncertainError), (503, UncertainError)],
)  # fmt: skip
def test_a_status_says_what_may_be_done_next(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        answering(status).call("POST", URL)


@pytest.mark.parametrize("error", [httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), httpx.ReadError("x")])
def test_a_cut_connection_is_uncertain_where_repeating_could_double(error: Exception) -> None:
    with pytest.raises(UncertainError):
        failing(error).call("POST", URL)
    with pytest.raises(TransientError):
        failing(error).call("POST", URL, repeatable=True)
    with pytest.raises(TransientError):
        failing(error).call("GET", URL)


def test_what_was_never_sent_may_be_sent_again() -> None:
    with pytest.raises(TransientError):
        failing(httpx.ConnectError("x")).call("POST", URL)


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(PermanentError):
        failing(httpx.UnsupportedProtocol("x")).call("GET", "ftp://example")


def test_a_success_that_is_not_json_tells_nothing() -> None:
    with pytest.raises(UncertainError):
        answering(200, b"<html>", content_type="application/json").call("POST", URL)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry_after": "7"}, timedelta(seconds=7)),
        ({"retry_after": "999999"}, timedelta(days=1)),
        (
            {"retry_after": "Sat, 28 Nov 2026 10:00:05 GMT", "date": "Sat, 28 Nov 2026 10:00:00 GMT"},
            timedelta(seconds=5),
        ),
        ({"x_rate_limit_reset": "1795860060", "date": "Sat, 28 Nov 2026 10:00:00 GMT"}, timedelta(seconds=60)),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "Fri, 31 Dec 9999 23:59:59 -2359", "date": "Fri, 31 Dec 9999 23:59:59 -2359"}, None),
        ({}, None),
    ],
)
def test_the_network_says_how_long_to_wait(headers: dict[str, str], pause: timedelta | None) -> None:
    with pytest.raises(TransientError) as caught:
        answering(429, **headers).call("GET", URL)
    assert caught.value.retry_after == pause


def test_the_networks_own_words_are_quoted() -> None:
    with pytest.raises(PermanentError, match="The page is gone"):
        answering(410, b"The page is gone").call("GET", URL)


@pytest.mark.parametrize(
    "body",
    [b'{"message": "The page is gone"}', b'{"error": {"code": 7, "message": "The page is gone"}}',
     b'{"errors": ["The page is gone"]}', b'{"errors": [{"status": 410, "detail": "The page is gone"}]}'],
)  # fmt: skip
def test_of_json_the_sentence_is_quoted(body: bytes) -> None:
    with pytest.raises(PermanentError, match="It said: “The page is gone”"):
        answering(410, body).call("GET", URL)


def test_json_without_a_sentence_is_quoted_as_it_is() -> None:
    with pytest.raises(PermanentError, match=r'It said: “{"code": 7}”'):
        answering(410, b'{"code": 7}').call("GET", URL)


@pytest.mark.parametrize(
    "url",
    ["api.example/bot123:SECRET/getMe", "https://api.example/bot123:SEC\nRET/getMe", "ftp://u:SECRET@api.example/x",
     "api.example?token=SECRET"],
)  # fmt: skip
def test_an_address_that_is_none_is_named_without_the_secrets_in_it(url: str) -> None:
    with pytest.raises(PermanentError) as caught:
        Network("Exemple", httpx.Client()).call("GET", url)
    assert "api.example” is not a web address" in str(caught.value)
    assert "SEC" not in str(caught.value)


@pytest.mark.parametrize("seconds", ["-5", "nan", "inf", "1e400", "99999999999999999999", "3153600000"])
def test_an_absurd_wish_to_wait_is_no_wish_or_a_day_at_most(seconds: str) -> None:
    with pytest.raises(TransientError) as caught:
        answering(429, retry_after=seconds).call("GET", URL)
    wish = caught.value.retry_after
    assert wish is None or timedelta(0) <= wish <= timedelta(days=1)


@pytest.mark.parametrize("wished", [timedelta(days=40_000), timedelta(seconds=-1), timedelta.max, timedelta.min])
def test_no_connector_can_wish_for_more_than_a_day(wished: timedelta) -> None:
    wish = TransientError("Later.", retry_after=wished).retry_after
    assert wish is not None
    assert timedelta(0) <= wish <= timedelta(days=1)


def test_an_answer_that_does_not_end_is_told_as_such() -> None:
    with pytest.raises(TransientError, match="too large, or does not end"):
        failing(UnendingAnswerError("x")).call("GET", URL)
    with pytest.raises(UncertainError, match="too large, or does not end"):
        failing(UnendingAnswerError("x")).call("POST", URL)


@pytest.mark.parametrize("token", ["jeton\u200b", "“jeton”", "\ud800"])
def test_a_token_that_no_header_can_hold_is_told_as_such(token: str) -> None:
    with pytest.raises(PermanentError, match="copy the token anew"):
        answering(200).call("GET", URL, headers={"Authorization": f"Bearer {token}"})
