"""Answering, changing, deleting, liking."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    PermanentError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.telegram.tests.far_side import IN_GROUP, OUTGOING, PDF, PNG, Far, refusal, telegram


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
