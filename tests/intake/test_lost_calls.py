"""Calls of which nobody tells how they ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.intake.lost_calls import LASTS_AT_MOST, RINGS_AT_MOST, give_up_lost_calls
from tests.factories import make_account
from tests.intake.test_calls import OVER, RINGS, TAKEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


@pytest.fixture
def account() -> ChannelAccount:
    return make_account()


def told_before(span: timedelta) -> None:
    Message.objects.update(created_at=now() - span)


def test_a_call_rings_for_half_an_hour_at_most_and_still_waits_for_an_answer(account: ChannelAccount) -> None:
    receive(account, [RINGS])
    told_before(RINGS_AT_MOST - timedelta(minutes=1))
    assert give_up_lost_calls() == 0
    told_before(RINGS_AT_MOST + timedelta(minutes=1))
    assert (give_up_lost_calls(), give_up_lost_calls()) == (1, 0)
    assert Message.objects.get().call_standing == "ringing_lost"
    assert Conversation.objects.get().waiting_since is not None
    assert Event.objects.filter(name="call.lost").count() == 1


def test_a_call_that_was_taken_goes_on_for_four_hours_at_most(account: ChannelAccount) -> None:
    receive(account, [RINGS, TAKEN])
    told_before(LASTS_AT_MOST - timedelta(minutes=1))
    assert give_up_lost_calls() == 0
    told_before(LASTS_AT_MOST + timedelta(minutes=1))
    assert give_up_lost_calls() == 1
    assert Message.objects.get().call_standing == "answered_lost"
    assert Conversation.objects.get().waiting_since is None


def test_what_is_told_of_a_call_after_that_still_holds(account: ChannelAccount) -> None:
    receive(account, [RINGS])
    told_before(RINGS_AT_MOST * 2)
    give_up_lost_calls()
    receive(account, [TAKEN])
    assert Message.objects.get().call_standing == "answered"
    receive(account, [OVER])
    assert Message.objects.get().call_standing == "ended"
    assert give_up_lost_calls() == 0
