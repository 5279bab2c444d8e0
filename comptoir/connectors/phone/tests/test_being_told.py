"""Webhooks, Asterisk’s events, the past."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from comptoir.connectors.base import (
    AuthError,
    EventKind,
    HookRequest,
    PermanentError,
    SignatureError,
    TransientError,
)
from comptoir.connectors.phone.connector import Phone
from comptoir.connectors.phone.tests.far_side import ASTERISK, FIXTURES, LEA, TWILIO, US, Far, phone


def test_only_twilios_own_deliveries_are_believed() -> None:
    url, fields = "https://us.example/h?a=1", {"CallSid": "CA1", "CallStatus": "ringing"}
    said = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = base64.b64encode(hmac.new(b"t0ken", said.encode(), hashlib.sha1).digest()).decode()
    request = HookRequest("POST", url, {"a": "1"}, {"x-twilio-signature": digest}, urlencode(fields).encode())
    phone().verify(request)
    with pytest.raises(SignatureError):
        phone(credentials={**TWILIO, "auth_token": "other"}).verify(request)
    with pytest.raises(SignatureError):
        phone(credentials={"number": US, "webhook_secret": "s"}).verify(request)


def test_another_switchboard_shows_the_agreed_secret() -> None:
    told = phone(credentials={"number": US, "webhook_secret": "s"})
    told.verify(HookRequest("POST", "https://us.example/h?token=s", {"token": "s"}, {}, b"x"))
    with pytest.raises(SignatureError):
        told.verify(HookRequest("POST", "https://us.example/h", {}, {"x-signature": "00"}, b"x"))


def test_a_switchboard_may_tell_by_get() -> None:
    told = phone(credentials={"number": US, "webhook_secret": "s"})
    url = "https://us.example/h?token=s&method=INVITE"
    told.verify(HookRequest("GET", url, {"token": "s", "method": "INVITE"}, {}, b""))
    assert told.delivers_by_get
    with pytest.raises(SignatureError):
        told.verify(HookRequest("GET", "https://us.example/h?method=INVITE", {"method": "INVITE"}, {}, b""))


def test_the_number_is_told_where_to_report_and_keeps_its_welcome() -> None:
    numbers = {"incoming_phone_numbers": [{"sid": "PN1", "status_callback": "https://us.example/h"}]}
    far = Far(IncomingPhoneNumbers=numbers, IncomingPhoneNumbers__PN1={})
    connector = phone(far)
    connector.subscribe("https://us.example/h")
    assert far.form(1) == {"StatusCallback": ["https://us.example/h"], "StatusCallbackMethod": ["POST"]}
    assert dict(connector.renewed_credentials() or {})["callback_url"] == "https://us.example/h"
    assert connector.is_subscribed("https://us.example/h")
    with pytest.raises(PermanentError, match="switchboard"):
        phone(credentials={"number": US}).subscribe("https://us.example/h")


def test_history_has_our_numbers_calls_only() -> None:
    call = {"from": LEA, "to": US, "status": "completed", "start_time": "Mon, 02 Mar 2026 08:15:00 +0000"}
    far = Far(Calls={"calls": [{**call, "sid": "CA1"}, {**call, "sid": "CA2", "to": "+33999999999"}]})
    connector = phone(far)
    pages = list(connector.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    events = [event for page in pages for one in page.deliveries for event in connector.parse(one)]
    assert [event.external_id for event in events] == ["CA1"]
    assert list(phone(credentials=ASTERISK).history(datetime(2026, 1, 1, tzinfo=UTC), {})) == []


@pytest.fixture
def asterisk() -> Iterator[dict[str, str]]:
    """The event stream of an Asterisk that checks the user and then says what was recorded."""

    def check(connection: ServerConnection, request: Request) -> Response | None:
        right = request.path.startswith("/ari/events?") and "api_key=care%3Ap" in request.path
        return None if right else connection.respond(401, "no")

    def say(connection: ServerConnection) -> None:
        try:
            for line in (FIXTURES / "ari_stream.jsonl").read_text().splitlines():
                connection.send(line)
            connection.recv()
        except ConnectionClosed:
            return

    with serve(say, "127.0.0.1", 0, process_request=check) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield {**ASTERISK, "ari_url": f"http://127.0.0.1:{server.socket.getsockname()[1]}"}
        server.shutdown()
        thread.join()


def test_asterisks_events_are_heard_and_stopping_is_noticed(asterisk: dict[str, str]) -> None:
    stop = threading.Event()
    with httpx.Client() as http:
        connector = Phone(asterisk, http)
        told = []
        for page in connector.stream({"a": 1}, stop):
            told += [event for one in page.deliveries for event in connector.parse(one)]
            assert page.cursor == {"a": 1}
            if told[-1].call is not None and told[-1].call.state == "ended":
                stop.set()
    assert {event.external_id for event in told if event.event is EventKind.CALL} >= {"1795369919.0"}


def test_a_wrong_password_of_asterisk_disconnects(asterisk: dict[str, str]) -> None:
    with httpx.Client() as http, pytest.raises(AuthError):
        list(Phone({**asterisk, "ari_password": "wrong"}, http).stream({}, threading.Event()))


def test_an_asterisk_that_is_away_is_tried_again() -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")

    with pytest.raises(TransientError):
        list(phone(away, ASTERISK).stream({}, threading.Event()))


def test_only_asterisk_streams() -> None:
    assert phone(None, ASTERISK).streams_here()
    assert not phone().streams_here()
