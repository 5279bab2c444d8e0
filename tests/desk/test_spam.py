"""What is spam, who is shut out, and the way back."""

from __future__ import annotations

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Following, Message
from comptoir.desk.errors import NotSpamError
from comptoir.desk.following import follow_conversation, unfollow_conversation
from comptoir.desk.spam import clear_spam, mark_spam
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from tests.factories import make_account, make_agent, make_conversation
from tests.fake_network import FakeNetwork
from tests.intake.events import said


@pytest.fixture
def account(db: None, fake_network: FakeNetwork) -> ChannelAccount:
    return make_account()


@pytest.fixture
def conversation(account: ChannelAccount) -> Conversation:
    receive(account, [said("n-1")])
    return Conversation.objects.get()


def runs(conversation: Conversation) -> bool:
    return conversation.clocks.filter(stopped_at=None).exists()


def test_spam_waits_for_nothing_and_nothing_is_promised_in_it(conversation: Conversation) -> None:
    mark_spam(conversation.pk, block=False, by=make_agent())
    conversation.refresh_from_db()
    assert (conversation.is_spam, conversation.waiting_since) == (True, None)
    assert not runs(conversation)


def test_what_a_blocked_sender_writes_is_kept_among_the_spam(
    conversation: Conversation, account: ChannelAccount
) -> None:
    mark_spam(conversation.pk, block=True, by=None)
    receive(account, [said("n-2", minutes=5), said("n-3", thread_id="other", minutes=6)])
    assert Message.objects.count() == 3
    for one in Conversation.objects.all():
        assert (one.is_spam, one.waiting_since, runs(one)) == (True, None, False)


def test_one_who_is_not_blocked_comes_back_by_writing_again(
    conversation: Conversation, account: ChannelAccount
) -> None:
    mark_spam(conversation.pk, block=False, by=None)
    receive(account, [said("n-2", minutes=5)])
    conversation.refresh_from_db()
    assert (conversation.is_spam, conversation.status) == (False, "open")
    assert conversation.waiting_since is not None
    assert runs(conversation)


def test_taken_back_it_waits_as_it_did_with_its_promise(conversation: Conversation, account: ChannelAccount) -> None:
    before = conversation.waiting_since
    promise = conversation.clocks.get()
    mark_spam(conversation.pk, block=True, by=None)
    receive(account, [said("n-2", minutes=5)])
    clear_spam(conversation.pk, by=None)
    conversation.refresh_from_db()
    assert (conversation.is_spam, conversation.waiting_since) == (False, before)
    assert conversation.identity.blocked_at is None
    clock = conversation.clocks.get()
    assert (clock.pk, clock.due_at, clock.stopped_at) == (promise.pk, promise.due_at, None)


def test_what_is_no_spam_cannot_be_cleared_of_it(conversation: Conversation) -> None:
    with pytest.raises(NotSpamError):
        clear_spam(conversation.pk, by=None)


def test_marking_twice_is_one_event(conversation: Conversation) -> None:
    mark_spam(conversation.pk, block=False, by=None)
    mark_spam(conversation.pk, block=False, by=None)
    assert Event.objects.filter(name="conversation.marked_spam").count() == 1


def test_following_twice_is_following_once(db: None) -> None:
    conversation, agent = make_conversation(), make_agent()
    follow_conversation(conversation.pk, agent=agent)
    follow_conversation(conversation.pk, agent=agent)
    assert Following.objects.get().agent == agent
    unfollow_conversation(conversation.pk, agent=agent)
    assert not Following.objects.exists()
