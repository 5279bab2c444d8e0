"""Whoever asks not to be written to is owed no answer there, until they say otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation
from comptoir.conversations.waiting import unanswered_since
from comptoir.intake.actions import receive
from comptoir.sla.models import SLAClock
from tests.factories import make_account, make_promises
from tests.intake.events import at, echo, said

pytestmark = pytest.mark.django_db
STOP, START = {"opted_out": True}, {"opted_out": False}


@pytest.fixture
def account() -> ChannelAccount:
    make_promises()
    return make_account(kind="sms", own_id="+33644000000")


def running() -> list[str]:
    return list(SLAClock.objects.filter(stopped_at=None).values_list("promise", flat=True))


def test_whoever_says_stop_waits_no_longer_and_no_promise_runs(account: ChannelAccount) -> None:
    receive(account, [said("m1")])
    receive(account, [echo("a1", minutes=5)])
    receive(account, [said("m2", "Et alors ?", minutes=10)])
    assert running() == ["next_reply"]
    receive(account, [said("m3", "STOP", minutes=20, custom=STOP)])
    one = Conversation.objects.get()
    assert (one.waiting_since, one.promise_due_at, running()) == (None, None, [])
    assert SLAClock.objects.get(promise="next_reply").is_abandoned


def test_a_first_word_that_is_stop_is_owed_nothing(account: ChannelAccount) -> None:
    receive(account, [said("m1", "STOP", custom=STOP)])
    assert (Conversation.objects.get().waiting_since, running()) == (None, [])


def test_what_they_write_after_stop_starts_no_promise(account: ChannelAccount) -> None:
    receive(account, [said("m1", "STOP", custom=STOP)])
    receive(account, [said("m2", "Et ma commande ?", minutes=5)])
    one = Conversation.objects.get()
    assert (one.waiting_since, running()) == (None, [])
    assert unanswered_since(one, from_=None) is None


def test_whoever_says_start_is_owed_an_answer_again_since_then(account: ChannelAccount) -> None:
    receive(account, [said("m1"), said("m2", "STOP", minutes=5, custom=STOP)])
    receive(account, [said("m3", "START", minutes=9, custom=START)])
    assert (Conversation.objects.get().waiting_since, running()) == (at(9), ["first_reply"])


def test_a_stop_ends_the_wait_in_the_other_conversations_on_that_number_alone(account: ChannelAccount) -> None:
    other = make_account(kind="sms", own_id="+33644000001")
    receive(other, [said("m1")])
    receive(account, [said("m1")])
    receive(account, [said("m2", "STOP", thread_id="t2", minutes=5, custom=STOP)])
    waiting = Conversation.objects.exclude(waiting_since=None).values_list("account_id", flat=True)
    assert list(waiting) == [other.pk]


def test_a_network_that_knows_no_such_wish_goes_on_owing() -> None:
    make_promises()
    receive(make_account(), [said("m1", "STOP", custom=STOP)])
    assert Conversation.objects.get().waiting_since == at(0)
    assert SLAClock.objects.get().due_at - at(0) == timedelta(hours=24)
