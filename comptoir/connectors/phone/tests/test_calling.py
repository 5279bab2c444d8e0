"""Calls at a click."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import httpx
import pytest

from comptoir.connectors.base import (
    Delivery,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.phone.tests.far_side import AGENT, ASTERISK, LEA, US, Far, calls, phone


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


def test_a_switchboard_that_only_tells_of_calls_rings_nobody() -> None:
    assert phone().calls_here()
    assert phone(credentials=ASTERISK).calls_here()
    assert not phone(credentials={"number": US, "webhook_secret": "hook"}).calls_here()
