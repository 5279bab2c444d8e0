from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    Author,
    EventKind,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.tiktok.connector import TikTok

CREDENTIALS = {
    "client_id": "app", "client_secret": "s3cret", "access_token": "a", "refresh_token": "r", "business_id": "biz-1",
}  # fmt: skip
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
COMMENT = Outgoing(
    key="k-1",
    queued_at=NOW,
    text="Écrivez-nous",
    visibility="public",
    recipient=Author(id="u1"),
    thread_id="70",
    parent_id="71",
    parent_custom={"video_id": "70"},
)
MESSAGE = replace(COMMENT, visibility="private", thread_id="c1", parent_id="m1", parent_custom={})


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> TikTok:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return TikTok({**CREDENTIALS, **changed}, http, own_id="biz-1")


def ok(data: Any) -> httpx.Response:
    return httpx.Response(200, json={"code": 0, "message": "OK", "request_id": "r", "data": data})


def refused(code: int, message: str = "why") -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(200, json={"code": code, "message": message, "data": {}})


def hook(body: bytes, secret: str = "s3cret") -> HookRequest:
    digest = hmac.new(secret.encode(), b"1772438400." + body, hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t=1772438400,s={digest}"}
    return HookRequest("POST", "https://counter.example/hooks/tiktok/k/", {}, headers, body)


# --- listening ----------------------------------------------------------------------------------------------------


def test_signed_delivery_is_accepted() -> None:
    connector(refused(1)).verify(hook(b'{"event":"im_receive_msg"}'))


@pytest.mark.parametrize(
    "request_",
    [
        hook(b"{}", "other"),
        replace(hook(b"{}"), body=b"{ }"),
        replace(hook(b"{}"), headers={}),
        replace(hook(b"{}"), headers={"tiktok-signature": "nonsense"}),
    ],
)
def test_delivery_that_is_not_tiktoks_is_refused(request_: HookRequest) -> None:
    with pytest.raises(SignatureError):
        connector(refused(1)).verify(request_)


def test_delivery_names_its_account() -> None:
    assert connector(refused(1)).addressees(hook(b'{"user_openid": "biz-2"}')) == (Addressee("tiktok", "biz-2"),)


def test_address_is_declared_for_messages_and_comments() -> None:
    asked: list[Any] = []

    def tiktok(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            asked.append(json.loads(request.content))
            return ok({})
        return ok({"callback_url": "https://counter.example/h/"})

    account = connector(tiktok)
    account.subscribe("https://counter.example/h/")
    ours = {"app_id": "app", "secret": "s3cret", "callback_url": "https://counter.example/h/"}
    assert asked == [{**ours, "event_type": "DIRECT_MESSAGE"}, {**ours, "event_type": "COMMENT"}]
    assert account.is_subscribed("https://counter.example/h/")
    assert not account.is_subscribed("https://elsewhere.example/")


def far_side(comments: list[dict[str, Any]], asked: list[httpx.Request]) -> Callable[[httpx.Request], httpx.Response]:
    def tiktok(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path.endswith("/video/list/"):
            return ok({"videos": [{"item_id": "70", "create_time": "1772430000", "caption": "Atelier"}]})
        return ok({"comments": comments, "has_more": False, "cursor": 30})

    return tiktok


def test_polling_hands_on_new_comments_with_their_video() -> None:
    asked: list[httpx.Request] = []
    comments = [{"comment_id": "71", "video_id": "70", "user_id": "u1", "text": "Et ?", "create_time": "1772438400"}]
    account = connector(far_side(comments, asked))
    [first] = account.poll({})
    assert asked[0].headers["access-token"] == "a"
    assert dict(asked[1].url.params) == {
        "business_id": "biz-1", "video_id": "70", "sort_field": "create_time", "sort_order": "desc",
        "include_replies": "true", "max_count": "30",
    }  # fmt: skip
    comments.insert(0, {"comment_id": "73", "video_id": "70", "text": "Allô", "create_time": "1772450000"})
    [second] = account.poll(first.cursor)
    events = account.parse(second.deliveries[0])
    assert [(event.event, event.external_id) for event in events] == [
        (EventKind.POST, "70"),
        (EventKind.COMMENT, "71"),  # an hour over
        (EventKind.COMMENT, "73"),
    ]


def test_the_first_round_leaves_what_was_said_before_to_the_history() -> None:
    comments = [{"comment_id": "71", "video_id": "70", "text": "Et ?", "create_time": "1772438400"}]
    [first] = connector(far_side(comments, [])).poll({})
    assert (first.deliveries, first.cursor) == ((), {"marks": {"70": "2026-03-02T08:00:00+00:00"}})


def test_what_is_said_under_the_first_video_of_all_is_new() -> None:
    [first] = connector(lambda request: ok({"videos": []})).poll({})
    comments = [{"comment_id": "71", "video_id": "70", "text": "Et ?", "create_time": "1772438400"}]
    [second] = connector(far_side(comments, [])).poll(first.cursor)
    assert second.deliveries


def test_what_was_read_a_moment_ago_has_the_same_name_again() -> None:
    comments = [{"comment_id": "71", "video_id": "70", "text": "Et ?", "create_time": "1772438400"}]
    account = connector(far_side(comments, []))
    [first], [second] = account.poll({"marks": {}}), account.poll({"marks": {}})
    assert first.deliveries[0].key == second.deliveries[0].key


def test_history_ends_where_it_should() -> None:
    comments = [
        {"comment_id": "71", "video_id": "70", "text": "neuf", "create_time": "1772438400"},
        {"comment_id": "69", "video_id": "70", "text": "vieux", "create_time": "1700000000"},
    ]
    account = connector(far_side(comments, []))
    [page] = account.history(datetime(2026, 1, 1, tzinfo=UTC), {})
    assert [event.external_id for event in account.parse(page.deliveries[0])] == ["70", "71"]
    assert page.cursor["finished"] is True
    assert list(account.history(datetime(2026, 1, 1, tzinfo=UTC), page.cursor)) == []


# --- answering ----------------------------------------------------------------------------------------------------


def test_comment_is_answered_under_its_video() -> None:
    asked: list[httpx.Request] = []

    def tiktok(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return ok({"comment_id": "74", "create_time": "1772438460"})

    sent = connector(tiktok).send(COMMENT)
    assert str(asked[0].url) == "https://business-api.tiktok.com/open_api/v1.3/business/comment/reply/create/"
    assert json.loads(asked[0].content) == {
        "business_id": "biz-1", "video_id": "70", "comment_id": "71", "text": "Écrivez-nous",
    }  # fmt: skip
    assert (sent.external_id, dict(sent.custom)) == ("74", {"video_id": "70"})


def test_cut_answer_is_uncertain_and_found_by_its_words() -> None:
    ours = {"comment_id": "74", "text": "Écrivez-nous", "create_time": "1772438460", "owner": True}
    theirs = {"comment_id": "75", "text": "Écrivez-nous", "create_time": "1772438460", "owner": False}

    def tiktok(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("cut", request=request)
        return ok({"comments": [theirs, ours]})

    cut = connector(tiktok)
    with pytest.raises(UncertainError):
        cut.send(COMMENT)
    found = cut.find_sent(COMMENT)
    assert found is not None
    assert found.external_id == "74"
    assert cut.find_sent(replace(COMMENT, text="autre")) is None


def test_message_is_sent_with_its_picture_after_it() -> None:
    bodies: list[Any] = []

    def tiktok(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/upload/"):
            assert b'name="media_type"' in request.content
            return ok({"media_id": "med1"})
        bodies.append(json.loads(request.content))
        return ok({"message": {"message_id": f"m{len(bodies) + 1}"}})

    picture = OutgoingFile("a.png", "image/png", b"png")
    sent = connector(tiktok).send(replace(MESSAGE, files=(picture,)))
    to = {"business_id": "biz-1", "recipient_type": "CONVERSATION", "recipient": "c1"}
    assert bodies == [
        {**to, "message_type": "TEXT", "text": {"body": "Écrivez-nous"}},
        {**to, "message_type": "IMAGE", "image": {"media_id": "med1"}},
    ]
    assert (sent.external_id, sent.part_ids) == ("m2", ("m3",))


def test_cut_message_is_put_to_a_person() -> None:
    with pytest.raises(UncertainError):
        connector(refused(1)).find_sent(MESSAGE)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (40001, PermanentError),
        (40002, PermanentError),
        (40100, TransientError),
        (40102, AuthError),
        (40105, AuthError),
        (50000, UncertainError),
    ],
)
def test_tiktoks_own_code_says_what_may_be_done(code: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(refused(code)).send(COMMENT)


def test_failure_while_reading_may_be_tried_again() -> None:
    with pytest.raises(TransientError):
        connector(refused(50000)).check()


@pytest.mark.parametrize("outgoing", [replace(COMMENT, parent_id=None), replace(MESSAGE, thread_id=None)])
def test_answer_to_nobody_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


def test_comments_are_hidden_shown_and_ours_taken_back() -> None:
    asked: list[tuple[str, Any]] = []

    def tiktok(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path.removeprefix("/open_api/v1.3/business/comment"), json.loads(request.content)))
        return ok({})

    account = connector(tiktok)
    account.hide("71", thread_id="70")
    account.show("71", thread_id="70")
    account.delete("74", {"video_id": "70"})
    assert asked == [
        ("/hide/", {"business_id": "biz-1", "video_id": "70", "comment_id": "71", "action": "HIDE"}),
        ("/hide/", {"business_id": "biz-1", "video_id": "70", "comment_id": "71", "action": "UNHIDE"}),
        ("/delete/", {"business_id": "biz-1", "comment_id": "74"}),
    ]
    assert account.may_hide(Standing("70"))
    assert not account.may_hide(Standing("c1"))
    with pytest.raises(PermanentError):
        account.delete("m2", {})


# --- the account --------------------------------------------------------------------------------------------------


def test_file_is_asked_for_by_its_three_ids() -> None:
    def tiktok(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content) == {
            "business_id": "biz-1", "conversation_id": "c1", "message_id": "m2", "media_id": "med1",
            "media_type": "IMAGE",
        }  # fmt: skip
        return ok({"download_url": "https://business-api.tiktok.com/f/1"})

    source = connector(tiktok).locate("tiktok:c1/m2/med1?IMAGE")
    assert (source.url, dict(source.headers)) == ("https://business-api.tiktok.com/f/1", {"x-user": "a"})


def test_signing_in_opens_the_account_and_its_access_is_renewed_in_time() -> None:
    def tiktok(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/business/get/"):
            assert request.headers["access-token"] == "b"
            return ok({"username": "exemple", "display_name": "Exemple"})
        asked = json.loads(request.content)
        assert (asked["client_id"], asked["client_secret"]) == ("app", "s3cret")
        told = {"access_token": "b", "refresh_token": "r2", "open_id": "biz-9", "expires_in": 86400}
        date = {"date": "Mon, 02 Mar 2026 08:00:00 GMT"}
        return httpx.Response(200, json={"code": 0, "data": told}, headers=date)

    [offered] = connector(tiktok, business_id="").exchange("code", redirect_url="https://c.example/", verifier="")
    assert (offered.own_id, offered.name) == ("biz-9", "Exemple")
    opened = connector(tiktok, **offered.credentials)
    assert opened.renew_at() == datetime(2026, 3, 3, 6, tzinfo=UTC)
    assert opened.renew()["refresh_token"] == "r2"


def test_account_that_was_not_signed_in_says_so_unasked() -> None:
    with pytest.raises(AuthError):
        connector(lambda request: pytest.fail("called"), access_token="").check()


def test_figures_are_of_the_account_and_of_its_videos_not_of_our_comments() -> None:
    def tiktok(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/business/get/"):
            return ok({"followers_count": 1200})
        assert "filters" not in request.url.params
        videos = [{"item_id": "70", "video_views": 900, "likes": 12, "comments": 3, "shares": 1}, {"item_id": "60"}]
        return ok({"videos": videos})

    found = [(one.name, one.value, one.external_id) for one in connector(tiktok).figures(["70", "74"])]
    assert found[0] == ("followers", 1200, None)
    assert ("views", 900, "70") in found
    assert {of for _name, _value, of in found} == {None, "70"}


def test_check_tells_when_the_access_ends() -> None:
    ends_at = "2026-03-03T08:00:00+00:00"
    account = connector(lambda request: ok({"username": "lueur"}), token_ends_at=ends_at)
    assert account.check().token_expires_at == datetime.fromisoformat(ends_at)


def test_a_refusal_does_not_speak_of_the_success_that_the_protocol_reports() -> None:
    with pytest.raises(PermanentError, match=r"^TikTok refused it\."):
        connector(refused(40002)).send(COMMENT)
