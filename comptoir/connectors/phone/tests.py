from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from comptoir.connectors.base import (
    AuthError,
    Delivery,
    EventKind,
    HookRequest,
    NetworkEvent,
    PayloadError,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.phone.calls import Party
from comptoir.connectors.phone.connector import Phone
from comptoir.connectors.phone.words import state_named, state_of_sip
from tests.connectors.published_contract import contract

US, LEA, AGENT = "+33123456789", "+33612345678", "+33611111111"
TWILIO = {"number": US, "account_sid": "AC1", "auth_token": "t0ken", "callback_url": "https://us.example/h?a=1&b=2"}
ASTERISK = {"number": US, "ari_url": "http://pbx.example:8088/", "ari_user": "care", "ari_password": "p"}
FIXTURES = Path(__file__).parent / "fixtures"


def phone(answer: Any = None, credentials: dict[str, str] | None = None) -> Phone:
    transport = httpx.MockTransport(answer or (lambda request: pytest.fail(f"called {request.url}")))
    return Phone(TWILIO if credentials is None else credentials, httpx.Client(transport=transport))


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): said for path, said in answers.items()}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for end, said in self.answers.items():
            if request.url.path.removesuffix(".json").endswith(end):
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"message": "not found"})

    def form(self, position: int = 0) -> dict[str, list[str]]:
        return parse_qs(self.asked[position].content.decode())


def calls(name: str) -> list[NetworkEvent]:
    events = phone().parse(Delivery((FIXTURES / name).read_bytes(), ""))
    return [event for event in events if event.event is EventKind.CALL]


# --- how a call stands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "state", "seconds"),
    [
        ("twilio_ringing.form", "ringing", None),
        ("twilio_completed.form", "ended", 63),
        ("twilio_no_answer.form", "missed", None),
        ("twilio_nobody_at_the_desk.form", "missed", None),
        ("twilio_voicemail.form", "voicemail", None),
        ("twilio_transcript.form", "voicemail", None),
        ("twilio_recording_of_a_call.form", "ended", None),
        ("documented.json", "missed", 0),
        ("documented_list.json", "voicemail", 9),
        ("kamailio_invite.form", "ringing", None),
        ("kamailio_answer.form", "answered", None),
        ("kamailio_bye.form", "ended", None),
        ("kamailio_busy.form", "missed", None),
        ("aircall_missed.json", "missed", 30),
        ("aircall_voicemail.json", "voicemail", 30),
        ("vonage.json", "ended", 45),
        ("plivo.form", "missed", 0),
        ("telnyx.json", "answered", None),
        ("ari_hangup.json", "ended", 3.039),
        ("cdr.txt", "ended", 60),
    ],
)
def test_every_teller_says_how_a_call_stands(name: str, state: str, seconds: float | None) -> None:
    call = calls(name)[0].call
    assert call is not None
    assert (call.state, call.duration) == (state, None if seconds is None else timedelta(seconds=seconds))


def test_a_whole_stream_of_asterisk_makes_one_event_for_each_call() -> None:
    inbound, outgoing = calls("ari_stream.jsonl")
    assert inbound.call is not None
    assert (inbound.call.state, inbound.direction) == ("ended", "incoming")
    assert inbound.call.duration == timedelta(seconds=3.005)
    assert (outgoing.direction, outgoing.thread_id) == ("outgoing", "900")
    first, second = calls("ami_stream.txt")
    assert (first.external_id, second.external_id) == (inbound.external_id, outgoing.external_id)
    assert first.call is not None
    assert first.call.state == "ended"


def test_frames_one_by_one_tell_the_same_call() -> None:
    lines = (FIXTURES / "ari_stream.jsonl").read_bytes().splitlines()
    events = [event for line in lines for event in phone().parse(Delivery(line))]
    states = [event.call.state for event in events if event.call and event.external_id == "1795369919.0"]
    assert list(dict.fromkeys(states)) == ["ringing", "answered", "ended"]


@pytest.mark.parametrize("app", ["AppDial", "AppDial2"])
def test_the_leg_to_an_agent_is_no_call_of_its_own(app: str) -> None:
    channel = {
        "id": "1.2", "name": "PJSIP/101-00000001", "state": "Down", "caller": {"number": "101"},
        "dialplan": {"context": "from-internal", "exten": "", "app_name": app, "app_data": "(Outgoing Line)"},
    }  # fmt: skip
    body = {"type": "ChannelCreated", "application": "comptoir", "channel": channel}
    assert [event.event for event in phone().parse(Delivery(json.dumps(body).encode()))] == [EventKind.IGNORED]


@pytest.mark.parametrize(
    ("written", "number", "name"),
    [
        ('"Léa" <sip:+33612345678@10.0.0.1;user=phone>', "+33612345678", "Léa"),
        ("sip:0612345678@pbx", "0612345678", None),
        ("tel:+33612345678", "+33612345678", None),
        ("+33 6 12 34 56 78", "+33612345678", None),
        (" 33612345678", "+33612345678", None),
        ("<unknown>", None, None),
        ("sip:anonymous@anonymous.invalid", None, None),
        ("client:lea", "client:lea", None),
        ("", None, None),
    ],
)
def test_a_party_is_read_however_it_is_written(written: str, number: str | None, name: str | None) -> None:
    assert Party.of(written) == Party(number, name)


def test_words_that_name_no_state_name_none() -> None:
    assert state_named("call.hungup") == "ended"
    assert state_named("CallAnswered") == "answered"
    assert state_named("no-answer") == "missed"
    for word in ("", "contact.created", "x" * 1000, "call"):
        assert state_named(word) is None
    assert state_of_sip("INVITE", 100) == "ringing"
    assert state_of_sip("OPTIONS", None) is None


@pytest.mark.parametrize("body", [b"", b"<xml a='b'/>", b"\xff\xfe", b"{", b"hello"])
def test_what_is_none_of_it_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        phone().parse(Delivery(body, ""))


# --- being told ---------------------------------------------------------------------------------------------------


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


def test_who_has_no_stream_waits_and_ends() -> None:
    stop = threading.Event()
    stop.set()
    assert list(phone().stream({}, stop)) == []


# --- calling ------------------------------------------------------------------------------------------------------


def test_twilio_rings_the_agent_and_then_the_customer_who_alone_is_reported() -> None:
    far = Far(Calls={"sid": "CA8", "status": "queued"})
    assert phone(far).place_call(LEA, agent=AGENT, key="k") == "CA8"
    form = far.form()
    assert (form["To"], form["From"]) == ([AGENT], [US])
    assert "StatusCallback" not in form
    dial = ET.fromstring(form["Twiml"][0]).find("Dial")
    assert dial is not None
    number = dial.find("Number")
    assert number is not None
    assert (dial.get("callerId"), number.text) == (US, LEA)
    assert number.get("statusCallback") == "https://us.example/h?a=1&b=2"


def test_what_is_reported_of_a_call_at_a_click_is_the_customers() -> None:
    event = calls("twilio_click_to_call.form")[0]
    assert (event.external_id, event.direction, event.thread_id) == ("CA8", "outgoing", LEA)


def test_asterisk_rings_once_for_one_key() -> None:
    answers = iter([httpx.Response(200, json={"id": "x"}), httpx.Response(409, json={"message": "exists"})])
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return next(answers)

    connector = phone(answer, {**ASTERISK, "agent_endpoint": "PJSIP/{agent}@trunk", "dial_context": "outside"})
    ids = [connector.place_call(LEA, agent=AGENT, key="k1") for _time in range(2)]
    assert ids == ["comptoir-k1", "comptoir-k1"]
    assert asked[0].url.path == "/ari/channels"
    assert dict(asked[0].url.params) == {
        "endpoint": f"PJSIP/{AGENT}@trunk", "extension": LEA, "context": "outside", "priority": "1", "callerId": US,
        "timeout": "30", "channelId": "comptoir-k1",
    }  # fmt: skip


def test_the_call_that_we_placed_is_read_as_ours() -> None:
    channel = {
        "id": "comptoir-k1", "name": "PJSIP/agent-01", "state": "Down", "caller": {"number": US},
        "dialplan": {"context": "outside", "exten": LEA, "app_name": "AppDial2"},
    }  # fmt: skip
    body = {"type": "ChannelCreated", "application": "comptoir", "channel": channel}
    event = phone().parse(Delivery(json.dumps(body).encode()))[0]
    assert (event.direction, event.thread_id) == ("outgoing", LEA)


@pytest.mark.parametrize("wrong", ["0612345678", "+33", "sip:lea@x", "+33612345678<", ""])
def test_only_numbers_in_international_form_are_called(wrong: str) -> None:
    with pytest.raises(PermanentError, match="international"):
        phone().place_call(wrong, agent=AGENT, key="k")


def test_calls_that_cannot_be_placed_say_why() -> None:
    with pytest.raises(PermanentError, match="only tells"):
        phone(credentials={"number": US}).place_call(LEA, agent=AGENT, key="k")
    with pytest.raises(PermanentError, match="no way to ring"):
        phone(Far(channels=httpx.Response(400, json={})), ASTERISK).place_call(LEA, agent=AGENT, key="k")
    with pytest.raises(PermanentError, match="not a telephone number"):
        phone(Far(Calls=httpx.Response(400, json={"code": 21211}))).place_call(LEA, agent=AGENT, key="k")

    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut")

    with pytest.raises(UncertainError):
        phone(cut).place_call(LEA, agent=AGENT, key="k")
    with pytest.raises(TransientError):
        phone(cut, ASTERISK).place_call(LEA, agent=AGENT, key="k")


# --- the account --------------------------------------------------------------------------------------------------


def test_a_check_names_who_carries_the_calls() -> None:
    assert phone(Far(AC1={"status": "active", "friendly_name": "Marque"})).check().name == "Marque"
    far = Far(asterisk__info={"system": {"version": "20.9.0"}})
    assert phone(far, ASTERISK).check().name == "Asterisk 20.9.0"
    assert str(far.asked[0].url) == "http://pbx.example:8088/ari/asterisk/info"
    assert "only told" in phone(credentials={"number": US}).check().remarks[0]
    with pytest.raises(AuthError):
        phone(Far(asterisk__info=httpx.Response(401)), ASTERISK).check()


def test_only_twilio_is_given_the_token_for_recordings() -> None:
    assert phone().locate("https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1").headers
    assert phone().locate("https://pbx.example/1.mp3").headers == {}


def test_requests_fit_twilios_published_contract() -> None:
    published = contract("twilio_api_v2010.json")
    numbers = {"incoming_phone_numbers": [{"sid": "PN1"}]}
    far = Far(Calls={"sid": "CA8", "calls": []}, IncomingPhoneNumbers=numbers, IncomingPhoneNumbers__PN1={}, AC1={})
    connector = phone(far)
    connector.check()
    connector.subscribe("https://us.example/h")
    connector.place_call(LEA, agent=AGENT, key="k")
    list(connector.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    for request in far.asked:
        published.check(request)
    assert len(far.asked) == 5
