from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    HookRequest,
    Outgoing,
    PayloadError,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.sms.connector import Sms
from comptoir.connectors.sms.opting_out import wish_of
from tests.connectors.published_contract import contract

US, LEA = "+33700000001", "+33612345678"
TWILIO = {"sender": US, "account_sid": "AC1", "auth_token": "t0ken"}
GATEWAY = {"sender": US, "send_url": "https://gateway.example/send", "send_token": "s", "webhook_secret": "hook"}
OUTGOING = Outgoing(
    key="5a0f2c1e", queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC), text="Bonjour Léa", visibility="private",
    recipient=Author(id=LEA), thread_id=LEA,
)  # fmt: skip
QUEUED = {"sid": "SM7", "status": "queued", "to": LEA, "date_created": "Mon, 02 Mar 2026 08:15:02 +0000"}
URL = "https://us.example/hooks/sms/key/?a=1"


def sms(answer: Any = None, credentials: dict[str, str] | None = None) -> Sms:
    transport = httpx.MockTransport(answer or (lambda request: pytest.fail(f"called {request.url}")))
    return Sms(TWILIO if credentials is None else credentials, httpx.Client(transport=transport))


class Far:
    """Answers each path as told, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {path.replace("__", "/"): said for path, said in answers.items()}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        for end, said in self.answers.items():
            if request.url.path.removesuffix(".json").endswith(end):
                said = said(request) if callable(said) else said
                return said if isinstance(said, httpx.Response) else httpx.Response(200, json=said)
        return httpx.Response(404, json={"code": 20404, "message": f"{request.url.path} was not found"})

    def form(self, position: int = 0) -> dict[str, list[str]]:
        return parse_qs(self.asked[position].content.decode())


# --- what is delivered --------------------------------------------------------------------------------------------


def signed(fields: dict[str, str], *, url: str = URL, token: str = "t0ken") -> HookRequest:
    said = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    digest = base64.b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": digest, "content-type": "application/x-www-form-urlencoded"}
    return HookRequest("POST", URL, {"a": "1"}, headers, urlencode(fields).encode())


FIELDS = {"MessageSid": "SM1", "From": LEA, "To": US, "Body": "Où est-il ?", "Empty": ""}


def test_twilios_signature_over_address_and_fields_is_accepted() -> None:
    sms().verify(signed(FIELDS))
    sms().verify(signed(FIELDS, url=URL.replace("us.example", "us.example:443")))


def test_any_other_signature_is_refused() -> None:
    genuine = signed(FIELDS)
    for forged in (
        signed(FIELDS, token="other"),
        signed(FIELDS, url="https://other.example/"),
        dataclasses.replace(genuine, body=genuine.body + b"&Body=autre"),
        dataclasses.replace(genuine, headers={}),
    ):
        with pytest.raises(SignatureError):
            sms().verify(forged)
    with pytest.raises(SignatureError):
        sms(credentials={**TWILIO, "auth_token": ""}).verify(genuine)


def test_json_of_twilio_is_signed_by_its_hash_in_the_address() -> None:
    body = b'[{"type":"x"}]'
    digest = hashlib.sha256(body).hexdigest()
    url = f"https://us.example/h?bodySHA256={digest}"
    given = base64.b64encode(hmac.new(b"t0ken", url.encode(), hashlib.sha1).digest()).decode()
    headers = {"x-twilio-signature": given, "content-type": "application/json"}
    sms().verify(HookRequest("POST", url, {"bodySHA256": digest}, headers, body))
    with pytest.raises(SignatureError):
        sms().verify(HookRequest("POST", url, {"bodySHA256": digest}, headers, body + b" "))
    with pytest.raises(SignatureError):
        sms().verify(HookRequest("POST", "https://us.example/h", {}, headers, body))


def test_another_gateway_shows_the_agreed_secret_in_one_of_three_places() -> None:
    request = HookRequest("POST", URL, {}, {}, b"{}")
    digest = hmac.new(b"hook", b"{}", hashlib.sha256).hexdigest()
    for shown in (
        {"query": {"token": "hook"}},
        {"headers": {"authorization": "Bearer hook"}},
        {"headers": {"x-signature": digest}},
        {"headers": {"x-signature": f"sha256={digest}"}},
    ):
        sms(credentials=GATEWAY).verify(dataclasses.replace(request, **shown))
    for wrong in ({}, {"query": {"token": "x"}}, {"headers": {"x-signature": "00"}}):
        with pytest.raises(SignatureError):
            sms(credentials=GATEWAY).verify(dataclasses.replace(request, **wrong))


def test_of_a_get_the_query_is_signed() -> None:
    url = "https://us.example/h?from=%2B336&text=D%E9"
    digest = hmac.new(b"hook", b"from=%2B336&text=D%E9", hashlib.sha256).hexdigest()
    sms(credentials=GATEWAY).verify(HookRequest("GET", url, {}, {"x-signature": digest}, b""))
    with pytest.raises(SignatureError):
        sms(credentials=GATEWAY).verify(HookRequest("GET", f"{url}!", {}, {"x-signature": digest}, b""))


def test_a_get_of_twilio_is_signed_with_its_whole_address() -> None:
    url = "https://us.example/h?MessageSid=SM1&From=%2B336"
    given = base64.b64encode(hmac.new(b"t0ken", url.encode(), hashlib.sha1).digest()).decode()
    sms().verify(HookRequest("GET", url, {}, {"x-twilio-signature": given}, b""))
    with pytest.raises(SignatureError):
        sms().verify(HookRequest("GET", f"{url}7", {}, {"x-twilio-signature": given}, b""))


def test_only_twilio_is_answered_in_its_own_language() -> None:
    assert sms().acknowledgement.body == b"<Response/>"
    assert sms(credentials=GATEWAY).acknowledgement.body == b""  # Kannel would text it to the customer


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"\xff\xfe\x00", b'"x"', b"3", b"{"])
def test_what_is_neither_json_nor_a_form_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(PayloadError):
        sms().parse(Delivery(body, ""))


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("STOP", True), ("arrêt", True), ("Arrêt !", True), ("« Stop »", True), ("STOP SMS", True), ("  stop  ", True),
        ("START", False), ("stop de mentir", None), ("Je veux que ça s’arrête", None), ("", None), (None, None),
        ("ne pas stop", None), ("x" * 5000, None),
    ],
)  # fmt: skip
def test_only_the_word_alone_opts_out(said: str | None, wish: bool | None) -> None:
    found = wish_of(said, None)
    assert (None if found is None else found["opted_out"]) is wish


def test_who_opted_out_is_marked_and_not_written_to() -> None:
    event = sms().parse(Delivery(urlencode({**FIELDS, "Body": "Arrêt"}).encode(), ""))[0]
    with pytest.raises(PermanentError, match="STOP"):
        sms().send(dataclasses.replace(OUTGOING, parent_custom=event.custom))


# --- sending by Twilio --------------------------------------------------------------------------------------------


def test_an_answer_is_sent_from_our_number_and_told_where_to_report() -> None:
    far = Far(Messages=QUEUED)
    sent = sms(far, {**TWILIO, "callback_url": "https://us.example/h"}).send(OUTGOING)
    request = far.asked[0]
    assert str(request.url) == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:t0ken").decode()
    assert far.form() == {
        "To": [LEA], "From": [US], "Body": ["Bonjour Léa"], "StatusCallback": ["https://us.example/h"],
    }  # fmt: skip
    assert (sent.external_id, sent.thread_id) == ("SM7", LEA)
    assert sent.sent_at == datetime(2026, 3, 2, 8, 15, 2, tzinfo=UTC)


def test_a_messaging_service_chooses_the_sender() -> None:
    far = Far(Messages=QUEUED)
    sms(far, {**TWILIO, "sender": "MG1"}).send(OUTGOING)
    assert far.form()["MessagingServiceSid"] == ["MG1"]
    assert "From" not in far.form()


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (401, 20003, AuthError),
        (400, 21610, PermanentError),
        (400, 21211, PermanentError),
        (400, 99999, PermanentError),
        (429, 20429, TransientError),
        (500, 20500, UncertainError),
        (503, None, UncertainError),
    ],
)
def test_twilios_refusals_are_told_apart(status: int, code: int | None, error: type[Exception]) -> None:
    far = Far(Messages=httpx.Response(status, json={"code": code, "message": "no", "status": status}))
    with pytest.raises(error):
        sms(far).send(OUTGOING)


def test_a_cut_connection_leaves_it_uncertain() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut")

    with pytest.raises(UncertainError):
        sms(cut).send(OUTGOING)


def test_an_interrupted_message_is_found_on_a_later_page_or_not_at_all() -> None:
    other = {**QUEUED, "sid": "SM6", "body": "autre"}
    older = {**QUEUED, "sid": "SM5", "body": "Bonjour Léa", "date_created": "Mon, 02 Mar 2026 08:00:00 +0000"}
    ours = {**QUEUED, "body": "Bonjour Léa"}
    next_uri = "/2010-04-01/Accounts/AC1/Messages.json?Page=1"

    def pages(request: httpx.Request) -> Any:
        second = "Page=1" in str(request.url.query)
        return {"messages": [ours] if second else [other, older], "next_page_uri": None if second else next_uri}

    far = Far(Messages=pages)
    found = sms(far).find_sent(OUTGOING)
    assert found is not None
    assert found.external_id == "SM7"
    assert far.asked[0].url.params["DateSent>"] == "2026-03-02"
    assert sms(Far(Messages={"messages": [other, older]})).find_sent(OUTGOING) is None


# --- sending by another gateway -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "identifier"),
    [({"id": 12}, "12"), ({"messages": [{"message-id": "x"}]}, "x"), ({"data": {"id": "y"}}, "y"), ({}, "5a0f2c1e")],
)
def test_a_gateway_is_posted_json_and_its_id_is_kept(answer: Any, identifier: str) -> None:
    far = Far(send=answer)
    sent = sms(far, GATEWAY).send(OUTGOING)
    assert json.loads(far.asked[0].content) == {
        "to": LEA, "from": US, "text": "Bonjour Léa", "reference": "5a0f2c1e",
    }  # fmt: skip
    assert far.asked[0].headers["authorization"] == "Bearer s"
    assert sent.external_id == identifier


def test_a_gateway_cannot_be_asked_what_arrived() -> None:
    with pytest.raises(UncertainError):
        sms(credentials=GATEWAY).find_sent(OUTGOING)


def test_nothing_is_sent_without_text_number_or_address() -> None:
    for wrong in ({"text": " "}, {"thread_id": None, "recipient": Author()}):
        with pytest.raises(PermanentError):
            sms().send(dataclasses.replace(OUTGOING, **wrong))
    with pytest.raises(AuthError):
        sms(credentials={"sender": US}).send(OUTGOING)


# --- the account --------------------------------------------------------------------------------------------------


def test_a_number_is_told_where_to_deliver_and_keeps_it() -> None:
    numbers = {"incoming_phone_numbers": [{"sid": "PN1", "sms_url": "https://us.example/h"}]}
    far = Far(IncomingPhoneNumbers=numbers, IncomingPhoneNumbers__PN1={})
    connector = sms(far)
    connector.subscribe("https://us.example/h")
    assert far.form(1)["SmsUrl"] == ["https://us.example/h"]
    renewed = connector.renewed_credentials()
    assert renewed is not None
    assert renewed["callback_url"] == "https://us.example/h"
    assert connector.is_subscribed("https://us.example/h")
    assert not connector.is_subscribed("https://us.example/other")


def test_a_messaging_service_is_told_both_addresses() -> None:
    far = Far(v1__Services__MG1={"inbound_request_url": "https://us.example/h"})
    connector = sms(far, {**TWILIO, "sender": "MG1"})
    connector.subscribe("https://us.example/h")
    assert far.form() == {
        "InboundRequestUrl": ["https://us.example/h"], "InboundMethod": ["POST"],
        "StatusCallback": ["https://us.example/h"],
    }  # fmt: skip
    assert connector.is_subscribed("https://us.example/h")


def test_a_number_that_is_not_ours_cannot_be_subscribed() -> None:
    with pytest.raises(PermanentError, match="no number"):
        sms(Far(IncomingPhoneNumbers={"incoming_phone_numbers": []})).subscribe("https://us.example/h")


def test_history_has_our_numbers_messages_only() -> None:
    page = {
        "messages": [
            {**QUEUED, "from": US, "body": "à Léa", "direction": "outbound-api"},
            {**QUEUED, "sid": "SM2", "from": LEA, "to": US, "body": "de Léa", "direction": "inbound"},
            {**QUEUED, "sid": "SM3", "from": LEA, "to": "+33799999999", "body": "à d’autres"},
        ]
    }
    connector = sms(Far(Messages=page))
    pages = list(connector.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    events = [event for one in pages for delivery in one.deliveries for event in connector.parse(delivery)]
    assert [(event.text, event.direction) for event in events] == [("à Léa", "outgoing"), ("de Léa", "incoming")]


def test_only_twilio_is_given_the_token_for_its_files() -> None:
    url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
    assert sms().locate(url).headers["Authorization"].startswith("Basic ")
    for other in ("https://evil.example/x", "http://api.twilio.com/x", "https://api.twilio.com.evil.example/x"):
        assert sms().locate(other).headers == {}


def test_a_check_names_the_number_and_remarks_what_is_amiss() -> None:
    far = Far(AC1={"status": "suspended", "friendly_name": "Marque"})
    health = sms(far).check()
    assert (health.own_id, health.name) == (US, "Marque")
    assert "suspended" in health.remarks[0]
    assert sms(credentials=GATEWAY).check().remarks == ()
    assert "only receives" in sms(credentials={"sender": US}).check().remarks[0]


def test_requests_fit_twilios_published_contract() -> None:
    published = contract("twilio_api_v2010.json")
    numbers = {"incoming_phone_numbers": [{"sid": "PN1"}]}
    messages = {**QUEUED, "messages": []}
    far = Far(Messages=messages, IncomingPhoneNumbers=numbers, IncomingPhoneNumbers__PN1={}, AC1={})
    connector = sms(far)
    connector.check()
    connector.send(OUTGOING)
    connector.find_sent(OUTGOING)
    connector.subscribe("https://us.example/h")
    list(connector.history(datetime(2026, 1, 1, tzinfo=UTC), {}))
    document = published._document["paths"]
    for request in far.asked:
        published.check(request)
        if request.method == "POST":
            path = next(path for path, item in document.items() if _fits(path, request.url.path) and "post" in item)
            content = document[path]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
            assert set(parse_qs(request.content.decode())) <= set(content["schema"]["properties"])
    assert len(far.asked) == 6


def _fits(pattern: str, path: str) -> bool:
    steps, asked = pattern.split("/"), path.split("/")
    return len(steps) == len(asked) and all(
        step == said or step.startswith("{") for step, said in zip(steps, asked, strict=True)
    )
