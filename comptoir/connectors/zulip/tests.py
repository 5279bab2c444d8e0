"""The Zulip connector against a small server that answers as Zulip's API documentation says."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    EventKind,
    Outgoing,
    OutgoingFile,
    Page,
    PayloadError,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.zulip.connector import Zulip
from comptoir.connectors.zulip.content import emoji_of, read_content, upload_path

SITE = "https://chat.example.fr"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOT = {"user_id": 26, "email": "marque-bot@chat.example.fr", "full_name": "Marque"}
LEA = {"id": 12, "email": "user12@chat.example.fr", "full_name": "Léa"}
CREDENTIALS = {"site": SITE, "email": BOT["email"], "api_key": "sesame"}


class Server:
    """Messages, one queue of events, files: as the documentation of Zulip's API says."""

    def __init__(self) -> None:
        self.stored: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.queues = 0
        self.queue: str | None = None
        self.reactions: set[tuple[str, str]] = set()
        self.subscriptions: list[dict[str, Any]] = [{"stream_id": 1, "name": "Denmark"}]
        self.calls: list[httpx.Request] = []
        self.failing: httpx.Response | Exception | None = None
        self.takes_before_failing = False
        self.may_delete = True
        self.http = httpx.Client(transport=httpx.MockTransport(self.answer))

    def connector(self, **more: str) -> Zulip:
        return Zulip(CREDENTIALS | more, self.http, own_id="26")

    def says(self, content: str, *, by: int = 12, at: datetime = NOW, to: list[int] | None = None, topic: str = "test"):
        message: dict[str, Any] = {
            "id": 100 + len(self.stored), "sender_id": by, "sender_email": f"user{by}@chat.example.fr",
            "sender_full_name": "Léa", "content": f"<p>{content}</p>", "content_type": "text/html", "client": "website",
            "timestamp": int(at.timestamp()), "subject": "" if to else topic, "type": "private" if to else "stream",
            "display_recipient": [{"id": one, "email": "", "full_name": ""} for one in to] if to else "Denmark",
        }  # fmt: skip
        if not to:
            message["stream_id"] = 1
        self.stored.append(message)
        self.events.append({"id": len(self.events), "type": "message", "message": message, "flags": []})
        return message

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        assert request.headers["authorization"].startswith("Basic ")
        assert base64.b64decode(request.headers["authorization"][6:]) == f"{BOT['email']}:sesame".encode()
        if self.failing is not None and not self.takes_before_failing:
            return self._fail()
        form = dict(parse_qsl(request.content.decode())) if "form-u" in request.headers.get("content-type", "") else {}
        path = request.url.path.removeprefix("/api/v1/")
        answer = self._routed(request.method, path, dict(request.url.params) | form)
        return self._fail() if self.failing is not None and request.method == "POST" else answer

    def _fail(self) -> httpx.Response:
        failing, self.failing = self.failing, None
        if isinstance(failing, Exception):
            raise failing
        assert failing is not None
        return failing

    def _routed(self, method: str, path: str, asked: dict[str, str]) -> httpx.Response:
        head, *rest = path.split("/")
        if head == "messages" and rest:
            return self._one(method, rest, asked)
        routes = {
            ("GET", "users/me"): lambda: success(**BOT),
            ("GET", "users/me/subscriptions"): lambda: success(subscriptions=self.subscriptions),
            ("POST", "register"): self._register,
            ("GET", "events"): lambda: self._events(asked),
            ("GET", "messages"): lambda: self._messages(asked),
            ("POST", "messages"): lambda: self._send(asked),
            ("POST", "user_uploads"): lambda: success(uri=f"/user_uploads/2/{len(self.calls):x}/recu.pdf"),
        }
        if head == "user_uploads" and rest:
            return success(url=f"/user_uploads/temporary/{rest[-1]}")
        return routes[method, path]()

    def _register(self) -> httpx.Response:
        self.queues += 1
        self.queue = f"queue-{self.queues}"
        self.events = []
        return success(queue_id=self.queue, last_event_id=-1)

    def _events(self, asked: dict[str, str]) -> httpx.Response:
        assert asked["dont_block"] == "true"
        if asked["queue_id"] != self.queue:
            return refusal("Bad event queue ID: x", "BAD_EVENT_QUEUE_ID", queue_id=asked["queue_id"])
        last = int(asked["last_event_id"])
        self.events = [event for event in self.events if event["id"] > last]
        return success(events=self.events, queue_id=self.queue)

    def _messages(self, asked: dict[str, str]) -> httpx.Response:
        narrow = {one["operator"]: one["operand"] for one in json.loads(asked["narrow"])}
        known = [one for one in self.stored if matches(one, narrow)]
        anchor = max([one["id"] for one in known], default=0) if asked["anchor"] == "newest" else int(asked["anchor"])
        included = asked["include_anchor"] == "true"
        before = [one for one in known if one["id"] < anchor or (included and one["id"] == anchor)]
        after = [one for one in known if one["id"] > anchor]
        older, newer = int(asked["num_before"]), int(asked["num_after"])
        shown = [*(before[-older:] if older else []), *after[:newer]]
        if asked["apply_markdown"] == "false":
            shown = [one | {"content": one.get("raw", one["content"])} for one in shown]
        return success(messages=shown, found_oldest=len(before) <= older, found_newest=len(after) <= newer)

    def _send(self, asked: dict[str, str]) -> httpx.Response:
        to = None if asked["type"] == "stream" else [26, *json.loads(asked["to"])]
        message = self.says(asked["content"], by=26, to=to, topic=asked.get("topic", ""), at=NOW)
        message |= {"raw": asked["content"], "sender_email": BOT["email"]}
        return success(id=message["id"])

    def _one(self, method: str, rest: list[str], asked: dict[str, str]) -> httpx.Response:
        message = next((one for one in self.stored if str(one["id"]) == rest[0]), None)
        if message is None:
            return refusal("Invalid message(s)")
        if len(rest) == 2:
            return self._react(method, rest[0], asked["emoji_name"])
        if method == "PATCH":
            message["content"] = asked["content"]
        if method == "DELETE":
            if not self.may_delete:
                return refusal("You don't have permission to delete this message")
            self.stored.remove(message)
        return success(**({"message": message} if method == "GET" else {}))

    def _react(self, method: str, message_id: str, emoji: str) -> httpx.Response:
        reaction = (message_id, emoji)
        if method == "POST" and reaction in self.reactions:
            return refusal("Reaction already exists.", "REACTION_ALREADY_EXISTS")
        if method == "DELETE" and reaction not in self.reactions:
            return refusal("Reaction doesn't exist.", "REACTION_DOES_NOT_EXIST")
        (self.reactions.add if method == "POST" else self.reactions.discard)(reaction)
        return success()


def success(**content: Any) -> httpx.Response:
    return httpx.Response(
        200, json={"result": "success", "msg": "", **content}, headers={"date": "Mon, 02 Mar 2026 09:00:00 GMT"}
    )


def refusal(said: str, code: str = "BAD_REQUEST", *, status: int = 400, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"result": "error", "msg": said, "code": code, **more})


def matches(message: dict[str, Any], narrow: dict[str, Any]) -> bool:
    if "dm" in narrow and (
        message["type"] != "private" or {one["id"] for one in message["display_recipient"]} != {26, *narrow["dm"]}
    ):
        return False
    if "stream" in narrow and (message.get("stream_id"), message["subject"]) != (narrow["stream"], narrow["topic"]):
        return False
    return "sender" not in narrow or message["sender_email"] == narrow["sender"]


@pytest.fixture
def server() -> Server:
    return Server()


def reply(text: str = "Bonjour", **more: Any) -> Outgoing:
    kept = {"key": "k1", "queued_at": NOW, "visibility": "private", "recipient": Author(id="12")} | more
    return Outgoing(text=text, **kept)


def public(parent: dict[str, Any], text: str = "Bonjour", **more: Any) -> Outgoing:
    custom = {"channel": "1", "topic": parent["subject"]}
    return reply(
        text, visibility="public", parent_id=str(parent["id"]), parent_visibility="public", parent_custom=custom, **more
    )


def heard(server: Server, pages: Iterator[Page] | list[Page]) -> list[str]:
    connector = server.connector()
    found = [connector.parse(delivery) for page in pages for delivery in page.deliveries]
    return [event.external_id or event.event for events in found for event in events]


def sent_form(server: Server) -> dict[str, str]:
    return dict(parse_qsl(server.calls[-1].content.decode(), keep_blank_values=True))


# --- reading ----------------------------------------------------------------------------------------------------------


def event(body: object, **credentials: str) -> Any:
    [only] = Zulip(CREDENTIALS | credentials, httpx.Client(), own_id="26").parse(Delivery(json.dumps(body).encode()))
    return only


def channel_message(**more: Any) -> dict[str, Any]:
    message = {"id": 7, "type": "stream", "stream_id": 1, "subject": "Où est v1.2 ?", "sender_id": 12, "timestamp": 1,
               "content": "<p>Ici</p>"}  # fmt: skip
    return {"type": "message", "id": 0, "flags": [], "message": message | more}


def test_a_message_knows_its_page_and_what_an_answer_needs() -> None:
    read = event(channel_message(avatar_url="/user_avatars/2/a.png"))
    assert read.url == f"{SITE}/#narrow/stream/1/topic/O.C3.B9.20est.20v1.2E2.20.3F/near/7"
    assert read.custom == {"channel": "1", "topic": "Où est v1.2 ?"}
    assert read.author.avatar_url == f"{SITE}/user_avatars/2/a.png"
    assert not read.automatic


def test_people_are_numbered_by_each_server() -> None:
    assert Server().connector().people_scope() == SITE
    assert Zulip({}, httpx.Client()).people_scope() == ""


def test_an_echo_of_a_private_reply_names_the_other_one() -> None:
    people = [LEA, {"id": 26, "email": BOT["email"], "full_name": "Marque"}]
    read = event(channel_message(type="private", stream_id=None, display_recipient=people, sender_id=26, subject=""))
    assert (read.direction, read.counterpart.id, read.counterpart.name) == ("outgoing", "12", "Léa")
    assert read.custom == {"to": ["12", "26"]}


def test_only_mentions_are_heard_where_that_is_wanted() -> None:
    said = channel_message()
    assert event(said, listen="Mentions").event is EventKind.IGNORED
    assert event(said | {"flags": ["mentioned"]}, listen="mentions").event is EventKind.MESSAGE
    assert event(channel_message(sender_id=26), listen="mentions").direction == "outgoing"


def test_the_servers_own_bots_are_no_persons() -> None:
    assert event(channel_message(client="Internal")).automatic


def test_reactions_are_signs_or_names() -> None:
    of = {"type": "reaction", "op": "add", "message_id": 7, "user_id": 12, "emoji_name": "tada"}
    assert event(of | {"reaction_type": "unicode_emoji", "emoji_code": "1f389"}).reaction == "🎉"
    gone = event(of | {"op": "remove", "reaction_type": "realm_emoji", "emoji_code": "3"})
    assert (gone.reaction, gone.reaction_removed) == (":tada:", True)


@pytest.mark.parametrize("body", [b'{"result": "error", "msg": "x"}', b"[1]", b"{}", b"no"])
def test_what_is_not_zulips_is_refused(body: bytes) -> None:
    with pytest.raises(PayloadError):
        Server().connector().parse(Delivery(body))


def test_nothing_new_is_nothing() -> None:
    assert Server().connector().parse(Delivery(b'{"result": "success", "events": []}')) == []


def test_a_quotation_is_folded_away_and_names_what_it_answers() -> None:
    said = (
        '<p><span class="user-mention silent" data-user-id="3">Ana</span> <a href="/#narrow/dm/3/near/88">said</a>:</p>'
        "<blockquote><p>Alors ?</p></blockquote>"
    )
    read = read_content(f"{said}<p>Voilà.</p>", SITE)
    assert (read.text, read.quoted, read.answered) == ("Voilà.", "Alors ?", "88")
    assert read_content(said, SITE).text == "Ana said:\n\nAlors ?"
    assert read_content("<blockquote><p>Alors ?</p></blockquote><p>Non</p>", SITE).answered is None


def test_previews_are_not_what_somebody_said() -> None:
    said = '<p><a href="https://x.fr">x</a></p><div class="message_embed"><div>Titre</div></div>'
    assert read_content(said, SITE).text == "x"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/user_uploads/2/ab/a.png", "2/ab/a.png"),
        ("user_uploads/2/ab/a.png", "2/ab/a.png"),
        (f"{SITE}/user_uploads/2/ab/a.png", "2/ab/a.png"),
        ("https://elsewhere.fr/user_uploads/2/ab/a.png", None),
        ("/user_uploads/2/../../api/v1/users", None),
        ("/user_uploads/thumbnail/2/a.png", None),
        ("/user_uploads/2/a.png?x=1", None),
    ],
)
def test_only_the_servers_own_uploads_are_files(address: str, path: str | None) -> None:
    assert upload_path(address, SITE) == path


@pytest.mark.parametrize(("code", "sign"), [("1f44d", "👍"), ("1f1eb-1f1f7", "🇫🇷"), ("d800", None), ("zulip", None)])
def test_emoji_are_named_by_their_numbers(code: str, sign: str | None) -> None:
    assert emoji_of(code) == sign


# --- listening --------------------------------------------------------------------------------------------------------


def test_the_first_round_hears_nothing_and_the_next_what_is_new(server: Server) -> None:
    server.says("avant")
    pages = list(server.connector().poll({}))
    assert heard(server, pages) == []
    assert pages[-1].cursor == {"newest": 100, "queue": "queue-1", "last": -1}
    server.says("après")
    pages = list(server.connector().poll(pages[-1].cursor))
    assert heard(server, pages) == ["101"]
    assert list(server.connector().poll(pages[-1].cursor)) == []


def test_a_queue_that_is_gone_is_replaced_and_nothing_is_missed(server: Server) -> None:
    [page] = server.connector().poll({})
    for number in range(3):
        server.says(f"pendant {number}")
    server.queue = None
    pages = list(server.connector().poll(page.cursor))
    assert heard(server, pages) == ["100", "101", "102"]
    assert pages[-1].cursor == {"newest": 102, "queue": "queue-2", "last": -1}
    assert all("queue" not in page.cursor for page in pages[:-1])  # a crash in between begins the gap again


def test_a_long_gap_comes_in_pages(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.listening._MISSED_PAGE", 2)
    [page] = server.connector().poll({})
    for _number in range(5):
        server.says("pendant")
    server.queue = None
    assert heard(server, server.connector().poll(page.cursor)) == ["100", "101", "102", "103", "104"]


def test_heartbeats_are_not_stored(server: Server) -> None:
    [page] = server.connector().poll({})
    server.events.append({"id": 4, "type": "heartbeat"})
    [beat] = server.connector().poll(page.cursor)
    assert (beat.deliveries, beat.cursor["last"]) == ([], 4)


def test_a_stream_goes_on_in_the_queue_of_the_poll_and_ends_when_told(server: Server) -> None:
    [page] = server.connector().poll({})
    server.says("un")
    stop = threading.Event()
    pages = server.connector().stream(page.cursor, stop)
    assert heard(server, [next(pages)]) == ["100"]
    stop.set()
    assert list(pages) == []
    assert server.queues == 1


def test_a_stream_outlives_its_queue(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.connector._PAUSE_S", 0.0)
    [page] = server.connector().poll({})
    pages = server.connector().stream(page.cursor, threading.Event())
    server.says("un")
    first = next(pages)
    server.queue = None
    server.says("deux")
    assert heard(server, [first, next(pages)]) == ["100", "101"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal("Invalid API key", "INVALID_API_KEY", status=401), AuthError),
        (refusal("Account is deactivated", "USER_DEACTIVATED", status=403), AuthError),
        (httpx.Response(429, json={"msg": "Slow"}, headers={"retry-after": "28.7"}), TransientError),
        (httpx.Response(502, text="<html>"), TransientError),
        (httpx.ConnectError("no"), TransientError),
        (refusal("Nope"), PermanentError),
    ],
)
def test_what_goes_wrong_says_what_may_be_done(server: Server, answer: Any, error: type[Exception]) -> None:
    server.failing = answer
    with pytest.raises(error):
        list(server.connector().poll({}))


def test_history_is_read_newest_first_as_far_as_wanted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.listening._HISTORY_PAGE", 2)
    for days in (70, 60, 50, 40, 20, 10, 5, 1):
        server.says("alors", at=NOW - timedelta(days=days))
    pages = list(server.connector().history(NOW - timedelta(days=30), {}))
    assert [heard(server, [page]) for page in pages] == [["106", "107"], ["104", "105"], []]
    again = list(server.connector().history(NOW - timedelta(days=30), pages[0].cursor))
    assert heard(server, again) == ["104", "105"]
    assert list(Server().connector().history(NOW, {})) == []


# --- answering --------------------------------------------------------------------------------------------------------


def test_a_private_reply_goes_to_all_of_the_exchange(server: Server) -> None:
    sent = server.connector().send(reply(parent_visibility="private", parent_custom={"to": ["12", "13", "26"]}))
    assert sent_form(server)["to"] == "[12, 13]"
    assert (sent.external_id, sent.thread_id, sent.sent_at) == ("100", "dm/12,13,26", NOW)


def test_a_public_message_can_be_answered_privately(server: Server) -> None:
    server.connector().send(reply(parent_visibility="public", parent_id="5", thread_id="1/test"))
    assert sent_form(server) == {"type": "direct", "to": "[12]", "content": "Bonjour", "read_by_sender": "true"}


def test_a_thread_alone_says_to_whom(server: Server) -> None:
    server.connector().send(reply(thread_id="dm/12,26", recipient=Author()))
    assert sent_form(server)["to"] == "[12]"
    with pytest.raises(PermanentError):
        server.connector().send(reply(recipient=Author(id="Léa")))


def test_a_public_reply_follows_its_topic(server: Server) -> None:
    said = server.says("où ?")
    outgoing = public(said)
    said["subject"] = "✔ test"
    sent = server.connector().send(outgoing)
    assert {key: sent_form(server)[key] for key in ("type", "to", "topic")} == {
        "type": "stream", "to": "1", "topic": "✔ test"
    }  # fmt: skip
    assert sent.thread_id == "1/test"


def test_a_public_reply_to_what_is_gone_goes_where_it_was(server: Server) -> None:
    said = server.says("où ?", topic="Avant")
    server.stored.clear()
    server.connector().send(public(said))
    assert sent_form(server)["topic"] == "Avant"
    server.connector().send(reply(visibility="public", thread_id="1/avant"))
    assert sent_form(server)["topic"] == "avant"
    with pytest.raises(PermanentError):
        server.connector().send(reply(visibility="public"))


def test_files_are_links_below_the_text(server: Server) -> None:
    file = OutgoingFile("reçu [1].pdf", "application/pdf", b"%PDF")
    sent = server.connector().send(reply("Voici :", files=(file,)))
    assert b"%PDF" in server.calls[0].content
    assert sent_form(server)["content"] == "Voici :\n\n[reçu _1_.pdf](/user_uploads/2/1/recu.pdf)"
    assert sent.custom == {"files": ["[reçu _1_.pdf](/user_uploads/2/1/recu.pdf)"]}


def test_what_zulip_would_cut_is_not_sent(server: Server) -> None:
    with pytest.raises(PermanentError):
        server.connector().send(reply("a" * 9_990, files=(OutgoingFile("a.txt", "text/plain", b"a"),)))
    assert all(call.url.path != "/api/v1/messages" for call in server.calls)


def test_a_cut_connection_is_looked_into(server: Server) -> None:
    outgoing = reply("Voici", files=(OutgoingFile("a.txt", "text/plain", b"a"),))
    assert server.connector().find_sent(outgoing) is None
    link = server.connector().send(outgoing).custom["files"]
    found = server.connector().find_sent(outgoing)
    assert found is not None
    assert (found.external_id, found.custom["files"], found.thread_id) == ("100", link, "dm/12,26")
    assert server.connector().find_sent(reply("Autre")) is None


def test_the_same_words_before_or_by_others_are_not_what_was_sent(server: Server) -> None:
    server.says("Voici", to=[26, 12])["raw"] = "Voici"
    assert server.connector().find_sent(reply("Voici")) is None
    server.connector().send(reply("Voici"))
    assert server.connector().find_sent(reply("Voici", queued_at=NOW + timedelta(hours=1))) is None
    assert server.connector().find_sent(reply("Voici", queued_at=NOW + timedelta(minutes=1))) is not None


def test_the_answer_to_a_sent_message_may_be_lost(server: Server) -> None:
    said = server.says("où ?")
    server.failing, server.takes_before_failing = httpx.ReadTimeout("late"), True
    with pytest.raises(UncertainError):
        server.connector().send(public(said))
    found = server.connector().find_sent(public(said))
    assert found is not None
    assert found.external_id == "101"
    assert server.connector().find_sent(public(said, related_ids=("101",))) is None  # another reply of the same words


def test_too_much_to_look_through_is_said(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.connectors.zulip.connector._LOOKED_THROUGH", 1)
    for text in ("un", "deux"):
        server.connector().send(reply(text))
    with pytest.raises(UncertainError):
        server.connector().find_sent(reply("un"))


def test_an_answer_without_an_id_is_uncertain(server: Server) -> None:
    server.failing, server.takes_before_failing = success(), True
    with pytest.raises(UncertainError):
        server.connector().send(reply())


def test_an_edit_keeps_the_files(server: Server) -> None:
    sent = server.connector().send(reply("Voici", files=(OutgoingFile("a.txt", "text/plain", b"a"),)))
    server.connector().edit(sent.external_id, reply("Voilà"), sent.custom)
    assert server.stored[0]["content"] == f"Voilà\n\n{sent.custom['files'][0]}"


def test_a_message_is_deleted_once(server: Server) -> None:
    sent = server.connector().send(reply())
    server.may_delete = False
    with pytest.raises(PermanentError, match="permission"):
        server.connector().delete(sent.external_id, {})
    server.may_delete = True
    server.connector().delete(sent.external_id, {})
    server.connector().delete(sent.external_id, {})
    assert server.stored == []


def test_likes_are_there_once_or_not(server: Server) -> None:
    said = str(server.says("merci")["id"])
    for _time in range(2):
        server.connector().like(said, {})
    assert server.reactions == {(said, "+1")}
    for _time in range(2):
        server.connector().unlike(said, {})
    assert server.reactions == set()
    with pytest.raises(PermanentError):
        server.connector().like("1", {})


def test_a_file_is_asked_for_by_its_place(server: Server) -> None:
    source = server.connector().locate(f"{SITE}/user_uploads/2/ab/re%C3%A7u.pdf")
    assert source.url.startswith(f"{SITE}/user_uploads/temporary/")
    assert server.calls[0].url.raw_path == b"/api/v1/user_uploads/2/ab/re%C3%A7u.pdf"
    assert server.connector().locate("https://x.fr/a.png").url == "https://x.fr/a.png"
    assert len(server.calls) == 1


def test_check_says_who_we_are_and_what_is_missing(server: Server) -> None:
    health = server.connector().check()
    assert (health.own_id, health.handle, health.name, health.remarks) == ("26", BOT["email"], "Marque", ())
    server.subscriptions = []
    assert len(server.connector().check().remarks) == 1
    server.failing = httpx.Response(200, text="<html>", headers={"content-type": "text/html"})
    with pytest.raises(PermanentError):
        server.connector().check()
    with pytest.raises(PermanentError):
        Zulip(CREDENTIALS | {"site": "http://chat.example.fr"}, server.http).check()
