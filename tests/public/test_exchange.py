from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.intake.consumer import consume_once
from comptoir.intake.models import RawDelivery
from tests.factories import make_agent, make_outgoing
from tests.public.conftest import Browser


def test_what_a_visitor_says_becomes_a_conversation(browser: Browser) -> None:
    said = browser.say("Bonjour, mon panier est vide.")
    conversation = browser.conversation()
    message = conversation.messages.get()
    assert (message.text, message.visibility, message.language) == ("Bonjour, mon panier est vide.", "private", "fr")
    assert message.external_id == f"{browser.id}:{said}"
    assert [(one["id"], one["from"], one["state"]) for one in browser.messages()] == [(said, "visitor", "sent")]


def test_post_repeated_is_one_message(browser: Browser) -> None:
    post = {"events": [{"type": "message", "id": "a1", "text": "Une fois"}]}
    for _attempt in range(3):
        assert browser.post("/events", post).json() == {"stored": ["a1"]}
        consume_once()
    assert RawDelivery.objects.count() == 1
    assert Message.objects.count() == 1


def test_answer_is_given_once_it_is_sent(browser: Browser) -> None:
    browser.say("Bonjour")
    agent = make_agent(name="Awa Diop")
    answer = make_outgoing(browser.conversation(), state="queued", agent=agent)
    assert len(browser.messages()) == 1
    Message.objects.filter(pk=answer.pk).update(state="sent")
    assert browser.messages()[-1] | {"sent_at": ""} == {
        "id": answer.external_id,
        "from": "counter",
        "author": "Awa",
        "is_automatic": False,
        "text": answer.text,
        "sent_at": "",
        "is_edited": False,
        "state": "sent",
        "files": [],
    }


@pytest.mark.parametrize("state", ["queued", "sending", "failed", "uncertain", "cancelled"])
def test_what_has_not_left_is_not_given(browser: Browser, state: str) -> None:
    browser.say("Bonjour")
    make_outgoing(browser.conversation(), state=state)
    assert [one["from"] for one in browser.messages()] == ["visitor"]


def test_deleted_answer_is_no_longer_given(browser: Browser) -> None:
    browser.say("Bonjour")
    make_outgoing(browser.conversation(), deleted_at=now())
    assert [one["from"] for one in browser.messages()] == ["visitor"]


def test_other_visitor_is_given_nothing_of_it(browser: Browser, other_browser: Browser) -> None:
    browser.say("Mon numéro de commande est 4711")
    assert other_browser.messages() == []


def test_nothing_new_is_304_in_two_queries(browser: Browser) -> None:
    browser.say("Bonjour")
    for number in range(5):
        make_outgoing(browser.conversation(), text=f"Réponse {number}")
    first = browser.get("/messages")
    with CaptureQueriesContext(connection) as queries:
        second = browser.get("/messages", **{"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert len(queries) == 2


def test_every_change_of_what_is_shown_changes_the_tag(browser: Browser) -> None:
    browser.say("Bonjour")
    answer = make_outgoing(browser.conversation())
    tags = {browser.get("/messages")["ETag"]}
    for change in ({"state": "read"}, {"edited_at": now()}, {"text": "Corrigé"}, {"deleted_at": now()}):
        Message.objects.filter(pk=answer.pk).update(**change)
        tags.add(browser.get("/messages")["ETag"])
    assert len(tags) == 5


def test_history_is_given_in_pages_without_a_gap(browser: Browser) -> None:
    browser.say("Bonjour")
    conversation, start = browser.conversation(), now()
    for number in range(119):
        make_outgoing(conversation, text=str(number), sent_at=start + timedelta(seconds=number // 3))
    page: dict[str, Any] = browser.get("/messages").json()
    texts = [one["text"] for one in page["messages"]]
    while page["earlier"]:
        page = browser.get(f"/messages?before={page['earlier']}").json()
        texts = [one["text"] for one in page["messages"]] + texts
    assert texts == ["Bonjour", *map(str, range(119))]


@pytest.mark.parametrize("cursor", ["x", "====", "MTox", "2026", "%00", "MjAyNi0wMS0wMXwx"])
def test_cursor_that_is_none_begins_at_the_end(browser: Browser, cursor: str) -> None:
    browser.say("Bonjour")
    response = browser.get(f"/messages?before={cursor}")
    assert [one["text"] for one in response.json()["messages"]] == ["Bonjour"]


def test_resolved_conversation_stays_in_the_history(browser: Browser) -> None:
    browser.say("Premier sujet")
    Conversation.objects.update(status="resolved", resolved_at=now() - timedelta(days=30))
    browser.say("Second sujet")
    assert Conversation.objects.count() == 2
    assert [one["text"] for one in browser.messages()] == ["Premier sujet", "Second sujet"]


def test_growing_draft_shows_as_typing_and_a_note_does_not(browser: Browser) -> None:
    browser.say("Bonjour")
    draft = Draft.objects.create(
        conversation=browser.conversation(), agent=make_agent(), text="Je", visibility="private"
    )
    assert browser.get("/messages").json()["typing"] is True
    Draft.objects.filter(pk=draft.pk).update(visibility="note")
    assert browser.get("/messages").json()["typing"] is False
    Draft.objects.filter(pk=draft.pk).update(visibility="private", updated_at=now() - timedelta(minutes=1))
    assert browser.get("/messages").json()["typing"] is False


def test_draft_to_another_visitor_does_not_show(browser: Browser, other_browser: Browser) -> None:
    browser.say("Bonjour")
    Draft.objects.create(conversation=browser.conversation(), agent=make_agent(), text="Je", visibility="private")
    assert other_browser.get("/messages").json()["typing"] is False


# --- receipts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("receipt", "state"), [("delivered", "delivered"), ("read", "read")])
def test_receipt_of_the_widget_marks_the_answer(browser: Browser, receipt: str, state: str) -> None:
    browser.say("Bonjour")
    answer = make_outgoing(browser.conversation())
    browser.post("/events", {"events": [{"type": receipt, "target_ids": [answer.external_id]}]})
    consume_once()
    answer.refresh_from_db()
    assert answer.state == state


def test_receipt_for_another_visitors_answer_is_none(browser: Browser, other_browser: Browser) -> None:
    browser.say("Bonjour")
    answer = make_outgoing(browser.conversation())
    stored = RawDelivery.objects.count()
    other_browser.post("/events", {"events": [{"type": "read", "target_ids": [answer.external_id]}]})
    consume_once()
    answer.refresh_from_db()
    assert (answer.state, RawDelivery.objects.count()) == ("sent", stored)


def test_visitor_sees_that_an_agent_has_read(browser: Browser) -> None:
    browser.say("Bonjour")
    Message.objects.update(read_at=now())
    assert browser.messages()[0]["state"] == "read"


def test_answer_proves_that_the_message_was_read(browser: Browser) -> None:
    browser.say("Bonjour")
    make_outgoing(browser.conversation(), sent_at=now() + timedelta(seconds=1))
    assert browser.messages()[0]["state"] == "read"


def test_visitor_cannot_edit_or_delete_anothers_message(browser: Browser, other_browser: Browser) -> None:
    said = browser.say("Bonjour")
    events = [{"type": "edit", "target_id": said, "text": "pwned"}, {"type": "delete", "target_id": said}]
    assert other_browser.post("/events", {"events": events}).status_code == 202
    consume_once()
    assert [one["text"] for one in browser.messages()] == ["Bonjour"]


def test_edit_that_returns_to_earlier_words_counts(browser: Browser) -> None:
    said = browser.say("A")
    for words in ("B", "C", "B"):
        edit = {"type": "edit", "target_id": said, "text": words}
        assert browser.post("/events", {"events": [edit]}).status_code == 202
        consume_once()
    assert [one["text"] for one in browser.messages()] == ["B"]


def test_edit_posted_again_under_its_id_is_one_edit(browser: Browser) -> None:
    said = browser.say("A")
    for _post in range(2):
        browser.post("/events", {"events": [{"type": "edit", "id": "e1", "target_id": said, "text": "B"}]})
    assert RawDelivery.objects.count() == 2


def test_visitor_can_delete_their_own_message(browser: Browser) -> None:
    said = browser.say("Bonjour")
    browser.post("/events", {"events": [{"type": "delete", "target_id": said}]})
    consume_once()
    assert browser.messages() == []
