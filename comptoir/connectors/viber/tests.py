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
    AuthError,
    Author,
    FindsSent,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.viber.connector import Viber

CREDENTIALS = {"auth_token": "t0ken", "sender_name": "Service client de la maison Exemple"}
OUTGOING = Outgoing(
    key="k-1",
    queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    text="Bonjour",
    visibility="private",
    recipient=Author(id="U1"),
    thread_id="U1",
)


def connector(answer: Callable[[httpx.Request], httpx.Response]) -> Viber:
    return Viber(CREDENTIALS, httpx.Client(transport=httpx.MockTransport(answer)), own_id="pa:1")


def always(content: Any, status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, json=content)


def hook(body: bytes, signature: str) -> HookRequest:
    headers = {"x-viber-content-signature": signature}
    return HookRequest("POST", "https://counter.example/hooks/viber/k/", {}, headers, body)


def signed(body: bytes, secret: str = "t0ken") -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_signed_callback_is_accepted() -> None:
    connector(always({})).verify(hook(b"{}", signed(b"{}")))


@pytest.mark.parametrize("signature", ["", "00", signed(b"{ }"), signed(b"{}", "other")])
def test_callback_that_is_not_vibers_is_refused(signature: str) -> None:
    with pytest.raises(SignatureError):
        connector(always({})).verify(hook(b"{}", signature))


def test_answer_is_sent_under_a_name_that_viber_takes() -> None:
    asked: list[httpx.Request] = []

    def viber(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"status": 0, "status_message": "ok", "message_token": 5741311803571721087})

    sent = connector(viber).send(OUTGOING)
    assert str(asked[0].url) == "https://chatapi.viber.com/pa/send_message"
    assert asked[0].headers["x-viber-auth-token"] == "t0ken"
    assert json.loads(asked[0].content) == {
        "receiver": "U1",
        "min_api_version": 1,
        "sender": {"name": "Service client de la maison "},
        "type": "text",
        "text": "Bonjour",
    }
    assert sent.external_id == "5741311803571721087"


def test_cut_answer_is_put_to_a_person() -> None:
    def viber(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    assert not Viber.resends_safely
    assert not issubclass(Viber, FindsSent)
    with pytest.raises(UncertainError):
        connector(viber).send(OUTGOING)


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (2, AuthError, "credentials"),
        (3, PermanentError, "refused"),
        (5, PermanentError, "not on Viber"),
        (6, PermanentError, "no longer follows"),
        (7, AuthError, "closed"),
        (9, AuthError, "closed"),
        (11, PermanentError, "devices"),
        (12, TransientError, "slow down"),
        (15, AuthError, "credentials"),
        (24, PermanentError, "credit"),
        (99, PermanentError, "refused"),
    ],
)
def test_vibers_own_status_says_what_may_be_done(status: int, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        connector(always({"status": status, "status_message": "why"})).send(OUTGOING)


@pytest.mark.parametrize("outgoing", [replace(OUTGOING, visibility="public"), replace(OUTGOING, recipient=Author())])
def test_answer_to_nobody_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(lambda request: pytest.fail("called")).send(outgoing)


def test_address_is_declared_with_all_that_we_read() -> None:
    asked: list[Any] = []

    def viber(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"status": 0, "webhook": "https://counter.example/h/"})

    bot = connector(viber)
    bot.subscribe("https://counter.example/h/")
    assert asked[0][0] == "/pa/set_webhook"
    assert asked[0][1]["send_name"] is True
    assert {"delivered", "seen", "failed"} <= set(asked[0][1]["event_types"])
    assert bot.is_subscribed("https://counter.example/h/")
    assert not bot.is_subscribed("https://elsewhere.example/")


def test_check_says_who_we_are_and_that_nothing_is_delivered() -> None:
    account = {"status": 0, "id": "pa:75346594275468546724", "name": "Exemple", "uri": "exemple", "webhook": ""}
    health = connector(always(account)).check()
    assert (health.own_id, health.handle, health.name) == ("pa:75346594275468546724", "exemple", "Exemple")
    assert len(health.remarks) == 1


def test_followers_are_counted() -> None:
    figures = connector(always({"status": 0, "subscribers_count": 35})).figures([])
    assert [(one.name, one.value) for one in figures] == [("followers", 35)]


def test_choices_are_a_keyboard() -> None:
    asked: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        return httpx.Response(200, json={"status": 0, "message_token": 1})

    connector(answer).send(replace(OUTGOING, choices=("Oui", "Un & deux")))
    keyboard = asked[0]["keyboard"]
    assert keyboard["Type"] == "keyboard"
    pressed = [(one["ActionType"], one["ActionBody"], one["Text"]) for one in keyboard["Buttons"]]
    assert pressed == [("reply", "Oui", "Oui"), ("reply", "Un & deux", "Un &amp; deux")]


# --- files ----------------------------------------------------------------------------------------------------------


def file(name: str, mime_type: str, size: int = 3, url: str = "https://care.example/files/t/file.x") -> OutgoingFile:
    return OutgoingFile(name, mime_type, b"1" * size, public_url=url)


def sent_bodies(outgoing: Outgoing) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    bodies: list[dict[str, Any]] = []

    def viber(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"status": 0, "message_token": len(bodies)})

    sent = connector(viber).send(outgoing)
    assert sent.external_id == "1"
    return bodies, sent.part_ids


def test_short_text_goes_with_its_picture() -> None:
    [body], parts = sent_bodies(replace(OUTGOING, files=(file("a.png", "image/png"),)))
    assert (body["type"], body["text"], body["media"]) == ("picture", "Bonjour", "https://care.example/files/t/file.x")
    assert parts == ()


def test_film_and_file_say_their_size_and_follow_the_text() -> None:
    files = (file("a.mp4", "video/mp4", 7), file("bon.pdf", "application/pdf", 9))
    (text, film, paper), parts = sent_bodies(replace(OUTGOING, files=files, choices=("Oui",)))
    assert (text["type"], film["type"], film["size"]) == ("text", "video", 7)
    assert (paper["type"], paper["size"], paper["file_name"]) == ("file", 9, "bon.pdf")
    assert [("keyboard" in one) for one in (text, film, paper)] == [False, False, True]
    assert parts == ("2", "3")


@pytest.mark.parametrize(
    ("mime_type", "size"), [("image/png", 1_000_001), ("video/mp4", 26_000_001), ("image/gif", 3), ("video/webm", 3)]
)
def test_what_viber_would_not_show_goes_as_a_file(mime_type: str, size: int) -> None:
    [body], _parts = sent_bodies(replace(OUTGOING, text="", files=(file("x" * 300 + ".bin", mime_type, size),)))
    assert (body["type"], len(body["file_name"]), body["file_name"][-4:]) == ("file", 256, ".bin")


def test_file_that_viber_cannot_fetch_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(PermanentError, match="COMPTOIR_BASE_URL"):
        connector(lambda request: pytest.fail("called")).send(
            replace(OUTGOING, files=(file("a", "image/png", url=""),))
        )


def test_refusal_in_the_middle_tells_how_much_went_out() -> None:
    answers = iter([{"status": 0, "message_token": 1}, {"status": 6, "status_message": "not subscribed"}])
    with pytest.raises(PermanentError, match="Only 1 of the 2"):
        connector(lambda request: httpx.Response(200, json=next(answers))).send(
            replace(OUTGOING, files=(file("bon.pdf", "application/pdf"),))
        )
