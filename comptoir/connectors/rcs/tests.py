from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

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
    TransientError,
)
from comptoir.connectors.rcs.api import message_id
from comptoir.connectors.rcs.connector import Rcs

AGENT, LEA = "exemple_abc_agent@rbm.goog", "+33612345678"
KEY = "5a0f2c1e-8c1b-4f0a-9a3d-0d3f6f6f7a11"
_PRIVATE = rsa.generate_private_key(65537, 2048)
PEM = _PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
FILE = json.dumps({"client_email": "desk@project.iam.example", "private_key": PEM, "private_key_id": "kid"})
CREDENTIALS = {"agent_id": AGENT, "client_token": "SJENCPGJ", "service_account": FILE, "access_token": "kept"}
OUTGOING = Outgoing(
    key=KEY, queued_at=datetime(2026, 3, 2, 8, tzinfo=UTC), text="Bonjour", visibility="private",
    recipient=Author(id=LEA), thread_id=LEA,
)  # fmt: skip
PHOTO = OutgoingFile("a.png", "image/png", b"1", public_url="https://care.example/files/t/file.png")


def connector(answer: Callable[[httpx.Request], httpx.Response], **changed: str) -> Rcs:
    return Rcs({**CREDENTIALS, **changed}, httpx.Client(transport=httpx.MockTransport(answer)), own_id=AGENT)


def never(request: httpx.Request) -> httpx.Response:
    return pytest.fail(f"called {request.url}")


def refusing(status: int, code: str = "") -> Callable[[httpx.Request], httpx.Response]:
    told = {"error": {"code": status, "status": code, "message": "why"}}
    return lambda request: httpx.Response(status, json=told)


class Google:
    """Takes messages, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, json={"sendTime": "2026-03-02T08:15:02.5Z"})

    def bodies(self) -> list[Any]:
        return [json.loads(one.content) for one in self.asked]


# --- receiving ----------------------------------------------------------------------------------------------------


def hook(body: Any, signature: str = "") -> HookRequest:
    headers = {"x-goog-signature": signature} if signature else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HookRequest("POST", "https://care.example/hooks/rcs/k/", {}, headers, content)


def wrapped(told: Any) -> tuple[dict[str, Any], str]:
    inner = json.dumps(told).encode()
    signature = base64.b64encode(hmac.new(b"SJENCPGJ", inner, hashlib.sha512).digest()).decode()
    return {"message": {"data": base64.b64encode(inner).decode()}}, signature


def test_what_is_wrapped_up_is_signed_with_the_token() -> None:
    body, signature = wrapped({"agentId": AGENT, "text": "Bonjour"})
    connector(never).verify(hook(body, signature))
    assert connector(never).addressees(hook(body, signature)) == (Addressee("rcs", AGENT),)


@pytest.mark.parametrize("signature", ["", "AAAA", wrapped({"text": "autre"})[1]])
def test_delivery_that_is_not_googles_is_refused(signature: str) -> None:
    body, _signature = wrapped({"agentId": AGENT, "text": "Bonjour"})
    with pytest.raises(SignatureError):
        connector(never).verify(hook(body, signature))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"message": {"data": "%%%"}}', b'{"message": {"data": 3}}'])
def test_body_that_proves_nothing_is_refused(body: bytes) -> None:
    with pytest.raises(SignatureError):
        connector(never).verify(hook(body, "AAAA"))


def test_googles_question_is_answered_with_its_secret_where_the_token_is_ours() -> None:
    asked = hook({"clientToken": "SJENCPGJ", "secret": "1234567890"})
    connector(never).verify(asked)
    answer = connector(never).challenge(asked)
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"1234567890")
    with pytest.raises(SignatureError):
        connector(never).verify(hook({"clientToken": "other", "secret": "1234567890"}))


def test_a_message_is_no_question() -> None:
    assert connector(never).challenge(hook(wrapped({"text": "secret"})[0])) is None


# --- answering ----------------------------------------------------------------------------------------------------


def test_answer_leaves_under_an_id_that_never_changes() -> None:
    google = Google()
    sent = connector(google).send(OUTGOING)
    [request] = google.asked
    assert request.url.host == "europe-rcsbusinessmessaging.googleapis.com"
    assert request.url.raw_path.startswith(b"/v1/phones/%2B33612345678/agentMessages?")
    assert dict(request.url.params) == {"messageId": KEY, "agentId": AGENT}
    assert request.headers["authorization"] == "Bearer kept"
    assert google.bodies() == [{"contentMessage": {"text": "Bonjour"}}]
    assert (sent.external_id, sent.thread_id) == (KEY, LEA)
    assert sent.sent_at == datetime(2026, 3, 2, 8, 15, 2, 500000, tzinfo=UTC)
    assert Rcs.resends_safely


def test_files_follow_as_messages_of_their_own_and_choices_go_with_the_last() -> None:
    google = Google()
    sent = connector(google, region="us").send(replace(OUTGOING, files=(PHOTO,), choices=("Oui", "Non")))
    text, photo = (one["contentMessage"] for one in google.bodies())
    assert google.asked[0].url.host == "us-rcsbusinessmessaging.googleapis.com"
    assert "suggestions" not in text
    assert photo["contentInfo"] == {"fileUrl": PHOTO.public_url}
    assert photo["suggestions"][0] == {"reply": {"text": "Oui", "postbackData": "Oui"}}
    assert sent.part_ids == (message_id(KEY, 1),)
    assert google.asked[1].url.params["messageId"] == message_id(KEY, 1) != KEY


def test_message_that_google_has_already_is_sent() -> None:
    assert connector(refusing(409, "ALREADY_EXISTS")).send(OUTGOING).external_id == KEY


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (400, PermanentError, "why"),
        (403, PermanentError, "launched"),
        (404, PermanentError, "answer by SMS"),
        (410, PermanentError, "answer by SMS"),
        (429, TransientError, "slow down"),
        (500, TransientError, "failed"),
    ],
)
def test_googles_refusals_are_told_apart(status: int, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        connector(refusing(status)).send(OUTGOING)


def test_cut_connection_is_tried_again_since_google_knows_the_id() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut", request=request)

    with pytest.raises(TransientError):
        connector(cut).send(OUTGOING)


@pytest.mark.parametrize(
    "outgoing",
    [
        replace(OUTGOING, visibility="public"),
        replace(OUTGOING, recipient=Author(), thread_id=None),
        replace(OUTGOING, text=""),
        replace(OUTGOING, files=(replace(PHOTO, public_url=""),)),
    ],
)
def test_answer_that_cannot_be_sent_is_refused_unasked(outgoing: Outgoing) -> None:
    with pytest.raises(PermanentError):
        connector(never).send(outgoing)


def test_typing_is_shown_and_reading_is_not_told() -> None:
    google = Google()
    agent = connector(google)
    agent.signal(Author(id=LEA), "typing", thread_id=LEA)
    agent.signal(Author(id=LEA), "read", thread_id=LEA)
    assert google.bodies() == [{"eventType": "IS_TYPING"}]
    assert google.asked[0].url.path.endswith("/agentEvents")


# --- the account --------------------------------------------------------------------------------------------------


def test_check_asks_for_nobody_and_is_content_that_nobody_is_there() -> None:
    health = connector(refusing(404, "NOT_FOUND")).check()
    assert (health.own_id, health.name) == (AGENT, "exemple_abc_agent")


def test_check_of_a_key_that_does_not_open_the_agent_says_so() -> None:
    with pytest.raises(PermanentError, match="why"):
        connector(refusing(403, "PERMISSION_DENIED")).check()


def test_access_that_ended_is_renewed_with_the_key_and_kept() -> None:
    def google(request: httpx.Request) -> httpx.Response:
        if request.url.host == "oauth2.googleapis.com":
            return httpx.Response(200, json={"access_token": "fresh"})
        date = {"date": "Mon, 02 Mar 2026 08:00:00 GMT"}
        if request.headers["authorization"] == "Bearer kept":
            return httpx.Response(401, json={"error": {"code": 401, "message": "ended"}}, headers=date)
        return httpx.Response(200, json={})

    agent = connector(google)
    agent.send(OUTGOING)
    renewed = agent.renewed_credentials()
    assert renewed is not None
    assert renewed["access_token"] == "fresh"


def test_key_that_is_none_asks_for_the_file() -> None:
    ended = httpx.Response(401, json={}, headers={"date": "Mon, 02 Mar 2026 08:00:00 GMT"})
    with pytest.raises(AuthError, match="JSON file"):
        connector(lambda request: ended, service_account="{}").check()


@pytest.mark.parametrize(
    ("said", "opted_out"), [({"text": "Stop."}, True), ({"eventType": "UNSUBSCRIBE"}, True), ({"text": "Start"}, False)]
)
def test_whoever_asks_not_to_be_written_to_is_not_until_they_ask_otherwise(
    said: dict[str, str], opted_out: bool
) -> None:
    told = {"agentId": AGENT, "senderPhoneNumber": LEA, "eventId": "e1", "messageId": "m1"} | said
    wrapped = {"message": {"data": base64.b64encode(json.dumps(told).encode()).decode()}}
    (event,) = connector(never).parse(Delivery(json.dumps(wrapped).encode()))
    assert event.external_id
    assert event.custom == {Rcs.wish: opted_out}
    assert (Rcs.refusal(event.custom) is not None) is opted_out


def test_a_reply_that_was_queued_before_they_asked_does_not_leave() -> None:
    with pytest.raises(PermanentError, match="asked not to be written to"):
        connector(never).send(replace(OUTGOING, parent_custom={Rcs.wish: True}))
