from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.core.tasks import Retry
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.people.models import Agent
from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.fake_network import FakeNetwork

Queue = Callable[..., Message]


@pytest.fixture(autouse=True)
def _no_undo(settings: Any) -> None:
    """Replies are due at once; tests of undoing set it back."""
    settings.UNDO_SECONDS = 0


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent(name="Awa Diop")


@pytest.fixture
def conversation(db: None, fake_network: FakeNetwork) -> Conversation:
    """A customer waits for an answer on a network without keys or search."""
    return waiting_conversation("fake")


def waiting_conversation(kind: str) -> Conversation:
    conversation = make_conversation(account=make_account(kind=kind))
    make_incoming(conversation, sent_at=now() - timedelta(minutes=5))
    return conversation


@pytest.fixture
def queue(agent: Agent) -> Queue:
    """Queue a reply of Awa's: queue(conversation, "text")."""

    def queue_one(conversation: Conversation, text: str = "Je regarde.", **given: Any) -> Message:
        wanted: dict[str, Any] = {"by": agent, "visibility": "private"} | given
        return queue_reply(conversation.pk, text=text, **wanted)

    return queue_one


def deliver_due(message: Message) -> Message:
    """Run one attempt as if it were due, and read the reply again."""
    Message.objects.filter(pk=message.pk, state="queued", send_after__gt=now()).update(send_after=now())
    deliver(message.pk)
    return reread(message)


def postponed(message: Message) -> timedelta:
    """How long the task wants to wait."""
    with pytest.raises(Retry) as raised:
        deliver(message.pk)
    return raised.value.after


def reread(message: Message) -> Message:
    return Message.objects.select_related("conversation", "account").get(pk=message.pk)
