from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from comptoir.connectors.base import AuthError, Author, EventKind, Outgoing, PermanentError, TransientError
from comptoir.connectors.play_store.connector import PlayStore
from comptoir.connectors.play_store.session import SCOPE
from comptoir.connectors.shared.google_service import assertion

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
FILE = json.dumps({"client_email": "desk@project.iam.example", "private_key": PEM, "private_key_id": "kid"})
CREDENTIALS = {"package_name": "fr.exemple.app", "service_account": FILE, "access_token": "kept"}
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DATE = {"date": "Mon, 02 Mar 2026 08:00:00 GMT"}
OUTGOING = Outgoing(
    key="k-1", queued_at=NOW, text="Merci", visibility="public", recipient=Author(name="J"), parent_id="gp:A/1"
)
ANSWERED = {"result": {"replyText": "Merci", "lastEdited": {"seconds": "1772438401", "nanos": 5}}}


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> PlayStore:
    return PlayStore({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)))


def review(number: int, text: str = "Bien", *, at: int = 1772438400, answered: int = 0) -> dict[str, Any]:
    comments: list[dict[str, Any]] = [
        {"userComment": {"text": text, "starRating": 3, "lastModified": {"seconds": str(at)}}}
    ]
    if answered:
        comments.append({"developerComment": {"text": "Merci", "lastModified": {"seconds": str(answered)}}})
    return {"reviewId": f"r-{number}", "comments": comments}


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_assertion_is_signed_for_an_hour_of_googles_time() -> None:
    head, claims, signature = assertion(CREDENTIALS, NOW, scope=SCOPE).split(".")
    assert decoded(head) == {"alg": "RS256", "typ": "JWT", "kid": "kid"}
    begins = int(NOW.timestamp())
    assert decoded(claims) == {
        "iss": "desk@project.iam.example",
        "scope": "https://www.googleapis.com/auth/androidpublisher",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": begins,
        "exp": begins + 3600,
    }
    given = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    KEY.public_key().verify(given, f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("pasted", ["", "{", "[]", '{"client_email": "a", "private_key": "nonsense"}'])
def test_key_that_is_none_asks_for_the_file(pasted: str) -> None:
    with pytest.raises(AuthError, match="JSON file"):
        assertion({"service_account": pasted}, NOW, scope=SCOPE)


def test_ended_access_is_asked_for_anew_by_googles_time_and_kept() -> None:
    asked: list[str] = []

    def google(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("authorization", ""))
        if request.url.host == "oauth2.googleapis.com":
            given = parse_qs(request.content.decode())
            assert given["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            assert decoded(given["assertion"][0].split(".")[1])["iat"] == int(NOW.timestamp())
            return httpx.Response(200, json={"access_token": "fresh", "expires_in": 3599})
        if request.headers["authorization"] == "Bearer kept":
            return httpx.Response(401, json={"error": {"status": "UNAUTHENTICATED"}}, headers=DATE)
        return httpx.Response(200, json=ANSWERED)

    play = connector(google)
    play.send(OUTGOING)
    assert asked == ["Bearer kept", "", "Bearer fresh"]
    assert (play.renewed_credentials() or {})["access_token"] == "fresh"


def test_answer_is_posted_to_its_review() -> None:
    asked: list[httpx.Request] = []

    def google(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=ANSWERED)

    sent = connector(google).send(OUTGOING)
    assert str(asked[0].url) == (
        "https://androidpublisher.googleapis.com/androidpublisher/v3/applications/fr.exemple.app/reviews/gp%3AA%2F1:reply"
    )
    assert json.loads(asked[0].content) == {"replyText": "Merci"}
    assert sent.external_id == "gp:A/1/reply/1772438401"


def test_cut_answer_may_be_sent_again_since_it_takes_its_own_place() -> None:
    def google(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    assert PlayStore.resends_safely
    with pytest.raises(TransientError):
        connector(google).send(OUTGOING)


@pytest.mark.parametrize("outgoing", [replace(OUTGOING, visibility="private"), replace(OUTGOING, parent_id=None)])
def test_what_play_takes_no_answer_to_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, "INVALID_ARGUMENT", PermanentError),
        (403, "PERMISSION_DENIED", PermanentError),
        (403, "RESOURCE_EXHAUSTED", TransientError),
        (404, "NOT_FOUND", PermanentError),
        (429, "", TransientError),
        (503, "UNAVAILABLE", TransientError),
    ],
)
def test_googles_errors_say_what_may_be_done(status: int, code: str, error: type[Exception]) -> None:
    content = {"error": {"code": status, "status": code, "message": "why"}}
    with pytest.raises(error):
        connector(lambda request: httpx.Response(status, json=content)).send(OUTGOING)


def test_polling_tells_new_answers_and_edits_apart() -> None:
    pages = [{"reviews": [review(2), review(1)]}]
    play = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = play.poll({})
    assert first.deliveries == []
    pages.append({"reviews": [review(3), review(2, "Mieux", at=1772438500), review(1, answered=1772438600)]})
    [second] = play.poll(first.cursor)
    events = [event for delivery in second.deliveries for event in play.parse(delivery)]
    assert [(event.event, event.external_id or event.target_id) for event in events] == [
        (EventKind.REVIEW, "r-1"),
        (EventKind.COMMENT, "r-1/reply/1772438600"),
        (EventKind.REVIEW, "r-3"),
        (EventKind.REVIEW, "r-2"),
        (EventKind.EDIT, "r-2"),
    ]


def test_history_follows_the_tokens() -> None:
    asked: list[str] = []

    def google(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.params.get("token", ""))
        more = {"tokenPagination": {"nextPageToken": "n"}} if len(asked) == 1 else {}
        return httpx.Response(200, json={"reviews": [review(len(asked))], **more})

    pages = list(connector(google).history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    assert asked == ["", "n"]
    assert pages[-1].cursor["finished"] is True


def test_check_asks_whether_reviews_may_be_read() -> None:
    health = connector(lambda request: httpx.Response(200, json={})).check()
    assert health.own_id == "fr.exemple.app"
