from __future__ import annotations

import dataclasses
import json
import os
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    Delivery,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.telegram.bot import webhook_secret
from comptoir.connectors.telegram.connector import Telegram

CREDENTIALS = {"bot_token": "555:ABCdef"}
OUTGOING = Outgoing(
    key="k", queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC), text="Bonjour Léa", visibility="private",
    recipient=Author(id="77001"), thread_id="77001", parent_id="77001/21", parent_visibility="private",
)  # fmt: skip
IN_GROUP = dataclasses.replace(
    OUTGOING, visibility="public", thread_id="-100123", parent_id="-100123/30", parent_visibility="public",
    parent_custom={"topic": "12"},
)  # fmt: skip
PNG = OutgoingFile("colis.png", "image/png", b"\x89PNG")
PDF = OutgoingFile("facture.pdf", "application/pdf", b"%PDF")


class Far:
    """The Bot API: answers each method as told, numbers what is sent, and remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == "api.telegram.org"
        token, method = request.url.path.removeprefix("/bot").split("/", 1)
        assert token == "555:ABCdef"
        parameters = parameters_of(request)
        self.asked.append((method, parameters))
        self.requests.append(request)
        said = self.answers.get(method)
        said = said(parameters) if callable(said) else said
        if isinstance(said, httpx.Response):
            return said
        if said is None:
            chat = int(parameters.get("chat_id", 0))
            said = {"message_id": 100 + len(self.asked), "date": 1772439302, "chat": {"id": chat, "type": "private"}}
        return httpx.Response(200, json={"ok": True, "result": said})


def parameters_of(request: httpx.Request) -> dict[str, Any]:
    if request.headers["content-type"].startswith("application/json"):
        return dict(json.loads(request.content))
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + request.content).get_payload()
    assert isinstance(parts, list)
    return dict(map(_part, parts))


def _part(part: Any) -> tuple[str, Any]:
    assert isinstance(part, Message)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return str(part.get_param("name", header="content-disposition")), (
        content if part.get_filename() else content.decode()
    )


def refusal(code: int, description: str, **parameters: Any) -> httpx.Response:
    return httpx.Response(
        code, json={"ok": False, "error_code": code, "description": description, "parameters": parameters}
    )


def telegram(far: Any = None, credentials: dict[str, str] | None = None) -> Telegram:
    http = httpx.Client(transport=httpx.MockTransport(far or Far()))
    return Telegram(CREDENTIALS if credentials is None else credentials, http)


# --- listening ----------------------------------------------------------------------------------------------------


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


# --- answering ----------------------------------------------------------------------------------------------------


def test_a_private_answer_goes_to_the_chat_without_quoting() -> None:
    far = Far()
    sent = telegram(far).send(OUTGOING)
    assert far.asked == [("sendMessage", {"chat_id": "77001", "text": "Bonjour Léa"})]
    assert (sent.external_id, sent.thread_id) == ("77001/101", "77001")
    assert sent.sent_at == datetime(2026, 3, 2, 8, 15, 2, tzinfo=UTC)


def test_an_answer_in_a_group_names_what_it_answers_and_stays_in_its_topic() -> None:
    far = Far()
    telegram(far).send(IN_GROUP)
    assert far.asked[0][1] == {
        "chat_id": "-100123", "message_thread_id": 12, "text": "Bonjour Léa",
        "reply_parameters": {"message_id": 30, "allow_sending_without_reply": True},
    }  # fmt: skip


def test_a_private_answer_to_what_was_said_in_a_group_goes_to_its_author() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(IN_GROUP, visibility="private"))
    assert far.asked[0][1] == {"chat_id": "77001", "text": "Bonjour Léa"}


def test_a_business_account_answers_through_its_connection() -> None:
    far = Far()
    sent = telegram(far).send(dataclasses.replace(OUTGOING, parent_custom={"business": "bc1"}))
    assert far.asked[0][1]["business_connection_id"] == "bc1"
    assert sent.external_id == "bc1:77001/101"


def test_a_short_text_stands_under_the_first_file_and_each_file_is_a_message() -> None:
    far = Far()
    sent = telegram(far).send(dataclasses.replace(OUTGOING, files=(PNG, PDF)))
    assert [method for method, _asked in far.asked] == ["sendPhoto", "sendDocument"]
    assert (far.asked[0][1]["caption"], far.asked[0][1]["photo"]) == ("Bonjour Léa", b"\x89PNG")
    assert "caption" not in far.asked[1][1]
    assert (sent.external_id, sent.part_ids, sent.custom) == ("77001/101", ("77001/102",), {"captioned": True})


def test_a_text_too_long_for_a_caption_comes_first() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, text="é" * 1025, files=(PNG,)))
    assert [method for method, _asked in far.asked] == ["sendMessage", "sendPhoto"]


def test_what_arrived_in_part_is_put_to_a_person() -> None:
    far = Far(sendDocument=refusal(400, "Bad Request: wrong file"))
    with pytest.raises(UncertainError, match="Only a part arrived"):
        telegram(far).send(dataclasses.replace(OUTGOING, files=(PNG, PDF)))


def test_a_group_that_became_a_supergroup_is_followed() -> None:
    def send(asked: dict[str, Any]) -> Any:
        return refusal(400, "group upgraded", migrate_to_chat_id=-100999) if asked["chat_id"] == "-100123" else None

    assert telegram(Far(sendMessage=send)).send(IN_GROUP).external_id == "-100999/102"


def test_a_pressed_button_stops_waiting_and_losing_that_is_harmless() -> None:
    far = Far(answerCallbackQuery=refusal(400, "Bad Request: query is too old"))
    telegram(far).send(dataclasses.replace(OUTGOING, parent_id="77001/438", parent_custom={"callback": "438"}))
    assert far.asked[0] == ("answerCallbackQuery", {"callback_query_id": "438"})
    assert far.asked[1][0] == "sendMessage"


@pytest.mark.parametrize(
    ("answer", "error", "said"),
    [
        (refusal(401, "Unauthorized"), AuthError, "token"),
        (refusal(404, "Not Found"), AuthError, "token"),
        (refusal(403, "Forbidden: bot was blocked by the user"), PermanentError, "blocked"),
        (refusal(403, "Forbidden: bot can't initiate conversation with a user"), PermanentError, "never written"),
        (refusal(403, "Forbidden: bot was kicked from the supergroup chat"), PermanentError, "no longer a member"),
        (refusal(400, "Bad Request: chat not found"), PermanentError, "chat not found"),
        (refusal(500, "Internal Server Error"), UncertainError, "500"),
        (httpx.Response(502, text="<html>"), UncertainError, "502"),
    ],
)
def test_refusals_are_told_apart(answer: httpx.Response, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        telegram(Far(sendMessage=answer)).send(OUTGOING)


def test_telegrams_wish_to_wait_is_read() -> None:
    with pytest.raises(TransientError) as raised:
        telegram(Far(sendMessage=refusal(429, "Too Many Requests", retry_after=35))).send(OUTGOING)
    assert raised.value.retry_after == timedelta(seconds=35)


def test_a_cut_connection_leaves_it_uncertain() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("cut")

    with pytest.raises(UncertainError):
        telegram(cut).send(OUTGOING)


def test_what_was_said_is_changed_where_it_stands() -> None:
    far = Far(editMessageText=refusal(400, "Bad Request: message is not modified"))
    telegram(far).edit("bc1:77001/101", OUTGOING, {})
    telegram(far).edit("77001/101", OUTGOING, {"captioned": True})
    assert far.asked == [
        ("editMessageText",
         {"business_connection_id": "bc1", "chat_id": "77001", "message_id": 101, "text": "Bonjour Léa"}),
        ("editMessageCaption", {"chat_id": "77001", "message_id": 101, "caption": "Bonjour Léa"}),
    ]  # fmt: skip


def test_deleting_what_is_gone_is_a_success_and_what_may_not_be_is_told() -> None:
    telegram(Far(deleteMessage=refusal(400, "Bad Request: message to delete not found"))).delete("77001/1", {})
    far = Far(deleteBusinessMessages=True)
    telegram(far).delete("bc1:77001/1", {})
    assert far.asked[0][1] == {"business_connection_id": "bc1", "message_ids": [1]}
    refused = telegram(Far(deleteMessage=refusal(400, "Bad Request: message can't be deleted")))
    with pytest.raises(PermanentError, match="can't be deleted"):
        refused.remove("-100123/1", thread_id="-100123")
    assert telegram().may_remove(Standing("-100123"))
    assert not telegram().may_remove(Standing("77001"))


def test_likes_are_reactions() -> None:
    far = Far(setMessageReaction=True)
    telegram(far).like("77001/21", {})
    telegram(far).unlike("77001/21", {})
    assert [asked["reaction"] for _method, asked in far.asked] == [[{"type": "emoji", "emoji": "👍"}], []]


@pytest.mark.parametrize("external_id", ["4382bfd", "77001/4382bfd", "/1", "77001/", "", "77001/" + "9" * 40])
def test_what_is_no_message_cannot_be_acted_upon(external_id: str) -> None:
    with pytest.raises(PermanentError, match="not a message"):
        telegram().delete(external_id, {})


def test_typing_is_shown() -> None:
    far = Far(sendChatAction=True)
    telegram(far).signal(Author(id="77001"), "typing", thread_id="77001")
    telegram(far).signal(Author(id="77001"), "read", thread_id="77001")
    assert far.asked == [("sendChatAction", {"chat_id": "77001", "action": "typing"})]


# --- the account --------------------------------------------------------------------------------------------------


def test_a_check_says_who_we_are_and_what_is_amiss() -> None:
    me = {"id": 555, "is_bot": True, "first_name": "La Marque", "username": "marque_bot"}
    told = {"url": "https://us.example/h", "pending_update_count": 3, "last_error_message": "Connection refused"}
    health = telegram(Far(getMe=me, getWebhookInfo=told)).check()
    assert (health.own_id, health.handle, health.name) == ("555", "marque_bot", "La Marque")
    assert [("setprivacy" in remark, "Connection refused" in remark) for remark in health.remarks] == [
        (True, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("token", ["", "555:a/../b"])
def test_what_is_no_token_is_told_before_anything_is_called(token: str) -> None:
    with pytest.raises(AuthError):
        telegram(credentials={"bot_token": token}).check()


# --- the published description --------------------------------------------------------------------------------------

SPECIFICATION = Path(os.environ.get("COMPTOIR_DATASETS", ""), "specs", "telegram_bot_api.min.json")


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="COMPTOIR_DATASETS names no folder with the description")
def test_every_request_fits_the_published_description() -> None:
    methods = json.loads(SPECIFICATION.read_text())["methods"]
    far = Far(
        getMe={"id": 555}, getWebhookInfo={}, getFile={"file_path": "x"}, getUpdates=[], setWebhook=True,
        setMessageReaction=True, deleteMessage=True, sendChatAction=True,
    )  # fmt: skip
    bot = telegram(far)
    kinds = ["image/jpeg", "image/gif", "video/mp4", "audio/mpeg", "audio/ogg", "text/plain"]
    files = tuple(OutgoingFile("f", kind, b"x") for kind in kinds)
    bot.check()
    bot.subscribe("https://us.example/h")
    list(bot.poll({"after": 1}))
    bot.locate("telegram:x")
    bot.send(dataclasses.replace(IN_GROUP, files=files, parent_custom={"topic": "1", "business": "b", "callback": "1"}))
    bot.send(OUTGOING)
    bot.edit("b:1/2", OUTGOING, {})
    bot.edit("1/2", OUTGOING, {"captioned": True})
    bot.delete("1/2", {})
    bot.delete("b:1/2", {})
    bot.like("1/2", {})
    bot.signal(Author(id="1"), "typing", thread_id=None)
    assert len(far.asked) > 15
    for method, asked in far.asked:
        fields = {field["name"]: field for field in methods[method]["fields"]} if methods[method].get("fields") else {}
        assert set(asked) <= set(fields), method
        assert {name for name, field in fields.items() if field["required"]} <= set(asked), method
        for name, value in asked.items():
            assert_fits(value, fields[name]["types"], f"{method}.{name}")


def assert_fits(value: Any, types: list[str], where: str) -> None:
    plain = {"Integer": int, "String": str, "Boolean": bool, "InputFile": bytes}
    allowed = tuple(plain[kind] for kind in types if kind in plain)
    composed = any(kind not in plain for kind in types)
    in_form = isinstance(value, str) and (composed or int in allowed)  # forms carry JSON and numbers as texts
    fits = isinstance(value, allowed) if allowed else False
    assert fits or in_form or (composed and isinstance(value, dict | list)), where


# --- answers to press ---------------------------------------------------------------------------------------------


def test_choices_are_a_keyboard_that_goes_once_it_was_used() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, choices=("Oui", "Non")))
    markup = far.asked[0][1]["reply_markup"]
    assert (markup["keyboard"], markup["one_time_keyboard"]) == ([[{"text": "Oui"}], [{"text": "Non"}]], True)


def test_in_a_group_the_keyboard_is_shown_to_who_is_answered() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(IN_GROUP, choices=("Oui",)))
    assert far.asked[0][1]["reply_markup"]["selective"] is True


def test_for_a_business_choices_are_buttons_below_the_message() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, choices=("Oui", "Non"), parent_custom={"business": "b1"}))
    markup = far.asked[0][1]["reply_markup"]
    assert markup == {
        "inline_keyboard": [[{"text": "Oui", "callback_data": "1"}], [{"text": "Non", "callback_data": "2"}]]
    }


def test_choices_go_with_the_last_of_several_messages() -> None:
    far = Far()
    telegram(far).send(dataclasses.replace(OUTGOING, text="x" * 2000, files=(PNG, PDF), choices=("Oui",)))
    assert ["reply_markup" in parameters for _method, parameters in far.asked] == [False, False, True]
    assert json.loads(far.asked[2][1]["reply_markup"])["keyboard"] == [[{"text": "Oui"}]]
