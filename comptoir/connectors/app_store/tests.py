from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from comptoir.connectors.app_store.connector import AppStore
from comptoir.connectors.app_store.signing import signed_token
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

KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
CREDENTIALS = {"app_id": "1", "key_id": "K1", "issuer_id": "I1", "private_key": PEM, "token": "kept"}
NOW = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)
DATE = {"date": "Mon, 02 Mar 2026 08:00:00 GMT"}
OUTGOING = Outgoing(
    key="k-1", queued_at=NOW, text="Merci", visibility="public", recipient=Author(name="camille75"), parent_id="r-1"
)
ANSWERED = {
    "data": {
        "type": "customerReviewResponses",
        "id": "12345",
        "attributes": {"lastModifiedDate": "2026-03-02T08:00:01Z"},
    }
}


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> AppStore:
    return AppStore({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)))


def review(number: int, body: str = "Bien", *, answered: bool = False) -> dict[str, Any]:
    response = {"type": "customerReviewResponses", "id": f"a-{number}"} if answered else None
    return {
        "type": "customerReviews",
        "id": f"r-{number}",
        "attributes": {"rating": 3, "title": "T", "body": body, "createdDate": f"2026-03-{number:02}T00:00:00Z"},
        "relationships": {"response": {"data": response}},
    }


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


# --- the token ----------------------------------------------------------------------------------------------------


def test_token_is_signed_for_nineteen_minutes_of_apples_time() -> None:
    head, claims, signature = signed_token(CREDENTIALS, NOW).split(".")
    assert decoded(head) == {"alg": "ES256", "kid": "K1", "typ": "JWT"}
    begins = int(NOW.timestamp())
    assert decoded(claims) == {"iss": "I1", "iat": begins, "exp": begins + 1140, "aud": "appstoreconnect-v1"}
    raw = base64.urlsafe_b64decode(signature + "==")
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    KEY.public_key().verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_individual_key_names_its_bearer_instead_of_an_issuer() -> None:
    claims = decoded(signed_token({**CREDENTIALS, "issuer_id": ""}, NOW).split(".")[1])
    assert claims["sub"] == "user"
    assert "iss" not in claims


def test_key_pasted_into_one_line_is_read() -> None:
    assert signed_token({**CREDENTIALS, "private_key": " ".join(PEM.split("\n"))}, NOW)


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "nonsense",
        rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    ],
)
def test_key_that_is_none_asks_for_the_file(pem: str) -> None:
    with pytest.raises(AuthError, match=r"\.p8"):
        signed_token({**CREDENTIALS, "private_key": pem}, NOW)


def test_ended_token_is_replaced_by_one_of_apples_time_and_kept() -> None:
    asked: list[str] = []

    def apple(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("authorization", ""))
        if len(asked) == 1:
            return httpx.Response(401, json={"errors": [{"code": "NOT_AUTHORIZED"}]}, headers=DATE)
        return httpx.Response(201, json=ANSWERED)

    store = connector(apple)
    store.send(OUTGOING)
    assert asked[0] == "Bearer kept"
    token = asked[1].removeprefix("Bearer ")
    assert decoded(token.split(".")[1])["iat"] == int(NOW.timestamp())
    assert (store.renewed_credentials() or {})["token"] == token


def test_key_that_apple_does_not_know_asks_for_new_credentials() -> None:
    with pytest.raises(AuthError):
        connector(lambda request: httpx.Response(401, json={}, headers=DATE), token="").check()


# --- answering ----------------------------------------------------------------------------------------------------


def test_answer_names_its_review() -> None:
    asked: list[httpx.Request] = []

    def apple(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, json=ANSWERED)

    sent = connector(apple).send(OUTGOING)
    assert str(asked[0].url) == "https://api.appstoreconnect.apple.com/v1/customerReviewResponses"
    assert json.loads(asked[0].content) == {
        "data": {
            "type": "customerReviewResponses",
            "attributes": {"responseBody": "Merci"},
            "relationships": {"review": {"data": {"type": "customerReviews", "id": "r-1"}}},
        }
    }
    assert (sent.external_id, sent.sent_at) == ("12345", datetime(2026, 3, 2, 8, 0, 1, tzinfo=UTC))


def test_cut_answer_may_be_sent_again_since_it_takes_its_own_place() -> None:
    def apple(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    assert AppStore.resends_safely
    with pytest.raises(TransientError):
        connector(apple).send(OUTGOING)


@pytest.mark.parametrize("outgoing", [replace(OUTGOING, visibility="private"), replace(OUTGOING, parent_id=None)])
def test_what_the_store_takes_no_answer_to_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, PermanentError), (404, PermanentError), (409, PermanentError), (429, TransientError), (500, TransientError)],
)
def test_apples_errors_say_what_may_be_done(status: int, error: type[Exception]) -> None:
    content = {"errors": [{"status": str(status), "code": "X", "title": "t", "detail": "why"}]}
    with pytest.raises(error):
        connector(lambda request: httpx.Response(status, json=content)).send(OUTGOING)


def test_removed_answer_is_a_success_twice() -> None:
    asked: list[str] = []

    def apple(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(404, json={"errors": []})

    connector(apple).delete("12345", {})
    assert asked == ["DELETE /v1/customerReviewResponses/12345"]


# --- reading ------------------------------------------------------------------------------------------------------


def test_polling_tells_new_answers_and_edits_apart() -> None:
    answer = {"type": "customerReviewResponses", "id": "a-1", "attributes": {"responseBody": "Merci"}}
    pages = [{"data": [review(2), review(1)], "included": []}]
    store = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = store.poll({})
    assert first.deliveries == []
    pages.append({"data": [review(2, "Mieux"), review(1, answered=True)], "included": [answer]})
    [second] = store.poll(first.cursor)
    events = [event for delivery in second.deliveries for event in store.parse(delivery)]
    assert [(event.event, event.external_id or event.target_id) for event in events] == [
        (EventKind.REVIEW, "r-1"),
        (EventKind.COMMENT, "a-1"),
        (EventKind.REVIEW, "r-2"),
        (EventKind.EDIT, "r-2"),
    ]
    assert events[-1].sent_at is None  # nobody knows when: never when it was written


def test_history_follows_apples_next_page_and_no_other_host() -> None:
    asked: list[str] = []

    def apple(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        following = "https://api.appstoreconnect.apple.com/v1/apps/1/customerReviews?cursor=2"
        links = {"next": following} if len(asked) == 1 else {}
        return httpx.Response(200, json={"data": [review(5)], "links": links})

    store = connector(apple)
    list(store.history(datetime(2026, 3, 1, tzinfo=UTC), {}))
    assert asked[1].endswith("cursor=2")
    next(store.history(datetime(2026, 3, 1, tzinfo=UTC), {"token": "https://evil.example/v1/"}))
    assert asked[2].startswith("https://api.appstoreconnect.apple.com/v1/apps/1/customerReviews?sort=-createdDate")


def test_figures_are_those_of_the_country() -> None:
    def apple(request: httpx.Request) -> httpx.Response:
        assert dict(request.url.params) == {"id": "1", "country": "be"}
        return httpx.Response(200, json={"results": [{"averageUserRating": 4.25, "userRatingCount": 831}]})

    figures = connector(apple, country="BE").figures([])
    assert [(one.name, one.value) for one in figures] == [("reviews", 831), ("rating", 4.25)]


def test_app_without_a_number_is_refused_unasked() -> None:
    with pytest.raises(PermanentError, match="digits"):
        connector(lambda request: pytest.fail("called"), app_id="com.example").check()


@pytest.mark.parametrize("body", [b"<feed", b"3", b"{", b"<a><b></a>"])
def test_what_is_no_feed_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        connector(lambda request: httpx.Response(500)).parse(Delivery(body))


def test_feed_reads_no_file_of_ours() -> None:
    entry = b"<entry xmlns='http://www.w3.org/2005/Atom' xmlns:im='http://itunes.apple.com/rss'>"
    said = b"<id>1</id><im:rating>1</im:rating><title>&b;</title></entry>"
    body = b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]>" + entry + said
    [event] = connector(lambda request: httpx.Response(500)).parse(Delivery(body))
    assert event.external_id == "1"
    assert event.subject in (None, "&b;")


def test_a_changed_review_is_heard_when_it_is_read_since_apple_tells_no_later_date() -> None:
    pages = [{"data": [review(2)], "included": []}]
    store = connector(lambda request: httpx.Response(200, json=pages[-1]))
    [first] = store.poll({})
    pages.append({"data": [review(2, "Mieux")], "included": []})
    [second] = store.poll(first.cursor)
    [edit] = [one for one in store.parse(second.deliveries[0]) if one.event is EventKind.EDIT]
    assert (edit.text, edit.sent_at) == ("Mieux", None)
