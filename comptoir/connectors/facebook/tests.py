from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from comptoir.connectors.base import (
    Author,
    Delivery,
    EventKind,
    Figure,
    Outgoing,
    OutgoingFile,
    PermanentError,
    Standing,
    UncertainError,
)
from comptoir.connectors.facebook.connector import Facebook
from tests.connectors.meta import Meta, refusal, sent_form, sent_json

PAGE = "104000000000001"
CREDENTIALS = {"client_id": "42", "client_secret": "s3cret", "verify_token": "phrase", "access_token": "EAAG"}
QUEUED = datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
ANSWER = Outgoing(
    key="k-1",
    queued_at=QUEUED,
    text="Bonjour Léa, elle part demain.",
    visibility="public",
    recipient=Author(id="7001"),
    thread_id=f"{PAGE}_900",
    parent_id="900_901",
    parent_visibility="public",
    parent_custom={"item": "comment"},
    customer_wrote_at=QUEUED - timedelta(hours=1),
)


def comment(name: str, words: str, time: str, author: str) -> dict[str, object]:
    return {"id": name, "message": words, "created_time": f"2026-03-02T{time}+0000", "from": {"id": author}}


def facebook(meta: Meta) -> Facebook:
    return Facebook(CREDENTIALS, meta.client(), own_id=PAGE)


def test_a_public_answer_is_a_comment_under_what_it_answers():
    meta = Meta({"POST /900_901/comments": {"id": "900_905", "permalink_url": "https://www.facebook.com/x"}})
    sent = facebook(meta).send(ANSWER)
    assert (sent.external_id, sent.url) == ("900_905", "https://www.facebook.com/x")
    assert sent_form(meta.asked[0]) == {"message": "Bonjour Léa, elle part demain."}


def test_a_picture_goes_with_the_comment():
    meta = Meta({"POST /900_901/comments": {"id": "900_905"}})
    facebook(meta).send(replace(ANSWER, files=(OutgoingFile("a.png", "image/png", b"PNG"),)))
    (request,) = meta.asked
    assert request.headers["content-type"].startswith("multipart/form-data")
    assert b'name="source"; filename="a.png"' in request.content
    assert b"demain" in request.content


def test_a_comment_answered_in_private_opens_a_messenger_exchange():
    meta = Meta({"POST /me/messages": {"recipient_id": "7001", "message_id": "m_9"}})
    sent = facebook(meta).send(replace(ANSWER, visibility="private"))
    assert sent.external_id == "m_9"
    assert sent_json(meta.asked[0]) == {
        "recipient": {"comment_id": "900_901"},
        "message": {"text": "Bonjour Léa, elle part demain."},
    }


def test_a_visitors_post_is_answered_in_private_by_its_own_name():
    meta = Meta({"POST /me/messages": {"message_id": "m_9"}})
    facebook(meta).send(replace(ANSWER, visibility="private", parent_id=f"{PAGE}_950", parent_custom={"item": "post"}))
    assert sent_json(meta.asked[0])["recipient"] == {"post_id": f"{PAGE}_950"}


def test_a_second_private_message_goes_by_messenger():
    with pytest.raises(PermanentError, match="Messenger account"):
        facebook(Meta({})).send(replace(ANSWER, visibility="private", parent_visibility="private"))


def test_a_comment_of_last_week_is_not_answered_in_private():
    late = replace(ANSWER, visibility="private", customer_wrote_at=QUEUED - timedelta(days=8))
    with pytest.raises(PermanentError, match="7 days"):
        facebook(Meta({})).send(late)


def test_a_cut_connection_is_uncertain():
    with pytest.raises(UncertainError):
        facebook(Meta({"POST /900_901/comments": httpx.ReadTimeout("cut")})).send(ANSWER)


def test_a_comment_that_arrived_is_found_by_its_author_words_and_time():
    listed = [
        comment("1", "Bonjour Léa, elle part demain.", "07:00:00", PAGE),
        comment("2", "Bonjour Léa, elle part demain.", "08:15:10", "7001"),
        comment("3", "Bonjour Léa,  elle part demain.", "08:15:09", PAGE),
    ]
    found = facebook(Meta({"GET /900_901/comments": {"data": listed}})).find_sent(ANSWER)
    assert found is not None
    assert found.external_id == "3"
    assert facebook(Meta({"GET /900_901/comments": {"data": listed[:2]}})).find_sent(ANSWER) is None


def test_nobody_can_look_a_private_reply_up():
    with pytest.raises(UncertainError):
        facebook(Meta({})).find_sent(replace(ANSWER, visibility="private"))


def test_a_comment_of_ours_can_be_changed_and_taken_back():
    meta = Meta({"POST /900_905": {"success": True}, "DELETE /900_905": {"success": True}})
    facebook(meta).edit("900_905", replace(ANSWER, text="Après-demain."), {})
    facebook(meta).delete("900_905", {})
    assert sent_form(meta.asked[0]) == {"message": "Après-demain."}


def test_deleting_what_is_gone_is_a_success():
    facebook(Meta({"DELETE /900_905": refusal(100, 33)})).delete("900_905", {})
    with pytest.raises(PermanentError):
        facebook(Meta({"DELETE /900_905": refusal(200)})).delete("900_905", {})


def test_comments_on_our_page_are_hidden_shown_and_removed():
    meta = Meta({"POST /900_901": {"success": True}, "DELETE /900_901": {"success": True}})
    page = facebook(meta)
    assert page.may_hide(Standing(f"{PAGE}_900"))
    assert not page.may_hide(Standing("7006_970"))
    assert page.may_remove(Standing(f"{PAGE}_900"))
    page.hide("900_901", thread_id=f"{PAGE}_900")
    page.show("900_901", thread_id=f"{PAGE}_900")
    page.remove("900_901", thread_id=f"{PAGE}_900")
    assert [sent_form(one).get("is_hidden") for one in meta.asked[:2]] == ["true", "false"]


def test_a_like_is_given_and_taken_back():
    meta = Meta({"POST /900_901/likes": {"success": True}, "DELETE /900_901/likes": refusal(100, 33)})
    facebook(meta).like("900_901", {})
    facebook(meta).unlike("900_901", {})
    assert meta.names() == ["POST /900_901/likes", "DELETE /900_901/likes"]


def test_history_reads_posts_with_all_their_comments_and_then_recommendations():
    since = datetime(2026, 2, 1, tzinfo=UTC)
    more = "https://graph.facebook.com/v23.0/p/comments?after=c"
    post = {"id": f"{PAGE}_1", "created_time": "2026-03-01T08:00:00+0000", "from": {"id": PAGE}, "message": "Soldes"}
    post["comments"] = {"data": [], "paging": {"next": more}}
    late = {
        "id": "1_2",
        "created_time": "2026-03-01T08:10:00+0000",
        "message": "Et en magasin ?",
        "from": {"id": "7001"},
    }
    old = {"created_time": "2019-03-01T08:00:00+0000", "rating": 5, "open_graph_story": {"id": "9"}}
    meta = Meta(
        {
            "GET /me/feed": {"data": [post]},
            "GET /p/comments": {"data": [late]},
            "GET /me/ratings": {"data": [old]},
        }
    )
    page = facebook(meta)
    pages = list(page.history(since, {}))
    events = [event for one in pages for delivery in one.deliveries for event in page.parse(delivery)]
    assert [(event.event, event.external_id) for event in events] == [
        (EventKind.COMMENT, "1_2"),
        (EventKind.POST, f"{PAGE}_1"),
    ]
    assert events[0].thread_id == f"{PAGE}_1"
    assert meta.asked[0].url.params["since"] == str(int(since.timestamp()))
    assert pages[-1].cursor == {"stage": "done"}
    assert list(page.history(since, pages[-1].cursor)) == []


def test_history_goes_on_where_it_rested():
    meta = Meta({"GET /me/ratings": {"data": []}})
    pages = list(facebook(meta).history(datetime(2026, 2, 1, tzinfo=UTC), {"stage": "ratings"}))
    assert meta.names() == ["GET /me/ratings"]
    assert pages[-1].cursor == {"stage": "done"}


def test_figures_are_the_pages_and_those_of_posts_that_are_named():
    post = {
        "id": f"{PAGE}_1",
        "reactions": {"summary": {"total_count": 7}},
        "comments": {"summary": {"total_count": 3}},
        "shares": {"count": 2},
    }
    meta = Meta(
        {
            "GET /me": {"followers_count": 1200, "rating_count": 14, "overall_star_rating": 4.5},
            "GET /me/feed": {"data": [post, {"id": "another"}]},
        }
    )
    assert facebook(meta).figures([f"{PAGE}_1"]) == [
        Figure("followers", 1200),
        Figure("reviews", 14),
        Figure("rating", 4.5, best=5.0),
        Figure("likes", 7, f"{PAGE}_1"),
        Figure("comments", 3, f"{PAGE}_1"),
        Figure("shares", 2, f"{PAGE}_1"),
    ]


def test_what_happens_on_another_page_is_not_ours():
    body = b'{"object":"page","entry":[{"id":"2","changes":[{"field":"feed","value":{"item":"post","verb":"add"}}]}]}'
    (event,) = facebook(Meta({})).parse(Delivery(body))
    assert event.event is EventKind.IGNORED
    assert "another Page" in (event.reason or "")


def test_an_edit_tells_when_it_was_made():
    body = (
        b'{"object":"page","entry":[{"id":"104000000000001","time":1772439300,"changes":[{"field":"feed","value":'
        b'{"item":"comment","verb":"edited","comment_id":"900_901","created_time":1772430000,"message":"x"}}]}]}'
    )
    (event,) = facebook(Meta({})).parse(Delivery(body))
    assert (event.sent_at, event.edited_at) == (
        datetime(2026, 3, 2, 5, 40, tzinfo=UTC),
        datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    )
