from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

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
    NetworkEvent,
    Outgoing,
    PermanentError,
    Standing,
    TransientError,
    UncertainError,
)
from comptoir.connectors.threads.connector import Threads
from tests.connectors.meta import Meta, challenge, delivered, refusal, sent_form

FIXTURES = Path(__file__).parent / "fixtures"
OURS = "9001"
CREDENTIALS = {"client_id": "77", "client_secret": "s3cret", "verify_token": "phrase", "access_token": "THAA"}
ANSWER = Outgoing(
    key="k-1",
    queued_at=datetime(2026, 3, 2, 8, 15, tzinfo=UTC),
    text="Oui, il en reste.",
    visibility="public",
    recipient=Author(id="@lea.martin", handle="lea.martin"),
    thread_id="123456",
    parent_id="8901234",
    parent_visibility="public",
)


def threads(meta: Meta, credentials: dict[str, str] | None = None) -> Threads:
    return Threads(CREDENTIALS if credentials is None else credentials, meta.client(), own_id=OURS)


def parsed(name: str, own_id: str | None = OURS) -> list[object]:
    account = Threads(CREDENTIALS, Meta({}).client(), own_id=own_id)
    return account.parse(Delivery((FIXTURES / name).read_bytes()))


def test_a_reply_is_prepared_and_published():
    meta = Meta({"POST /me/threads": {"id": "c-1"}, "POST /me/threads_publish": {"id": "8901236"}})
    sent = threads(meta).send(ANSWER)
    assert (sent.external_id, sent.thread_id) == ("8901236", "123456")
    prepared, published = meta.asked
    assert str(prepared.url.copy_with(query=None)) == "https://graph.threads.net/v1.0/me/threads"
    assert prepared.url.params["access_token"] == "THAA"
    assert "authorization" not in prepared.headers
    assert sent_form(prepared) == {"media_type": "TEXT", "text": "Oui, il en reste.", "reply_to_id": "8901234"}
    assert sent_form(published) == {"creation_id": "c-1"}


@pytest.mark.parametrize(
    ("prepared", "published", "error"),
    [
        (httpx.ReadTimeout("cut"), {}, TransientError),
        (refusal(2, status=500), {}, TransientError),
        ({}, {}, TransientError),
        (refusal(190, status=401), {}, AuthError),
        (refusal(100), {}, PermanentError),
        ({"id": "c"}, httpx.ReadTimeout("cut"), UncertainError),
        ({"id": "c"}, refusal(2, status=500), UncertainError),
        ({"id": "c"}, {}, UncertainError),
        ({"id": "c"}, refusal(24, 4279009), TransientError),
        ({"id": "c"}, refusal(10), PermanentError),
    ],
)
def test_what_the_network_answers_says_what_may_be_done_next(prepared, published, error):
    with pytest.raises(error):
        threads(Meta({"POST /me/threads": prepared, "POST /me/threads_publish": published})).send(ANSWER)


def test_threads_has_no_private_messages():
    with pytest.raises(PermanentError, match="answer in public"):
        threads(Meta({})).send(replace(ANSWER, visibility="private"))


def test_a_reply_that_arrived_is_found_by_what_it_answers_its_words_and_time():
    def reply(name: str, time: str, answered: str) -> dict[str, object]:
        when = f"2026-03-02T{time}+0000"
        return {"id": name, "text": "Oui,  il en reste.", "timestamp": when, "replied_to": {"id": answered}}

    others = [reply("1", "07:00:00", "8901234"), reply("2", "08:15:10", "5")]
    meta = Meta({"GET /me/replies": [{"data": [*others, reply("3", "08:15:09", "8901234")]}, {"data": others}]})
    found = threads(meta).find_sent(ANSWER)
    assert found is not None
    assert found.external_id == "3"
    assert threads(meta).find_sent(ANSWER) is None


def test_only_what_stands_right_below_a_post_of_ours_can_be_hidden():
    account = threads(Meta({}))
    assert account.may_hide(Standing("123456", "8901234", "@lea", "123456", OURS))
    assert not account.may_hide(Standing("123456", "8901235", "@lea", "8901234", OURS))
    assert not account.may_hide(Standing("123456", "8901234", "@lea", "123456", "9002"))
    assert not account.may_hide(Standing("123456", "8901234", "@lea", "123456"))


def test_a_reply_says_whose_thread_it_stands_in():
    assert [event.thread_author_id for event in parsed("reply.json")] == [OURS]
    page = b'{"in_our_thread":true,"data":[{"id":"5","text":"a","root_post":{"id":"1"},"replied_to":{"id":"1"}}]}'
    (event,) = threads(Meta({})).parse(Delivery(page))
    assert (event.thread_author_id, event.parent_id) == (OURS, "1")


def test_replies_are_hidden_and_shown():
    meta = Meta({"POST /8901234/manage_reply": {"success": True}})
    account = threads(meta)
    account.hide("8901234", thread_id="123456")
    account.show("8901234", thread_id="123456")
    assert [sent_form(one) for one in meta.asked] == [{"hide": "true"}, {"hide": "false"}]


def test_our_own_reply_is_taken_back_and_one_that_is_gone_is_a_success():
    meta = Meta({"DELETE /8901236": [{"success": True}, refusal(100, 33)]})
    threads(meta).delete("8901236", {})
    threads(meta).delete("8901236", {})
    with pytest.raises(PermanentError):
        threads(Meta({"DELETE /8901236": refusal(10)})).delete("8901236", {})


def dated(content: object) -> httpx.Response:
    return httpx.Response(200, json=content, headers={"Date": "Mon, 02 Mar 2026 08:00:00 GMT"})


def test_a_sign_in_is_exchanged_for_sixty_days():
    meta = Meta(
        {
            "POST /access_token": {"access_token": "short", "user_id": OURS},
            "GET /": dated({"access_token": "long", "expires_in": 5_184_000}),
            "GET /me": {"id": OURS, "username": "lamaison"},
        }
    )
    (offered,) = threads(meta).exchange("code#_", redirect_url="https://counter.example/back", verifier="")
    assert (offered.own_id, offered.name, offered.credentials["access_token"]) == (OURS, "lamaison", "long")
    assert str(meta.asked[0].url) == "https://graph.threads.net/oauth/access_token"
    assert meta.asked[1].url.params["grant_type"] == "th_exchange_token"
    assert threads(meta, dict(offered.credentials)).renew_at() == datetime(2026, 4, 11, 8, tzinfo=UTC)


def test_a_token_is_renewed():
    meta = Meta({"GET /": dated({"access_token": "fresh", "expires_in": 5_184_000})})
    assert threads(meta).renew()["access_token"] == "fresh"
    assert str(meta.asked[0].url.copy_with(query=None)) == "https://graph.threads.net/refresh_access_token"


def test_check_says_who_we_are():
    health = threads(Meta({"GET /me": {"id": OURS, "username": "lamaison", "name": "La Maison"}})).check()
    assert (health.own_id, health.handle, health.name) == (OURS, "lamaison", "La Maison")


def test_history_reads_posts_with_every_reply_and_then_mentions():
    since = datetime(2026, 2, 1, tzinfo=UTC)
    post = {
        "id": "10",
        "text": "Lampe",
        "timestamp": "2026-03-01T08:00:00+0000",
        "has_replies": True,
        "owner": {"id": OURS},
    }
    old = {"id": "9", "text": "x", "timestamp": "2025-03-01T08:00:00+0000"}
    reply = {"id": "11", "text": "a", "root_post": {"id": "10"}, "replied_to": {"id": "10"}, "username": "lea.martin"}
    nested = {"id": "12", "text": "b", "root_post": {"id": "10"}, "replied_to": {"id": "11"}, "username": "noe"}
    following = "https://graph.threads.com/v1.0/10/conversation?access_token=THAA&after=x"
    mention = {"id": "20", "text": "@lamaison", "timestamp": "2026-03-01T09:00:00+0000", "username": "ines"}
    meta = Meta(
        {
            "GET /me/threads": {"data": [post, old]},
            "GET /10/conversation": [{"data": [reply], "paging": {"next": following}}, {"data": [nested]}],
            "GET /me/mentions": {"data": [mention]},
        }
    )
    account = threads(meta)
    pages = list(account.history(since, {}))
    events = [event for page in pages for one in page.deliveries for event in account.parse(one)]
    assert [(event.event, event.external_id, event.thread_id, event.direction) for event in events] == [
        (EventKind.COMMENT, "11", "10", "incoming"),
        (EventKind.COMMENT, "12", "10", "incoming"),
        (EventKind.POST, "10", "10", "outgoing"),
        (EventKind.POST, "20", "20", "incoming"),
    ]
    assert pages[-1].cursor == {"stage": "done"}
    assert list(account.history(since, pages[-1].cursor)) == []


def test_figures_are_the_accounts_and_those_of_posts_that_are_named():
    insights = [{"name": "views", "values": [{"value": 120}]}, {"name": "replies", "values": [{"value": 3}]}]
    meta = Meta(
        {
            "GET /me/threads_insights": {"data": [{"name": "followers_count", "total_value": {"value": 900}}]},
            "GET /10/insights": {"data": insights},
            "GET /11/insights": refusal(100, 33),
        }
    )
    assert threads(meta).figures(["10", "11"]) == [
        Figure("followers", 900),
        Figure("views", 120, "10"),
        Figure("comments", 3, "10"),
    ]


def test_a_delivery_is_verified_and_a_challenge_answered():
    account = threads(Meta({}))
    account.verify(delivered(b"{}"))
    answer = account.challenge(challenge("phrase"))
    assert answer is not None
    assert answer.body == b"1158201444"


def test_a_reply_is_handed_to_the_owner_of_its_thread():
    request = HookRequest("POST", "", {}, {}, (FIXTURES / "reply.json").read_bytes())
    assert threads(Meta({})).addressees(request) == [Addressee("threads", OURS)]
    assert threads(Meta({})).addressees(HookRequest("POST", "", {}, {}, b"no json")) == ()


def test_a_reply_in_the_thread_of_another_account_is_not_ours():
    (event,) = parsed("reply.json", own_id="5")
    assert event.event is EventKind.IGNORED


def test_who_opened_our_thread_and_answers_in_it_is_ourselves():
    body = (FIXTURES / "reply.json").read_bytes().replace(b'"username": "lea.martin"', b'"username": "lamaison"')
    (event,) = threads(Meta({})).parse(Delivery(body))
    assert event.direction == "outgoing"


def said(content: dict[str, object], own_id: str | None = OURS) -> NetworkEvent:
    (event,) = Threads(CREDENTIALS, Meta({}).client(), own_id=own_id).parse(Delivery(json.dumps(content).encode()))
    return event


def test_a_long_text_beside_a_post_is_part_of_it():
    long = {"plaintext": "Toute l’histoire.", "link_attachment_url": "https://blog.example/"}
    event = said({"id": "5", "text": "Lisez", "text_attachment": long})
    assert (event.text, event.attachments[0].url) == ("Lisez\nToute l’histoire.", "https://blog.example/")


def test_a_poll_shows_what_it_offers():
    poll = {"option_a": "Rouge", "option_b": "Bleu", "option_a_votes_percentage": 0.1}
    assert said({"id": "5", "text": "Laquelle ?", "poll_attachment": poll}).text == "Laquelle ?\n- Rouge\n- Bleu"


def test_we_may_be_known_by_our_name():
    root = {"id": "1", "owner_id": "9001", "username": "boutique"}
    value = {"id": "2", "username": "lea", "text": "Merci", "media_type": "TEXT_POST", "root_post": root}
    assert said({"values": {"field": "replies", "value": value}}, "boutique").event is EventKind.COMMENT
    own = {"id": "3", "username": "boutique", "text": "Oui", "media_type": "TEXT_POST"}
    assert said(own, "boutique").direction == "outgoing"
