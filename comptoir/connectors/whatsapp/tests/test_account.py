"""The number itself, its deliveries and files, and what is read of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.connectors.base import (
    Addressee,
    Call,
    Delivery,
    EventKind,
    HookRequest,
    PermanentError,
)
from comptoir.connectors.whatsapp.connector import WhatsApp
from comptoir.connectors.whatsapp.tests.far_side import (
    ACCOUNT,
    CREDENTIALS,
    FIXTURES,
    NUMBER,
    whatsapp,
)
from tests.connectors.meta import Meta, challenge, delivered, sent_json


def test_check_says_who_we_are_and_what_is_not_in_order() -> None:
    meta = Meta(
        {
            f"GET /{NUMBER}": {
                "id": NUMBER,
                "display_phone_number": "+33 1 23 45 67 89",
                "verified_name": "La Maison",
                "quality_rating": "RED",
                "account_mode": "SANDBOX",
            },
            "GET /debug_token": {"data": {"scopes": ["whatsapp_business_messaging"]}},
        }
    )
    health = whatsapp(meta).check()
    assert (health.own_id, health.handle, health.name) == (NUMBER, "+33 1 23 45 67 89", "La Maison")
    assert len(health.remarks) == 3


@pytest.mark.parametrize("missing", ["phone_number_id", "waba_id"])
def test_an_id_that_was_not_filled_in_is_named(missing: Any) -> None:
    meta = Meta({f"GET /{NUMBER}": {"id": NUMBER}, "GET /debug_token": {}})
    with pytest.raises(PermanentError, match="ID is missing"):
        whatsapp(meta, **{missing: "+33"}).check()


def test_the_business_account_is_told_where_to_deliver() -> None:
    path = f"/{ACCOUNT}/subscribed_apps"
    known = {"data": [{"override_callback_uri": "https://counter.example/hooks/whatsapp/other/"}]}
    meta = Meta({f"POST {path}": {"success": True}, f"GET {path}": [known, {"data": [{}]}]})
    account = whatsapp(meta)
    account.subscribe("https://counter.example/hooks/whatsapp/k/")
    assert sent_json(meta.asked[0]) == {
        "override_callback_uri": "https://counter.example/hooks/whatsapp/k/",
        "verify_token": "phrase",
    }
    assert account.is_subscribed("https://counter.example/hooks/whatsapp/k/")
    assert not account.is_subscribed("https://counter.example/hooks/whatsapp/k/")


def test_a_file_is_located_with_our_token() -> None:
    meta = Meta({"GET /501": {"url": "https://lookaside.fbsbx.com/whatsapp/x", "mime_type": "image/jpeg"}})
    found = whatsapp(meta).locate("whatsapp:501")
    assert found.url == "https://lookaside.fbsbx.com/whatsapp/x"
    assert found.headers == {"Authorization": "Bearer EAAG"}


@pytest.mark.parametrize("url", ["https://elsewhere.example/x", "whatsapp:../me", "whatsapp:"])
def test_nothing_else_is_located(url: Any) -> None:
    with pytest.raises(PermanentError):
        whatsapp(Meta({})).locate(url)


def test_a_delivery_is_handed_to_every_number_it_is_about() -> None:
    body = (FIXTURES / "several_changes.json").read_bytes()
    request = HookRequest("POST", "", {}, {}, body)
    assert whatsapp(Meta({})).addressees(request) == [Addressee("whatsapp", "1093849293")]
    assert whatsapp(Meta({})).addressees(HookRequest("POST", "", {}, {}, b"no json")) == []


def test_a_delivery_is_verified_and_a_challenge_answered() -> None:
    account = whatsapp(Meta({}))
    account.verify(delivered(b"{}"))
    answer = account.challenge(challenge("phrase"))
    assert answer is not None
    assert answer.body == b"1158201444"


def events(name: str, own_id: str | None = NUMBER) -> list[Any]:
    account = WhatsApp(CREDENTIALS, Meta({}).client(), own_id=own_id)
    return account.parse(Delivery((FIXTURES / name).read_bytes()))


def test_what_another_number_got_is_not_ours() -> None:
    assert {event.event for event in events("everything.json", own_id="1")} == {EventKind.IGNORED}


def test_an_emoji_taken_back_comes_without_it() -> None:
    (taken,) = [event for event in events("everything.json") if event.event is EventKind.REACTION]
    assert (taken.reaction, taken.reaction_removed) == (None, True)


def test_a_forms_answers_are_a_file_to_read() -> None:
    (form,) = [event for event in events("everything.json") if event.external_id == "wamid.10"]
    assert form.attachments[0].content == b"taille: M\njours: lundi, mardi"


def test_calls_ring_end_and_are_missed() -> None:
    calls = [event.call for event in events("statuses_and_calls.json") if event.event is EventKind.CALL]
    assert calls == [Call("ringing"), Call("ended", timedelta(seconds=33)), Call("missed")]


def test_what_is_needed_to_answer_is_kept() -> None:
    (first, *_others) = events("everything.json")
    assert first.custom == {"from": "33600000001", "user_id": "FR.1349120"}
    (button,) = [event for event in events("everything.json") if event.external_id == "wamid.8"]
    assert button.custom["payload"] == "cancel"
