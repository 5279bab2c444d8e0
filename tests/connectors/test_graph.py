"""What Meta's networks share: errors, paging, signatures, envelopes, subscriptions, the choice of a Page."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from comptoir.connectors.base import (
    Addressee,
    AuthError,
    HookRequest,
    PermanentError,
    SignatureError,
    TransientError,
    UncertainError,
)
from comptoir.connectors.shared.calling import RefusedError
from comptoir.connectors.shared.graph import hooks, pages
from comptoir.connectors.shared.graph.answers import contents
from comptoir.connectors.shared.graph.api import Graph
from comptoir.connectors.shared.graph.envelope import Change, Item, is_of_another, parts
from comptoir.connectors.shared.graph.errors import is_gone
from comptoir.connectors.shared.graph.messaging.attachments import story_role
from comptoir.connectors.shared.graph.page_account import PageAccount
from comptoir.connectors.shared.graph.subscriptions import PAGE_FIELDS
from tests.connectors.meta import Meta, challenge, delivered, refusal, sent_form

APP = {"client_id": "42", "client_secret": "s3cret", "verify_token": "phrase", "access_token": "EAAG"}


def graph(meta: Meta) -> Graph:
    return Graph("Facebook", meta.client(), "EAAG", "s3cret")


def test_a_call_carries_the_token_in_a_header_and_proves_that_it_is_the_apps():
    meta = Meta({"GET /me": {"id": "1"}})
    assert graph(meta).get("me", fields="id") == {"id": "1"}
    (request,) = meta.asked
    assert request.headers["authorization"] == "Bearer EAAG"
    assert "access_token" not in str(request.url)
    assert len(request.url.params["appsecret_proof"]) == 64


def test_nothing_is_asked_without_a_token():
    with pytest.raises(AuthError, match="sign in"):
        Graph("Facebook", Meta({}).client(), "").get("me")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(190, 463, 401), AuthError),
        (refusal(102), AuthError),
        (refusal(4), TransientError),
        (refusal(32), TransientError),
        (refusal(80001), TransientError),
        (refusal(613), TransientError),
        (refusal(1200), TransientError),
        (refusal(1, status=500), UncertainError),
        (refusal(2, status=503), UncertainError),
        (refusal(10, 2018278), PermanentError),
        (refusal(551, 1545041), PermanentError),
        (refusal(368), PermanentError),
        (refusal(200), RefusedError),
        (refusal(100, 33), RefusedError),
        (refusal(0, status=502), UncertainError),
        (httpx.ReadTimeout("late"), UncertainError),
        (httpx.ConnectTimeout("away"), TransientError),
    ],
)
def test_an_error_of_a_post_says_what_may_be_done_next(answer, error):
    with pytest.raises(error):
        graph(Meta({"POST /x": answer})).call("POST", "x")


def test_a_failure_while_reading_may_be_tried_again():
    with pytest.raises(TransientError):
        graph(Meta({"GET /x": refusal(2, status=500)})).get("x")


def test_the_pause_is_the_longest_that_the_usage_header_names():
    usage = json.dumps({"1": [{"estimated_time_to_regain_access": 5}, {"estimated_time_to_regain_access": 12}]})
    answer = refusal(80006, headers={"X-Business-Use-Case-Usage": usage})
    with pytest.raises(TransientError) as caught:
        graph(Meta({"POST /x": answer})).call("POST", "x")
    assert caught.value.retry_after == timedelta(minutes=12)


def test_what_is_gone_is_told_from_other_refusals():
    with pytest.raises(RefusedError) as caught:
        graph(Meta({"DELETE /x": refusal(100, 33)})).call("DELETE", "x")
    assert is_gone(caught.value)
    with pytest.raises(RefusedError) as caught:
        graph(Meta({"DELETE /x": refusal(200)})).call("DELETE", "x")
    assert not is_gone(caught.value)


def test_a_second_private_answer_to_a_comment_is_refused_in_words():
    with pytest.raises(RefusedError, match="answered in private once"):
        graph(Meta({"POST /me/messages": refusal(10900)})).call("POST", "me/messages")


def test_the_network_s_own_words_are_quoted():
    answer = refusal(100, said="technical", error_user_msg="Your message is too long.")
    with pytest.raises(RefusedError, match="Your message is too long"):
        graph(Meta({"POST /x": answer})).call("POST", "x")


def test_pages_are_followed_on_the_same_host_without_the_token_in_the_address():
    address = "https://graph.facebook.com/v23.0/1/feed?access_token=EAAG&after=b&limit=2"
    meta = Meta(
        {
            "GET /me/feed": {"data": [{"id": "a"}], "paging": {"next": address}},
            "GET /1/feed": {"data": [{"id": "b"}], "paging": {"next": "https://elsewhere.example/v23.0/1/feed"}},
        }
    )
    assert [page["data"][0]["id"] for page in graph(meta).pages("me/feed", limit=2)] == ["a", "b"]
    assert dict(meta.asked[1].url.params) | {"appsecret_proof": ""} == {
        "after": "b",
        "limit": "2",
        "appsecret_proof": "",
    }


# --- webhooks -----------------------------------------------------------------------------------------------------


def test_a_delivery_signed_with_the_apps_secret_is_accepted():
    hooks.check_signature(delivered(b'{"a":1}'), ["s3cret"])
    hooks.check_signature(delivered(b'{"a":1}', "other"), ["s3cret", "other"])


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "sha1=00", "é"])
def test_any_other_delivery_is_refused(signature):
    with pytest.raises(SignatureError):
        hooks.check_signature(delivered(b"{}", signature=signature), ["s3cret"])


def test_without_a_secret_nothing_is_verified():
    with pytest.raises(SignatureError):
        hooks.check_signature(delivered(b"{}", ""), [""])


def test_the_challenge_is_given_back_to_who_knows_the_token():
    answer = hooks.answer_challenge(challenge("phrase"), "phrase")
    assert answer is not None
    assert answer.body == b"1158201444"
    with pytest.raises(SignatureError):
        hooks.answer_challenge(challenge("guess"), "phrase")
    with pytest.raises(SignatureError):
        hooks.answer_challenge(challenge(""), "")
    assert hooks.answer_challenge(challenge("phrase", mode="unsubscribe"), "phrase") is None


def test_one_address_serves_every_page_and_both_kinds():
    body = b'{"object":"page","entry":[{"id":1},{"id":"2"},{"id":"1"},{"id":"0"}]}'
    request = HookRequest("POST", "", {}, {}, body)
    found = hooks.addressees(request, ("facebook", "messenger"))
    assert found == [
        Addressee("facebook", "1"), Addressee("messenger", "1"), Addressee("facebook", "2"), Addressee("messenger", "2")
    ]  # fmt: skip
    assert hooks.addressees(HookRequest("POST", "", {}, {}, b"no json"), ("facebook",)) == []


@pytest.mark.parametrize(
    "content",
    [
        {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": {"item": "x"}}]}]},
        [{"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": {"item": "x"}}]}]}],
        {"entry": {"id": "1", "changes": {"field": "feed", "value": {"item": "x"}}}},
        {"entry": [{"id": "1", "time": 1, "field": "feed", "value": {"item": "x"}}]},
        {"id": "1", "time": 1, "changes": [{"field": "feed", "value": {"item": "x"}}]},
        {"field": "feed", "value": {"item": "x"}},
        {"values": {"field": "feed", "value": {"item": "x"}}},
    ],
)
def test_a_change_is_found_however_it_is_wrapped(content):
    (part,) = parts(content) or []
    assert isinstance(part, Change)
    assert (part.field, part.value) == ("feed", {"item": "x"})


@pytest.mark.parametrize(
    "content",
    [
        {"entry": [{"id": "1", "messaging": [{"sender": {"id": "2"}, "recipient": {"id": "1"}}]}]},
        {"entry": [{"id": "1", "standby": [{"sender": {"id": "2"}, "recipient": {"id": "1"}}]}]},
        {"messaging": {"sender": {"id": "2"}, "recipient": {"id": "1"}}},
        {"field": "messages", "value": {"sender": {"id": "2"}, "recipient": {"id": "1"}}},
        {"sender": {"id": "2"}, "recipient": {"id": "1"}},
    ],
)
def test_a_private_event_is_found_however_it_is_wrapped(content):
    (part,) = parts(content) or []
    assert isinstance(part, Item)
    assert part.content["sender"] == {"id": "2"}


@pytest.mark.parametrize("content", [{"data": []}, {"id": "1", "message": "x"}, [], [1], None, "text"])
def test_what_is_no_delivery_is_told_apart(content):
    assert parts(content) is None


def test_another_pages_part_is_told_from_ours_and_from_a_test():
    change = Change("1", None, "feed", {})
    assert is_of_another(change, "2")
    assert not is_of_another(change, "1")
    assert not is_of_another(change, None)
    assert not is_of_another(Change("0", None, "feed", {}), "2")
    assert not is_of_another(Item("9", None, {"sender": {"id": "5"}, "recipient": {"id": "2"}}), "2")


def test_lines_of_json_are_read_one_by_one():
    assert contents(b'{"a":1}\n{"a":2}\n') == [{"a": 1}, {"a": 2}]


# --- the account --------------------------------------------------------------------------------------------------


def test_a_sign_in_offers_every_page_with_its_own_token():
    meta = Meta(
        {
            "POST /oauth/access_token": [{"access_token": "short"}, {"access_token": "long"}],
            "GET /me/accounts": {
                "data": [{"id": "1", "name": "La Maison", "access_token": "P1"}, {"id": "2", "name": "No token"}]
            },
        }
    )
    (offered,) = PageAccount(graph(meta), APP).offered("code", "https://counter.example/back")
    assert (offered.own_id, offered.name, offered.credentials["access_token"]) == ("1", "La Maison", "P1")
    assert offered.credentials["client_secret"] == "s3cret"
    asked = sent_form(meta.asked[0])
    assert asked == {
        "client_id": "42", "client_secret": "s3cret", "redirect_uri": "https://counter.example/back", "code": "code"
    }  # fmt: skip
    assert sent_form(meta.asked[1])["fb_exchange_token"] == "short"
    assert meta.asked[2].headers["authorization"] == "Bearer long"


def test_a_code_that_is_not_taken_is_begun_again():
    meta = Meta({"POST /oauth/access_token": refusal(100, 36009, said="This authorization code has been used.")})
    with pytest.raises(AuthError, match="begin it again"):
        PageAccount(graph(meta), APP).offered("code", "https://counter.example/back")


def test_a_sign_in_without_pages_is_refused_in_words():
    meta = Meta({"POST /oauth/access_token": {"access_token": "t"}, "GET /me/accounts": {"data": []}})
    with pytest.raises(PermanentError, match="manages no Page"):
        PageAccount(graph(meta), APP).offered("code", "https://counter.example/back")


def test_subscribing_sets_the_apps_address_and_the_pages_fields():
    meta = Meta({"POST /42/subscriptions": {"success": True}, "POST /me/subscribed_apps": {"success": True}})
    PageAccount(graph(meta), APP).subscribe("https://counter.example/hooks/facebook/k/")
    app, page = meta.asked
    assert app.headers["authorization"] == "Bearer 42|s3cret"
    assert sent_form(app) == {
        "object": "page",
        "callback_url": "https://counter.example/hooks/facebook/k/",
        "verify_token": "phrase",
        "fields": ",".join(PAGE_FIELDS),
    }
    assert sent_form(page) == {"subscribed_fields": ",".join(PAGE_FIELDS)}


@pytest.mark.parametrize(
    ("address", "fields", "known"),
    [
        ("https://counter.example/hooks/messenger/other/", PAGE_FIELDS, True),
        ("https://counter.example/hooks/facebook/k/", PAGE_FIELDS[:3], False),
        ("https://elsewhere.example/hooks/facebook/k/", PAGE_FIELDS, False),
    ],
)
def test_an_app_that_delivers_to_any_address_of_ours_is_subscribed(address, fields, known):
    told = {"object": "page", "callback_url": address, "active": True, "fields": [{"name": one} for one in fields]}
    meta = Meta(
        {
            "GET /42/subscriptions": {"data": [told]},
            "GET /me/subscribed_apps": {"data": [{"id": "42", "subscribed_fields": list(PAGE_FIELDS)}]},
        }
    )
    assert PageAccount(graph(meta), APP).is_subscribed("https://counter.example/hooks/facebook/k/") is known


def test_check_names_what_the_access_lacks():
    meta = Meta(
        {
            "GET /me": {"id": "1", "name": "La Maison", "username": "lamaison"},
            "GET /debug_token": {"data": {"scopes": ["pages_show_list"]}},
        }
    )
    scopes = pages.Scope("pages_show_list", ("", "")), pages.Scope("pages_messaging", ("", ""))
    health = PageAccount(graph(meta), APP).health(scopes)
    assert (health.own_id, health.handle, health.name) == ("1", "lamaison", "La Maison")
    assert len(health.remarks) == 1
    assert "pages_messaging" in health.remarks[0]


def test_check_does_not_complain_of_a_page_that_is_subscribed_right_after():
    page = {"id": "1", "name": "La Maison", "username": "lamaison"}
    meta = Meta({"GET /me": page, "GET /debug_token": {}, "GET /me/subscribed_apps": {"data": []}})
    assert PageAccount(graph(meta), APP).health(()).remarks == ()


@pytest.mark.parametrize(
    ("message", "role"),
    [
        ({"text": "Belle", "reply_to": {"story": {"id": "1", "url": "https://x.example/a.jpg"}}}, "reply"),
        ({"attachments": [{"type": "story_mention", "payload": {"url": "https://x.example/a.jpg"}}]}, "mention"),
        ({"story": {"reply_to": {"link": "https://x.example/a.jpg", "id": "1"}}}, "reply"),
        ({"story": {"mention": {"link": "https://x.example/a.jpg", "id": "1"}}}, "mention"),
        ({"text": "Belle", "reply_to": {"mid": "m_1"}}, None),
    ],
)
def test_what_a_message_has_to_do_with_a_story_is_read(message, role):
    assert story_role(message) == role
