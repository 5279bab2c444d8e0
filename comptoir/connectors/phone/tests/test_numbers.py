"""One number however it is shown: a customer who calls by another trunk stays the same person."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from comptoir.connectors.base import Delivery, NetworkEvent
from comptoir.connectors.phone.tests.far_side import LEA, US, phone
from comptoir.connectors.shared.telephone_numbers import in_full


@pytest.mark.parametrize("shown", ["0612345678", "0033612345678", "33612345678", "+33612345678"])
def test_a_number_shown_as_at_home_is_the_international_one(shown: str) -> None:
    assert in_full(shown, US) == LEA


def test_a_number_of_another_country_is_that_countrys() -> None:
    assert in_full("00493012345678", US) == "+493012345678"
    assert in_full("0301234567", "+493012345678") == "+49301234567"


@pytest.mark.parametrize("shown", ["101", "3615", "sipp", "client:lea", "0000000000", "٠٦١٢٣٤٥٦٧٨", "9" * 400, ""])
def test_what_is_no_number_of_the_worlds_stays_as_it_is(shown: str) -> None:
    assert in_full(shown, US) == shown


@pytest.mark.parametrize("ours", [None, "", "0123456789", "+", "+999", "reception"])
def test_where_ours_does_not_say_the_country_none_is_guessed(ours: str | None) -> None:
    assert in_full("0612345678", ours) == "0612345678"


def told(**said: str) -> NetworkEvent:
    body = urlencode({"event": "ringing", "callid": "1", **said}).encode()
    (event,) = phone(credentials={"number": US, "webhook_secret": "s"}).parse(Delivery(body))
    return event


def test_the_customer_is_kept_under_the_international_number() -> None:
    event = told(**{"from": "sip:0612345678@pbx", "to": "sip:0123456789@pbx"})
    assert (event.direction, event.thread_id, event.author.id) == ("incoming", LEA, LEA)


def test_our_own_number_is_known_as_it_is_shown_at_home() -> None:
    event = told(**{"from": "sip:0123456789@pbx", "to": "sip:0612345678@pbx"})
    assert (event.direction, event.thread_id) == ("outgoing", LEA)
