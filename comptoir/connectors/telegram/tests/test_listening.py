"""Webhooks, asking, files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from comptoir.connectors.base import (
    Delivery,
    EventKind,
    HookRequest,
    NetworkEvent,
    SignatureError,
)
from comptoir.connectors.telegram.bot import webhook_secret
from comptoir.connectors.telegram.tests.far_side import CREDENTIALS, Far, refusal, telegram


def hook(secret: str) -> HookRequest:
    return HookRequest("POST", "https://us.example/h", {}, {"x-telegram-bot-api-secret-token": secret}, b"{}")


def test_only_deliveries_with_our_secret_are_telegrams() -> None:
    telegram().verify(hook(webhook_secret(CREDENTIALS)))
    for wrong in ("", "555:ABCdef", webhook_secret({"bot_token": "556:ABCdef"})):
        with pytest.raises(SignatureError):
            telegram().verify(hook(wrong))
    with pytest.raises(SignatureError):
        telegram(credentials={}).verify(hook(webhook_secret({})))


def test_the_webhook_is_set_with_the_secret_that_is_verified() -> None:
    far = Far(setWebhook=True)
    telegram(far).subscribe("https://us.example/h")
    method, asked = far.asked[0]
    assert (method, asked["url"]) == ("setWebhook", "https://us.example/h")
    assert "message_reaction" in asked["allowed_updates"]
    telegram().verify(hook(asked["secret_token"]))


def test_an_address_that_is_not_ours_or_lacks_kinds_is_not_subscribed() -> None:
    told = {"url": "https://us.example/h", "pending_update_count": 0}
    assert telegram(Far(getWebhookInfo=told)).is_subscribed("https://us.example/h")
    assert not telegram(Far(getWebhookInfo=told)).is_subscribed("https://us.example/other")
    assert not telegram(Far(getWebhookInfo={**told, "allowed_updates": ["message"]})).is_subscribed(told["url"])


def test_a_counter_without_https_lacks_no_webhook_since_telegram_would_deliver_none() -> None:
    far = Far()
    assert telegram(far).is_subscribed("http://localhost:8000/hooks/telegram/k/")
    assert far.asked == []


def test_polling_goes_on_after_the_last_update_and_only_then() -> None:
    waiting = [{"update_id": number, "message": {"message_id": number}} for number in (7, 8)]

    def updates(asked: dict[str, Any]) -> Any:
        return [one for one in waiting if one["update_id"] >= asked.get("offset", 0)]

    far = Far(getUpdates=updates)
    pages = list(telegram(far).poll({}))
    assert [delivery.key for page in pages for delivery in page.deliveries] == ["7", "8"]
    assert pages[-1].cursor == {"after": 8}
    assert [asked.get("offset") for _method, asked in far.asked] == [None, 9]


def test_a_bot_with_a_webhook_is_not_polled() -> None:
    said = refusal(409, "Conflict: can't use getUpdates method while webhook is active")
    assert list(telegram(Far(getUpdates=said)).poll({})) == []


def test_a_file_is_found_by_its_id() -> None:
    far = Far(getFile={"file_id": "x", "file_path": "photos/1.jpg"})
    assert telegram(far).locate("telegram:AgAC").url == "https://api.telegram.org/file/bot555:ABCdef/photos/1.jpg"
    assert far.asked == [("getFile", {"file_id": "AgAC"})]


def test_the_same_number_in_two_chats_is_two_messages() -> None:
    bodies = [
        {"update_id": 1, "message": {"message_id": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}}
        for chat in (1, 2)
    ]
    scopes = [telegram().parse(Delivery(json.dumps(body).encode()))[0].id_scope for body in bodies]
    assert scopes == ["1", "2"]


def test_a_group_is_called_as_its_people_call_it() -> None:
    far = Far(getChat={"id": -1001, "type": "supergroup", "title": "Les jardiniers"})
    event = NetworkEvent(EventKind.MESSAGE, "incoming", "public", external_id="1", thread_id="-1001")
    assert telegram(far).lacks(event) == ["place"]
    assert telegram(far).completed(event, ["place"]) == replace(event, subject="Les jardiniers")
    assert far.asked == [("getChat", {"chat_id": "-1001"})]


def test_a_private_chat_has_no_name_to_ask_for() -> None:
    assert telegram().lacks(NetworkEvent(EventKind.MESSAGE, "incoming", "private", thread_id="7")) == []
