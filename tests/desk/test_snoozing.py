"""What is put away comes back: at its instant, or as soon as the customer writes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.desk.actions import hold_conversation, reopen_conversation, resolve_conversation
from comptoir.desk.errors import ConversationResolvedError, PastInstantError
from comptoir.desk.snoozing import snooze_conversation, snooze_ends, wake_due
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.fake_network import FakeNetwork
from tests.intake.events import said
from tests.processes import run_side_by_side

PARIS = ZoneInfo("Europe/Paris")
SHOP = {day: [["08:30", "12:00"], ["14:00", "18:00"]] for day in ("mon", "tue", "thu", "fri")}


@pytest.fixture
def conversation(db: None) -> Conversation:
    return make_conversation()


def over(conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(snoozed_until=now() - timedelta(seconds=1))


def test_a_conversation_is_put_away_until_an_instant(conversation: Conversation) -> None:
    until = now() + timedelta(hours=1)
    snooze_conversation(conversation.pk, until=until, by=make_agent())
    conversation.refresh_from_db()
    assert (conversation.status, conversation.snoozed_until) == ("snoozed", until)
    assert Event.objects.get(name="conversation.snoozed").details == {"until": until.isoformat()}


def test_an_instant_that_is_over_is_refused(conversation: Conversation) -> None:
    with pytest.raises(PastInstantError):
        snooze_conversation(conversation.pk, until=now(), by=None)


def test_what_is_resolved_is_not_put_away(conversation: Conversation) -> None:
    resolve_conversation(conversation.pk, by=None)
    with pytest.raises(ConversationResolvedError):
        snooze_conversation(conversation.pk, until=None, by=None)


def test_it_comes_back_when_its_time_is_over(conversation: Conversation) -> None:
    snooze_conversation(conversation.pk, until=now() + timedelta(hours=1), by=None)
    assert wake_due() == 0
    over(conversation)
    assert wake_due() == 1
    conversation.refresh_from_db()
    assert (conversation.status, conversation.snoozed_until) == ("open", None)
    assert Event.objects.filter(name="conversation.woken").count() == 1


def test_without_an_instant_it_does_not_come_back_by_itself(conversation: Conversation) -> None:
    snooze_conversation(conversation.pk, until=None, by=None)
    assert wake_due() == 0


@pytest.mark.parametrize("status", ["snoozed", "pending"])
def test_it_comes_back_when_the_customer_writes(db: None, fake_network: FakeNetwork, status: str) -> None:
    account = make_account()
    receive(account, [said("n-1")])
    conversation = Conversation.objects.get()
    if status == "snoozed":
        snooze_conversation(conversation.pk, until=now() + timedelta(days=1), by=None)
    else:
        hold_conversation(conversation.pk, by=None)
    receive(account, [said("n-2")])
    conversation.refresh_from_db()
    assert (conversation.status, conversation.snoozed_until) == ("open", None)
    assert conversation.waiting_since is not None
    assert Event.objects.get(name="conversation.reopened").details == {"was": status}


def test_an_agent_brings_it_back(conversation: Conversation) -> None:
    snooze_conversation(conversation.pk, until=None, by=None)
    assert reopen_conversation(conversation.pk, by=None).status == "open"


def test_the_promise_goes_on_while_it_is_away(conversation: Conversation) -> None:
    make_incoming(conversation)
    snooze_conversation(conversation.pk, until=None, by=None)
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None


def test_morning_is_when_the_account_opens(conversation: Conversation) -> None:
    account = make_account(weekly_hours=SHOP)
    tuesday = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    ends = snooze_ends(account, tuesday)
    assert ends["hour"] == tuesday + timedelta(hours=1)
    assert ends["tomorrow"] == datetime(2026, 3, 5, 8, 30, tzinfo=PARIS)  # closed on Wednesdays
    assert ends["monday"] == datetime(2026, 3, 9, 8, 30, tzinfo=PARIS)


def test_an_account_open_at_all_hours_has_its_morning_at_nine(conversation: Conversation) -> None:
    ends = snooze_ends(make_account(), datetime(2026, 3, 28, 15, 0, tzinfo=UTC))
    assert ends["tomorrow"] == datetime(2026, 3, 29, 9, 0, tzinfo=PARIS)  # summer time began in the night


def test_on_sunday_tomorrow_is_monday_and_offered_once(conversation: Conversation) -> None:
    assert "monday" not in snooze_ends(make_account(), datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


def wake_all() -> None:
    while wake_due():
        pass


@pytest.mark.django_db(transaction=True)
def test_several_processes_wake_each_conversation_once() -> None:
    account = make_account()
    for _number in range(30):
        over(snooze_conversation(make_conversation(account=account).pk, until=now() + timedelta(hours=1), by=None))
    run_side_by_side(wake_all, [()] * 3, seconds=30)
    assert Event.objects.filter(name="conversation.woken").count() == 30
    assert not Conversation.objects.filter(status="snoozed").exists()
