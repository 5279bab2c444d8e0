from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    Author,
    Delivery,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.x.connector import X
from tests.connectors.published_contract import contract

CREDENTIALS = {
    "client_id": "app",
    "client_secret": "s3cret",
    "api_secret": "hook-s3cret",
    "bearer_token": "app-token",
    "access_token": "user-token",
    "refresh_token": "refresh-1",
    "expires_at": "2026-03-02T10:15:00+00:00",
}
OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Bonjour Léa, nous regardons : https://maison.example/suivi",
    visibility="public",
    recipient=Author(id="2002", handle="lea_m"),
    parent_id="1900000000000000001",
    parent_visibility="public",
)
PRIVATE = Outgoing(
    key="k", queued_at=OUTGOING.queued_at, text="Bonjour", visibility="private", recipient=Author(id="2002")
)
DATE = {"date": "Mon, 02 Mar 2026 08:15:00 GMT"}

Answers = Callable[[httpx.Request], httpx.Response]


class Far:
    """The far side: answers by path, and what it was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[f"{request.method} {request.url.path}"]
        if isinstance(answer, list):
            answer = answer.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer, headers=DATE)

    @property
    def last(self) -> Any:
        return json.loads(self.asked[-1].content)


def x(far: Far, **credentials: str) -> X:
    client = httpx.Client(transport=httpx.MockTransport(far))
    return X({**CREDENTIALS, **credentials}, client, own_id="1001")


def hook(
    body: bytes = b"", *, method: str = "POST", query: dict[str, str] | None = None, **headers: str
) -> HookRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HookRequest(method, "https://counter.example/hooks/x/key/", query or {}, named, body)


def signed(body: bytes, secret: str = "hook-s3cret") -> str:
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


# --- webhooks ---------------------------------------------------------------------------------------------------------


def test_a_signed_delivery_is_taken() -> None:
    x(Far({})).verify(hook(b"{}", x_twitter_webhooks_signature=signed(b"{}")))


@pytest.mark.parametrize("header", ["", "sha256=", signed(b"{}", "other"), signed(b"{ }"), signed(b"{}")[7:]])
def test_any_other_delivery_is_refused(header: str) -> None:
    with pytest.raises(SignatureError):
        x(Far({})).verify(hook(b"{}", x_twitter_webhooks_signature=header))


def test_the_challenge_is_answered_with_the_signed_token() -> None:
    answer = x(Far({})).challenge(hook(method="GET", query={"crc_token": "abc"}))
    assert answer is not None
    assert json.loads(answer.body) == {"response_token": signed(b"abc")}
    assert answer.content_type == "application/json"


def test_a_delivery_names_the_account_it_is_about() -> None:
    assert x(Far({})).addressees(hook(b'{"for_user_id": "1001"}')) == (Addressee("x", "1001"),)
    assert x(Far({})).addressees(hook(b'{"data": {"filter": {"user_id": "7"}}}')) == (Addressee("x", "7"),)
    assert x(Far({})).addressees(hook(b"[")) == ()


def test_subscribing_names_our_address_and_asks_for_the_account() -> None:
    far = Far(
        {
            "GET /2/webhooks": {"data": [{"id": "1", "url": "https://other.example/", "valid": True}]},
            "POST /2/webhooks": {"data": {"id": "9", "url": "u", "valid": True, "created_at": "now"}},
            "POST /2/account_activity/webhooks/9/subscriptions/all": {"data": {"subscribed": True}},
        }
    )
    x(far).subscribe("https://counter.example/hooks/x/key/")
    assert [request.headers["authorization"] for request in far.asked] == [
        "Bearer app-token", "Bearer app-token", "Bearer user-token",
    ]  # fmt: skip


def test_an_address_that_x_finds_invalid_is_not_subscribed() -> None:
    url = "https://counter.example/hooks/x/key/"
    far = Far({"GET /2/webhooks": {"data": [{"id": "9", "url": url, "valid": False}]}})
    assert not x(far).is_subscribed(url)


def test_without_the_apps_secrets_nothing_is_to_be_subscribed() -> None:
    assert x(Far({}), api_secret="").is_subscribed("https://counter.example/")


# --- polling ----------------------------------------------------------------------------------------------------------


def test_polling_asks_since_the_newest_id_and_follows_pages() -> None:
    first = {"data": [{"id": "30", "text": "b"}], "meta": {"newest_id": "30", "next_token": "n"}}
    second = {"data": [{"id": "25", "text": "a"}], "meta": {"newest_id": "25"}}
    far = Far(
        {
            "GET /2/users/1001/mentions": [first, second],
            "GET /2/dm_events": {"data": [{"id": "7", "event_type": "MessageCreate"}], "meta": {"next_token": "m"}},
        }
    )
    pages = list(x(far).poll({"mentions": "20", "messages": "7", "round": 1}))
    assert [request.url.params.get("since_id") for request in far.asked] == ["20", "20", None]
    assert [len(page.deliveries) for page in pages] == [1, 1, 0]
    assert pages[0].cursor["mentions"] == "20"  # the first page is stored, the second is not yet
    assert pages[-1].cursor == {"mentions": "30", "messages": "7", "round": 2}


def test_the_first_round_only_notes_what_is_newest() -> None:
    page = {"data": [{"id": "30", "text": "b"}], "meta": {"newest_id": "30", "next_token": "n"}}
    far = Far(
        {
            "GET /2/users/1001/mentions": page,
            "GET /2/users/1001/tweets": page,
            "GET /2/dm_events": {"data": [{"id": "9", "event_type": "MessageCreate"}], "meta": {"next_token": "m"}},
        }
    )
    pages = list(x(far).poll({}))
    assert pages[-1].cursor == {"mentions": "30", "own": "30", "messages": "9", "round": 1}
    assert [page.deliveries for page in pages] == [()]
    assert len(far.asked) == 3


def test_the_first_mention_of_all_is_not_taken_for_history() -> None:
    page = {"data": [{"id": "30", "text": "b"}], "meta": {"newest_id": "30"}}
    far = Far({"GET /2/users/1001/mentions": [{"meta": {"result_count": 0}}, page], "GET /2/dm_events": {}})
    cursor = list(x(far).poll({"round": 1}))[-1].cursor
    assert [len(page.deliveries) for page in x(far).poll(cursor)] == [1, 0]


def test_an_account_without_direct_messages_is_still_polled() -> None:
    refused = httpx.Response(403, json={"title": "Forbidden", "detail": "Forbidden"})
    far = Far({"GET /2/users/1001/mentions": {"meta": {"result_count": 0}}, "GET /2/dm_events": refused})
    assert [page.cursor["round"] for page in x(far).poll({"mentions": "20", "round": 1})] == [2]


def test_history_goes_on_where_it_was_left() -> None:
    far = Far(
        {
            "GET /2/users/1001/mentions": {"data": [{"id": "5", "text": "a"}], "meta": {}},
            "GET /2/dm_events": {"meta": {}},
        }
    )
    since = datetime(2026, 2, 1, tzinfo=UTC)
    pages = list(x(far).history(since, {"step": "mentions", "token": "t2"}))
    assert far.asked[0].url.params["pagination_token"] == "t2"
    assert far.asked[0].url.params["start_time"] == "2026-02-01T00:00:00Z"
    assert pages[-1].cursor == {"done": ["mentions", "messages"]}


def test_a_stored_page_is_read_again_by_parse() -> None:
    page = {"data": [{"id": "30", "text": "1 &lt; 2", "author_id": "2002"}], "meta": {"newest_id": "30"}}
    far = Far({"GET /2/users/1001/mentions": page, "GET /2/dm_events": {}})
    delivery = next(iter(x(far).poll({"mentions": "20", "round": 1}))).deliveries[0]
    assert [event.text for event in x(far).parse(delivery)] == ["1 < 2"]


# --- answering --------------------------------------------------------------------------------------------------------


def test_a_public_reply_names_what_it_answers() -> None:
    far = Far({"POST /2/tweets": httpx.Response(201, json={"data": {"id": "42", "text": "t"}}, headers=DATE)})
    sent = x(far).send(OUTGOING)
    assert (sent.external_id, sent.sent_at) == ("42", datetime(2026, 3, 2, 8, 15, tzinfo=UTC))
    assert far.last == {"text": OUTGOING.text, "reply": {"in_reply_to_tweet_id": "1900000000000000001"}}
    assert far.asked[0].headers["authorization"] == "Bearer user-token"


def test_pictures_are_handed_over_first_with_what_they_show() -> None:
    far = Far(
        {
            "POST /2/media/upload": {"data": {"id": "88"}},
            "POST /2/media/metadata": {"data": {"id": "88"}},
            "POST /2/tweets": httpx.Response(201, json={"data": {"id": "42", "text": "t"}}),
        }
    )
    picture = OutgoingFile("a.png", "image/png", b"abc", alt_text="Un colis")
    x(far).send(Outgoing(**{**_fields(OUTGOING), "files": (picture,)}))
    bodies = [json.loads(request.content) for request in far.asked]
    assert bodies[0] == {"media": "YWJj", "media_category": "tweet_image"}
    assert bodies[1] == {"id": "88", "metadata": {"alt_text": {"text": "Un colis"}}}
    assert bodies[2]["media"] == {"media_ids": ["88"]}


def test_a_private_reply_goes_to_the_person() -> None:
    far = Far(
        {
            "POST /2/dm_conversations/with/2002/messages": httpx.Response(
                201, json={"data": {"dm_event_id": "50", "dm_conversation_id": "1001-2002"}}
            )
        }
    )
    sent = x(far).send(PRIVATE)
    assert sent.external_id == "50"
    assert far.last == {"text": "Bonjour"}
    assert sent.custom == {"private": True, "exchange": "1001-2002"}


def test_an_answer_in_a_group_goes_to_the_group() -> None:
    far = Far({"POST /2/dm_conversations/1899/messages": {"data": {"dm_event_id": "50"}}})
    fields = {**_fields(PRIVATE), "parent_visibility": "private", "parent_custom": {"exchange": "1899"}}
    assert x(far).send(Outgoing(**fields)).external_id == "50"


def _fields(outgoing: Outgoing) -> dict[str, Any]:
    return {name: getattr(outgoing, name) for name in Outgoing.__dataclass_fields__}


def test_what_a_cut_attempt_left_is_found_by_its_words() -> None:
    ours = {
        "id": "42",
        "created_at": "2026-03-02T08:15:20.000Z",
        "text": "@lea_m Bonjour Léa, nous regardons : https://t.co/xyz",
        "referenced_posts": [{"type": "replied_to", "id": "1900000000000000001"}],
    }
    other = {**ours, "id": "41", "referenced_posts": [{"type": "replied_to", "id": "3"}]}
    far = Far({"GET /2/users/1001/tweets": {"data": [other, ours]}})
    found = x(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "42"
    assert far.asked[0].url.params["start_time"] == "2026-03-02T08:13:00Z"


def test_an_attempt_that_left_nothing_is_not_found() -> None:
    assert x(Far({"GET /2/users/1001/tweets": {"meta": {"result_count": 0}}})).find_sent(OUTGOING) is None


def test_a_direct_message_that_was_cut_is_found() -> None:
    one = {"id": "50", "sender_id": "1001", "text": "Bonjour", "created_at": "2026-03-02T08:15:01Z"}
    far = Far({"GET /2/dm_conversations/with/2002/dm_events": {"data": [{**one, "sender_id": "2002"}, one]}})
    found = x(far).find_sent(PRIVATE)
    assert found is not None
    assert found.external_id == "50"


def test_only_what_is_said_in_conversations_of_ours_can_be_hidden() -> None:
    account = x(Far({}))
    assert account.may_hide(Standing("1", "7", "2002", "5", thread_author_id="1001"))
    assert account.may_hide(Standing("1", "7", "2002", "1", custom={"answered": "1001"}))
    assert not account.may_hide(Standing("1", "7", "2002", "5", custom={"answered": "1001"}))  # who began it: unknown
    assert not account.may_hide(Standing("1", "7", "2002", "1", thread_author_id="3003"))
    assert not account.may_hide(Standing("1", "1", "1001", thread_author_id="1001"))


def test_a_post_says_who_began_its_conversation_where_it_knows() -> None:
    root = {"id": "1", "author_id": "1001", "text": "a", "conversation_id": "1"}
    reply = {"id": "7", "author_id": "2002", "text": "b", "conversation_id": "1", "in_reply_to_user_id": "1001",
             "referenced_tweets": [{"type": "replied_to", "id": "1"}]}  # fmt: skip
    beside = {"data": [reply], "includes": {"tweets": [root]}}
    events = x(Far({})).parse(Delivery(json.dumps(beside).encode()))
    assert [(event.external_id, event.thread_author_id) for event in events] == [("7", "1001"), ("1", "1001")]
    (alone,) = x(Far({})).parse(Delivery(json.dumps({"data": [reply]}).encode()))
    assert (alone.thread_author_id, alone.custom) == (None, {"answered": "1001"})


def test_hiding_liking_and_deleting_use_their_own_calls() -> None:
    far = Far(
        {
            "PUT /2/tweets/7/hidden": {"data": {"hidden": True}},
            "POST /2/users/1001/likes": {"data": {"liked": True}},
            "DELETE /2/users/1001/likes/7": {"data": {"liked": False}},
            "DELETE /2/tweets/7": httpx.Response(404, json={"title": "Not Found Error"}),
            "DELETE /2/dm_events/8": {"data": {"deleted": True}},
        }
    )
    x(far).hide("7", thread_id="1")
    assert far.last == {"hidden": True}
    x(far).like("7", {})
    assert far.last == {"tweet_id": "7"}
    x(far).unlike("7", {})
    x(far).delete("7", {})  # gone already
    x(far).delete("8", {"private": True})
    assert len(far.asked) == 5


def test_an_id_that_is_none_of_x_never_reaches_an_address() -> None:
    with pytest.raises(PermanentError, match="not an id"):
        x(Far({})).delete("../users/1001", {})


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (401, {"title": "Unauthorized"}, AuthError, "no longer accepts"),
        (402, {"title": "CreditsDepleted"}, TransientError, "credits"),
        (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, PermanentError, "twice"),
        (403, {"errors": [{"code": 433, "message": "x"}]}, PermanentError, "limits who may reply"),
        (403, {"detail": "Reply not allowed: you have not been mentioned"}, PermanentError, "mention or quote"),
        (403, {"reason": "client-not-enrolled", "detail": "d"}, PermanentError, "no access to the part"),
        (403, {"errors": [{"code": 326, "message": "locked"}]}, AuthError, "locked"),
        (
            403,
            {"detail": ("Your account is suspended and is not permitted to access this feature.")},
            AuthError,
            "locked",
        ),
        (403, {"detail": "You do not have the required permission"}, PermanentError, "permission is missing"),
        (429, {"title": "Too Many Requests"}, TransientError, "slow down"),
        (429, {"title": "UsageCapExceeded"}, TransientError, "allowance"),
        (400, {"errors": [{"code": 186, "message": "x"}]}, PermanentError, "too long"),
        (503, {}, UncertainError, "not known"),
    ],
)
def test_a_refusal_says_what_may_be_done_next(status: int, body: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        x(Far({"POST /2/tweets": httpx.Response(status, json=body)})).send(OUTGOING)


def test_the_rate_limit_is_waited_out_as_x_says() -> None:
    headers = {**DATE, "x-rate-limit-reset": "1772439360"}
    far = Far({"POST /2/tweets": httpx.Response(429, json={"title": "Too Many Requests"}, headers=headers)})
    with pytest.raises(TransientError) as caught:
        x(far).send(OUTGOING)
    assert caught.value.retry_after == timedelta(seconds=60)


def test_a_cut_connection_is_uncertain() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    with pytest.raises(UncertainError):
        X(CREDENTIALS, httpx.Client(transport=httpx.MockTransport(cut)), own_id="1001").send(OUTGOING)


# --- the account ------------------------------------------------------------------------------------------------------


def test_signing_in_trades_the_code_for_the_account() -> None:
    tokens = {"access_token": "a", "refresh_token": "r", "expires_in": 7200, "scope": "tweet.read users.read"}
    far = Far({"POST /2/oauth2/token": tokens, "GET /2/users/me": {"data": {"id": "1001", "username": "maisonverte"}}})
    (account,) = x(far).exchange("c0de", redirect_url="https://counter.example/back", verifier="v")
    form = dict(part.split("=") for part in far.asked[0].content.decode().split("&"))
    assert form["code_verifier"] == "v"
    assert far.asked[0].headers["authorization"].startswith("Basic ")
    assert (account.own_id, account.name) == ("1001", "@maisonverte")
    assert account.credentials["access_token"] == "a"
    assert account.credentials["expires_at"] == "2026-03-02T10:15:00+00:00"
    assert account.credentials["client_secret"] == "s3cret"


def test_a_code_that_x_does_not_take_opens_nothing() -> None:
    far = Far({"POST /2/oauth2/token": httpx.Response(400, json={"error": "invalid_request"})})
    with pytest.raises(AuthError):
        x(far).exchange("c0de", redirect_url="u", verifier="v")


def test_the_access_is_renewed_before_it_ends() -> None:
    far = Far({"POST /2/oauth2/token": {"access_token": "a2", "refresh_token": "refresh-2", "expires_in": 7200}})
    assert x(far).renew_at() == datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    renewed = x(far).renew()
    assert (renewed["access_token"], renewed["refresh_token"]) == ("a2", "refresh-2")


def test_revoking_what_is_gone_is_a_success() -> None:
    far = Far({"POST /2/oauth2/revoke": [httpx.Response(400, json={"error": "invalid"}), {"revoked": True}]})
    x(far).revoke()
    assert len(far.asked) == 2


def test_check_says_who_we_are_and_what_was_not_granted() -> None:
    far = Far({"GET /2/users/me": {"data": {"id": "1001", "username": "maisonverte", "name": "Maison Verte"}}})
    health = x(far, granted="tweet.read users.read", api_secret="").check()
    assert (health.own_id, health.handle, health.name) == ("1001", "@maisonverte", "Maison Verte")
    assert any("dm.read" in remark for remark in health.remarks)
    assert any("every two minutes" in remark for remark in health.remarks)


def test_pictures_of_direct_messages_are_asked_for_with_our_access() -> None:
    source = x(Far({})).locate("https://ton.twitter.com/1.1/ton/data/dm/10/77/a.jpg")
    assert source.url == "https://api.x.com/2/dm_conversations/media/10/77/a.jpg"
    assert source.headers == {"authorization": "Bearer user-token"}
    assert x(Far({})).locate("https://pbs.twimg.com/media/a.jpg").headers == {}


def test_figures_of_the_account_and_of_posts_are_read() -> None:
    metrics = {"impression_count": 10, "like_count": 3, "reply_count": 1, "repost_count": 2, "quote_count": 1}
    far = Far(
        {
            "GET /2/users/me": {"data": {"id": "1001", "public_metrics": {"followers_count": 120, "post_count": 9}}},
            "GET /2/tweets": {"data": [{"id": "7", "public_metrics": metrics}]},
        }
    )
    found = {(figure.name, figure.external_id): figure.value for figure in x(far).figures(["7", "not-an-id"])}
    assert found == {
        ("followers", None): 120, ("posts", None): 9, ("views", "7"): 10, ("likes", "7"): 3, ("comments", "7"): 1,
        ("shares", "7"): 3,
    }  # fmt: skip
    assert far.asked[1].url.params["ids"] == "7"


# --- the published contract -------------------------------------------------------------------------------------------


def test_every_request_fits_the_published_contract() -> None:
    published = contract("x_api_v2_openapi.json")
    sent = {"data": {"id": "42", "dm_event_id": "43", "text": "t", "subscribed": True}, "meta": {"newest_id": "9"}}

    def far(request: httpx.Request) -> httpx.Response:
        if "/oauth2/" not in request.url.path:
            published.check(request)
        if request.url.path == "/2/webhooks" and request.method == "GET":
            return httpx.Response(200, json={"data": [{"id": "9", "url": "https://a.example/", "valid": False}]})
        listed = (
            request.method == "GET" and request.url.path not in ("/2/users/me",) and "subscr" not in str(request.url)
        )
        return httpx.Response(200, json={"meta": {}, "data": []} if listed else sent, headers=DATE)

    account = X(CREDENTIALS, httpx.Client(transport=httpx.MockTransport(far)), own_id="1001")
    picture = OutgoingFile("a.png", "image/png", b"abc", alt_text="Un colis")
    account.check()
    account.subscribe("https://a.example/")
    account.subscribe("https://b.example/")
    list(account.poll({"mentions": "20", "own": "20", "messages": "7"}))
    list(account.history(datetime(2026, 2, 1, tzinfo=UTC), {}))
    account.send(Outgoing(**{**_fields(OUTGOING), "files": (picture,)}))
    account.send(Outgoing(**{**_fields(PRIVATE), "files": (picture,)}))
    account.find_sent(OUTGOING)
    account.find_sent(PRIVATE)
    account.hide("7", thread_id="1")
    account.show("7", thread_id="1")
    account.like("7", {})
    account.unlike("7", {})
    account.delete("7", {})
    account.delete("7", {"private": True})
    account.figures(["7"])


def test_nothing_at_all_is_no_payload_of_x() -> None:
    with pytest.raises(Exception, match="JSON"):
        x(Far({})).parse(Delivery(b""))
