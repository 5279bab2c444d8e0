"""A promise stands still while we wait for the customer, where its policy says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import at_instant
from comptoir.delivery.actions import queue_reply
from comptoir.delivery.tasks import deliver
from comptoir.desk.actions import hold_conversation, reopen_conversation, resolve_conversation
from comptoir.desk.snoozing import snooze_conversation
from comptoir.desk.spam import clear_spam, mark_spam
from comptoir.events.models import Event
from comptoir.intake.actions import receive
from comptoir.sla.actions import record_breaches, start_clocks
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import ClockPause, Recomputation, SLAClock, SLAPolicy
from comptoir.sla.policies import Terms, edit_policy
from comptoir.sla.queries import promises_given
from comptoir.sla.tasks import recompute
from comptoir.sla.telling import sentences
from tests.factories import make_account, make_agent, make_conversation, make_incoming
from tests.fake_network import FakeNetwork
from tests.intake.events import START, at, echo, said

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Pauses = SLAPolicy.Pauses


@pytest.fixture(autouse=True)
def policy(db: None) -> SLAPolicy:
    """A resolution within eight hours, that stands still while the conversation is pending."""
    SLAPolicy.objects.all().delete()
    return SLAPolicy.objects.create(promise="resolution", target=8 * HOUR, pauses=Pauses.PENDING)


@pytest.fixture
def account() -> ChannelAccount:
    return make_account(own_id="us")


@pytest.fixture
def asked(account: ChannelAccount) -> Conversation:
    """A customer wrote at START, and waits."""
    receive(account, [said("m1")])
    return Conversation.objects.get()


def clock() -> SLAClock:
    return SLAClock.objects.get(promise="resolution")


def told_due() -> datetime | None:
    return Conversation.objects.get(pk=clock().conversation_id).promise_due_at


def pauses() -> list[tuple[datetime, datetime]]:
    return list(ClockPause.objects.values_list("began_at", "ended_at"))


def act(do: Any, conversation: Conversation, minutes: float, **given: Any) -> None:
    with at_instant(at(minutes)):
        do(conversation.pk, by=None, **given)


def test_pending_it_stands_still(asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    assert (clock().paused_at, told_due()) == (at(60), None)
    with at_instant(START + timedelta(days=30)):
        assert record_breaches() == 0


def test_when_the_customer_speaks_it_runs_on_and_is_due_later(account: ChannelAccount, asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    receive(account, [said("m2", minutes=180)])
    assert clock().paused_at is None
    assert clock().due_at == told_due() == START + 10 * HOUR
    assert pauses() == [(at(60), at(180))]


def test_what_is_kept_of_it_is_the_networks_time_not_when_we_read_it(
    account: ChannelAccount, asked: Conversation
) -> None:
    act(hold_conversation, asked, 60)
    with at_instant(at(600)):
        receive(account, [said("m2", minutes=180)])
    assert pauses() == [(at(60), at(180))]


@pytest.mark.parametrize("do", [reopen_conversation, snooze_conversation])
def test_taken_out_of_pending_by_hand_it_runs_on(asked: Conversation, do: Any) -> None:
    act(hold_conversation, asked, 60)
    act(do, asked, 120, **({"until": None} if do is snooze_conversation else {}))
    assert (clock().paused_at, clock().due_at) == (None, START + 9 * HOUR)


def test_each_pause_is_added_to_the_others(account: ChannelAccount, asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    receive(account, [said("m2", minutes=120)])
    act(hold_conversation, asked, 180)
    receive(account, [said("m3", minutes=210)])
    assert pauses() == [(at(60), at(120)), (at(180), at(210))]
    assert clock().due_at == START + 9.5 * HOUR


def test_a_policy_that_never_pauses_runs_on(policy: SLAPolicy, asked: Conversation) -> None:
    SLAPolicy.objects.update(pauses=Pauses.NEVER)
    act(hold_conversation, asked, 60)
    assert (clock().paused_at, told_due()) == (None, START + 8 * HOUR)


def test_pausing_and_running_on_are_in_the_record(account: ChannelAccount, asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    receive(account, [said("m2", minutes=180)])
    paused, resumed = Event.objects.filter(subject_kind="slaclock").order_by("pk")
    assert (paused.name, paused.details) == ("clock.paused", {"promise": "resolution", "since": at(60).isoformat()})
    assert (resumed.name, resumed.conversation_id) == ("clock.resumed", asked.pk)
    assert resumed.details["due_at"] == (START + 10 * HOUR).isoformat()
    assert "waited for the customer" in resumed.reason


def test_asked_again_nothing_changes(account: ChannelAccount, asked: Conversation) -> None:
    for minutes in (60, 90):
        act(hold_conversation, asked, minutes)
    receive(account, [said("m2", minutes=180)])
    receive(account, [said("m2", minutes=180)])
    assert pauses() == [(at(60), at(180))]
    assert Event.objects.filter(name__in=["clock.paused", "clock.resumed"]).count() == 2


class TestOurLastWord:
    """The policy that stands still while our answer is the last word."""

    @pytest.fixture(autouse=True)
    def answered_pauses(self, policy: SLAPolicy) -> None:
        SLAPolicy.objects.update(pauses=Pauses.ANSWERED)

    def test_it_runs_while_the_customer_waits(self, asked: Conversation) -> None:
        assert clock().paused_at is None

    def test_our_answer_pauses_at_the_networks_time(
        self, asked: Conversation, fake_network: FakeNetwork, settings: Any
    ) -> None:
        settings.UNDO_SECONDS = 0
        fake_network.at = at(45)
        message = queue_reply(asked.pk, by=make_agent(), text="Quel est le numéro ?", visibility="private")
        deliver(message.pk)
        assert (clock().paused_at, told_due()) == (at(45), None)

    def test_a_reply_that_has_not_left_pauses_nothing(self, asked: Conversation, fake_network: FakeNetwork) -> None:
        queue_reply(asked.pk, by=make_agent(), text="Quel est le numéro ?", visibility="private")
        assert clock().paused_at is None

    def test_an_answer_given_elsewhere_pauses_too(self, account: ChannelAccount, asked: Conversation) -> None:
        receive(account, [echo("o1", minutes=30)])
        assert clock().paused_at == at(30)
        receive(account, [said("m2", minutes=90)])
        assert (clock().paused_at, clock().due_at) == (None, START + 9 * HOUR)

    def test_an_automatic_receipt_pauses_nothing(self, account: ChannelAccount, asked: Conversation) -> None:
        receive(account, [echo("o1", minutes=30, automatic=True)])
        assert clock().paused_at is None


def test_resolved_while_it_stands_still_it_is_kept(asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    act(resolve_conversation, asked, 60 * 24 * 9)
    assert (clock().breached_at, clock().paused_at) == (None, None)
    assert pauses() == [(at(60), at(60 * 24 * 9))]
    assert Event.objects.get(name="clock.stopped").details == {"kept": True}


def test_late_before_it_stood_still_it_stays_late(asked: Conversation) -> None:
    act(hold_conversation, asked, 9 * 60)
    act(resolve_conversation, asked, 60 * 24)
    assert clock().breached_at == START + 8 * HOUR


def test_reopened_neither_the_pause_nor_the_time_resolved_counts(asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    act(resolve_conversation, asked, 120)
    act(reopen_conversation, asked, 240)
    assert clock().due_at == told_due() == START + 11 * HOUR


def test_a_mistaken_spam_keeps_what_had_not_counted(asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    act(mark_spam, asked, 120, block=False)
    act(clear_spam, asked, 150)
    act(reopen_conversation, asked, 180)
    assert clock().paused_at is None
    assert clock().due_at == START + 9.5 * HOUR  # it was spam for the half hour in which nothing stood still


def test_pauses_count_in_opening_hours_only(asked: Conversation, policy: SLAPolicy, account: ChannelAccount) -> None:
    edit_policy(policy.pk, Terms("resolution", 8 * HOUR, is_in_working_time=True, pauses=Pauses.PENDING))
    office = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    create_calendar(owner=account, name="Bureau", time_zone="Europe/Paris", weekly_hours=office)
    recompute(Recomputation.objects.latest("pk").pk)
    act(hold_conversation, asked, 60)  # Monday 11:00 in Paris, after one hour of the eight
    receive(account, [said("m2", minutes=60 + 24 * 60)])
    assert clock().due_at == datetime(2026, 3, 4, 9, tzinfo=UTC)  # six hours on Tuesday, one on Wednesday


def test_a_policy_that_begins_to_pause_does_so_when_it_was_changed(asked: Conversation, policy: SLAPolicy) -> None:
    SLAPolicy.objects.update(pauses=Pauses.NEVER)
    act(hold_conversation, asked, 60)
    with at_instant(at(120)):
        edit_policy(policy.pk, Terms("resolution", 8 * HOUR, pauses=Pauses.PENDING))
    with at_instant(at(300)):
        recompute(Recomputation.objects.latest("pk").pk)
    assert clock().paused_at == at(120)


def test_a_policy_that_no_longer_pauses_runs_on_since_it_was_changed(asked: Conversation, policy: SLAPolicy) -> None:
    act(hold_conversation, asked, 60)
    with at_instant(at(120)):
        edit_policy(policy.pk, Terms("resolution", 8 * HOUR))
    with at_instant(at(300)):
        recompute(Recomputation.objects.latest("pk").pk)
    assert (clock().paused_at, clock().due_at, told_due()) == (None, START + 9 * HOUR, START + 9 * HOUR)


def test_an_open_pause_is_explained(asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    [given] = promises_given(Conversation.objects.select_related("account__brand").get())
    said_of_it = sentences(given.case, given.due_at, str)
    assert said_of_it[-2:] == ["Paused since Mon 02/03/2026 11:00: not counted.", "Not due while it is paused."]


def test_pauses_that_are_over_are_explained_each(account: ChannelAccount, asked: Conversation) -> None:
    act(hold_conversation, asked, 60)
    receive(account, [said("m2", minutes=180)])
    [given] = promises_given(Conversation.objects.select_related("account__brand").get())
    said_of_it = sentences(given.case, given.due_at, str)
    assert "Paused from Mon 02/03/2026 11:00 to Mon 02/03/2026 13:00: not counted." in said_of_it
    assert said_of_it[-1] == "Due Mon 02/03/2026 20:00 (Europe/Paris)."


def test_only_what_runs_stands_still(asked: Conversation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SLAClock.objects.update(stopped_at=at(1), paused_at=at(1))


def test_another_conversation_is_left_alone(asked: Conversation) -> None:
    other = make_conversation(account=asked.account)
    make_incoming(other)
    start_clocks({other.pk: START})
    act(hold_conversation, asked, 60)
    assert SLAClock.objects.get(conversation=other).paused_at is None
    assert Message.objects.count() == 2
