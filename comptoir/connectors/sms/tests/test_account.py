"""The number’s state, files, the published contract."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from comptoir.connectors.base import (
    PermanentError,
)
from comptoir.connectors.sms.tests.far_side import GATEWAY, LEA, OUTGOING, QUEUED, SERVICE, TWILIO, US, Far, sms
from tests.connectors.published_contract import contract


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
    far = Far(**{f"v1__Services__{SERVICE}": {"inbound_request_url": "https://us.example/h"}})
    connector = sms(far, {**TWILIO, "sender": SERVICE})
    connector.subscribe("https://us.example/h")
    assert far.form() == {
        "InboundRequestUrl": ["https://us.example/h"], "InboundMethod": ["POST"],
        "StatusCallback": ["https://us.example/h"],
    }  # fmt: skip
    assert connector.is_subscribed("https://us.example/h")


def test_an_rcs_sender_is_told_where_to_deliver() -> None:
    listed = {"senders": [{"sid": "XE1", "sender_id": "rcs:other"}, {"sid": "XE2", "sender_id": "rcs:maison"}]}
    far = Far(Channels__Senders=listed, Senders__XE2={})
    connector = sms(far, {**TWILIO, "sender": "rcs:maison"})
    connector.subscribe("https://us.example/h")
    assert far.asked[0].url.params["Channel"] == "rcs"
    assert far.asked[1].url.path == "/v2/Channels/Senders/XE2"
    hooks = json.loads(far.asked[1].content)["webhook"]
    assert (hooks["callback_url"], hooks["status_callback_url"]) == ("https://us.example/h", "https://us.example/h")
    assert not connector.is_subscribed("https://us.example/h")
    told = {"senders": [{**listed["senders"][1], "webhook": {"callback_url": "https://us.example/h"}}]}
    assert sms(Far(Channels__Senders=told), {**TWILIO, "sender": "rcs:maison"}).is_subscribed("https://us.example/h")


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
    assert not sms(credentials={"sender": US}).sends_here()


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
