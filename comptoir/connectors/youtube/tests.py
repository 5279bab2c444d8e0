from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    HookRequest,
    Outgoing,
    PermanentError,
    SignatureError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.youtube.connector import YouTube
from comptoir.connectors.youtube.hub import hub_secret
from comptoir.connectors.youtube.polling import daily_units

CREDENTIALS = {
    "client_id": "app",
    "client_secret": "s3cret",
    "access_token": "user-token",
    "refresh_token": "refresh",
    "expires_at": "2026-03-02T10:15:00+00:00",
}
OUTGOING = Outgoing(
    key="k",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Sur notre site.",
    visibility="public",
    recipient=Author(id="UClea"),
    parent_id="UgwA.9fs",
    thread_id="vid00000001",
)
DATE = {"date": "Mon, 02 Mar 2026 08:15:00 GMT"}


class Far:
    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[f"{request.method} {request.url.path.removeprefix('/youtube/v3/')}"]
        if isinstance(answer, list):
            answer = answer.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer, headers=DATE)

    @property
    def last(self) -> Any:
        return json.loads(self.asked[-1].content)


def youtube(far: Far, **credentials: str) -> YouTube:
    client = httpx.Client(transport=httpx.MockTransport(far))
    return YouTube({**CREDENTIALS, **credentials}, client, own_id="UCbrand")


def thread(identifier: str, *, replies: int = 0, at: str = "2026-03-02T08:00:00Z") -> dict[str, Any]:
    comment = {"id": identifier, "snippet": {"textOriginal": "a", "publishedAt": at, "updatedAt": at}}
    snippet = {"videoId": "v", "totalReplyCount": replies, "topLevelComment": comment}
    return {"kind": "youtube#commentThread", "id": identifier, "snippet": snippet}


def hook(
    method: str = "POST", body: bytes = b"", query: dict[str, str] | None = None, signature: str = ""
) -> HookRequest:
    headers = {"x-hub-signature": signature}
    return HookRequest(method, "https://counter.example/hooks/youtube/key/", query or {}, headers, body)


# --- listening --------------------------------------------------------------------------------------------------------


def test_comments_can_be_held_back_and_messages_of_a_live_chat_only_removed() -> None:
    account = youtube(Far({}))
    assert account.may_hide(Standing("v", "A"))
    assert not account.may_hide(Standing("Cg0KC", "LCC.x"))
    assert account.may_remove(Standing("Cg0KC", "LCC.x"))


def test_a_round_reads_one_page_and_stores_what_changed() -> None:
    far = Far({"GET commentThreads": {"items": [thread("A"), thread("B")], "nextPageToken": "n"}})
    first = list(youtube(far).poll({"threads": {}, "round": 1}))
    assert len(far.asked) == 1
    assert len(first[0].deliveries) == 1
    again = list(youtube(far).poll(first[-1].cursor))
    assert [len(page.deliveries) for page in again] == [0]


def test_the_first_round_only_notes_what_stands_there() -> None:
    pages = [{"items": [thread("A")], "nextPageToken": "n"}, {"items": [thread("B")]}]
    far = Far({"GET commentThreads": pages})
    (page,) = youtube(far).poll({})
    assert page.deliveries == ()
    assert sorted(page.cursor["threads"]) == ["A", "B"]


def test_a_new_reply_makes_an_old_thread_new_and_all_its_replies_are_read() -> None:
    reply = {"kind": "youtube#comment", "id": "A.1", "snippet": {"parentId": "A", "textOriginal": "b"}}
    far = Far({"GET commentThreads": {"items": [thread("A", replies=7)]}, "GET comments": {"items": [reply]}})
    known = {"threads": {"A": "6 2026-03-02T08:00:00Z"}, "round": 1}
    page = next(iter(youtube(far).poll(known)))
    assert far.asked[1].url.params["parentId"] == "A"
    (event,) = youtube(far).parse(page.deliveries[1])
    assert (event.parent_id, event.thread_id) == ("A", "v")


def test_each_fifteenth_round_looks_deeper_and_each_fifth_at_what_is_held() -> None:
    far = Far({"GET commentThreads": {"items": [], "nextPageToken": "n"}})
    list(youtube(far).poll({"threads": {}, "round": 14}))
    assert len(far.asked) == 3
    list(youtube(far).poll({"threads": {}, "round": 5}))
    assert [request.url.params.get("moderationStatus") for request in far.asked[3:]] == [None, "heldForReview"]


def test_a_held_comment_is_not_taken_for_a_public_one_and_is_public_once_it_is_listed() -> None:
    held = thread("A")
    held["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] = "heldForReview"
    lists = [{"items": []}, {"items": [held]}, {"items": [thread("A")]}]
    account = youtube(Far({"GET commentThreads": lists}))
    first = list(account.poll({"threads": {}, "round": 5}))
    assert [event.is_held for event in account.parse(first[0].deliveries[0])] == [True]
    again = list(account.poll(first[-1].cursor))
    assert [event.is_held for event in account.parse(again[0].deliveries[0])] == [False]


def test_whether_a_comment_asked_for_by_its_id_is_held_is_not_known() -> None:
    alone = {"kind": "youtube#comment", "id": "A", "snippet": {"textOriginal": "a"}}
    (event,) = youtube(Far({})).parse(Delivery(json.dumps(alone).encode()))
    assert event.is_held is None


def test_listening_leaves_most_of_the_quota_for_answers() -> None:
    assert daily_units(live_chat=False) == 960
    assert daily_units(live_chat=True) < 1200


def test_a_live_chat_is_read_where_it_was_left() -> None:
    chat = {"items": [{"kind": "youtube#liveChatMessage", "id": "LCC.1"}], "nextPageToken": "t2"}
    far = Far(
        {
            "GET commentThreads": {"items": []},
            "GET liveBroadcasts": {"items": [{"snippet": {"liveChatId": "chat1"}}]},
            "GET liveChat/messages": [chat, chat],
        }
    )
    account = youtube(far, live_chat="yes")
    cursor = list(account.poll({}))[-1].cursor
    assert cursor["chats"] == {"chat1": "t2"}
    list(account.poll(cursor))
    assert far.asked[-1].url.params["pageToken"] == "t2"


def test_history_ends_where_it_may() -> None:
    pages = [
        {"items": [thread("A")], "nextPageToken": "n"},
        {"items": [thread("B"), thread("C", at="2026-01-01T00:00:00Z")], "nextPageToken": "m"},
    ]
    far = Far({"GET commentThreads": pages})
    read = list(youtube(far).history(datetime(2026, 2, 1, tzinfo=UTC), {}))
    assert [page.cursor for page in read] == [{"token": "n"}, {"token": "m"}]
    assert len(json.loads(read[1].deliveries[0].body)["items"]) == 1


# --- notices of the hub -----------------------------------------------------------------------------------------------


def test_a_signed_notice_is_taken_and_any_other_refused() -> None:
    body = b"<feed/>"
    digest = hmac.new(hub_secret(CREDENTIALS).encode(), body, hashlib.sha1).hexdigest()
    youtube(Far({})).verify(hook(body=body, signature=f"sha1={digest}"))
    for wrong in ("", f"sha1={digest[:-1]}0" if digest[-1] != "0" else f"sha1={digest[:-1]}1", digest):
        with pytest.raises(SignatureError):
            youtube(Far({})).verify(hook(body=body, signature=wrong))


def test_the_hub_is_answered_about_our_channel_only() -> None:
    topic = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
    query = {"hub.challenge": "c", "hub.mode": "subscribe", "hub.topic": topic + "UCbrand"}
    answer = youtube(Far({})).challenge(hook("GET", query=query))
    assert answer is not None
    assert answer.body == b"c"
    with pytest.raises(SignatureError):
        youtube(Far({})).challenge(hook("GET", query={**query, "hub.topic": topic + "UCother"}))


def test_subscribing_names_address_topic_and_secret() -> None:
    far = Far({"POST /subscribe": httpx.Response(202)})
    youtube(far).subscribe("https://counter.example/hook/")
    form = httpx.QueryParams(far.asked[0].content.decode())
    assert form["hub.topic"].endswith("channel_id=UCbrand")
    assert form["hub.callback"] == "https://counter.example/hook/"
    assert form["hub.secret"] == hub_secret(CREDENTIALS)


# --- answering --------------------------------------------------------------------------------------------------------


def test_a_reply_to_a_reply_goes_under_the_first_comment() -> None:
    far = Far({"POST comments": {"id": "UgwA.new", "snippet": {"publishedAt": "2026-03-02T08:15:01Z"}}})
    sent = youtube(far).send(OUTGOING)
    assert far.last == {"snippet": {"parentId": "UgwA", "textOriginal": "Sur notre site."}}
    assert far.asked[0].url.params["part"] == "snippet"
    assert (sent.external_id, sent.sent_at) == ("UgwA.new", datetime(2026, 3, 2, 8, 15, 1, tzinfo=UTC))


def _with(**changed: Any) -> Outgoing:
    return Outgoing(**{**{name: getattr(OUTGOING, name) for name in Outgoing.__dataclass_fields__}, **changed})


def test_an_answer_in_a_live_chat_is_said_there() -> None:
    far = Far({"POST liveChat/messages": {"id": "LCC.9", "snippet": {}}})
    assert youtube(far).send(_with(parent_custom={"live_chat": "chat1"})).external_id == "LCC.9"
    assert far.last["snippet"]["liveChatId"] == "chat1"
    with pytest.raises(PermanentError, match="200"):
        youtube(far).send(_with(parent_custom={"live_chat": "chat1"}, text="a" * 201))


def test_what_cannot_be_answered_is_refused_before_it_costs_quota() -> None:
    for changed in ({"visibility": "private"}, {"parent_custom": {"closed": True}}, {"parent_id": None}):
        with pytest.raises(PermanentError):
            youtube(Far({})).send(_with(**changed))


def test_what_a_cut_attempt_left_is_found() -> None:
    ours = {
        "textOriginal": "Sur notre site.",
        "authorChannelId": {"value": "UCbrand"},
        "publishedAt": "2026-03-02T08:15:02Z",
    }
    other = {**ours, "authorChannelId": {"value": "UClea"}}
    far = Far({"GET comments": {"items": [{"id": "1", "snippet": other}, {"id": "2", "snippet": ours}]}})
    found = youtube(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "2"
    assert youtube(Far({"GET comments": {"items": []}})).find_sent(OUTGOING) is None


def test_holding_showing_removing_changing_and_deleting_use_their_own_calls() -> None:
    moderation = "POST comments/setModerationStatus"
    far = Far({moderation: httpx.Response(204), "DELETE comments": httpx.Response(404, json={}), "PUT comments": {},
               "DELETE liveChat/messages": httpx.Response(204)})  # fmt: skip
    account = youtube(far)
    account.hide("UgwA", thread_id="v")
    account.show("UgwA", thread_id="v")
    account.remove("UgwA", thread_id="v")
    assert [request.url.params["moderationStatus"] for request in far.asked] == [
        "heldForReview",
        "published",
        "rejected",
    ]
    account.edit("UgwA.1", OUTGOING, {})
    assert far.last == {"id": "UgwA.1", "snippet": {"textOriginal": "Sur notre site."}}
    account.delete("UgwA.1", {})
    account.remove("LCC.1", thread_id="chat1")
    assert far.asked[-1].url.params["id"] == "LCC.1"


@pytest.mark.parametrize(
    ("status", "reason", "error", "said"),
    [
        (403, "quotaExceeded", TransientError, "quota"),
        (403, "rateLimitExceeded", TransientError, "slow down"),
        (403, "commentsDisabled", PermanentError, "closed"),
        (403, "insufficientPermissions", PermanentError, "permission is missing"),
        (403, "channelSuspended", AuthError, "no longer opens"),
        (403, "accessNotConfigured", PermanentError, "not switched on"),
        (404, "parentCommentNotFound", PermanentError, "no longer on YouTube"),
        (400, "commentTextTooLong", PermanentError, "too long"),
        (401, "authError", AuthError, "no longer"),
        (500, "backendError", UncertainError, "not known"),
    ],
)
def test_a_refusal_says_what_may_be_done_next(status: int, reason: str, error: type[Exception], said: str) -> None:
    body = {"error": {"code": status, "message": "m", "errors": [{"reason": reason, "domain": "youtube.comment"}]}}
    with pytest.raises(error, match=said):
        youtube(Far({"POST comments": httpx.Response(status, json=body)})).send(OUTGOING)


# --- the account ------------------------------------------------------------------------------------------------------


def test_signing_in_opens_the_channel() -> None:
    far = Far(
        {
            "POST /token": {"access_token": "a", "refresh_token": "r", "expires_in": 3599},
            "GET channels": {"items": [{"id": "UCbrand", "snippet": {"title": "Maison Verte"}}]},
        }
    )
    (account,) = youtube(far).exchange("c", redirect_url="https://counter.example/back", verifier="v")
    assert (account.own_id, account.name) == ("UCbrand", "Maison Verte")
    assert account.credentials["expires_at"] == "2026-03-02T09:14:59+00:00"
    with pytest.raises(PermanentError, match="no YouTube channel"):
        youtube(Far({"POST /token": {"access_token": "a"}, "GET channels": {}})).exchange(
            "c", redirect_url="u", verifier=""
        )


def test_the_refresh_token_is_kept() -> None:
    far = Far({"POST /token": {"access_token": "a2", "expires_in": 3599}})
    assert youtube(far).renew_at() == datetime(2026, 3, 2, 10, 10, tzinfo=UTC)
    renewed = youtube(far).renew()
    assert (renewed["access_token"], renewed["refresh_token"]) == ("a2", "refresh")
    with pytest.raises(AuthError):
        youtube(Far({"POST /token": httpx.Response(400, json={"error": "invalid_grant"})})).renew()


def test_check_says_what_listening_costs() -> None:
    snippet = {"title": "Maison Verte", "customUrl": "@maisonverte"}
    health = youtube(Far({"GET channels": {"items": [{"id": "UCbrand", "snippet": snippet}]}})).check()
    assert (health.own_id, health.handle) == ("UCbrand", "@maisonverte")
    assert "960 of the 10000 units" in health.remarks[0]
    assert "180 remain" in health.remarks[0]


def test_figures_of_channel_and_videos_are_read() -> None:
    far = Far(
        {
            "GET channels": {"items": [{"statistics": {"subscriberCount": "120", "viewCount": "9"}}]},
            "GET videos": {"items": [{"id": "v", "statistics": {"viewCount": "5", "likeCount": "2"}}]},
        }
    )
    found = {(figure.name, figure.external_id): figure.value for figure in youtube(far).figures(["v"])}
    assert found == {("followers", None): 120, ("views", None): 9, ("views", "v"): 5, ("likes", "v"): 2}
