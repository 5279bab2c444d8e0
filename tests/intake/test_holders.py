"""Who goes on with an exchange that several applications of an account share."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from comptoir.channels.models import ChannelAccount, ThreadHolder
from comptoir.connectors.base import EventKind, Holder, NetworkEvent
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from tests.factories import make_account
from tests.intake.events import at, said

pytestmark = pytest.mark.django_db

OURS, IMPLIED = Holder(is_ours=True), Holder(is_ours=True, is_implied=True)
THEIRS = Holder(is_ours=False, application="Meta Business Suite")


@pytest.fixture
def account(fake_network: Any) -> ChannelAccount:
    return make_account(own_id="us")


def told(holder: Holder, minutes: float) -> NetworkEvent:
    """The network tells who holds it; nobody said anything."""
    return NetworkEvent(EventKind.IGNORED, "incoming", "private", thread_id="t", sent_at=at(minutes), holder=holder)


def held() -> tuple[bool, str, float]:
    row = ThreadHolder.objects.get()
    return row.is_ours, row.application, (row.since_at - at(0)).total_seconds() / 60


def handed_over() -> list[str]:
    return list(
        Event.objects.filter(name__startswith="conversation.thread_").order_by("pk").values_list("name", flat=True)
    )


def test_what_another_holds_is_kept_and_told_once(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=THEIRS), said("2", minutes=3, holder=THEIRS)])
    receive(account, [said("2", minutes=3, holder=THEIRS)])
    assert held() == (False, "Meta Business Suite", 0)
    assert handed_over() == ["conversation.thread_passed"]


def test_it_comes_back_when_the_network_says_so(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=THEIRS)])
    receive(account, [told(OURS, 5)])
    assert held() == (True, "", 5)
    assert handed_over() == ["conversation.thread_passed", "conversation.thread_taken"]


def test_it_comes_back_when_a_customer_writes_to_us_again(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=THEIRS)])
    receive(account, [said("2", minutes=5, holder=IMPLIED)])
    assert held() == (True, "", 5)


def test_where_nobody_shares_nothing_is_kept(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=IMPLIED), said("2", minutes=1)])
    assert not ThreadHolder.objects.exists()
    assert handed_over() == []


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_whatever_was_told_last_stays_in_any_order(account: ChannelAccount, order: tuple[int, ...]) -> None:
    events = [told(THEIRS, 1), told(OURS, 2), told(Holder(is_ours=False, application="4711"), 3)]
    for position in order:
        receive(account, [events[position]])
    assert held()[:2] == (False, "4711")


def test_a_name_that_is_known_outlives_a_word_without_one(account: ChannelAccount) -> None:
    receive(account, [told(THEIRS, 1)])
    receive(account, [told(Holder(is_ours=False), 2)])
    assert held() == (False, "Meta Business Suite", 1)


ASKED = Holder(is_ours=True, is_implied=True, asked_by="4711")


def asked_by() -> tuple[str, float | None]:
    row = ThreadHolder.objects.get()
    return row.asked_by, (row.asked_at - at(0)).total_seconds() / 60 if row.asked_at else None


def test_an_application_that_asks_for_it_is_kept_and_told_once(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=IMPLIED)])
    for minutes in (1, 1, 3):
        receive(account, [told(ASKED, minutes)])
    assert held()[:2] == (True, "")
    assert asked_by() == ("4711", 1)
    assert handed_over() == ["conversation.thread_requested"]


def test_it_asks_still_when_the_customer_writes_to_us(account: ChannelAccount) -> None:
    receive(account, [told(ASKED, 1), said("1", minutes=2, holder=IMPLIED)])
    assert asked_by() == ("4711", 1)


def test_once_it_is_passed_nobody_asks_any_more(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=IMPLIED)])
    receive(account, [told(ASKED, 1)])
    receive(account, [told(Holder(is_ours=False, application="4711"), 2)])
    assert held() == (False, "4711", 2)
    assert asked_by() == ("", None)
    receive(account, [told(OURS, 3)])
    assert asked_by() == ("", None)


def test_what_another_holds_is_not_asked_of_us(account: ChannelAccount) -> None:
    receive(account, [said("1", holder=THEIRS)])
    receive(account, [told(ASKED, 1)])
    assert held()[:2] == (False, "Meta Business Suite")
    assert asked_by() == ("", None)
