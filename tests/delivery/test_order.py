"""Replies of one conversation leave in the order in which they were written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.delivery.actions import resend, take_back
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, deliver_due, waiting_conversation
from tests.fake_network import FakeNetwork


def jobs_of(message: Any) -> int:
    return ProcrastinateJob.objects.filter(task_name="delivery.deliver", args={"message_id": message.pk}).count()


def test_a_later_reply_waits_for_the_one_before_it(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    first, second = queue(conversation, "un"), queue(conversation, "deux")
    assert deliver_due(second).state == "queued"
    deliver_due(first)
    assert jobs_of(second) == 2, "the first one calls the second when it has left"
    deliver_due(second)
    assert fake_network.texts == ["un", "deux"]


def test_a_later_reply_waits_while_the_one_before_it_is_tried_again(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("429:60")
    first, second = deliver_due(queue(conversation, "un")), queue(conversation, "deux")
    assert first.send_after is not None
    assert second.send_after is not None
    assert first.send_after > second.send_after
    assert deliver_due(second).state == "queued"
    assert fake_network.texts == []


def test_a_reply_without_time_to_undo_waits_for_one_that_has_it(
    conversation: Conversation, queue: Queue, settings: Any
) -> None:
    settings.UNDO_SECONDS = 10
    first, second = queue(conversation, "un"), queue(conversation, "deux", send_after=now())
    assert second.send_after == first.send_after


def test_a_reply_planned_for_tomorrow_holds_up_nobody(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    queue(conversation, "demain", send_after=now() + timedelta(days=1))
    assert deliver_due(queue(conversation, "maintenant")).state == "sent"


def test_a_reply_that_failed_lets_the_next_one_go(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("400")
    first, second = queue(conversation, "un"), queue(conversation, "deux")
    deliver_due(first)
    assert jobs_of(second) == 2
    assert deliver_due(second).state == "sent"


def test_a_reply_taken_back_lets_the_next_one_go(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    first, second = queue(conversation, "un"), queue(conversation, "deux")
    take_back(first.pk, by=agent)
    assert jobs_of(second) == 2
    assert deliver_due(second).state == "sent"


def test_a_reply_perhaps_sent_lets_the_next_one_go(
    conversation: Conversation, queue: Queue, agent: Agent, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("cut after")
    first, second = deliver_due(queue(conversation, "un")), queue(conversation, "deux")
    assert (first.state, deliver_due(second).state) == ("uncertain", "sent")
    resend(first.pk, by=agent)
    assert deliver_due(first).state == "sent"


def test_other_conversations_do_not_wait(conversation: Conversation, queue: Queue, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("500")
    deliver_due(queue(conversation, "un"))
    assert deliver_due(queue(waiting_conversation("fake"), "deux")).state == "sent"
