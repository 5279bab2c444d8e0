from __future__ import annotations

import dataclasses
import itertools
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    Outgoing,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.mastodon.connector import Mastodon
from tests.connectors.published_contract import contract

CREDENTIALS = {"instance": "example.org", "access_token": "t0ken"}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
OUTGOING = Outgoing(
    key="5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11",
    queued_at=QUEUED,
    text="Bonjour Léa",
    visibility="public",
    recipient=Author(id="2", handle="lea@ailleurs.example"),
    parent_id="20",
    parent_visibility="public",
    parent_custom={"visibility": "unlisted", "warning": "colis", "acct": "lea@ailleurs.example"},
    language="fr",
)
POSTED = {
    "id": "77", "created_at": "2026-03-02T08:15:02.000Z", "url": "https://example.org/@marque/77",
    "visibility": "unlisted", "in_reply_to_id": "20", "content": "", "account": {"id": "1"},
    "mentions": [{"id": "2", "acct": "lea@ailleurs.example"}],
}  # fmt: skip
Answer = Callable[[httpx.Request], httpx.Response]


def mastodon(answer: Answer, credentials: dict[str, str] | None = None, own_id: str | None = "1") -> Mastodon:
    http = httpx.Client(transport=httpx.MockTransport(answer))
    return Mastodon(CREDENTIALS if credentials is None else credentials, http, own_id=own_id)


class Far:
    """A server that answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for end, said in self.answers.items():
            if request.url.path.endswith(end.replace("__", "/")):
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"error": "Record not found"})


# --- answering ----------------------------------------------------------------------------------------------------


def test_an_answer_names_its_customer_and_keeps_visibility_and_warning() -> None:
    far = Far(statuses=POSTED)
    sent = mastodon(far).send(OUTGOING)
    request = far.asked[0]
    assert (str(request.url), request.method) == ("https://example.org/api/v1/statuses", "POST")
    assert request.headers["authorization"] == "Bearer t0ken"
    assert request.headers["idempotency-key"] == OUTGOING.key
    assert json.loads(request.content) == {
        "status": "@lea@ailleurs.example Bonjour Léa", "visibility": "unlisted", "in_reply_to_id": "20",
        "spoiler_text": "colis", "sensitive": False, "language": "fr",
    }  # fmt: skip
    assert (sent.external_id, sent.url) == ("77", "https://example.org/@marque/77")
    assert sent.sent_at == datetime(2026, 3, 2, 8, 15, 2, tzinfo=UTC)


@pytest.mark.parametrize("said", ["direct", "private", "public"])
def test_a_private_answer_goes_to_the_named_alone(said: str) -> None:
    far = Far(statuses=POSTED)
    mastodon(far).send(dataclasses.replace(OUTGOING, visibility="private", parent_custom={"visibility": said}))
    assert json.loads(far.asked[0].content)["visibility"] == "direct"
    assert json.loads(far.asked[0].content)["status"].startswith("@lea@ailleurs.example ")


def test_a_name_that_is_there_already_is_not_said_twice() -> None:
    far = Far(statuses=POSTED)
    mastodon(far).send(dataclasses.replace(OUTGOING, text="Bonjour @Lea@ailleurs.example."))
    assert json.loads(far.asked[0].content)["status"] == "Bonjour @Lea@ailleurs.example."


def test_a_private_message_to_nobody_is_refused_here() -> None:
    nobody = dataclasses.replace(OUTGOING, visibility="private", recipient=Author(id="2"), parent_custom={})
    with pytest.raises(PermanentError, match="Nobody is named"):
        mastodon(Far()).send(nobody)


def test_images_are_uploaded_with_what_they_show() -> None:
    far = Far(v2__media={"id": "m1"}, statuses=POSTED)
    file = OutgoingFile("colis.png", "image/png", b"\x89PNG", alt_text="un colis")
    mastodon(far).send(dataclasses.replace(OUTGOING, files=(file,)))
    assert b'name="description"' in far.asked[0].content
    assert b"un colis" in far.asked[0].content
    assert json.loads(far.asked[1].content)["media_ids"] == ["m1"]


def test_links_count_23_and_hosts_of_mentions_nothing() -> None:
    far = Far(statuses=POSTED)
    most = "x" * (500 - len("@lea ") - 24) + " https://exemple.fr/" + "a" * 200
    mastodon(far).send(dataclasses.replace(OUTGOING, text=most))
    with pytest.raises(PermanentError, match="501"):
        mastodon(far).send(dataclasses.replace(OUTGOING, text="x" + most))
    assert len(far.asked) == 1


@pytest.mark.parametrize(
    ("status", "error", "wanted"),
    [
        (401, "The access token is invalid", AuthError),
        (403, "Your login is currently disabled", AuthError),
        (403, "This action is outside the authorized scopes", PermanentError),
        (404, "Record not found", PermanentError),
        (422, "Validation failed: Text character limit of 500 exceeded", PermanentError),
        (429, "Too many requests", TransientError),
        (503, "Service Unavailable", UncertainError),
    ],
)
def test_refusals_are_told_apart(status: int, error: str, wanted: type[Exception]) -> None:
    with pytest.raises(wanted):
        mastodon(Far(statuses=httpx.Response(status, json={"error": error}))).send(OUTGOING)


def test_the_instant_of_the_next_try_is_read() -> None:
    headers = {"X-RateLimit-Reset": "2026-03-02T08:20:00.123456Z", "Date": "Mon, 02 Mar 2026 08:15:00 GMT"}
    with pytest.raises(TransientError) as raised:
        mastodon(Far(statuses=httpx.Response(429, headers=headers))).send(OUTGOING)
    assert raised.value.retry_after is not None
    assert raised.value.retry_after // timedelta(seconds=1) == 300


def test_a_cut_connection_leaves_it_uncertain() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut")

    with pytest.raises(UncertainError):
        mastodon(answer).send(OUTGOING)


def own(identifier: str, **changed: Any) -> dict[str, Any]:
    return {**POSTED, "id": identifier, **changed}


def test_an_interrupted_answer_is_found_by_its_place_and_its_very_text() -> None:
    far = Far(
        **{
            "accounts__1__statuses": [own("79", in_reply_to_id=None), own("78"), own("77")],
            "78__source": {"id": "78", "text": "autre chose"},
            "77__source": {"id": "77", "text": "@lea@ailleurs.example Bonjour Léa"},
        }
    )
    found = mastodon(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "77"


def test_an_answer_that_never_arrived_is_not_found() -> None:
    older = own("60", created_at="2026-03-02T07:00:00.000Z")
    assert mastodon(Far(accounts__1__statuses=[older])).find_sent(OUTGOING) is None
    assert mastodon(Far(accounts__1__statuses=[])).find_sent(OUTGOING) is None


def test_a_search_that_does_not_reach_far_enough_is_uncertain() -> None:
    with pytest.raises(UncertainError):
        mastodon(Far(accounts__1__statuses=[own("79", in_reply_to_id=None)])).find_sent(OUTGOING)


def test_an_edit_keeps_files_and_warning() -> None:
    standing = {**POSTED, "spoiler_text": "colis", "media_attachments": [{"id": "m1"}], "language": "fr"}
    far = Far(statuses__77=standing)
    mastodon(far).edit("77", dataclasses.replace(OUTGOING, text="Corrigé"), {"mention": "lea@ailleurs.example"})
    assert far.asked[1].method == "PUT"
    assert json.loads(far.asked[1].content) == {
        "status": "@lea@ailleurs.example Corrigé", "spoiler_text": "colis", "sensitive": False, "media_ids": ["m1"],
        "language": "fr",
    }  # fmt: skip


def test_deleting_what_is_gone_is_a_success() -> None:
    far = Far()
    mastodon(far).delete("77", {})
    assert (far.asked[0].method, far.asked[0].url.path) == ("DELETE", "/api/v1/statuses/77")


def test_likes_are_given_and_taken_back() -> None:
    far = Far(favourite=POSTED, unfavourite=POSTED)
    mastodon(far).like("20", {})
    mastodon(far).unlike("20", {})
    assert [request.url.path for request in far.asked] == [
        "/api/v1/statuses/20/favourite", "/api/v1/statuses/20/unfavourite",
    ]  # fmt: skip


# --- listening ----------------------------------------------------------------------------------------------------


def note(identifier: str, **status: Any) -> dict[str, Any]:
    said = {**POSTED, "id": f"s{identifier}", "account": {"id": "2", "acct": "lea"}, "visibility": "public", **status}
    return {
        "id": identifier, "type": "mention", "created_at": "2026-03-02T08:16:00.000Z", "account": said["account"],
        "status": said,
    }  # fmt: skip


def spoken(connector: Mastodon, pages: Any) -> list[tuple[Any, ...]]:
    events = [event for page in pages for delivery in page.deliveries for event in connector.parse(delivery)]
    return [(event.event, event.external_id, event.thread_id, bool(event.custom.get("context"))) for event in events]


def test_polling_goes_on_where_it_left_off_and_brings_what_stands_above() -> None:
    def notifications(request: httpx.Request) -> Any:
        return {"": [note("5")], "5": [note("7"), note("6", in_reply_to_id=None)]}.get(
            request.url.params.get("min_id", ""), []
        )

    root = {**POSTED, "id": "r", "account": {"id": "3", "acct": "tom"}, "in_reply_to_id": None, "visibility": "public"}
    far = Far(notifications=notifications, context={"ancestors": [root]}, accounts__1__statuses=[])
    connector = mastodon(far)
    first = list(connector.poll({}))
    assert spoken(connector, first) == [("comment", "s5", "r", False), ("post", "r", "r", True)]
    second = list(connector.poll(json.loads(json.dumps(first[-1].cursor))))
    assert [line[1] for line in spoken(connector, second)] == ["s6", "s7", "r"]
    assert second[-1].cursor["notification"] == "7"


def test_answers_given_in_another_app_are_noticed() -> None:
    answer = own("90", in_reply_to_account_id="2")
    far = Far(notifications=[], accounts__1__statuses=[answer, own("91", in_reply_to_id=None, mentions=[])])
    connector = mastodon(far)
    events = [event for page in connector.poll({}) for one in page.deliveries for event in connector.parse(one)]
    assert [(event.direction, event.external_id) for event in events] == [("outgoing", "90")]
    assert events[0].counterpart == Author("2", "lea@ailleurs.example")


def test_posts_under_a_hashtag_come_in_but_ours_do_not() -> None:
    theirs = {**POSTED, "id": "h1", "account": {"id": "9"}, "in_reply_to_id": None}
    far = Far(notifications=[], timelines__tag__marque=[theirs, POSTED], accounts__1__statuses=[])
    connector = mastodon(far, {**CREDENTIALS, "hashtags": "#marque"})
    assert [line[1] for line in spoken(connector, connector.poll({}))] == ["h1"]


def test_edits_are_noticed_and_only_what_is_missing_twice_is_gone() -> None:
    there = {**POSTED, "id": "a", "edited_at": "2026-03-02T09:00:00.000Z"}
    far = Far(notifications=[], api__v1__statuses=[there], accounts__1__statuses=[])
    connector = mastodon(far)
    cursor: dict[str, Any] = {"round": 9, "notification": "5", "own": "1", "watched": {"a": "", "b": ""}}
    told: list[list[tuple[EventKind, str | None]]] = []
    for _round in range(3):
        pages = list(connector.poll(cursor))
        events = [event for page in pages for one in page.deliveries for event in connector.parse(one)]
        told.append([(event.event, event.target_id) for event in events])
        cursor = {"round": 19, **({} if not pages else pages[-1].cursor)}
    assert told == [[(EventKind.EDIT, "a")], [(EventKind.DELETE, "b")], []]


def test_history_goes_back_to_the_day_and_can_be_taken_up_again() -> None:
    old = {**note("3"), "created_at": "2025-01-01T00:00:00.000Z"}

    def notifications(request: httpx.Request) -> Any:
        return [note("5")] if "max_id" not in request.url.params else [note("4"), old]

    connector = mastodon(Far(notifications=notifications))
    since = datetime(2026, 1, 1, tzinfo=UTC)
    pages = list(connector.history(since, {}))
    assert [line[1] for line in spoken(connector, pages)] == ["s5", "s4"]
    assert [line[1] for line in spoken(connector, connector.history(since, pages[0].cursor))] == ["s4"]


STREAM = (
    ":)\n\nevent: notification\ndata: " + json.dumps(note("8"), separators=(",", ":")) + "\n\n:thump\n\n"
    'event: update\ndata: {"id":"x","account":{"id":"9"},"content":"","visibility":"public"}\n\n'
    "event: delete\ndata: 123\n\n"
)


def test_the_stream_tells_what_is_said_to_us_but_not_what_others_post() -> None:
    stop = threading.Event()
    stream = httpx.Response(200, text=STREAM, headers={"content-type": "text/event-stream"})
    far = Far(streaming__user=stream, notifications=[])
    limits = json.dumps({"streaming": "wss://streaming.example.org"})
    connector = mastodon(far, {**CREDENTIALS, "server_limits": limits})
    pages = []
    for page in connector.stream({"notification": "5"}, stop):
        pages.append(page)
        if len(pages) == 2:
            stop.set()
    assert [line[0] for line in spoken(connector, pages)] == ["comment", "delete"]
    assert pages[0].cursor == {"notification": "5"}
    assert far.asked[0].url.host == "streaming.example.org"


def test_what_is_said_while_the_stream_opens_is_not_missed() -> None:
    stream = httpx.Response(200, text=STREAM, headers={"content-type": "text/event-stream"})
    said = {"5": [note("6", in_reply_to_id=None)]}
    far = Far(streaming__user=stream, notifications=lambda request: said.get(request.url.params["min_id"], []))
    connector = mastodon(far)
    first, second = itertools.islice(connector.stream({"notification": "5"}, threading.Event()), 2)
    assert [line[1] for line in spoken(connector, [first])] == ["s6"]
    assert (first.cursor["notification"], second.cursor["notification"]) == ("6", "6")


def test_the_first_word_to_an_account_that_nobody_had_spoken_to_is_new() -> None:
    (page,) = mastodon(Far(notifications=[], accounts__1__statuses=[])).poll({})
    assert page.cursor["notification"] == "0"
    many = {"0": [note("2"), note("1")]}
    far = Far(notifications=lambda request: many.get(request.url.params["min_id"], []), accounts__1__statuses=[])
    assert next(mastodon(far).poll(page.cursor)).cursor["notification"] == "2"


def test_a_server_without_such_a_stream_is_only_polled() -> None:
    stop = threading.Event()
    stop.set()
    far = Far()
    software = json.dumps({"software": "https://codeberg.org/superseriousbusiness/gotosocial"})
    assert list(mastodon(far, {**CREDENTIALS, "server_limits": software}).stream({}, stop)) == []
    assert far.asked == []
    assert list(mastodon(far).stream({}, stop)) == []


def test_a_stream_that_refuses_the_token_disconnects() -> None:
    with pytest.raises(AuthError):
        list(mastodon(Far(streaming__user=httpx.Response(401))).stream({}, threading.Event()))


# --- the account --------------------------------------------------------------------------------------------------

INSTANCE = {
    "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
    "configuration": {
        "urls": {"streaming": "wss://example.org"},
        "statuses": {"max_characters": 5000, "max_media_attachments": 6},
        "media_attachments": {"image_size_limit": 41943040, "supported_mime_types": ["image/png", "image/gif"]},
    },
}


def test_a_check_keeps_what_the_server_allows() -> None:
    me = {"id": "1", "acct": "marque", "display_name": "La Marque"}
    connector = mastodon(Far(verify_credentials=me, v2__instance=INSTANCE, notifications=[]))
    health = connector.check()
    assert (health.own_id, health.handle, health.name, health.remarks) == ("1", "marque", "La Marque", ())
    renewed = connector.renewed_credentials()
    assert renewed is not None
    limits = mastodon(Far(), dict(renewed)).limits_here()
    assert (limits.max_text_chars, limits.max_files, limits.max_file_bytes) == (5000, 6, 41943040)
    assert limits.file_types == ("image/png",)
    assert mastodon(Far()).limits_here().max_text_chars == 500


def test_a_token_without_the_right_to_read_is_remarked() -> None:
    refused = httpx.Response(403, json={"error": "This action is outside the authorized scopes"})
    health = mastodon(Far(verify_credentials={"id": "1"}, v2__instance={}, notifications=refused)).check()
    assert "Notifications cannot be read" in health.remarks[0]


def test_an_account_without_a_token_says_so() -> None:
    with pytest.raises(AuthError, match="no access token"):
        mastodon(Far(), {"instance": "example.org"}).check()


def test_a_sign_in_opens_the_account_and_can_be_given_back() -> None:
    far = Far(oauth__token={"access_token": "new"}, verify_credentials={"id": "1", "acct": "marque"}, oauth__revoke={})
    credentials = {"instance": "https://example.org/", "client_id": "c", "client_secret": "s"}
    offered = mastodon(far, credentials).exchange("code", redirect_url="https://us.example/back", verifier="v")
    form = parse_qs(far.asked[0].content.decode())
    assert form["code"] == ["code"]
    assert form["code_verifier"] == ["v"]
    assert form["redirect_uri"] == ["https://us.example/back"]
    assert (offered[0].own_id, offered[0].name) == ("1", "marque")
    mastodon(far, dict(offered[0].credentials)).revoke()
    assert parse_qs(far.asked[-1].content.decode())["token"] == ["new"]


def test_a_code_that_is_not_taken_is_an_error_of_signing_in() -> None:
    refused = httpx.Response(400, json={"error": "invalid_grant"})
    with pytest.raises(AuthError, match="did not take the sign-in"):
        mastodon(Far(oauth__token=refused)).exchange("code", redirect_url="https://us.example/back", verifier="v")


def test_figures_of_the_account_and_of_posts_that_still_stand() -> None:
    far = Far(verify_credentials={"followers_count": 3, "statuses_count": 9}, statuses__77={"favourites_count": 2})
    found = mastodon(far).figures(["77", "gone"])
    assert [(one.name, one.value, one.external_id) for one in found] == [
        ("followers", 3, None), ("posts", 9, None), ("likes", 2, "77"),
    ]  # fmt: skip


def test_the_line_for_servers_without_quotes_is_not_shown() -> None:
    content = '<p class="quote-inline">RE: <a href="https://a.example/9">https://a.example/9</a></p><p>Bravo</p>'
    status = {"id": "1", "account": {"id": "2"}, "content": content, "visibility": "public"}
    for quote, text in (({"state": "accepted"}, "Bravo"), (None, "RE: https://a.example/9\n\nBravo")):
        body = json.dumps({**status, "quote": quote}).encode()
        assert mastodon(Far()).parse(Delivery(body))[0].text == text


def test_requests_fit_the_published_contract() -> None:
    published = contract("mastodon_openapi.json")
    far = Far(
        source={"id": "77", "text": "x"}, favourite=POSTED, notifications=[note("5")], context={"ancestors": []},
        verify_credentials={"id": "1"}, v2__instance=INSTANCE, v2__media={"id": "m1"}, timelines__tag__marque=[],
        statuses=lambda request: POSTED if request.method == "POST" else [POSTED], statuses__77=POSTED,
    )  # fmt: skip
    connector = mastodon(far, {**CREDENTIALS, "hashtags": "marque"})
    connector.check()
    connector.send(OUTGOING)
    connector.send(dataclasses.replace(OUTGOING, files=(OutgoingFile("a.png", "image/png", b"x", "un colis"),)))
    with pytest.raises(UncertainError):
        connector.find_sent(OUTGOING)
    connector.edit("77", OUTGOING, {})
    connector.delete("77", {})
    connector.like("77", {})
    connector.figures(["77"])
    list(connector.poll({"round": 9, "watched": {"77": ""}}))
    next(connector.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    assert len(far.asked) > 18
    for request in far.asked:
        if request.method != "POST" or b'"media_ids"' not in request.content:  # the contract: a text or files, not both
            published.check(renamed(request))


def renamed(request: httpx.Request) -> httpx.Request:
    """As the contract writes it: it names lists without the brackets with which they go over the line."""
    url = str(request.url).replace("types%5B%5D=", "types=").replace("id%5B%5D=", "id=")
    return httpx.Request(request.method, url, headers=request.headers, content=request.content)


# --- reports, and the application -----------------------------------------------------------------------------------


def test_a_post_and_its_author_are_reported_with_a_comment() -> None:
    far = Far(__reports={"id": "1", "action_taken": False})
    mastodon(far).report("20", Author(id="2", handle="lea@ailleurs.example"), comment="Insultes")
    (asked,) = far.asked
    assert (asked.method, asked.url.path) == ("POST", "/api/v1/reports")
    said = json.loads(asked.content)
    assert (said["account_id"], said["status_ids"], said["comment"]) == ("2", ["20"], "Insultes")
    assert said["forward"] is True


def test_a_token_that_may_not_report_is_told() -> None:
    far = Far(__reports=httpx.Response(403, json={"error": "This action is outside the authorized scopes"}))
    with pytest.raises(PermanentError, match="authorized scopes"):
        mastodon(far).report("20", Author(id="2"), comment="")


def test_comptoir_registers_itself_where_it_is_to_sign_in() -> None:
    far = Far(__apps={"id": "9", "name": "Comptoir", "client_id": "key", "client_secret": "s3cret"})
    given = mastodon(far, {"instance": "example.org"}).register(
        redirect_url="https://counter.example/accounts/signed-in/", site="https://counter.example"
    )
    assert given == {"instance": "example.org", "client_id": "key", "client_secret": "s3cret"}
    asked = parse_qs(far.asked[0].content.decode())
    assert asked["redirect_uris"] == ["https://counter.example/accounts/signed-in/"]
    assert "write:reports" in asked["scopes"][0].split()


def test_a_server_that_gives_no_key_is_told() -> None:
    with pytest.raises(PermanentError, match="key"):
        mastodon(Far(__apps={}), {"instance": "example.org"}).register(redirect_url="https://c.example/", site="")
