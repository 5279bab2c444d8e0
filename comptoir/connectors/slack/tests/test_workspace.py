"""Listening to a workspace, answering in it, and the account."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    HookRequest,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.slack.mrkdwn import readable
from comptoir.connectors.slack.tests.far_side import OUTGOING, POSTED, always, connector, hook

# --- listening ----------------------------------------------------------------------------------------------------


def test_signed_delivery_is_accepted() -> None:
    connector(always({})).verify(hook(b'{"type":"event_callback"}'))


@pytest.mark.parametrize(
    "request_", [hook(b"{}", secret="other"), replace(hook(b"{}"), body=b"{ }"), replace(hook(b"{}"), headers={})]
)
def test_delivery_that_is_not_slacks_is_refused(request_: HookRequest) -> None:
    with pytest.raises(SignatureError):
        connector(always({})).verify(request_)


def test_signature_of_another_instant_is_refused() -> None:
    forged = hook(b"{}")
    with pytest.raises(SignatureError):
        connector(always({})).verify(
            replace(forged, headers={**forged.headers, "x-slack-request-timestamp": "1772438401"})
        )


def test_slacks_question_is_answered_with_its_word() -> None:
    asked = hook(b'{"token": "x", "challenge": "3eZbrw1aB", "type": "url_verification"}')
    answer = connector(always({})).challenge(asked)
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"3eZbrw1aB")


@pytest.mark.parametrize("body", [b'{"type": "event_callback", "challenge": "x"}', b"payload=%7B%7D", b"{"])
def test_nothing_else_is_answered_before_it_is_stored(body: bytes) -> None:
    assert connector(always({})).challenge(hook(body)) is None


def test_delivery_names_the_applications_it_is_for() -> None:
    told = {"authorizations": [{"user_id": "UBOT", "is_bot": True}, {"user_id": "U7", "is_bot": False}]}
    assert connector(always({})).addressees(hook(json.dumps(told).encode())) == (Addressee("slack", "UBOT"),)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U1>", "@U1"),
        ("<@U1|lea>", "@lea"),
        ("<#C1|>", "#C1"),
        ("<!subteam^S1|@support>", "@support"),
        ("<!channel>", "@channel"),
        ("<mailto:a@b.fr|a@b.fr>", "a@b.fr"),
        ("<https://exemple.fr|exemple.fr>", "exemple.fr"),
        ("<https://exemple.fr|ici>", "ici (https://exemple.fr)"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("*gras* _fin_", "*gras* _fin_"),
        ("On regarde :eyes:, merci:tada:", "On regarde 👀, merci🎉"),
        (":wave::skin-tone-3: :man-shrugging::skin-tone-6: :heart:", "👋🏼 🤷🏿\u200d♂\ufe0f ❤\ufe0f"),
        ("10:30:45 a:b:c 5:100:3 :100: :x:", "10:30:45 a:b:c 5:100:3 💯 ❌"),
        (":maison_lueur: :", ":maison_lueur: :"),
    ],
)
def test_text_is_read_as_people_do(written: str, read: str) -> None:
    assert readable(written) == read


# --- answering ----------------------------------------------------------------------------------------------------


def test_answer_goes_into_the_thread_and_means_what_it_says() -> None:
    asked: list[httpx.Request] = []

    def slack(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=POSTED)

    sent = connector(slack).send(OUTGOING)
    assert str(asked[0].url) == "https://slack.com/api/chat.postMessage"
    assert asked[0].headers["authorization"] == "Bearer xoxb-1"
    assert json.loads(asked[0].content) == {
        "channel": "C1",
        "text": "1 &lt; 2 &amp; &lt;@U1&gt;",
        "mrkdwn": False,
        "unfurl_links": False,
        "metadata": {"event_type": "comptoir_reply", "event_payload": {"key": "k-1"}},
        "thread_ts": "1772438400.000100",
    }
    assert (sent.external_id, dict(sent.custom)) == ("C1/1772438500.000100", {"channel": "C1"})


@pytest.mark.parametrize(
    ("custom", "root"),
    [
        ({"channel": "C1", "root": "1.1", "channel_type": "channel"}, "1.1"),
        ({"channel": "D1", "channel_type": "im"}, None),
        ({"channel": "D1", "channel_type": "im", "root": "1.1"}, "1.1"),
    ],
)
def test_thread_is_that_of_the_message_answered(custom: dict[str, str], root: str | None) -> None:
    bodies: list[Any] = []

    def slack(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json=POSTED)

    connector(slack).send(replace(OUTGOING, parent_custom=custom))
    assert bodies[0].get("thread_ts") == root


def test_cut_answer_is_found_by_its_key() -> None:
    asked: list[httpx.Request] = []

    def slack(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("cut", request=request)
        asked.append(request)
        mine = {"ts": "1772438500.000100", "metadata": {"event_payload": {"key": "k-1"}}}
        other = {"ts": "1772438450.000100", "metadata": {"event_payload": {"key": "k-0"}}}
        if "cursor" not in request.url.params:
            return httpx.Response(
                200, json={"ok": True, "messages": [other], "response_metadata": {"next_cursor": "n"}}
            )
        return httpx.Response(200, json={"ok": True, "messages": [mine]})

    cut = connector(slack)
    with pytest.raises(UncertainError):
        cut.send(OUTGOING)
    found = cut.find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "C1/1772438500.000100"
    assert asked[0].url.path == "/api/conversations.replies"
    assert asked[0].url.params["include_all_metadata"] == "true"
    assert cut.find_sent(replace(OUTGOING, key="k-2")) is None


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("invalid_auth", AuthError),
        ("token_revoked", AuthError),
        ("ratelimited", TransientError),
        ("channel_not_found", PermanentError),
        ("not_in_channel", PermanentError),
        ("is_archived", PermanentError),
        ("missing_scope", PermanentError),
        ("something_new", PermanentError),
        ("fatal_error", UncertainError),
        ("internal_error", UncertainError),
    ],
)
def test_slacks_own_error_says_what_may_be_done(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(always({"ok": False, "error": code})).send(OUTGOING)


def test_rate_limit_waits_as_long_as_slack_wants() -> None:
    with pytest.raises(TransientError) as raised:
        connector(always({"ok": False, "error": "ratelimited"}, 429, **{"retry-after": "17"})).send(OUTGOING)
    assert raised.value.retry_after is not None
    assert raised.value.retry_after.total_seconds() == 17


def test_failure_while_reading_may_be_tried_again() -> None:
    with pytest.raises(TransientError):
        connector(always({"ok": False, "error": "internal_error"})).check()


def test_public_answer_is_refused_unasked() -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(replace(OUTGOING, visibility="public"))


def test_messages_are_changed_taken_back_and_liked_where_they_stand() -> None:
    asked: list[tuple[str, Any]] = []

    def slack(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path.rsplit("/", 1)[-1], json.loads(request.content)))
        errors = {"chat.delete": "message_not_found", "reactions.add": "already_reacted"}
        error = errors.get(asked[-1][0])
        return httpx.Response(200, json={"ok": False, "error": error} if error else {"ok": True})

    workspace = connector(slack)
    workspace.edit("C1/1.2", replace(OUTGOING, text="Mieux"), {})
    workspace.delete("C1/1.2", {})
    workspace.like("C1/1.3", {})
    workspace.unlike("1.3", {"channel": "C1"})
    assert asked == [
        ("chat.update", {"channel": "C1", "ts": "1.2", "text": "Mieux"}),
        ("chat.delete", {"channel": "C1", "ts": "1.2"}),
        ("reactions.add", {"channel": "C1", "timestamp": "1.3", "name": "+1"}),
        ("reactions.remove", {"channel": "C1", "timestamp": "1.3", "name": "+1"}),
    ]


# --- files and history --------------------------------------------------------------------------------------------


def test_token_goes_to_slacks_own_hosts_only() -> None:
    workspace = connector(always({}))
    assert workspace.locate("https://files.slack.com/files-pri/T-F/a.png").headers
    assert workspace.locate("https://files.slack.com.evil.example/a.png").headers == {}


def test_file_of_a_shared_channel_is_asked_for_by_its_id() -> None:
    def slack(request: httpx.Request) -> httpx.Response:
        assert request.url.params["file"] == "F1"
        return httpx.Response(200, json={"ok": True, "file": {"url_private": "https://files.slack.com/f/F1"}})

    assert connector(slack).locate("slack:F1").url == "https://files.slack.com/f/F1"


def test_history_reads_every_channel_with_its_threads_and_goes_on() -> None:
    asked: list[str] = []

    def slack(request: httpx.Request) -> httpx.Response:
        method, channel = request.url.path.rsplit("/", 1)[-1], request.url.params.get("channel", "")
        asked.append(f"{method} {channel}")
        if method == "users.conversations":
            return httpx.Response(200, json={"ok": True, "channels": [{"id": "C1"}, {"id": "C2"}]})
        if method == "conversations.replies":
            replies = [{"ts": "1772438400.000100"}, {"ts": "1772438410.000100", "thread_ts": "1772438400.000100"}]
            return httpx.Response(200, json={"ok": True, "messages": replies})
        root = {"type": "message", "ts": "1772438400.000100", "thread_ts": "1772438400.000100", "reply_count": 1}
        return httpx.Response(200, json={"ok": True, "messages": [root] if channel == "C1" else []})

    workspace = connector(slack)
    first = next(workspace.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    events = workspace.parse(first.deliveries[0])
    assert [event.external_id for event in events] == ["1772438400.000100", "1772438410.000100"]
    assert {(event.thread_id, event.id_scope) for event in events} == {("C1", "C1")}
    [last] = workspace.history(datetime(2026, 1, 1, tzinfo=UTC), first.cursor)
    assert last.cursor == {"channels": [], "page": ""}
    assert asked[-1] == "conversations.history C2"
    assert list(workspace.history(datetime(2026, 1, 1, tzinfo=UTC), last.cursor)) == []


# --- the account --------------------------------------------------------------------------------------------------


def test_check_names_the_permissions_that_are_missing() -> None:
    told = {"ok": True, "user_id": "UBOT", "user": "comptoir", "team": "Exemple"}
    health = connector(always(told, **{"x-oauth-scopes": "chat:write,channels:history"})).check()
    assert (health.own_id, health.handle, health.name) == ("UBOT", "comptoir", "Exemple")
    assert "files:read" in health.remarks[0]
    assert "chat:write" not in health.remarks[0]


def test_signing_in_opens_the_workspace() -> None:
    def slack(request: httpx.Request) -> httpx.Response:
        asked = parse_qs(request.content.decode())
        assert (asked["code"], asked["client_id"], asked["client_secret"]) == (["code"], ["c"], ["s"])
        told = {"ok": True, "access_token": "xoxb-2", "bot_user_id": "UBOT", "team": {"id": "T1", "name": "Exemple"}}
        return httpx.Response(200, json=told)

    [offered] = connector(slack, bot_token="").exchange("code", redirect_url="https://c.example/", verifier="v")
    assert (offered.own_id, offered.name, offered.credentials["bot_token"]) == ("UBOT", "Exemple", "xoxb-2")


def test_code_that_is_not_taken_asks_to_sign_in_again() -> None:
    with pytest.raises(AuthError):
        connector(always({"ok": False, "error": "invalid_code"})).exchange("c", redirect_url="https://c/", verifier="")


def test_token_that_ends_is_renewed_before_by_slacks_clock() -> None:
    told = {"ok": True, "access_token": "xoxe-2", "refresh_token": "r2", "expires_in": 43200}
    workspace = connector(always(told, date="Mon, 02 Mar 2026 08:00:00 GMT"), refresh_token="r1")
    assert workspace.renew_at() is None
    renewed = dict(workspace.renew())
    assert (renewed["bot_token"], renewed["refresh_token"]) == ("xoxe-2", "r2")
    assert connector(always({}), **renewed).renew_at() == datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
