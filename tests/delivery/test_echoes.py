"""The network shows our own reply before its answer has reached us."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.connectors.base import EventKind, NetworkEvent, Sent
from comptoir.conversations.models import Conversation, Message, Reaction
from comptoir.core.clock import now
from comptoir.delivery.actions import confirm_sent
from comptoir.delivery.attempts import Accepted
from comptoir.delivery.claiming import claim
from comptoir.delivery.models import Attempt
from comptoir.delivery.outcomes import settle
from comptoir.delivery.running import in_flight
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from tests.delivery.conftest import Queue, deliver_due, reread, waiting_conversation
from tests.factories import make_conversation, make_identity, make_incoming, make_outgoing
from tests.fake_network import FakeNetwork


def test_an_echo_that_came_first_becomes_one_with_our_reply(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    read_at = now()
    echo = make_outgoing(conversation, external_id="net-1", read_at=read_at)
    Reaction.objects.create(message=echo, identity=make_identity(), reaction="❤", at=read_at)
    message = deliver_due(message)
    assert (message.state, message.external_id, message.read_at) == ("read", "net-1", read_at)
    assert message.agent is not None
    assert message.reactions.count() == 1
    assert not Message.objects.filter(pk=echo.pk).exists()


def test_a_conversation_that_only_the_echo_opened_goes_with_it(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    astray = make_conversation(account=conversation.account)
    make_outgoing(astray, external_id="net-1")
    assert deliver_due(message).external_id == "net-1"
    assert not Conversation.objects.filter(pk=astray.pk).exists()


def test_a_conversation_with_more_than_the_echo_stays(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    other = make_conversation(account=conversation.account)
    make_outgoing(other, external_id="net-1")
    make_incoming(other)
    deliver_due(message)
    assert other.messages.count() == 1


def test_a_customers_message_is_never_taken_for_an_echo(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    theirs = make_incoming(conversation, external_id="net-1")
    message = deliver_due(message)
    assert (message.state, message.external_id) == ("sent", None)
    assert Message.objects.filter(pk=theirs.pk).exists()


def test_the_same_id_on_another_account_is_no_echo(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    other = make_outgoing(make_conversation(), external_id="net-1")
    assert deliver_due(message).external_id == "net-1"
    assert Message.objects.filter(pk=other.pk).exists()


def test_an_echo_confirms_a_reply_whose_answer_was_lost(queue: Queue, fake_network: FakeNetwork) -> None:
    fake_network.answer_next("cut after")
    message = deliver_due(queue(waiting_conversation("fake_safe")))
    at = now() - timedelta(seconds=1)
    confirm_sent(message.pk, sent=Sent(str(message.external_id), at))
    message = deliver_due(message)
    assert (message.state, message.sent_at) == ("sent", at)
    assert len(fake_network.arrived) == 1


def claimed(message: Message) -> Attempt:
    attempt = claim(message.pk)
    assert attempt is not None
    in_flight.discard(attempt.pk)
    return attempt


def test_an_answer_that_comes_after_the_attempt_was_given_up_counts(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    attempt = claimed(message)
    Attempt.objects.update(finished_at=now(), outcome="uncertain")
    Message.objects.filter(pk=message.pk).update(state="uncertain")
    settle(attempt, Accepted(Sent("net-9")))
    assert (reread(message).state, reread(message).external_id) == ("sent", "net-9")
    assert Attempt.objects.get().outcome == "accepted"


def test_a_failure_that_the_network_reports_first_outlasts_its_own_acknowledgement(
    conversation: Conversation, queue: Queue
) -> None:
    message, following = queue(conversation), queue(conversation)
    Message.objects.filter(pk=message.pk).update(external_id="net-9")
    attempt = claimed(message)
    report = NetworkEvent(EventKind.FAILED, "outgoing", target_id="net-9", reason="No such user", sent_at=now())
    receive(conversation.account, [report])
    settle(attempt, Accepted(Sent("net-9")))
    assert (reread(message).state, reread(message).failure) == ("failed", "No such user")
    assert Attempt.objects.get(message=message).outcome == "accepted"
    assert claim(following.pk) is not None


def test_an_answer_told_twice_is_recorded_once(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    attempt = claimed(message)
    settle(attempt, Accepted(Sent("net-9")))
    settle(attempt, Accepted(Sent("net-9")))
    assert Event.objects.filter(name="message.sent").count() == 1
    assert not Event.objects.filter(name="message.doubled").exists()


def test_a_reply_that_the_network_has_twice_is_recorded_as_such(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    attempt = claimed(message)
    settle(attempt, Accepted(Sent("net-9")))
    second = Attempt.objects.create(message=message, number=2, started_at=now())
    settle(second, Accepted(Sent("net-10")))
    assert Event.objects.get(name="message.doubled").details == {"external_id": "net-10"}
    assert reread(message).external_id == "net-9"


@pytest.mark.django_db(transaction=True)
def test_an_echo_that_comes_in_at_the_same_moment_makes_one_message(
    conversation: Conversation, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comptoir.delivery import outcomes

    message = queue(conversation)
    attempt = claimed(message)
    original = outcomes.absorb_echo
    looked = []

    def look_too_early(reply: Message, external_id: str) -> str | None:
        looked.append(external_id)
        if len(looked) == 1:  # nothing to be seen yet, and then it is committed before we write
            found = original(reply, external_id)
            _insert_from_elsewhere(conversation.pk, external_id)
            return found
        return original(reply, external_id)

    monkeypatch.setattr(outcomes, "absorb_echo", look_too_early)
    settle(attempt, Accepted(Sent("net-9")))
    assert len(looked) == 2
    assert [one.pk for one in Message.objects.filter(external_id="net-9")] == [message.pk]


def _insert_from_elsewhere(conversation_id: int, external_id: str) -> None:
    """What another process commits: over another connection."""
    import threading

    from django.db import connection

    def insert() -> None:
        message = Message.objects.filter(conversation=conversation_id).first()
        assert message is not None
        Message.objects.create(
            conversation_id=conversation_id,
            account_id=message.account_id,
            direction="outgoing",
            visibility="private",
            state="sent",
            external_id=external_id,
            sent_at=now(),
        )
        connection.close()

    thread = threading.Thread(target=insert)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
