"""Sending by Twilio."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.sms.tests.far_side import LEA, OUTGOING, QUEUED, TWILIO, US, Far, sms


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
