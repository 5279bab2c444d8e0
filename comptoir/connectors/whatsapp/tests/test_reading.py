from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import Delivery
from comptoir.connectors.whatsapp.connector import WhatsApp
from comptoir.connectors.whatsapp.statuses import failure
from comptoir.connectors.whatsapp.tests.far_side import ACCEPTED, ANSWER, FIXTURES, MESSAGES, NUMBER, whatsapp
from tests.connectors.meta import Meta, sent_json


def test_what_whatsapp_does_not_hand_out_is_unreadable() -> None:
    events = whatsapp(Meta({})).parse(Delivery((FIXTURES / "everything.json").read_bytes()))
    unreadable = [event for event in events if event.is_unreadable]
    assert len(unreadable) == 2
    assert all((event.event, event.text, event.attachments) == ("message", None, ()) for event in unreadable)


def _change(field: str = "messages", **value: Any) -> bytes:
    metadata = {"display_phone_number": "33123456789", "phone_number_id": NUMBER}
    change = {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def _names(body: bytes) -> tuple[str | None, tuple[str, ...]]:
    (event,) = whatsapp(Meta({})).parse(Delivery(body))
    return event.author.id, event.author.aliases


def test_a_number_and_an_id_of_the_business_name_one_person() -> None:
    said = {"from": "33600000001", "id": "wamid.1", "timestamp": "1772439321", "type": "text", "text": {"body": "a"}}
    contact = {"wa_id": "33600000001", "user_id": "FR.1", "profile": {"name": "Léa"}}
    assert _names(_change(contacts=[contact], messages=[said])) == ("33600000001", ("FR.1",))
    bare = {"user_id": "FR.1", "profile": {"name": "Léa"}}
    hidden = {**said, "from_user_id": "FR.1"}
    del hidden["from"]
    assert _names(_change(contacts=[bare], messages=[hidden])) == ("FR.1", ())


def test_a_number_that_was_changed_names_the_same_person() -> None:
    system = {"type": "user_changed_number", "body": "…", "wa_id": "33600000009", "user_id": "FR.2",
              "previous_user_id": "FR.1"}  # fmt: skip
    told = {"from": "33600000001", "id": "wamid.1", "timestamp": "1772439321", "type": "system", "system": system}
    assert _names(_change(messages=[told])) == ("33600000001", ("FR.1", "33600000009", "FR.2"))


def test_an_id_that_was_made_anew_names_the_same_person() -> None:
    system = {"type": "user_changed_user_id", "body": "…", "user_id": "FR.2", "previous_user_id": "FR.1"}
    told = {"id": "wamid.1", "timestamp": "1772439321", "type": "system", "system": system}
    assert _names(_change(messages=[told])) == ("FR.1", ("FR.2",))
    update = {"wa_id": "33600000001", "user_id": {"previous": "FR.1", "current": "FR.2"}}
    assert _names(_change("user_id_update", user_id_update=[update])) == ("33600000001", ("FR.1", "FR.2"))


def test_an_answer_goes_to_the_name_that_is_shown_now() -> None:
    meta = Meta({MESSAGES: ACCEPTED})
    whatsapp(meta).send(replace(ANSWER, parent_custom={"from": "FR.2"}))
    assert sent_json(meta.asked[0])["recipient"] == "FR.2"


@pytest.mark.parametrize("own_id", ["555", "33140000000", "+33140000000"])
def test_our_number_says_who_we_are_as_well_as_its_id(own_id):
    metadata = {"display_phone_number": "+33 1 40 00 00 00", "phone_number_id": "555"}
    message = {
        "from": "33612345678",
        "id": "wamid.1",
        "timestamp": "1749416383",
        "type": "text",
        "text": {"body": "Oui"},
    }
    value = {"messaging_product": "whatsapp", "metadata": metadata, "messages": [message]}
    body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}
    (event,) = WhatsApp({}, httpx.Client(), own_id=own_id).parse(Delivery(json.dumps(body).encode()))
    assert (event.direction, event.text) == ("incoming", "Oui")


@pytest.mark.parametrize(
    ("code", "told"), [(131026, "cannot reach this person"), (131047, "send an approved template"), (999, "error 999")]
)
def test_why_a_message_was_not_delivered_is_told_in_our_words_where_they_are_known(code: int, told: str) -> None:
    assert told in str(failure([{"code": code, "title": "Message undeliverable"}]))
