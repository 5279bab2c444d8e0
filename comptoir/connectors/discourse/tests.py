from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.discourse.connector import Discourse
from tests.connectors.published_contract import contract, hold_to

CREDENTIALS = {
    "site": "https://forum.example/",
    "username": "@marque",
    "api_key": "k3y",
    "webhook_secret": "s3cret",
    "listen": "all",
}
OUTGOING = Outgoing(
    key="k",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Elle est *dans* la boîte.",
    visibility="public",
    recipient=Author(id="2002", handle="lea_m"),
    thread_id="57",
    parent_id="1201",
    parent_visibility="public",
    parent_custom={"number": 3},
)
MADE = {"id": 1300, "topic_id": 57, "post_number": 4, "created_at": "2026-03-02T08:15:01.000Z"}

#: Called, and not in the published contract: seen in Discourse's own routes.
_UNPUBLISHED = ("/private-posts.json", "/posts/by_number/", "/recover.json", "/post_actions/", "/about.json",
                "/t/57/posts.json")  # fmt: skip


@pytest.fixture(autouse=True)
def _contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request of these tests is held to the published contract."""
    hold_to(monkeypatch, "discourse_openapi.json", unpublished=_UNPUBLISHED)


class Far:
    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers[f"{request.method} {request.url.path}"]
        if isinstance(answer, list):
            answer = answer.pop(0)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def last(self) -> Any:
        return json.loads(self.asked[-1].content)


def discourse(far: Any, **credentials: str) -> Discourse:
    client = httpx.Client(transport=httpx.MockTransport(far))
    return Discourse({**CREDENTIALS, **credentials}, client, own_id="1001")


def outgoing(**changed: Any) -> Outgoing:
    return Outgoing(**{**{name: getattr(OUTGOING, name) for name in Outgoing.__dataclass_fields__}, **changed})


def post(identifier: int, at: str = "2026-03-02T08:00:00Z") -> dict[str, Any]:
    return {"id": identifier, "topic_id": 57, "cooked": "<p>a</p>", "created_at": at, "user_id": 2002}


# --- webhooks ---------------------------------------------------------------------------------------------------------


def hook(body: bytes, signature: str) -> HookRequest:
    headers = {"x-discourse-event-signature": signature}
    return HookRequest("POST", "https://counter.example/hooks/discourse/key/", {}, headers, body)


def test_a_signed_delivery_is_taken_and_any_other_refused() -> None:
    good = "sha256=" + hmac.new(b"s3cret", b"{}", hashlib.sha256).hexdigest()
    discourse(Far({})).verify(hook(b"{}", good))
    for wrong in ("", good[7:], good.replace("sha256=", "sha1="), "sha256=00"):
        with pytest.raises(SignatureError):
            discourse(Far({})).verify(hook(b"{}", wrong))


@pytest.mark.parametrize(
    ("happened", "event"),
    [("post_created", EventKind.COMMENT), ("post_edited", EventKind.EDIT), ("post_destroyed", EventKind.DELETE)],
)
def test_the_header_says_what_happened_to_a_post(happened: str, event: EventKind) -> None:
    body = json.dumps({"post": {**post(9), "post_number": 2}}).encode()
    (found,) = discourse(Far({})).parse(Delivery(body, headers={"x-discourse-event": happened}))
    assert found.event is event
    assert (found.external_id or found.target_id) == "9"


def test_addresses_inside_the_forum_are_made_whole() -> None:
    content = {**post(9), "cooked": '<p><img src="/uploads/a.png"></p>', "avatar_template": "/a/{size}.png"}
    (found,) = discourse(Far({})).parse(Delivery(json.dumps(content).encode()))
    assert found.attachments[0].url == "https://forum.example/uploads/a.png"
    assert found.author.avatar_url == "https://forum.example/a/120.png"


# --- polling ----------------------------------------------------------------------------------------------------------


def test_polling_goes_back_to_what_was_seen() -> None:
    pages = [{"latest_posts": [post(30), post(29)]}, {"latest_posts": [post(28), post(20)]}]
    far = Far({"GET /posts.json": pages, "GET /private-posts.json": httpx.Response(403, json={"errors": ["no"]})})
    read = list(discourse(far).poll({"latest_posts": 20}))
    assert far.asked[1].url.params["before"] == "29"
    assert [len(json.loads(page.deliveries[0].body)["latest_posts"]) for page in read[:2]] == [2, 1]
    assert read[0].cursor["latest_posts"] == 20
    assert read[-1].cursor["latest_posts"] == 30


def test_the_first_round_only_notes_what_is_newest() -> None:
    far = Far({"GET /posts.json": {"latest_posts": [post(9)]}, "GET /private-posts.json": {"private_posts": []}})
    (page,) = discourse(far).poll({})
    assert page.deliveries == ()
    assert page.cursor == {"latest_posts": 9, "private_posts": 0}


def test_private_posts_are_private() -> None:
    far = Far({"GET /posts.json": {"latest_posts": []}, "GET /private-posts.json": {"private_posts": [post(9)]}})
    page = next(iter(discourse(far).poll({"latest_posts": 1, "private_posts": 1})))
    (event,) = discourse(far).parse(page.deliveries[0])
    assert (event.event, event.visibility) == (EventKind.MESSAGE, "private")


def test_who_listens_to_mentions_reads_what_notifications_point_to() -> None:
    notifications = [
        {"id": 8, "notification_type": 1, "topic_id": 57, "post_number": 3},
        {"id": 7, "notification_type": 12, "topic_id": None},
        {"id": 5, "notification_type": 1, "topic_id": 57, "post_number": 1},
    ]
    far = Far(
        {
            "GET /notifications.json": {"notifications": notifications},
            "GET /posts/by_number/57/3.json": post(9),
            "GET /private-posts.json": {"private_posts": []},
        }
    )
    read = list(discourse(far, listen="mentions").poll({"notifications": 5}))
    assert len(read[0].deliveries) == 1
    assert read[-1].cursor["notifications"] == 8


def test_history_goes_back_to_the_day_and_on_where_it_was_left() -> None:
    pages = [{"latest_posts": [post(10), post(9, "2026-01-01T00:00:00Z")]}]
    far = Far({"GET /posts.json": pages, "GET /private-posts.json": {"private_posts": []}})
    read = list(discourse(far).history(datetime(2026, 2, 1, tzinfo=UTC), {"step": "latest_posts", "before": 11}))
    assert far.asked[0].url.params["before"] == "11"
    assert read[-1].cursor == {"done": ["latest_posts", "private_posts"]}


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_answer_goes_into_the_topic_under_the_post() -> None:
    far = Far({"POST /posts.json": MADE})
    sent = discourse(far).send(OUTGOING)
    assert far.last == {"raw": "Elle est \\*dans\\* la boîte.", "topic_id": 57, "reply_to_post_number": 3}
    assert (far.asked[0].headers["api-key"], far.asked[0].headers["api-username"]) == ("k3y", "marque")
    assert (sent.external_id, sent.url) == ("1300", "https://forum.example/t/57/4")


def test_a_private_answer_to_a_public_post_begins_a_private_message() -> None:
    far = Far({"POST /posts.json": {**MADE, "topic_id": 70}})
    sent = discourse(far).send(outgoing(visibility="private"))
    assert far.last["archetype"] == "private_message"
    assert far.last["target_recipients"] == "lea_m"
    assert sent.thread_id == "70"


def test_a_private_message_is_answered_in_its_topic() -> None:
    far = Far({"POST /posts.json": MADE})
    discourse(far).send(outgoing(visibility="private", parent_visibility="private", thread_id="70"))
    assert far.last["topic_id"] == 70


def test_a_picture_is_handed_over_and_shown() -> None:
    far = Far({"POST /uploads.json": {"short_url": "upload://x.png"}, "POST /posts.json": MADE})
    picture = OutgoingFile("a.png", "image/png", b"abc", alt_text="La [vis]")
    discourse(far).send(outgoing(files=(picture,)))
    assert far.last["raw"].endswith("\n\n![La (vis)](upload://x.png)")


def test_what_waits_for_a_moderator_is_sent() -> None:
    far = Far({"POST /posts.json": {"action": "enqueued", "pending_post": {"id": 4}}})
    assert discourse(far).send(OUTGOING).external_id == "pending-4"


def test_what_a_cut_attempt_left_is_found() -> None:
    ours = {**MADE, "username": "Marque", "raw": "Elle est \\*dans\\* la boîte."}
    far = Far(
        {
            "GET /t/57.json": {"post_stream": {"stream": [1, 2, 1300]}},
            "GET /t/57/posts.json": {"post_stream": {"posts": [{**ours, "username": "lea_m"}, ours]}},
        }
    )
    found = discourse(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "1300"
    assert far.asked[1].url.params.get_list("post_ids[]") == ["1", "2", "1300"]


def test_hiding_showing_changing_and_liking_use_their_own_calls() -> None:
    far = Far(
        {
            "DELETE /posts/9.json": httpx.Response(404, json={}),
            "PUT /posts/9/recover.json": {},
            "PUT /posts/9.json": {},
            "POST /post_actions.json": {},
            "DELETE /post_actions/9.json": {},
        }
    )
    account = discourse(far)
    account.hide("9", thread_id="57")
    account.show("9", thread_id="57")
    account.edit("9", OUTGOING, {})
    assert far.last == {"post": {"raw": "Elle est \\*dans\\* la boîte."}}
    account.like("9", {})
    assert far.last == {"id": 9, "post_action_type_id": 2}
    account.unlike("9", {})
    with pytest.raises(PermanentError, match="not an id"):
        account.delete("../admin", {})


def test_a_like_that_stands_already_is_a_success() -> None:
    summary = {"actions_summary": [{"id": 2, "acted": True}]}
    refused = httpx.Response(403, json={"errors": ["no"]})
    discourse(Far({"POST /post_actions.json": refused, "GET /posts/9.json": summary})).like("9", {})
    with pytest.raises(PermanentError):
        discourse(Far({"POST /post_actions.json": refused, "GET /posts/9.json": {}})).like("9", {})


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (422, {"errors": ["Body is too short"]}, PermanentError, "Body is too short"),
        (429, {"error_type": "rate_limit", "extras": {"wait_seconds": 13}}, TransientError, "slow down"),
        (403, {"errors": ["The API username or key is invalid."]}, AuthError, "API key"),
        (403, {"errors": ["Not permitted"], "error_type": "invalid_access"}, PermanentError, "Not permitted"),
        (404, {"error_type": "not_found"}, PermanentError, "no longer"),
        (503, {"error_type": "read_only"}, TransientError, "read-only"),
        (500, {}, UncertainError, "not known"),
    ],
)
def test_a_refusal_says_what_may_be_done_next(status: int, body: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        discourse(Far({"POST /posts.json": httpx.Response(status, json=body)})).send(OUTGOING)


def test_the_rate_limit_is_waited_out_as_the_forum_says() -> None:
    body = {"error_type": "rate_limit", "extras": {"wait_seconds": 13}}
    with pytest.raises(TransientError) as caught:
        discourse(Far({"POST /posts.json": httpx.Response(429, json=body)})).send(OUTGOING)
    assert caught.value.retry_after == timedelta(seconds=13)


# --- the account ------------------------------------------------------------------------------------------------------


def test_check_says_who_we_are_and_what_is_missing() -> None:
    far = Far({"GET /u/marque.json": {"user": {"id": 1001, "username": "marque", "name": "Maison Verte"}}})
    health = discourse(far, webhook_secret="").check()
    assert (health.own_id, health.handle, health.name) == ("1001", "@marque", "Maison Verte")
    assert len(health.remarks) == 2


def test_an_address_without_https_is_not_called() -> None:
    with pytest.raises(PermanentError, match="https"):
        discourse(Far({}), site="http://forum.example").check()


def test_figures_of_forum_and_posts_are_read() -> None:
    counted = {"id": 9, "reads": 12, "reply_count": 1, "actions_summary": [{"id": 2, "count": 3}]}
    far = Far(
        {"GET /about.json": {"about": {"stats": {"users_count": 40, "posts_count": 90}}}, "GET /posts/9.json": counted}
    )
    found = {(figure.name, figure.external_id): figure.value for figure in discourse(far).figures(["9"])}
    assert found == {
        ("members", None): 40,
        ("posts", None): 90,
        ("views", "9"): 12,
        ("comments", "9"): 1,
        ("likes", "9"): 3,
    }


def test_every_request_fits_the_published_contract() -> None:
    published = contract("discourse_openapi.json")
    checked = []

    def far(request: httpx.Request) -> httpx.Response:
        if not any(part in request.url.path for part in _UNPUBLISHED):
            plain = request if not request.url.path.endswith("/posts.json") or request.method == "POST" else None
            if plain is not None:
                published.check(plain)
            checked.append(request.url.path)
        if request.url.path == "/t/57.json":
            return httpx.Response(200, json={"post_stream": {"stream": [1]}})
        return httpx.Response(200, json={**MADE, "short_url": "upload://x.png", "user": {"id": 1}})

    account = discourse(far)
    account.check()
    list(account.poll({}))
    list(discourse(far, listen="mentions").poll({}))
    account.send(outgoing(files=(OutgoingFile("a.png", "image/png", b"abc"),)))
    account.send(outgoing(visibility="private"))
    account.find_sent(OUTGOING)
    account.edit("9", OUTGOING, {})
    account.delete("9", {})
    account.like("9", {})
    assert len(checked) >= 9
