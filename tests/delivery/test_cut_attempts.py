"""Attempts cut after the network may have accepted: looked up, made again where that is safe, or put to a person."""

from __future__ import annotations

import pytest

from comptoir.conversations.models import Conversation, Message
from comptoir.delivery.actions import resend, settle_uncertain
from comptoir.delivery.models import Attempt
from comptoir.delivery.outcomes import MAX_ATTEMPTS
from comptoir.delivery.refusals import NothingToDecideError
from comptoir.events.models import Event
from comptoir.people.models import Agent
from tests.delivery.conftest import Queue, deliver_due, waiting_conversation
from tests.fake_network import Fake, FakeFindable, FakeNetwork

CUTS = ["cut before", "cut after", "half", "garbage", "silence"]


@pytest.mark.parametrize("cut", CUTS)
def test_without_any_means_a_person_is_asked(
    cut: str, conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next(cut)
    message = deliver_due(queue(conversation))
    assert message.state == "uncertain"
    assert Event.objects.get(name="message.uncertain").subject_id == message.pk
    assert deliver_due(message).state == "uncertain", "never sent again blindly"
    assert len(fake_network.arrived) == (cut != "cut before")


@pytest.mark.parametrize("cut", CUTS)
def test_a_network_that_knows_keys_is_simply_sent_to_again(cut: str, queue: Queue, fake_network: FakeNetwork) -> None:
    fake_network.answer_next(cut)
    message = deliver_due(queue(waiting_conversation("fake_safe")))
    assert message.state == "queued"
    assert deliver_due(message).state == "sent"
    assert len(fake_network.arrived) == 1


@pytest.mark.parametrize("cut", CUTS)
def test_a_network_with_a_search_is_asked_before_sending_again(
    cut: str, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next(cut)
    message = deliver_due(queue(waiting_conversation("fake_findable")))
    assert (message.state, fake_network.asked) == ("queued", [])
    message = deliver_due(message)
    assert (message.state, fake_network.asked) == ("sent", [str(message.key)])
    assert len(fake_network.arrived) == 1
    assert message.attempts.latest("number").was_found == (cut != "cut before")


def test_a_search_that_fails_for_now_is_made_again_before_anything_is_sent(
    queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("cut after", "500", "500")
    message = deliver_due(queue(waiting_conversation("fake_findable")))
    for _failure in range(2):
        message = deliver_due(message)
        assert message.state == "queued"
    assert deliver_due(message).state == "sent"
    assert len(fake_network.arrived) == 1


def test_a_search_that_cannot_tell_puts_it_to_a_person(
    queue: Queue, fake_network: FakeNetwork, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comptoir.connectors.base import UncertainError

    def shrug(self: FakeFindable, outgoing: object) -> None:
        raise UncertainError("The search does not reach so far back.")

    monkeypatch.setattr(FakeFindable, "find_sent", shrug)
    fake_network.answer_next("cut before")
    message = deliver_due(queue(waiting_conversation("fake_findable")))
    message = deliver_due(message)
    assert (message.state, message.failure) == ("uncertain", "The search does not reach so far back.")
    settle_uncertain(message.pk, was_sent=False, by=agent)
    assert deliver_due(message).state == "sent", "the person's word goes before the network's doubt"


def test_a_mistake_of_ours_while_sending_counts_as_cut(
    conversation: Conversation, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Fake, outgoing: object) -> None:
        raise KeyError("id")

    monkeypatch.setattr(Fake, "send", broken)
    message = deliver_due(queue(conversation))
    assert message.state == "uncertain"
    assert "KeyError: 'id'" in message.failure


def test_giving_up_after_a_cut_does_not_claim_that_nothing_left(queue: Queue, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("cut after", *["500"] * MAX_ATTEMPTS)
    message = queue(waiting_conversation("fake_safe"))
    for _attempt in range(MAX_ATTEMPTS):
        message = deliver_due(message)
    assert message.state == "uncertain"


def test_a_refusal_after_a_cut_does_not_claim_that_nothing_left(queue: Queue, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("cut after", "400")
    message = deliver_due(queue(waiting_conversation("fake_safe")))
    assert deliver_due(message).state == "uncertain"


def test_a_person_who_found_it_makes_it_sent(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, agent: Agent
) -> None:
    fake_network.answer_next("cut after")
    message = deliver_due(queue(conversation))
    settle_uncertain(message.pk, was_sent=True, by=agent)
    message.refresh_from_db()
    assert (message.state, message.sent_at) == ("sent", message.attempts.get().started_at)
    event = Event.objects.get(name="message.sent")
    assert (event.actor_kind, event.actor_id) == ("agent", agent.pk)
    conversation.refresh_from_db()
    assert conversation.waiting_since is None


def test_a_person_who_did_not_find_it_has_it_sent(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, agent: Agent
) -> None:
    fake_network.answer_next("cut before")
    message = deliver_due(queue(conversation))
    settle_uncertain(message.pk, was_sent=False, by=agent)
    assert deliver_due(message).state == "sent"
    assert len(fake_network.arrived) == 1


def test_only_one_person_decides(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, agent: Agent
) -> None:
    fake_network.answer_next("cut after")
    message = deliver_due(queue(conversation))
    settle_uncertain(message.pk, was_sent=True, by=agent)
    with pytest.raises(NothingToDecideError):
        settle_uncertain(message.pk, was_sent=False, by=agent)


def test_a_failed_reply_is_sent_again_with_all_its_attempts_before_it(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, agent: Agent
) -> None:
    fake_network.answer_next("400", "500")
    message = deliver_due(queue(conversation))
    resend(message.pk, by=agent)
    assert deliver_due(message).state == "queued"
    assert deliver_due(message).state == "sent"
    assert [attempt.outcome for attempt in Attempt.objects.order_by("number")] == ["refused", "later", "accepted"]


@pytest.mark.parametrize("state", ["queued", "sending", "sent", "cancelled"])
def test_only_failed_or_uncertain_replies_are_sent_again(
    state: str, conversation: Conversation, queue: Queue, agent: Agent
) -> None:
    message = queue(conversation)
    Message.objects.filter(pk=message.pk).update(state=state)
    with pytest.raises(NothingToDecideError):
        resend(message.pk, by=agent)
