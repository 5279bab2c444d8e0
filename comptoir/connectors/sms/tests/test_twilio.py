"""Sending by Twilio."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Delivery,
    OutgoingFile,
    PermanentError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.sms.tests.far_side import GATEWAY, LEA, OUTGOING, QUEUED, SERVICE, TWILIO, US, Far, sms


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
    sms(far, {**TWILIO, "sender": SERVICE}).send(OUTGOING)
    assert far.form()["MessagingServiceSid"] == [SERVICE]
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


def test_twilio_is_not_asked_again_before_it_wants_to_be() -> None:
    slow = httpx.Response(429, json={"code": 20429, "status": 429}, headers={"retry-after": "40"})
    with pytest.raises(TransientError) as raised:
        sms(Far(Messages=slow)).send(OUTGOING)
    assert raised.value.retry_after == timedelta(seconds=40)


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


# --- RCS and files ------------------------------------------------------------------------------------------------

RCS = {**TWILIO, "sender": "rcs:maison_exemple_agent"}
PHOTO = OutgoingFile("a.png", "image/png", b"1", public_url="https://care.example/files/t/file.png")


def test_an_rcs_sender_writes_to_the_rcs_address_and_stays_in_the_exchange_with_the_number() -> None:
    far = Far(Messages={**QUEUED, "to": f"rcs:{LEA}"})
    sent = sms(far, RCS).send(OUTGOING)
    assert (far.form()["From"], far.form()["To"]) == (["rcs:maison_exemple_agent"], [f"rcs:{LEA}"])
    assert sent.thread_id == LEA


def test_a_messaging_service_may_have_chosen_rcs_and_both_ways_are_looked_at() -> None:
    def listed(request: httpx.Request) -> Any:
        ours = {**QUEUED, "to": f"rcs:{LEA}", "body": "Bonjour Léa"}
        return {"messages": [ours] if request.url.params["To"].startswith("rcs:") else []}

    found = sms(Far(Messages=listed), {**TWILIO, "sender": SERVICE}).find_sent(OUTGOING)
    assert found is not None
    assert (found.external_id, found.thread_id) == ("SM7", LEA)


def test_pictures_are_fetched_from_their_address() -> None:
    far = Far(Messages=QUEUED)
    sms(far).send(replace(OUTGOING, text="", files=(PHOTO, PHOTO)))
    assert far.form()["MediaUrl"] == [PHOTO.public_url] * 2
    assert "Body" not in far.form()


def test_a_picture_that_twilio_could_not_fetch_is_refused_unasked() -> None:
    with pytest.raises(PermanentError, match="COMPTOIR_BASE_URL"):
        sms().send(replace(OUTGOING, files=(replace(PHOTO, public_url=""),)))


def test_a_message_with_a_picture_is_not_taken_for_one_without() -> None:
    listed = {"messages": [{**QUEUED, "body": "Bonjour Léa", "num_media": "0"}]}
    assert sms(Far(Messages=listed)).find_sent(replace(OUTGOING, files=(PHOTO,))) is None


def test_rcs_counts_letters_and_gateways_take_no_files() -> None:
    assert sms(None, RCS).limits_here().max_text_chars == 1600
    assert sms(None, GATEWAY).limits_here().max_files == 0
    assert sms().limits_here().fetches_files


def test_who_was_known_by_an_rcs_address_stays_the_same_person() -> None:
    body = b"MessageSid=SM1&From=rcs%3A%2B33612345678&To=rcs%3Amaison&Body=Bonjour"
    [event] = sms(None, RCS).parse(Delivery(body, content_type="application/x-www-form-urlencoded"))
    assert (event.author.id, event.author.aliases) == (LEA, (f"rcs:{LEA}",))


# --- answers to press, by RCS -----------------------------------------------------------------------------------------

CHOICES = replace(OUTGOING, choices=("Oui", "Non"), language="fr")


def made(request: httpx.Request) -> dict[str, str]:
    assert str(request.url) == "https://content.twilio.com/v1/Content"
    return {"sid": "HX" + 32 * "1"}


def test_answers_to_press_are_a_template_that_is_made_for_the_message() -> None:
    far = Far(v1__Content=made, Messages=QUEUED)
    sms(far, RCS).send(CHOICES)
    asked = json.loads(far.asked[0].content)
    assert asked["types"]["twilio/card"] == {
        "body": OUTGOING.text,
        "actions": [
            {"type": "QUICK_REPLY", "title": "Oui", "id": "Oui"},
            {"type": "QUICK_REPLY", "title": "Non", "id": "Non"},
        ],
    }
    assert asked["language"] == "fr"
    assert far.form(1) == {"To": [f"rcs:{LEA}"], "From": [RCS["sender"]], "ContentSid": ["HX" + 32 * "1"]}


def test_what_looks_like_a_blank_of_a_template_is_said_as_it_is_written() -> None:
    far = Far(v1__Content=made, Messages=QUEUED)
    sms(far, RCS).send(replace(CHOICES, text="Bonjour {{prénom}}"))
    asked = json.loads(far.asked[0].content)
    assert (asked["types"]["twilio/card"]["body"], asked["variables"]) == ("Bonjour {{1}}prénom}}", {"1": "{{"})


def test_one_picture_goes_with_answers_to_press() -> None:
    picture = OutgoingFile("a.png", "image/png", b"x", public_url="https://us.example/a.png")
    far = Far(v1__Content=made, Messages=QUEUED)
    sms(far, RCS).send(replace(CHOICES, files=(picture,)))
    assert json.loads(far.asked[0].content)["types"]["twilio/card"]["media"] == ["https://us.example/a.png"]
    with pytest.raises(PermanentError, match="one picture"):
        sms(far, RCS).send(replace(CHOICES, files=(picture, picture)))


@pytest.mark.parametrize(("sender", "most"), [(RCS["sender"], 10), (US, 0), (SERVICE, 0)])
def test_answers_to_press_are_offered_where_every_customer_sees_them(sender: str, most: int) -> None:
    assert sms(credentials={**TWILIO, "sender": sender}).limits_here().max_choices == most


@pytest.mark.parametrize("body", ["", "Autre chose"])
def test_whether_answers_to_press_left_is_put_to_a_person_where_anything_did(body: str) -> None:
    listed = {"messages": [{**QUEUED, "body": body, "num_media": "0"}]}
    with pytest.raises(UncertainError, match="since"):
        sms(Far(Messages=listed), RCS).find_sent(CHOICES)
    assert sms(Far(Messages={"messages": []}), RCS).find_sent(CHOICES) is None
