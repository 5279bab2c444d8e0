"""Sending by another gateway."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    PermanentError,
    UncertainError,
)
from comptoir.connectors.sms.tests.far_side import GATEWAY, LEA, OUTGOING, US, Far, sms


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
