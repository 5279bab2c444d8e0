"""Taking a reply back before it leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.delivery.actions import take_back
from comptoir.delivery.refusals import TooLateError
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, deliver_due, waiting_conversation
from tests.factories import make_agent
from tests.fake_network import FakeNetwork


def test_a_reply_taken_back_never_leaves(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = queue(conversation, "Trop vite")
    assert take_back(message.pk, by=agent).state == "cancelled"
    assert deliver_due(message).state == "cancelled"
    assert fake_network.texts == []
    assert Event.objects.get(name="message.taken_back").actor_id == agent.pk


def test_its_text_is_a_draft_again(conversation: Conversation, queue: Queue, agent: Agent) -> None:
    take_back(queue(conversation, "Trop vite", visibility="public").pk, by=agent)
    draft = Draft.objects.get()
    assert (draft.agent, draft.text, draft.visibility) == (agent, "Trop vite", "public")


def test_what_was_begun_since_is_kept_after_it(conversation: Conversation, queue: Queue, agent: Agent) -> None:
    message = queue(conversation, "Trop vite")
    Draft.objects.create(conversation=conversation, agent=agent, text="Et aussi", visibility="private")
    take_back(message.pk, by=agent)
    assert Draft.objects.get().text == "Trop vite\n\nEt aussi"


def test_a_reply_taken_back_by_another_returns_to_its_writer(
    conversation: Conversation, queue: Queue, agent: Agent
) -> None:
    take_back(queue(conversation).pk, by=make_agent(role="supervisor"))
    assert Draft.objects.get().agent == agent


def test_the_conversation_shows_what_was_last_before(conversation: Conversation, queue: Queue, agent: Agent) -> None:
    before = Conversation.objects.get(pk=conversation.pk)
    take_back(queue(conversation).pk, by=agent)
    conversation.refresh_from_db()
    assert conversation.last_message_text == before.last_message_text
    assert conversation.last_message_at == before.last_message_at


@pytest.mark.parametrize("state", ["sending", "sent", "failed", "uncertain", "cancelled"])
def test_a_reply_that_has_left_cannot_be_taken_back(
    state: str, conversation: Conversation, queue: Queue, agent: Agent
) -> None:
    message = queue(conversation)
    Message.objects.filter(pk=message.pk).update(state=state)
    with pytest.raises(TooLateError):
        take_back(message.pk, by=agent)


def test_a_reply_that_may_have_left_cannot_be_taken_back(queue: Queue, agent: Agent, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("cut after")
    message = deliver_due(queue(waiting_conversation("fake_safe")))
    assert message.state == "queued"
    with pytest.raises(TooLateError):
        take_back(message.pk, by=agent)


def test_a_reply_the_network_did_not_take_yet_can_be_taken_back(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("500")
    message = deliver_due(queue(conversation))
    assert take_back(message.pk, by=agent).state == "cancelled"


def test_a_reserved_id_is_given_up(queue: Queue, agent: Agent, fake_network: FakeNetwork) -> None:
    message = queue(waiting_conversation("fake_safe"))
    assert take_back(message.pk, by=agent).external_id is None


def test_undo_is_over_when_the_time_is_over(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = queue(conversation, send_after=now() + timedelta(seconds=10))
    assert deliver_due(message).state == "sent"
    with pytest.raises(TooLateError):
        take_back(message.pk, by=agent)
