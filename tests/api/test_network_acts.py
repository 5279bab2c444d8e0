"""What a program asks of the network about messages that the network has."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, Message, WordedAct
from comptoir.delivery.models import Moderation
from comptoir.delivery.tasks import carry_out, moderate
from comptoir.events.models import Event
from tests.api.conftest import Program
from tests.factories import make_account, make_conversation, make_incoming, make_outgoing
from tests.fake_network import FakeNetwork

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(fake_network: FakeNetwork) -> Conversation:
    """A customer below a post of ours, in public."""
    return make_conversation(account=make_account(), is_public=True, thread_id="ours-1")


@pytest.fixture
def answer(conversation: Conversation) -> Message:
    make_outgoing(conversation, external_id="ours-1")
    return make_outgoing(conversation, text="Il part demian.")


@pytest.fixture
def theirs(conversation: Conversation) -> Message:
    make_outgoing(conversation, external_id="ours-1")
    return make_incoming(conversation, visibility="public", parent_external_id="ours-1")


def path(message: Message) -> str:
    return f"/messages/{message.pk}/network-acts"


def test_an_answer_is_given_another_text_once_the_network_has_taken_it(administrator: Program, answer: Message) -> None:
    response = administrator.post(path(answer), {"act": "edit", "text": "Il part demain."})
    assert response.status_code == 202
    asked = response.json()
    assert (asked["act"], asked["outcome"], asked["text"]) == ("edit", "waiting", "Il part demain.")
    assert administrator.get(path(answer)).json()["may"] == [], "one at a time"
    carry_out(WordedAct.objects.get().pk)
    shown = administrator.get(path(answer)).json()
    assert shown["acts"][0]["outcome"] == "done"
    assert {"edit", "delete"} <= set(shown["may"])
    messages = administrator.get(f"/conversations/{answer.conversation_id}/messages").json()["items"]
    assert "Il part demain." in [one["text"] for one in messages]


def test_the_record_keeps_the_token_that_asked(administrator: Program, answer: Message) -> None:
    administrator.post(path(answer), {"act": "delete"})
    told = Event.objects.get(name="message.moderation_requested")
    assert (told.actor_kind, told.actor_id) == ("token", administrator.token_id)


@pytest.mark.parametrize("act", ["report", "hide", "like"])
def test_a_customers_message_is_reported_hidden_or_liked(administrator: Program, theirs: Message, act: str) -> None:
    assert act in administrator.get(path(theirs)).json()["may"]
    response = administrator.post(path(theirs), {"act": act, "text": "Insultes" if act == "report" else ""})
    assert response.status_code == 202
    if act == "report":
        carry_out(WordedAct.objects.get().pk)
    else:
        moderate(Moderation.objects.get().pk)
    assert administrator.get(path(theirs)).json()["acts"][0]["outcome"] == "done"


def test_what_is_hidden_says_since_when(administrator: Program, theirs: Message) -> None:
    administrator.post(path(theirs), {"act": "hide"})
    moderate(Moderation.objects.get().pk)
    items = administrator.get(f"/conversations/{theirs.conversation_id}/messages").json()["items"]
    assert next(one for one in items if one["id"] == theirs.pk)["hidden_at"] is not None
    assert "show" in administrator.get(path(theirs)).json()["may"]


def test_what_the_network_does_not_let_us_do_is_a_conflict(administrator: Program, theirs: Message) -> None:
    response = administrator.post(path(theirs), {"act": "edit", "text": "Autre chose"})
    assert (response.status_code, response.json()["type"]) == (409, "urn:comptoir:problem:conflict")


def test_a_second_act_waits_for_the_first(administrator: Program, answer: Message) -> None:
    administrator.post(path(answer), {"act": "edit", "text": "Il part demain."})
    assert administrator.post(path(answer), {"act": "delete"}).status_code == 409


def test_the_new_text_is_held_to_what_replies_are_held_to(administrator: Program, answer: Message) -> None:
    phone = {"act": "edit", "text": "Rappelez le 06 12 34 56 78."}
    refused = administrator.post(path(answer), phone)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:comptoir:problem:personal-data")
    assert administrator.post(path(answer), {"act": "edit", "text": answer.text}).status_code == 422
    assert administrator.post(path(answer), {"act": "edit", "text": " "}).status_code == 422
    assert administrator.post(path(answer), phone | {"confirm_personal_data": True}).status_code == 202


def test_a_report_longer_than_moderators_read_is_refused_whole(administrator: Program, theirs: Message) -> None:
    response = administrator.post(path(theirs), {"act": "report", "text": "x" * 1001})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/text")


@pytest.mark.parametrize("body", [{}, {"act": "burn"}, {"act": "edit", "words": "x"}])
def test_what_is_asked_wrongly_is_said_field_by_field(administrator: Program, answer: Message, body: object) -> None:
    response = administrator.post(path(answer), body)
    assert (response.status_code, response.json()["type"]) == (422, "urn:comptoir:problem:invalid")


def test_a_message_of_nobody_is_not_there(administrator: Program, db: None) -> None:
    assert administrator.get("/messages/999999/network-acts").status_code == 404
