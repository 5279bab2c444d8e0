"""The number’s state, recordings, the published contract."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
)
from comptoir.connectors.phone.tests.far_side import AGENT, ASTERISK, LEA, US, Far, phone
from tests.connectors.published_contract import contract


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
