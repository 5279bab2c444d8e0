"""How fast an account may send."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.conversations.models import Conversation
from comptoir.delivery import budget
from comptoir.delivery.models import SendBudget
from tests.delivery.conftest import Queue, deliver_due, postponed, waiting_conversation
from tests.factories import make_account
from tests.fake_network import Fake, FakeNetwork

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Clock:
    """A present that tests move."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    moved = Clock()
    monkeypatch.setattr(budget, "now", moved)
    return moved  # type: ignore[return-value]  # a plain value is what the fixture gives


@given(
    allowed=st.integers(min_value=1, max_value=60),
    pauses=st.lists(st.floats(min_value=0, max_value=20), min_size=1, max_size=60),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@pytest.mark.django_db
def test_no_minute_sees_more_than_is_allowed(clock: Clock, allowed: int, pauses: list[float]) -> None:
    account = make_account()
    taken: list[datetime] = []
    for pause in pauses:
        clock.at += timedelta(seconds=pause)
        while budget.take_token(account.pk, sends_per_minute=allowed):
            taken.append(clock.at)
    for first in taken:
        assert sum(first <= other < first + timedelta(minutes=1) for other in taken) <= allowed


@given(allowed=st.integers(min_value=1, max_value=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@pytest.mark.django_db
def test_who_waits_as_long_as_told_may_send(clock: Clock, allowed: int) -> None:
    account = make_account()
    while budget.take_token(account.pk, sends_per_minute=allowed):
        pass
    clock.at += budget.wait_for_token(account.pk, 1, sends_per_minute=allowed) + timedelta(milliseconds=1)
    assert budget.take_token(account.pk, sends_per_minute=allowed)


def test_a_clock_that_goes_back_gives_nothing_twice(db: None, clock: Clock) -> None:
    account = make_account()
    while budget.take_token(account.pk, sends_per_minute=6):
        pass
    clock.at -= timedelta(minutes=5)
    assert not budget.take_token(account.pk, sends_per_minute=6)
    clock.at = START
    assert not budget.take_token(account.pk, sends_per_minute=6)


def test_accounts_do_not_share_their_budget(db: None, clock: Clock) -> None:
    one, other = make_account(), make_account()
    while budget.take_token(one.pk, sends_per_minute=6):
        pass
    assert budget.take_token(other.pk, sends_per_minute=6)


def test_a_blocked_account_sends_nothing_until_then(db: None, clock: Clock) -> None:
    account = make_account()
    budget.block(account.pk, until=START + timedelta(minutes=3))
    budget.block(account.pk, until=START + timedelta(minutes=1))
    assert not budget.take_token(account.pk, sends_per_minute=600)
    assert budget.wait_for_token(account.pk, 1, sends_per_minute=600) == timedelta(minutes=3)
    clock.at += timedelta(minutes=3)
    assert budget.take_token(account.pk, sends_per_minute=600)


def test_replies_beyond_the_pace_wait_their_turn_and_cost_no_attempt(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fake, "limits", dataclasses.replace(Fake.limits, sends_per_minute=6))
    assert deliver_due(queue(conversation)).state == "sent"
    waiting = [queue(waiting_conversation_on(conversation)) for _reply in range(3)]
    waits = [postponed(message) for message in waiting]
    assert waits == sorted(waits)
    assert waits[0] > timedelta(seconds=5)
    assert all(later - sooner > timedelta(seconds=10) for sooner, later in itertools.pairwise(waits))
    assert SendBudget.objects.count() == 1
    assert [message.attempts.count() for message in waiting] == [0, 0, 0]


def waiting_conversation_on(conversation: Conversation) -> Conversation:
    other = waiting_conversation("fake")
    other.account = conversation.account
    other.save()
    return other
