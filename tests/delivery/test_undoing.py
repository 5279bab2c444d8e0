"""Taking a reply back before it leaves, and deleting it after it has left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.connectors import registry
from comptoir.conversations.models import Conversation, Draft, Message
from comptoir.core.clock import now
from comptoir.core.tasks import Retry
from comptoir.delivery import tasks
from comptoir.delivery.actions import delete_sent, take_back
from comptoir.delivery.refusals import CannotDeleteHereError, TooLateError
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, deliver_due, waiting_conversation
from tests.factories import make_agent
from tests.fake_network import FakeNetwork

TOMORROW = (now() + timedelta(days=1)).isoformat()


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


def test_a_sent_message_is_deleted_on_the_network(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = deliver_due(queue(conversation))
    delete_sent(message.pk, by=agent)
    tasks.delete_sent(message.pk, agent.pk, TOMORROW)
    message.refresh_from_db()
    assert fake_network.deleted == [message.external_id]
    assert message.deleted_at is not None
    assert Event.objects.get(name="message.deleted").actor_id == agent.pk


def test_a_deletion_the_network_cannot_make_now_is_asked_again(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = deliver_due(queue(conversation))
    fake_network.answer_next("500")
    with pytest.raises(Retry):
        tasks.delete_sent(message.pk, agent.pk, TOMORROW)
    tasks.delete_sent(message.pk, agent.pk, TOMORROW)
    message.refresh_from_db()
    assert message.deleted_at is not None


def test_a_deletion_the_network_never_can_make_is_told(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = deliver_due(queue(conversation))
    fake_network.answer_next("500")
    tasks.delete_sent(message.pk, agent.pk, now().isoformat())
    assert Event.objects.get(name="message.deletion_refused").reason == "The network answered 500."


def test_a_deletion_the_network_refuses_is_told(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = deliver_due(queue(conversation))
    fake_network.answer_next("400")
    tasks.delete_sent(message.pk, agent.pk, TOMORROW)
    message.refresh_from_db()
    assert message.deleted_at is None
    assert Event.objects.get(name="message.deletion_refused").reason == "The network refused it (400)."


def test_what_was_not_sent_cannot_be_deleted(conversation: Conversation, queue: Queue, agent: Agent) -> None:
    with pytest.raises(CannotDeleteHereError):
        delete_sent(queue(conversation).pk, by=agent)


def test_a_network_without_deletion_says_so(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = deliver_due(queue(conversation))
    monkeypatch.setattr(registry, "connector_classes", dict)
    with pytest.raises(CannotDeleteHereError):
        delete_sent(message.pk, by=agent)


def test_undo_is_over_when_the_time_is_over(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    message = queue(conversation, send_after=now() + timedelta(seconds=10))
    assert deliver_due(message).state == "sent"
    with pytest.raises(TooLateError):
        take_back(message.pk, by=agent)
