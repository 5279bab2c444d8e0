from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    Author,
    Delivery,
    EventKind,
    HookRequest,
    NetworkEvent,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    TransientError,
)
from comptoir.connectors.line.api import retry_key
from comptoir.connectors.line.connector import Line
from comptoir.connectors.line.durations import duration_of

CREDENTIALS = {"channel_secret": "s3cret", "channel_access_token": "token"}
KEY = "5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11"
OUTGOING = Outgoing(
    key=KEY,
    queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    text="Bonjour",
    visibility="private",
    recipient=Author(id="U1"),
    thread_id="U1",
    parent_custom={"quote_token": "q"},
)
SENT = {"sentMessages": [{"id": "461230966842064897", "quoteToken": "q2"}]}


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> Line:
    return Line({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)), own_id="Udest")


def silent(request: httpx.Request) -> httpx.Response:
    return httpx.Response(500)


def hook(body: bytes, signature: str) -> HookRequest:
    return HookRequest("POST", "https://counter.example/hooks/line/k/", {}, {"x-line-signature": signature}, body)


def signed(body: bytes, secret: str = "s3cret") -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_signed_delivery_is_accepted() -> None:
    connector(silent).verify(hook(b'{"events":[]}', signed(b'{"events":[]}')))


@pytest.mark.parametrize("signature", ["", "x", signed(b'{"events": []}'), signed(b'{"events":[]}', "other")])
def test_delivery_that_is_not_lines_is_refused(signature: str) -> None:
    with pytest.raises(SignatureError):
        connector(silent).verify(hook(b'{"events":[]}', signature))


def test_delivery_names_its_account() -> None:
    assert connector(silent).addressees(hook(b'{"destination":"Udest"}', "")) == (Addressee("line", "Udest"),)
    assert connector(silent).addressees(hook(b"not json", "")) == ()


def test_answer_is_pushed_with_a_key_that_line_knows_again() -> None:
    asked: list[httpx.Request] = []

    def line(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=SENT)

    sent = connector(line).send(OUTGOING)
    assert str(asked[0].url) == "https://api.line.me/v2/bot/message/push"
    assert json.loads(asked[0].content) == {"to": "U1", "messages": [{"type": "text", "text": "Bonjour"}]}
    assert asked[0].headers["x-line-retry-key"] == KEY
    assert asked[0].headers["authorization"] == "Bearer token"
    assert sent.external_id == "461230966842064897"


def test_answer_in_a_group_quotes_what_it_answers() -> None:
    asked: list[Any] = []

    def line(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json=SENT)

    connector(line).send(replace(OUTGOING, thread_id="C1"))
    assert asked == [{"to": "C1", "messages": [{"type": "text", "text": "Bonjour", "quoteToken": "q"}]}]


def test_answer_that_line_has_already_is_sent() -> None:
    taken = {"message": "The retry key is already accepted", **SENT}
    assert connector(lambda request: httpx.Response(409, json=taken)).send(OUTGOING).external_id == "461230966842064897"


def test_cut_answer_may_be_sent_again() -> None:
    def line(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    assert Line.resends_safely
    with pytest.raises(TransientError):
        connector(line).send(OUTGOING)


def test_key_that_is_no_uuid_always_makes_the_same_one() -> None:
    assert retry_key("reply-7") == retry_key("reply-7") != retry_key("reply-8")
    assert len(retry_key("reply-7")) == 36


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (400, "The request body has 1 error(s)", PermanentError),
        (401, "Authentication failed", AuthError),
        (403, "Access to this API is not available for your account", PermanentError),
        (429, "You have reached your monthly limit.", PermanentError),
        (429, "The API rate limit has been exceeded. Try again later.", TransientError),
        (500, "", TransientError),
    ],
)
def test_lines_errors_say_what_may_be_done(status: int, message: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        connector(lambda request: httpx.Response(status, json={"message": message})).send(OUTGOING)


@pytest.mark.parametrize(
    "outgoing",
    [replace(OUTGOING, visibility="public"), replace(OUTGOING, thread_id=None, recipient=Author())],
)
def test_answer_to_nobody_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


def test_file_is_fetched_by_its_messages_id_with_the_token() -> None:
    source = connector(silent).locate("line:501")
    assert source.url == "https://api-data.line.me/v2/bot/message/501/content"
    assert source.headers == {"Authorization": "Bearer token"}
    assert connector(silent).locate("https://example.com/o.mp4").headers == {}


def test_typing_is_shown_to_one_person_alone() -> None:
    asked: list[Any] = []

    def line(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(202, json={})

    bot = connector(line)
    bot.signal(Author(id="U1"), "typing", thread_id="C1")
    bot.signal(Author(id="U1"), "read", thread_id="U1")
    bot.signal(Author(id="U1"), "typing", thread_id="U1")
    assert asked == [("/v2/bot/chat/loading/start", {"chatId": "U1", "loadingSeconds": 10})]


def test_address_is_declared_and_looked_up() -> None:
    kept: dict[str, Any] = {}

    def line(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            kept.update(json.loads(request.content), active=True)
            return httpx.Response(200, json={})
        return httpx.Response(200, json=kept) if kept else httpx.Response(404, json={"message": "Not found"})

    bot = connector(line)
    assert not bot.is_subscribed("https://counter.example/hooks/line/k/")
    bot.subscribe("https://counter.example/hooks/line/k/")
    assert bot.is_subscribed("https://counter.example/hooks/line/k/")
    kept["active"] = False
    assert not bot.is_subscribed("https://counter.example/hooks/line/k/")


def test_check_says_who_we_are_and_that_nothing_is_delivered() -> None:
    def line(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/info"):
            return httpx.Response(200, json={"userId": "Udest", "basicId": "@exemple", "displayName": "Exemple"})
        return httpx.Response(200, json={"endpoint": "https://counter.example/", "active": False})

    health = connector(line).check()
    assert (health.own_id, health.handle, health.name) == ("Udest", "@exemple", "Exemple")
    assert "Use webhook" in health.remarks[0]


def test_followers_are_those_of_yesterday_in_japan() -> None:
    def line(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/info"):
            return httpx.Response(200, json={}, headers={"date": "Mon, 02 Mar 2026 20:00:00 GMT"})
        assert request.url.params["date"] == "20260302"
        return httpx.Response(200, json={"status": "ready", "followers": 7620, "targetedReaches": 1, "blocks": 2})

    assert [(one.name, one.value) for one in connector(line).figures([])] == [("followers", 7620)]


@pytest.mark.parametrize(
    ("thread_id", "path"),
    [
        ("U1", "/v2/bot/profile/U1"),
        ("C9", "/v2/bot/group/C9/member/U1"),
        ("R9", "/v2/bot/room/R9/member/U1"),
    ],
)
def test_names_are_asked_for_where_the_person_wrote(thread_id: str, path: str) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        shown = {"userId": "U1", "displayName": "佐藤", "pictureUrl": "https://profile.example/abc", "language": "ja"}
        return httpx.Response(200, json=shown)

    line = connector(answer)
    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author(id="U1"), thread_id=thread_id)
    assert "person" in line.lacks(event)
    assert line.completed(event, ["person"]).author == Author(
        "U1", name="佐藤", avatar_url="https://profile.example/abc"
    )
    assert asked == [path]


@pytest.mark.parametrize(("thread_id", "lacks"), [("C9", True), ("R9", False), ("U1", False)])
def test_what_a_group_is_called_is_asked_for(thread_id: str, lacks: bool) -> None:
    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author("U1", name="Léa"), thread_id=thread_id)
    assert connector(lambda request: httpx.Response(500)).lacks(event) == (["place"] if lacks else [])


def test_a_group_is_called_as_its_people_call_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v2/bot/group/C9/summary"
        return httpx.Response(200, json={"groupId": "C9", "groupName": "Famille Martin", "pictureUrl": "https://a.b/c"})

    event = NetworkEvent(EventKind.MESSAGE, "incoming", author=Author("U1", name="Léa"), thread_id="C9")
    assert connector(answer).completed(event, ["place"]) == replace(event, subject="Famille Martin")


def test_choices_are_quick_replies_that_the_customer_says() -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json=SENT)

    connector(answer).send(replace(OUTGOING, choices=("Oui", "Non")))
    items = asked[0]["messages"][0]["quickReply"]["items"]
    assert items[0] == {"type": "action", "action": {"type": "message", "label": "Oui", "text": "Oui"}}
    assert len(items) == 2


def test_a_kind_of_message_that_line_has_had_since_is_unreadable() -> None:
    message = {"id": "9", "type": "hologram"}
    told = {"type": "message", "source": {"type": "user", "userId": "U1"}, "timestamp": 1772438400000}
    body = json.dumps({"destination": "Udest", "events": [{**told, "message": message}]}).encode()
    (event,) = connector(silent).parse(Delivery(body))
    assert (event.event, event.is_unreadable) == ("message", True)


# --- files ----------------------------------------------------------------------------------------------------------


def file(mime_type: str, content: bytes = b"1", url: str = "https://care.example/files/t/file") -> OutgoingFile:
    return OutgoingFile("f", mime_type, content, public_url=url, stand_in_url="https://care.example/files/film.png")


def m4a(milliseconds: int) -> bytes:
    header = b"\0" * 12 + (1000).to_bytes(4) + milliseconds.to_bytes(4) + b"\0" * 80
    movie = box(b"moov", box(b"trak", b"") + box(b"mvhd", header))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"mdat", b"\0" * 50) + movie


def box(kind: bytes, inner: bytes) -> bytes:
    return (len(inner) + 8).to_bytes(4) + kind + inner


def pushed(outgoing: Outgoing) -> list[dict[str, Any]]:
    asked: list[Any] = []

    def line(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json={"sentMessages": [{"id": "1"}, {"id": "2"}]})

    sent = connector(line).send(outgoing)
    assert (sent.external_id, sent.part_ids) == ("1", ("2",))
    [body] = asked
    messages: list[dict[str, Any]] = body["messages"]
    return messages


def test_text_and_files_leave_in_one_request_with_the_choices_last() -> None:
    text, picture = pushed(replace(OUTGOING, files=(file("image/png"),), choices=("Oui",)))
    assert text == {"type": "text", "text": "Bonjour"}
    assert picture.pop("quickReply")["items"]
    url = "https://care.example/files/t/file"
    assert picture == {"type": "image", "originalContentUrl": url, "previewImageUrl": url}


def test_film_and_large_picture_have_a_still_picture_for_their_preview() -> None:
    film, picture = pushed(replace(OUTGOING, text="", files=(file("video/mp4"), file("image/jpeg", b"1" * 1_000_001))))
    still = "https://care.example/files/film.png"
    assert (film["type"], film["previewImageUrl"], picture["previewImageUrl"]) == ("video", still, still)


def test_sound_says_how_long_it_lasts() -> None:
    _text, sound = pushed(replace(OUTGOING, files=(file("audio/x-m4a", m4a(2500)),)))
    assert (sound["type"], sound["duration"]) == ("audio", 2500)


@pytest.mark.parametrize("refused", [file("application/pdf"), file("image/png", url=""), file("audio/mpeg", b"noise")])
def test_file_that_line_cannot_show_is_refused_before_anything_is_sent(refused: OutgoingFile) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(replace(OUTGOING, files=(refused,)))


def test_length_of_an_mp3_is_told_by_its_rate_or_by_the_frames_it_counts() -> None:
    head = b"\xff\xfb\x90\x64"  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz
    tagged = b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10
    assert duration_of(tagged + head + b"\0" * (32_000 - 4)) == timedelta(seconds=2)
    counted = head + b"\0" * 32 + b"Xing" + (1).to_bytes(4) + (441).to_bytes(4) + b"\0" * 200
    assert duration_of(counted) == timedelta(seconds=441 * 1152 / 44100)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\0\0\0\x08ftyp", b"ID3", b"\xff\xfb", m4a(1)[:-3]]))
def test_any_bytes_are_read_without_failing(rest: bytes, start: bytes) -> None:
    duration = duration_of(start + rest)
    assert duration is None or timedelta(0) < duration < timedelta(days=1)
