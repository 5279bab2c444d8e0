from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    Author,
    Delivery,
    EventKind,
    Figure,
    HookRequest,
    Outgoing,
    OutgoingFile,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.instagram.connector import Instagram
from tests.connectors.meta import Meta, delivered, refusal, sent_form, sent_json

OURS = "17841400000000001"
CREDENTIALS = {"client_id": "77", "client_secret": "s3cret", "verify_token": "phrase", "access_token": "IGAA"}
BY_PAGE = {**CREDENTIALS, "instagram_id": OURS, "access_token": "EAAG"}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
ANSWER = Outgoing(
    key="k-1",
    queued_at=QUEUED,
    text="M et L",
    visibility="public",
    recipient=Author(id="901", handle="lea.martin"),
    thread_id="1700",
    parent_id="1801",
    parent_visibility="public",
    customer_wrote_at=QUEUED - timedelta(hours=1),
)
PRIVATE = replace(ANSWER, visibility="private", parent_visibility="private", parent_id="aWd1", thread_id="901")


def instagram(meta: Meta, credentials: dict[str, str] | None = None) -> Instagram:
    return Instagram(CREDENTIALS if credentials is None else credentials, meta.client(), own_id=OURS)


# --- in public ----------------------------------------------------------------------------------------------------


def test_a_comment_is_answered_by_a_reply_to_it():
    meta = Meta({"POST /1801/replies": {"id": "1806"}})
    assert instagram(meta).send(ANSWER).external_id == "1806"
    (request,) = meta.asked
    assert request.url.host == "graph.instagram.com"
    assert sent_form(request) == {"message": "M et L"}


def test_an_answer_to_an_answer_goes_under_the_first_comment():
    meta = Meta({"POST /1801/replies": {"id": "1806"}})
    instagram(meta).send(replace(ANSWER, parent_id="1802", parent_custom={"parent": "1801"}))


def test_what_answers_the_post_itself_is_a_comment_under_it():
    meta = Meta({"POST /1700/comments": {"id": "1806"}})
    instagram(meta).send(replace(ANSWER, parent_id="1700"))


def test_a_mention_is_answered_where_it_was_made():
    meta = Meta({"POST /me/mentions": {"id": "1806"}})
    instagram(meta).send(replace(ANSWER, parent_id="1804", thread_id="1799", parent_custom={"mentioned_in": "1799"}))
    assert sent_form(meta.asked[0]) == {"media_id": "1799", "comment_id": "1804", "message": "M et L"}


def test_by_way_of_a_page_the_account_is_called_by_its_id():
    meta = Meta({f"POST /{OURS}/mentions": {"id": "1806"}})
    instagram(meta, BY_PAGE).send(replace(ANSWER, parent_id="1799", parent_custom={"mentioned_in": "1799"}))
    assert meta.asked[0].url.host == "graph.facebook.com"
    assert sent_form(meta.asked[0]) == {"media_id": "1799", "message": "M et L"}


def test_a_comment_that_arrived_is_found():
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


def test_an_answer_to_a_mention_cannot_be_looked_up():
    with pytest.raises(UncertainError):
        instagram(Meta({})).find_sent(replace(ANSWER, parent_custom={"mentioned_in": "1799"}))


def test_comments_are_hidden_shown_and_removed():
    meta = Meta({"POST /1801": {"success": True}, "DELETE /1801": [{"success": True}, refusal(100, 33)]})
    account = instagram(meta)
    account.hide("1801", thread_id="1700")
    account.show("1801", thread_id="1700")
    account.remove("1801", thread_id="1700")
    account.delete("1801", {})
    assert [sent_form(one) for one in meta.asked[:2]] == [{"hide": "true"}, {"hide": "false"}]


def test_a_private_message_cannot_be_taken_back():
    with pytest.raises(PermanentError, match="private message"):
        instagram(Meta({})).delete("aWdfZAG1faXRlbT", {})


# --- in private ---------------------------------------------------------------------------------------------------


def test_a_private_message_goes_to_the_person():
    meta = Meta({"POST /me/messages": {"recipient_id": "901", "message_id": "aWd8"}})
    sent = instagram(meta).send(PRIVATE)
    assert (sent.external_id, sent.thread_id) == ("aWd8", "901")
    assert sent_json(meta.asked[0]) == {
        "recipient": {"id": "901"},
        "messaging_type": "RESPONSE",
        "message": {"text": "M et L"},
    }


def test_a_comment_is_answered_in_private_once_by_its_id():
    meta = Meta({"POST /me/messages": {"recipient_id": "901", "message_id": "aWd8"}})
    sent = instagram(meta).send(replace(ANSWER, visibility="private"))
    assert sent.thread_id == "901"
    assert sent_json(meta.asked[0]) == {"recipient": {"comment_id": "1801"}, "message": {"text": "M et L"}}


@pytest.mark.parametrize(
    "changes",
    [{"parent_custom": {"mentioned_in": "1799"}}, {"customer_wrote_at": QUEUED - timedelta(days=8)}],
)
def test_what_cannot_be_answered_in_private_is_refused_in_words(changes):
    with pytest.raises(PermanentError):
        instagram(Meta({})).send(replace(ANSWER, visibility="private", **changes))


def test_files_go_by_way_of_a_page_only():
    assert instagram(Meta({})).limits_here().of("private").max_files == 0
    account = instagram(Meta({}), BY_PAGE)
    assert account.limits_here().of("private").max_files == 10


def test_a_file_is_uploaded_for_instagram():
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


def test_a_picture_beyond_8_mb_is_refused_before_anything_is_sent():
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
def test_what_the_network_answers_says_what_may_be_done_next(answer, error):
    with pytest.raises(error):
        instagram(Meta({"POST /me/messages": answer})).send(PRIVATE)


def test_a_private_message_that_arrived_is_found():
    message = {"id": "aWd8", "message": "M et L", "created_time": "2026-03-02T08:15:02+0000", "from": {"id": OURS}}
    talks = {"data": [{"id": "t", "messages": {"data": [message]}}]}
    found = instagram(Meta({"GET /me/conversations": talks})).find_sent(PRIVATE)
    assert found is not None
    assert found.external_id == "aWd8"


def test_typing_is_shown():
    meta = Meta({"POST /me/messages": {}})
    instagram(meta).signal(Author(id="901"), "typing", thread_id=None)
    assert sent_json(meta.asked[0]) == {"recipient": {"id": "901"}, "sender_action": "typing_on"}


# --- the account --------------------------------------------------------------------------------------------------


def test_deliveries_may_be_signed_with_either_secret():
    account = instagram(Meta({}), {**CREDENTIALS, "app_secret": "meta"})
    account.verify(delivered(b"{}", "s3cret"))
    account.verify(delivered(b"{}", "meta"))
    with pytest.raises(SignatureError):
        account.verify(delivered(b"{}", "guess"))


def test_a_delivery_is_handed_to_every_account_it_is_about():
    request = HookRequest("POST", "", {}, {}, b'{"object":"instagram","entry":[{"id":"1"},{"id":"2"}]}')
    assert instagram(Meta({})).addressees(request) == [Addressee("instagram", "1"), Addressee("instagram", "2")]


def dated(content: object) -> httpx.Response:
    return httpx.Response(200, json=content, headers={"Date": "Mon, 02 Mar 2026 08:00:00 GMT"})


def test_a_sign_in_is_exchanged_for_sixty_days():
    meta = Meta(
        {
            "POST /access_token": {"data": [{"access_token": "short", "user_id": OURS}]},
            "GET /": dated({"access_token": "long", "expires_in": 5_184_000}),
            "GET /me": {"id": "1", "user_id": OURS, "username": "lamaison", "name": "La Maison"},
        }
    )
    (offered,) = instagram(meta).exchange("code#_", redirect_url="https://counter.example/back", verifier="")
    assert (offered.own_id, offered.name, offered.credentials["access_token"]) == (OURS, "lamaison", "long")
    assert str(meta.asked[0].url) == "https://api.instagram.com/oauth/access_token"
    assert sent_form(meta.asked[0])["code"] == "code"
    assert str(meta.asked[1].url.copy_with(query=None)) == "https://graph.instagram.com/access_token"
    assert dict(meta.asked[1].url.params) == {
        "grant_type": "ig_exchange_token",
        "client_secret": "s3cret",
        "access_token": "short",
    }
    account = instagram(meta, dict(offered.credentials))
    assert account.renew_at() == datetime(2026, 4, 11, 8, 0, tzinfo=UTC)


def test_a_token_is_renewed_with_its_end():
    meta = Meta({"GET /": dated({"access_token": "fresh", "expires_in": 5_184_000})})
    renewed = instagram(meta).renew()
    assert renewed["access_token"] == "fresh"
    assert renewed["token_expires_at"] == "2026-05-01T08:00:00+00:00"
    assert meta.asked[0].url.path == "/refresh_access_token"


def test_a_token_that_ended_is_not_renewed():
    with pytest.raises(AuthError):
        instagram(Meta({"GET /": refusal(190)})).renew()


def test_a_code_that_is_not_taken_is_begun_again():
    said = httpx.Response(400, json={"error_type": "OAuthException", "code": 400, "error_message": "Invalid code"})
    with pytest.raises(AuthError, match="Invalid code"):
        instagram(Meta({"POST /access_token": said})).exchange("code", redirect_url="https://c.example", verifier="")


def test_check_says_who_we_are_and_what_is_not_told():
    meta = Meta(
        {
            "GET /me": {"id": "1", "user_id": OURS, "username": "lamaison", "name": "La Maison"},
            "GET /me/subscribed_apps": {"data": [{"subscribed_fields": ["comments", "messages"]}]},
        }
    )
    health = instagram(meta, {**CREDENTIALS, "token_expires_at": "2026-05-01T08:00:00+00:00"}).check()
    assert (health.own_id, health.handle, health.name) == (OURS, "lamaison", "La Maison")
    assert health.token_expires_at == datetime(2026, 5, 1, 8, tzinfo=UTC)
    assert "mentions" in health.remarks[0]
    assert " comments" not in health.remarks[0]


def test_by_instagrams_own_sign_in_the_account_alone_is_subscribed():
    meta = Meta({"POST /me/subscribed_apps": {"success": True}})
    instagram(meta).subscribe("https://counter.example/hooks/instagram/k/")
    assert meta.names() == ["POST /me/subscribed_apps"]


def test_by_way_of_a_page_the_apps_address_is_set_too():
    meta = Meta({"POST /77/subscriptions": {"success": True}, "POST /me/subscribed_apps": {"success": True}})
    instagram(meta, BY_PAGE).subscribe("https://counter.example/hooks/instagram/k/")
    assert sent_form(meta.asked[0])["object"] == "instagram"


def test_history_reads_media_with_comments_and_then_messages():
    since = datetime(2026, 2, 1, tzinfo=UTC)
    more = "https://graph.instagram.com/v23.0/1700/comments?after=c"
    medium = {
        "id": "1700",
        "caption": "Lampe",
        "timestamp": "2026-03-01T08:00:00+0000",
        "owner": {"id": OURS},
        "comments": {"data": [], "paging": {"next": more}},
    }
    message = {"id": "aWd1", "message": "Bonjour", "created_time": "2026-03-01T09:00:00+0000", "from": {"id": "901"}}
    talk = {"id": "t", "updated_time": "2026-03-01T09:00:00+0000", "messages": {"data": [message]}}
    meta = Meta(
        {
            "GET /me/media": {
                "data": [medium, {"id": "1600", "caption": "x", "timestamp": "2025-01-01T08:00:00+0000"}]
            },
            "GET /1700/comments": {"data": [{"id": "1801", "text": "Quelle taille ?"}]},
            "GET /me/conversations": {"data": [talk]},
        }
    )
    account = instagram(meta)
    pages = list(account.history(since, {}))
    events = [event for page in pages for one in page.deliveries for event in account.parse(one)]
    assert [(event.event, event.external_id, event.thread_id) for event in events] == [
        (EventKind.COMMENT, "1801", "1700"),
        (EventKind.POST, "1700", "1700"),
        (EventKind.MESSAGE, "aWd1", "901"),
    ]
    assert pages[-1].cursor == {"stage": "done"}
    assert list(account.history(since, pages[-1].cursor)) == []


def test_figures_are_the_accounts_and_those_of_media_that_are_named():
    meta = Meta(
        {
            "GET /me": {"followers_count": 900, "follows_count": 10, "media_count": 55},
            "GET /me/media": {"data": [{"id": "1700", "like_count": 4, "comments_count": 2}, {"id": "1"}]},
        }
    )
    assert instagram(meta).figures(["1700"]) == [
        Figure("followers", 900),
        Figure("following", 10),
        Figure("posts", 55),
        Figure("likes", 4, "1700"),
        Figure("comments", 2, "1700"),
    ]


def test_a_heart_is_read_as_one():
    body = b'{"sender":{"id":"901"},"recipient":{"id":"1"},"message":{"mid":"m","attachments":[{"type":"like_heart"}]}}'
    (event,) = instagram(Meta({})).parse(Delivery(body))
    assert (event.text, event.attachments) == ("❤️", ())
