"""Who holds an exchange that another app of the account shares, and how it changes hands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from comptoir.connectors.base import Author, Delivery, Holder, PermanentError
from comptoir.connectors.instagram.tests.far_side import BY_PAGE, CREDENTIALS, OURS, instagram
from tests.connectors.meta import Meta, sent_json

INBOX = "263902037430900"


def holder(item: dict[str, Any], *, credentials: dict[str, str] = BY_PAGE, standby: bool = False) -> Holder | None:
    people = {"sender": {"id": "901"}, "recipient": {"id": OURS}, "timestamp": 1772439302000}
    key = "standby" if standby else "messaging"
    body = json.dumps({"object": "instagram", "entry": [{"id": OURS, "time": 1, key: [{**people, **item}]}]})
    (event,) = instagram(Meta({}), credentials).parse(Delivery(body.encode()))
    assert event.thread_id == "901"
    return event.holder


def test_an_exchange_that_is_passed_says_who_holds_it():
    assert holder({"pass_thread_control": {"new_owner_app_id": CREDENTIALS["client_id"]}}) == Holder(is_ours=True)
    taken = {"take_thread_control": {"previous_owner_app_id": "77", "new_owner_app_id": INBOX}}
    assert holder(taken) == Holder(is_ours=False, application="Meta Business Suite")


def test_with_instagrams_own_sign_in_metas_id_of_our_app_is_not_known_and_not_needed():
    told = {"pass_thread_control": {"new_owner_app_id": "4711"}}
    assert holder(told, credentials=CREDENTIALS) == Holder(is_ours=True)


def test_what_is_heard_standing_by_is_held_by_another():
    assert holder({"message": {"mid": "m", "text": "Bonjour"}}, standby=True) == Holder(is_ours=False)


def test_another_app_that_asks_for_it_is_named():
    asked = {"request_thread_control": {"requested_owner_app_id": INBOX}}
    assert holder(asked) == Holder(is_ours=True, is_implied=True, asked_by="Meta Business Suite")


def test_an_account_linked_with_a_page_passes_an_exchange_and_takes_it_back():
    done = {"success": True}
    meta = Meta({"POST /me/pass_thread_control": done, "POST /me/take_thread_control": done})
    instagram(meta, BY_PAGE).pass_thread(Author(id="901"))
    instagram(meta, BY_PAGE).take_thread(Author(id="901"))
    passed, taken = (sent_json(one) for one in meta.asked)
    assert passed == {"recipient": {"id": "901"}, "target_app_id": INBOX}
    assert taken == {"recipient": {"id": "901"}}


def test_with_instagrams_own_sign_in_it_is_said_where_that_can_be_done():
    with pytest.raises(PermanentError, match="by way of its Page"):
        instagram(Meta({})).take_thread(Author(id="901"))
