"""Answering in public and in private, looking up, moderating."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from comptoir.connectors.base import (
    AuthError,
    Author,
    OutgoingFile,
    PermanentError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.instagram.tests.far_side import ANSWER, BY_PAGE, OURS, PRIVATE, QUEUED, instagram
from tests.connectors.meta import Meta, refusal, sent_form, sent_json


def test_a_comment_is_answered_by_a_reply_to_it() -> None:
    meta = Meta({"POST /1801/replies": {"id": "1806"}})
    assert instagram(meta).send(ANSWER).external_id == "1806"
    (request,) = meta.asked
    assert request.url.host == "graph.instagram.com"
    assert sent_form(request) == {"message": "M et L"}


def test_an_answer_to_an_answer_goes_under_the_first_comment() -> None:
    meta = Meta({"POST /1801/replies": {"id": "1806"}})
    instagram(meta).send(replace(ANSWER, parent_id="1802", parent_custom={"parent": "1801"}))


def test_what_answers_the_post_itself_is_a_comment_under_it() -> None:
    meta = Meta({"POST /1700/comments": {"id": "1806"}})
    instagram(meta).send(replace(ANSWER, parent_id="1700"))


def test_a_mention_is_answered_where_it_was_made() -> None:
    meta = Meta({"POST /me/mentions": {"id": "1806"}})
    instagram(meta).send(replace(ANSWER, parent_id="1804", thread_id="1799", parent_custom={"mentioned_in": "1799"}))
    assert sent_form(meta.asked[0]) == {"media_id": "1799", "comment_id": "1804", "message": "M et L"}


def test_by_way_of_a_page_the_account_is_called_by_its_id() -> None:
    meta = Meta({f"POST /{OURS}/mentions": {"id": "1806"}})
    instagram(meta, BY_PAGE).send(replace(ANSWER, parent_id="1799", parent_custom={"mentioned_in": "1799"}))
    assert meta.asked[0].url.host == "graph.facebook.com"
    assert sent_form(meta.asked[0]) == {"media_id": "1799", "message": "M et L"}


def test_a_comment_that_arrived_is_found() -> None:
    def listed(*found: tuple[str, str, str]) -> dict[str, object]:
        return {
            "data": [
                {"id": name, "text": "M et L", "timestamp": f"2026-03-02T{time}+0000", "from": {"id": author}}
                for name, time, author in found
            ]
        }

    others = [("1", "07:00:00", OURS), ("2", "08:15:10", "901")]
    meta = Meta({"GET /1801/replies": [listed(*others, ("3", "08:15:09", OURS)), listed(*others)]})
    found = instagram(meta).find_sent(ANSWER)
    assert found is not None
    assert found.external_id == "3"
    assert instagram(meta).find_sent(ANSWER) is None


def test_an_answer_to_a_mention_cannot_be_looked_up() -> None:
    with pytest.raises(UncertainError):
        instagram(Meta({})).find_sent(replace(ANSWER, parent_custom={"mentioned_in": "1799"}))


def test_only_comments_under_our_own_pictures_are_hidden_or_removed() -> None:
    account = instagram(Meta({}))
    assert account.may_hide(Standing("1700", "1801", custom={"parent": "1800"}))
    assert account.may_remove(Standing("1700", "1801"))
    assert not account.may_hide(Standing("1799", "1801", custom={"mentioned_in": "1799"}))
    assert not account.may_remove(Standing("1799", "1801", custom={"mentioned_in": "1799"}))
    assert not account.may_hide(Standing("m_thread"))


def test_comments_are_hidden_shown_and_removed() -> None:
    meta = Meta({"POST /1801": {"success": True}, "DELETE /1801": [{"success": True}, refusal(100, 33)]})
    account = instagram(meta)
    account.hide("1801", thread_id="1700")
    account.show("1801", thread_id="1700")
    account.remove("1801", thread_id="1700")
    account.delete("1801", {})
    assert [sent_form(one) for one in meta.asked[:2]] == [{"hide": "true"}, {"hide": "false"}]


def test_a_private_message_cannot_be_taken_back() -> None:
    with pytest.raises(PermanentError, match="private message"):
        instagram(Meta({})).delete("aWdfZAG1faXRlbT", {})


def test_a_private_message_goes_to_the_person() -> None:
    meta = Meta({"POST /me/messages": {"recipient_id": "901", "message_id": "aWd8"}})
    sent = instagram(meta).send(PRIVATE)
    assert (sent.external_id, sent.thread_id) == ("aWd8", "901")
    assert sent_json(meta.asked[0]) == {
        "recipient": {"id": "901"},
        "messaging_type": "RESPONSE",
        "message": {"text": "M et L"},
    }


def test_a_comment_is_answered_in_private_once_by_its_id() -> None:
    meta = Meta({"POST /me/messages": {"recipient_id": "901", "message_id": "aWd8"}})
    sent = instagram(meta).send(replace(ANSWER, visibility="private"))
    assert sent.thread_id == "901"
    assert sent_json(meta.asked[0]) == {"recipient": {"comment_id": "1801"}, "message": {"text": "M et L"}}


@pytest.mark.parametrize(
    "changes",
    [{"parent_custom": {"mentioned_in": "1799"}}, {"customer_wrote_at": QUEUED - timedelta(days=8)}],
)
def test_what_cannot_be_answered_in_private_is_refused_in_words(changes: Any) -> None:
    with pytest.raises(PermanentError):
        instagram(Meta({})).send(replace(ANSWER, visibility="private", **changes))


def test_files_go_by_way_of_a_page_only() -> None:
    assert instagram(Meta({})).limits_here().of("private").max_files == 0
    account = instagram(Meta({}), BY_PAGE)
    assert account.limits_here().of("private").max_files == 10


def test_a_file_is_uploaded_for_instagram() -> None:
    meta = Meta(
        {
            "POST /me/message_attachments": {"attachment_id": "5"},
            "POST /me/messages": [{"message_id": "aWd8"}, {"message_id": "aWd9"}],
        }
    )
    file = OutgoingFile("a.png", "image/png", b"PNG")
    sent = instagram(meta, BY_PAGE).send(replace(PRIVATE, files=(file,)))
    assert (sent.external_id, sent.part_ids) == ("aWd8", ("aWd9",))
    assert b'name="platform"\r\n\r\ninstagram' in meta.asked[0].content


def test_a_picture_beyond_8_mb_is_refused_before_anything_is_sent() -> None:
    file = OutgoingFile("a.png", "image/png", bytes(8_000_001))
    with pytest.raises(PermanentError, match="8 MB"):
        instagram(Meta({}), BY_PAGE).send(replace(PRIVATE, files=(file,)))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(190, 463, 401), AuthError),
        (refusal(80002), TransientError),
        (refusal(10, 2534022), PermanentError),
        (refusal(551), PermanentError),
        (httpx.ReadTimeout("cut"), UncertainError),
        (httpx.ConnectError("away"), TransientError),
    ],
)
def test_what_the_network_answers_says_what_may_be_done_next(answer: Any, error: Any) -> None:
    with pytest.raises(error):
        instagram(Meta({"POST /me/messages": answer})).send(PRIVATE)


def test_a_private_message_that_arrived_is_found() -> None:
    message = {"id": "aWd8", "message": "M et L", "created_time": "2026-03-02T08:15:02+0000", "from": {"id": OURS}}
    talks = {"data": [{"id": "t", "messages": {"data": [message]}}]}
    found = instagram(Meta({"GET /me/conversations": talks})).find_sent(PRIVATE)
    assert found is not None
    assert found.external_id == "aWd8"


def test_typing_is_shown() -> None:
    meta = Meta({"POST /me/messages": {}})
    instagram(meta).signal(Author(id="901"), "typing", thread_id=None)
    assert sent_json(meta.asked[0]) == {"recipient": {"id": "901"}, "sender_action": "typing_on"}
