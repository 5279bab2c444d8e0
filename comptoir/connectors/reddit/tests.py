from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    Outgoing,
    PermanentError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.reddit.connector import Reddit
from comptoir.connectors.reddit.polling import subreddits
from comptoir.connectors.reddit.sending import markdown

CREDENTIALS = {
    "client_id": "app",
    "client_secret": "s3cret",
    "subreddits": "r/maisonverte, aide",
    "access_token": "user-token",
    "refresh_token": "refresh",
    "expires_at": "2026-03-02T10:15:00+00:00",
    "username": "marque",
}
OUTGOING = Outgoing(
    key="k",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Bonjour, nous regardons *tout*.",
    visibility="public",
    recipient=Author(id="t2_lea", handle="lea_m"),
    parent_id="t1_c1",
)
STAMP = datetime(2026, 3, 2, 8, 15, 5, tzinfo=UTC).timestamp()
DATE = {"date": "Mon, 02 Mar 2026 08:15:00 GMT"}
NOTHING = {"kind": "Listing", "data": {"children": []}}


class Far:
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
    def last(self) -> dict[str, str]:
        return dict(httpx.QueryParams(self.asked[-1].content.decode()))


def reddit(far: Far, **credentials: str) -> Reddit:
    client = httpx.Client(transport=httpx.MockTransport(far))
    return Reddit({**CREDENTIALS, **credentials}, client, own_id="t2_brand")


def outgoing(**changed: Any) -> Outgoing:
    return Outgoing(**{**{name: getattr(OUTGOING, name) for name in Outgoing.__dataclass_fields__}, **changed})


def comment(name: str, **content: Any) -> dict[str, Any]:
    return {"kind": "t1", "data": {"name": name, "body": "a", "created_utc": STAMP, **content}}


def listing(*children: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(children), "after": after}}


# --- listening --------------------------------------------------------------------------------------------------------


def test_only_where_the_account_moderates_can_something_be_removed() -> None:
    account = reddit(Far({}))
    assert account.may_hide(Standing("t3_p", "t1_c", custom={"subreddit": "ailleurs", "moderates": True}))
    assert not account.may_hide(Standing("t3_p", "t1_c", custom={"subreddit": "maisonverte", "moderates": False}))
    assert account.may_hide(Standing("t3_p", "t1_c", custom={"subreddit": "MaisonVerte"}))
    assert not account.may_hide(Standing("t3_p", "t1_c", custom={"subreddit": "ailleurs"}))
    assert not account.may_hide(Standing("t3_p", "t1_c"))
    assert not account.may_hide(Standing("t4_m", "t4_m", custom={"moderates": True}))


def test_things_keep_where_they_stand_and_whether_we_moderate_there() -> None:
    thing = {"kind": "t1", "data": {"id": "c", "body": "a", "subreddit": "aide", "can_mod_post": True}}
    (event,) = reddit(Far({})).parse(Delivery(json.dumps(thing).encode()))
    assert event.custom == {"subreddit": "aide", "moderates": True}


def test_only_what_was_not_seen_or_has_changed_is_stored() -> None:
    posts = "GET /r/maisonverte+aide/new"
    comments = listing(comment("t1_b"), comment("t1_a", edited=STAMP))
    far = Far({posts: NOTHING, "GET /r/maisonverte+aide/comments": comments, "GET /message/inbox": NOTHING,
               "GET /api/mod/conversations": httpx.Response(403, json={"message": "Forbidden"})})  # fmt: skip
    pages = list(reddit(far).poll({"comments": ["t1_b", "t1_a"], "posts": [], "inbox": [], "round": 1}))
    (delivery,) = pages[0].deliveries
    assert [child["data"]["name"] for child in json.loads(delivery.body)["data"]["children"]] == ["t1_a"]
    assert next(reddit(far).poll(pages[-1].cursor)).deliveries == ()
    assert far.asked[0].headers["user-agent"].startswith("web:comptoir")


def test_the_first_round_only_notes_what_stands_there() -> None:
    far = Far({"GET /message/inbox": listing(comment("t1_a")), "GET /message/sent": NOTHING})
    (page,) = reddit(far, subreddits="").poll({})
    assert page.deliveries == ()
    assert page.cursor == {"inbox": ["t1_a"], "sent": [], "round": 1}


def test_what_is_new_beyond_a_page_is_followed() -> None:
    full = listing(*(comment(f"t1_{number}") for number in range(100)))
    far = Far({"GET /message/inbox": [full, listing(comment("t1_old"))]})
    list(reddit(far, subreddits="").poll({"inbox": ["t1_old"], "round": 1}))
    assert far.asked[1].url.params["after"] == "t1_99"


def test_changed_exchanges_with_the_moderators_are_read_whole() -> None:
    exchanges = {"conversations": {"ab1": {"lastUpdated": "2"}, "ab2": {"lastUpdated": "1"}}}
    far = Far(
        {
            "GET /r/aide/new": NOTHING, "GET /r/aide/comments": NOTHING, "GET /message/inbox": NOTHING,
            "GET /api/mod/conversations": exchanges, "GET /api/mod/conversations/ab1": {"messages": {}},
        }
    )  # fmt: skip
    pages = list(reddit(far, subreddits="aide").poll({"modmail": {"ab1": "1", "ab2": "1"}, "round": 1}))
    assert len(pages[0].deliveries) == 1
    assert pages[-1].cursor["modmail"] == {"ab1": "2", "ab2": "1"}


def test_history_stops_where_it_may_and_goes_on_where_it_was_left() -> None:
    old = comment("t1_old", created_utc=1_700_000_000)
    far = Far({"GET /message/inbox": listing(comment("t1_a"), old, after="t1_old"), "GET /message/sent": NOTHING})
    cursor = {"done": [], "step": "inbox", "after": "t1_z"}
    pages = list(reddit(far, subreddits="").history(datetime(2026, 2, 1, tzinfo=UTC), cursor))
    assert far.asked[0].url.params["after"] == "t1_z"
    assert len(json.loads(pages[0].deliveries[0].body)["data"]["children"]) == 1
    assert pages[-1].cursor == {"done": ["inbox", "sent"]}


def test_names_of_subreddits_are_taken_as_people_write_them() -> None:
    assert subreddits("r/MaisonVerte, /r/aide/; aide  ../x") == ["MaisonVerte", "aide"]


def test_a_deep_tree_of_comments_is_read() -> None:
    tree: Any = ""
    for number in range(150):
        tree = listing({"kind": "t1", "data": {"id": f"c{number}", "body": "a", "link_id": "t3_p", "replies": tree}})
    assert len(reddit(Far({})).parse(Delivery(json.dumps(tree).encode()))) == 150


# --- answering --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a *b* [c]", "a \\*b\\* \\[c\\]"),
        ("https://a.example/x_y_z", "https://a.example/x_y_z"),
        ("un\ndeux\n\ntrois", "un  \ndeux\n\ntrois"),
        ("# titre\n1. un", "\\# titre  \n1\\. un"),
        ("> cité", "\\> cité"),
    ],
)
def test_a_text_is_shown_as_it_was_written(written: str, shown: str) -> None:
    assert markdown(written) == shown


def test_a_comment_is_answered_in_public() -> None:
    made = {"json": {"errors": [], "data": {"things": [comment("t1_new", permalink="/r/a/comments/p/x/new/")]}}}
    far = Far({"POST /api/comment": made})
    sent = reddit(far).send(OUTGOING)
    assert far.last["thing_id"] == "t1_c1"
    assert far.last["text"] == "Bonjour, nous regardons \\*tout\\*."
    assert (sent.external_id, sent.url) == ("t1_new", "https://www.reddit.com/r/a/comments/p/x/new/")


def test_a_private_message_is_answered_in_its_exchange() -> None:
    made = {"json": {"errors": [], "data": {"things": [{"kind": "t4", "data": {"name": "t4_new"}}]}}}
    far = Far({"POST /api/comment": made})
    private = outgoing(visibility="private", parent_id="t4_m1", parent_visibility="private")
    assert reddit(far).send(private).external_id == "t4_new"


def test_a_public_comment_is_answered_privately_by_a_new_message_whose_id_is_looked_up() -> None:
    ours = {"name": "t4_9", "dest": "lea_m", "body": markdown(OUTGOING.text), "created_utc": STAMP}
    far = Far(
        {"POST /api/compose": {"json": {"errors": []}}, "GET /message/sent": listing({"kind": "t4", "data": ours})}
    )
    sent = reddit(far).send(outgoing(visibility="private", parent_visibility="public"))
    assert sent.external_id == "t4_9"
    assert dict(httpx.QueryParams(far.asked[0].content.decode()))["to"] == "lea_m"


def test_the_moderators_mail_is_answered_where_it_came_from() -> None:
    message = {"id": "x9", "author": {"isMod": True}, "bodyMarkdown": markdown(OUTGOING.text),
               "date": "2026-03-02T08:15:05.000000+0000"}  # fmt: skip
    far = Far({"POST /api/mod/conversations/ab1": {"messages": {"x9": message}}})
    kept = {"parent_custom": {"modmail": "ab1"}, "parent_visibility": "private", "visibility": "private"}
    assert reddit(far).send(outgoing(**kept)).external_id == "x9"
    assert far.last["isInternal"] == "false"


def test_what_a_cut_attempt_left_is_found() -> None:
    ours = comment("t1_new", body=markdown(OUTGOING.text), parent_id="t1_c1")
    far = Far({"GET /user/marque/comments": listing(comment("t1_x", parent_id="t1_c1"), ours)})
    found = reddit(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "t1_new"
    assert reddit(Far({"GET /user/marque/comments": NOTHING})).find_sent(OUTGOING) is None


def test_removing_approving_changing_and_deleting_use_their_own_calls() -> None:
    far = Far({f"POST /api/{call}": {} for call in ("remove", "approve", "editusertext", "del")})
    account = reddit(far)
    account.hide("t1_a", thread_id="t3_p")
    assert far.last["spam"] == "false"
    account.show("t1_a", thread_id="t3_p")
    account.edit("t1_b", OUTGOING, {})
    account.delete("t1_b", {})
    assert [request.url.path.rpartition("/")[2] for request in far.asked] == [
        "remove",
        "approve",
        "editusertext",
        "del",
    ]
    with pytest.raises(PermanentError, match="private message"):
        account.delete("t4_b", {})
    with pytest.raises(PermanentError, match="not an id"):
        account.hide("t1_../x", thread_id="t3_p")


@pytest.mark.parametrize(
    ("status", "body", "error", "said"),
    [
        (200, {"json": {"errors": [["THREAD_LOCKED", "x", "parent"]]}}, PermanentError, "locked"),
        (200, {"json": {"errors": [["DELETED_COMMENT", "x", "parent"]]}}, PermanentError, "no longer on Reddit"),
        (200, {"json": {"errors": [["USER_REQUIRED", "log in", None]]}}, AuthError, "no longer accepts"),
        (200, {"json": {"errors": [["NEW_CODE", "strange", None]]}}, PermanentError, "strange"),
        (401, {"message": "Unauthorized"}, AuthError, "no longer accepts"),
        (403, {"message": "Forbidden"}, PermanentError, "not a moderator"),
        (429, {}, TransientError, "slow down"),
        (500, {}, UncertainError, "not known"),
        (200, {"json": {"errors": []}}, UncertainError, "without saying"),
    ],
)
def test_a_refusal_says_what_may_be_done_next(status: int, body: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        reddit(Far({"POST /api/comment": httpx.Response(status, json=body)})).send(OUTGOING)


def test_the_rate_limit_is_waited_out_as_reddit_says() -> None:
    body = {"json": {"ratelimit": 540, "errors": [["RATELIMIT", "try again in 9 minutes", "ratelimit"]]}}
    with pytest.raises(TransientError) as caught:
        reddit(Far({"POST /api/comment": body})).send(OUTGOING)
    assert caught.value.retry_after == timedelta(seconds=540)


# --- the account ------------------------------------------------------------------------------------------------------


def test_signing_in_opens_the_account_under_the_id_that_authors_have() -> None:
    far = Far(
        {
            "POST /api/v1/access_token": {
                "access_token": "a",
                "refresh_token": "r",
                "expires_in": 86400,
                "scope": "read",
            },
            "GET /api/v1/me": {"id": "brand", "name": "marque"},
        }
    )
    (account,) = reddit(far).exchange("c", redirect_url="https://counter.example/back", verifier="")
    assert (account.own_id, account.name) == ("t2_brand", "u/marque")
    assert account.credentials["expires_at"] == "2026-03-03T08:15:00+00:00"
    assert far.asked[0].headers["authorization"].startswith("Basic ")


def test_a_code_that_is_not_taken_is_told_in_a_success() -> None:
    with pytest.raises(AuthError, match="invalid_grant"):
        reddit(Far({"POST /api/v1/access_token": {"error": "invalid_grant"}})).renew()


def test_the_access_is_renewed_and_given_back() -> None:
    far = Far({"POST /api/v1/access_token": {"access_token": "a2", "expires_in": 3600},
               "POST /api/v1/revoke_token": httpx.Response(204)})  # fmt: skip
    assert reddit(far).renew_at() == datetime(2026, 3, 2, 10, 5, tzinfo=UTC)
    assert reddit(far).renew()["refresh_token"] == "refresh"
    reddit(far).revoke()
    assert far.last["token"] == "refresh"


def test_check_says_what_is_missing() -> None:
    far = Far(
        {
            "GET /api/v1/me": {"id": "brand", "name": "marque"},
            "GET /r/maisonverte/about": {"data": {"user_is_moderator": True}},
            "GET /r/aide/about": {"data": {"user_is_moderator": False}},
        }
    )
    health = reddit(far, granted="identity read").check()
    assert (health.own_id, health.handle) == ("t2_brand", "u/marque")
    assert any("modmail" in remark for remark in health.remarks)
    assert [remark for remark in health.remarks if "r/aide" in remark]
    assert not [remark for remark in health.remarks if "r/maisonverte" in remark]


def test_figures_of_subreddits_and_posts_are_read() -> None:
    about = {"data": {"subscribers": 120}}
    post = {"kind": "t3", "data": {"name": "t3_p", "score": 5, "num_comments": 2}}
    far = Far({"GET /r/maisonverte/about": about, "GET /r/aide/about": about, "GET /api/info": listing(post)})
    found = {(figure.name, figure.external_id): figure.value for figure in reddit(far).figures(["t3_p", "x y"])}
    assert found == {("members", None): 240, ("likes", "t3_p"): 5, ("comments", "t3_p"): 2}


def test_a_picture_that_is_still_being_prepared_is_no_attachment() -> None:
    pictures = {
        "a": {"status": "unprocessed", "id": "a"},
        "b": {"status": "valid", "e": "Image", "m": "image/png", "s": {"u": "https://preview.redd.it/b.png"}},
    }
    post = {"kind": "t3", "data": {"name": "t3_x", "title": "t", "selftext": "s", "media_metadata": pictures}}
    account = Reddit(CREDENTIALS, httpx.Client(), own_id=None)
    (event,) = account.parse(Delivery(json.dumps(post).encode()))
    assert [file.url for file in event.attachments] == ["https://preview.redd.it/b.png"]


def test_refused_refresh_is_a_lost_access_and_no_riddle() -> None:
    refusing = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(400, json={"message": "Bad Request", "error": 400}))
    )
    with pytest.raises(AuthError, match="Reddit no longer accepts these credentials"):
        Reddit(CREDENTIALS, refusing).renew()
