from __future__ import annotations

import hashlib
import hmac
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
    EventKind,
    HookRequest,
    NetworkEvent,
    Outgoing,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.linkedin.api import VERSION
from comptoir.connectors.linkedin.connector import LinkedIn

ORG = "urn:li:organization:7"
POST, ACTIVITY = "urn:li:share:1", "urn:li:activity:2"
COMMENT = f"urn:li:comment:({ACTIVITY},9)"
CREDENTIALS = {
    "client_id": "c", "client_secret": "s3cret", "organization_id": "7", "access_token": "a", "refresh_token": "r",
}  # fmt: skip
OUTGOING = Outgoing(
    key="k-1",
    queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    text="Bonjour",
    visibility="public",
    recipient=Author(id="urn:li:person:p1"),
    thread_id=POST,
    parent_id=COMMENT,
)


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> LinkedIn:
    return LinkedIn({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)), own_id=ORG)


def always(content: Any, status: int = 200, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, json=content, headers=headers)


def digest(content: bytes, secret: str = "s3cret") -> str:
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def hook(body: bytes, signature: str) -> HookRequest:
    return HookRequest("POST", "https://counter.example/hooks/linkedin/k/", {}, {"x-li-signature": signature}, body)


# --- listening ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signature", [digest(b"{}"), f"hmacsha256={digest(b'hmacsha256={}')}"])
def test_signed_notification_is_accepted(signature: str) -> None:
    connector(always({})).verify(hook(b"{}", signature))


@pytest.mark.parametrize("signature", ["", "hmacsha256=", digest(b"{ }"), digest(b"{}", "other")])
def test_notification_that_is_not_linkedins_is_refused(signature: str) -> None:
    with pytest.raises(SignatureError):
        connector(always({})).verify(hook(b"{}", signature))


def test_challenge_is_answered_with_its_digest() -> None:
    asked = HookRequest("GET", "https://c.example/?challengeCode=890", {"challengeCode": "890"}, {}, b"")
    answer = connector(always({})).challenge(asked)
    assert answer is not None
    assert json.loads(answer.body) == {"challengeCode": "890", "challengeResponse": digest(b"890")}
    assert answer.content_type == "application/json"
    assert connector(always({})).challenge(replace(asked, query={})) is None


def notification(number: int, at: int) -> dict[str, Any]:
    return {
        "action": "COMMENT",
        "organizationalEntity": ORG,
        "generatedActivity": f"urn:li:comment:({ACTIVITY},{number})",
        "sourcePost": POST,
        "decoratedGeneratedActivity": {"comment": {"owner": "urn:li:person:p1", "text": "?"}},
        "lastModifiedAt": at,
    }


def test_polling_asks_for_what_came_since_the_last_notification() -> None:
    asked: list[httpx.Request] = []

    def linkedin(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"elements": [notification(9, 1772438500000)]})

    page = connector(linkedin)
    [round_] = page.poll({"since": "1772438400000"})
    assert "timeRange=(start:1772438400000)" in str(asked[0].url)
    assert asked[0].headers["linkedin-version"] == VERSION
    assert asked[0].headers["x-restli-protocol-version"] == "2.0.0"
    assert round_.cursor == {"since": "1772438500000"}
    assert page.parse(round_.deliveries[0])[0].external_id == COMMENT


def test_the_first_round_leaves_what_was_said_before_to_the_history() -> None:
    def linkedin(request: httpx.Request) -> httpx.Response:
        old = {"elements": [notification(9, 1772000000000)]}
        return httpx.Response(200, json=old, headers={"date": "Mon, 02 Mar 2026 08:00:00 GMT"})

    [first] = connector(linkedin).poll({})
    assert (first.deliveries, first.cursor) == ((), {"since": "1772438400000"})


def test_history_begins_with_the_posts_that_named_the_page() -> None:
    asked: list[str] = []

    def linkedin(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        found = [notification(9, 1772438400000)] if "Notifications" in request.url.path else []
        return httpx.Response(200, json={"elements": found})

    [named, _posts] = connector(linkedin).history(datetime(2026, 1, 1, tzinfo=UTC), {})
    assert "actions=List(SHARE_MENTION,PHOTO_MENTION)" in asked[0]
    assert "timeRange=(start:1767225600000)" in asked[0]
    assert len(named.deliveries) == 1


def test_people_are_called_by_the_number_that_is_all_linkedin_lets_be_kept() -> None:
    assert str(LinkedIn.called("urn:li:person:yrZCpj2Z12")) == "LinkedIn member yrZCpj2Z12"
    assert LinkedIn.called("urn:li:organization:1") is None


def test_many_notifications_move_the_mark_only_once_all_are_read() -> None:
    def linkedin(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params["start"])
        many = [notification(start + one, 1772438500000 + start) for one in range(50 if start == 0 else 2)]
        return httpx.Response(200, json={"elements": many})

    pages = list(connector(linkedin).poll({"since": "1772438400000"}))
    assert [page.cursor["since"] for page in pages] == ["1772438400000", "1772438500050"]


def test_history_reads_posts_with_their_comments() -> None:
    def linkedin(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/rest/organizationalEntityNotifications":
            return httpx.Response(200, json={"elements": []})
        if request.url.path == "/rest/posts":
            post = {"id": POST, "author": ORG, "commentary": "Neuf", "createdAt": 1772430000000}
            return httpx.Response(200, json={"elements": [post]})
        assert request.url.raw_path.startswith(b"/rest/socialActions/urn%3Ali%3Ashare%3A1/comments")
        new = {"id": "9", "object": ACTIVITY, "actor": "urn:li:person:p1", "message": {"text": "?"}}
        comments = [{**new, "created": {"time": 1772438400000}}, {**new, "id": "8", "created": {"time": 1600000000000}}]
        return httpx.Response(200, json={"elements": comments})

    page = connector(linkedin)
    [stored] = page.history(datetime(2026, 1, 1, tzinfo=UTC), {})
    assert [event.external_id for event in page.parse(stored.deliveries[0])] == [POST, COMMENT]
    assert list(page.history(datetime(2026, 1, 1, tzinfo=UTC), stored.cursor)) == []


# --- answering ----------------------------------------------------------------------------------------------------


def test_answer_stands_in_the_thread_of_its_comment() -> None:
    asked: list[httpx.Request] = []

    def linkedin(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, json={}, headers={"x-restli-id": "10", "date": "Mon, 02 Mar 2026 08:00:00 GMT"})

    sent = connector(linkedin).send(OUTGOING)
    place = b"urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A2%2C9%29"
    assert asked[0].url.raw_path == b"/rest/socialActions/" + place + b"/comments"
    assert json.loads(asked[0].content) == {
        "actor": ORG, "object": ACTIVITY, "message": {"text": "Bonjour"}, "parentComment": COMMENT,
    }  # fmt: skip
    assert sent.external_id == f"urn:li:comment:({ACTIVITY},10)"


def test_post_that_names_us_is_answered_with_a_comment() -> None:
    bodies: list[Any] = []

    def linkedin(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(201, json={"id": "11"})

    connector(linkedin).send(replace(OUTGOING, parent_id=POST))
    assert bodies == [{"actor": ORG, "object": POST, "message": {"text": "Bonjour"}}]


def test_cut_answer_is_uncertain_and_found_by_its_words() -> None:
    ours = {"id": "10", "actor": ORG, "message": {"text": "Bonjour"}, "created": {"time": 1772438460000}}
    theirs = {**ours, "id": "12", "actor": "urn:li:person:p1"}

    def linkedin(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("cut", request=request)
        return httpx.Response(200, json={"elements": [theirs, ours]})

    cut = connector(linkedin)
    with pytest.raises(UncertainError):
        cut.send(OUTGOING)
    found = cut.find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == f"urn:li:comment:({ACTIVITY},10)"
    assert cut.find_sent(replace(OUTGOING, text="autre")) is None


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, {"message": "bad"}, PermanentError),
        (401, {"serviceErrorCode": 65601, "message": "revoked"}, AuthError),
        (403, {"message": "not enough permissions"}, PermanentError),
        (404, {"message": "gone"}, PermanentError),
        (426, {"code": "NONEXISTENT_VERSION", "message": "inactive"}, PermanentError),
        (429, {"message": "throttle"}, TransientError),
        (500, {}, UncertainError),
    ],
)
def test_linkedins_errors_say_what_may_be_done(status: int, content: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(always(content, status)).send(OUTGOING)


@pytest.mark.parametrize(
    "outgoing", [replace(OUTGOING, visibility="private"), replace(OUTGOING, parent_id=None, thread_id=None)]
)
def test_what_linkedin_takes_no_answer_to_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


def test_comments_are_changed_taken_back_and_liked_in_the_pages_name() -> None:
    asked: list[str] = []

    def linkedin(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().replace("%3A", ":").replace("%28", "(").replace("%29", ")")
        asked.append(
            f"{request.method} {path.replace('%2C', ',')} {request.headers.get('x-restli-method', '')}".strip()
        )
        return httpx.Response({"DELETE": 404, "POST": 409}.get(request.method, 200) if "reactions" in path else 204)

    page = connector(linkedin)
    page.edit(COMMENT, replace(OUTGOING, text="Mieux"), {})
    page.delete(COMMENT, {})
    page.like(COMMENT, {})
    page.unlike(COMMENT, {})
    assert asked == [
        f"POST /rest/socialActions/{ACTIVITY}/comments/9?actor={ORG} PARTIAL_UPDATE",
        f"DELETE /rest/socialActions/{ACTIVITY}/comments/9?actor={ORG}",
        f"POST /rest/reactions?actor={ORG}",
        f"DELETE /rest/reactions/(actor:{ORG},entity:{COMMENT})",
    ]
    with pytest.raises(PermanentError):
        page.delete(POST, {})


# --- the account --------------------------------------------------------------------------------------------------


def test_signing_in_offers_every_page_and_is_renewed_in_time() -> None:
    def linkedin(request: httpx.Request) -> httpx.Response:
        if request.url.host == "www.linkedin.com":
            assert parse_qs(request.content.decode())["client_secret"] == ["s3cret"]
            told = {"access_token": "b", "refresh_token": "r2", "expires_in": 5184000}
            return httpx.Response(200, json=told, headers={"date": "Mon, 02 Mar 2026 08:00:00 GMT"})
        assert request.headers["authorization"] == "Bearer b"
        if request.url.path == "/rest/organizationAcls":
            return httpx.Response(200, json={"elements": [{"organization": ORG}, {"organization": "urn:li:x:y"}]})
        return httpx.Response(200, json={"localizedName": "Exemple", "vanityName": "exemple"})

    [offered] = connector(linkedin, access_token="").exchange("code", redirect_url="https://c.example/", verifier="")
    assert (offered.own_id, offered.name) == (ORG, "Exemple")
    opened = connector(linkedin, **offered.credentials)
    assert opened.renew_at() == datetime(2026, 4, 26, 8, tzinfo=UTC)
    assert opened.renew()["refresh_token"] == "r2"
    assert opened.check().token_expires_at == datetime(2026, 5, 1, 8, tzinfo=UTC)


def test_person_without_a_page_is_told_so() -> None:
    def linkedin(request: httpx.Request) -> httpx.Response:
        if request.url.host == "www.linkedin.com":
            return httpx.Response(200, json={"access_token": "b"})
        return httpx.Response(200, json={"elements": []})

    with pytest.raises(PermanentError, match="no page"):
        connector(linkedin).exchange("code", redirect_url="https://c.example/", verifier="")


def test_figures_are_of_the_page_and_of_its_posts() -> None:
    def linkedin(request: httpx.Request) -> httpx.Response:
        if "networkSizes" in request.url.path:
            return httpx.Response(200, json={"firstDegreeSize": 219145})
        if "share%3A5" in request.url.raw_path.decode():
            return httpx.Response(404, json={"message": "gone"})
        told = {"reactionSummaries": {"LIKE": {"count": 4}, "PRAISE": {"count": 1}}, "commentSummary": {"count": 2}}
        return httpx.Response(200, json=told)

    found = connector(linkedin).figures([POST, "urn:li:share:5"])
    assert [(one.name, one.value, one.external_id) for one in found] == [
        ("followers", 219145, None),
        ("likes", 5, POST),
        ("comments", 2, POST),
    ]


def test_pages_are_named_and_people_are_not_asked_for() -> None:
    found = {"results": {"77": {"id": 77, "localizedName": "Durand et fils", "vanityName": "durand"}}}
    linkedin = connector(always(found))
    event = NetworkEvent(EventKind.COMMENT, "incoming", author=Author(id="urn:li:organization:77"))
    assert linkedin.lacks(event) == ["person"]
    assert linkedin.completed(event, ["person"]).author == Author("urn:li:organization:77", "durand", "Durand et fils")
    assert not linkedin.lacks(replace(event, author=Author(id="urn:li:person:A1")))


def test_an_answer_to_what_is_gone_says_so() -> None:
    gone = connector(lambda request: httpx.Response(404, json={"status": 404, "message": "Could not find entity"}))
    with pytest.raises(PermanentError, match="no longer on LinkedIn"):
        gone.send(OUTGOING)
