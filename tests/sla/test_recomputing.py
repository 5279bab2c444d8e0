"""Changed calendars and policies move what runs, in the background, in batches that can be taken over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.channels.arranging import set_opening_hours
from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant
from comptoir.desk.actions import change_team, reopen_conversation, resolve_conversation
from comptoir.desk.hand_offs import offer_hand_off
from comptoir.desk.merging import merge_conversations
from comptoir.events.models import Event
from comptoir.intake.own_connection import new_connection
from comptoir.reactions import REACTIONS
from comptoir.sla import sweeping
from comptoir.sla.actions import record_breaches, start_clocks, stop_clocks
from comptoir.sla.calendars import Exceptional, create_calendar, edit_calendar
from comptoir.sla.foreseeing import made_if_agreed
from comptoir.sla.models import OpeningCalendar, Recomputation, SLAClock, SLAPolicy
from comptoir.sla.policies import (
    PolicyInUseError,
    Terms,
    create_policy,
    delete_policy,
    edit_policy,
    move_policy,
    switch_policy,
)
from comptoir.sla.recomputing import recompute_clocks
from comptoir.sla.tasks import recompute
from tests.factories import make_account, make_agent, make_conversation, make_incoming, make_team

pytestmark = pytest.mark.django_db

#: A Friday, 16:00 in Paris.
FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
HOURS = {"name": "Bureau", "time_zone": "Europe/Paris", "weekly_hours": OFFICE}


@pytest.fixture(autouse=True)
def promise(db: None) -> SLAPolicy:
    """Four working hours."""
    SLAPolicy.objects.all().delete()
    return SLAPolicy.objects.create(target=4 * HOUR, is_in_working_time=True, position=1)


@pytest.fixture
def running() -> Conversation:
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    return conversation


def sweep() -> Recomputation:
    """Run what was asked for last."""
    latest = Recomputation.objects.latest("pk")
    recompute(latest.pk)
    latest.refresh_from_db()
    return latest


def due(conversation: Conversation) -> datetime | None:
    conversation.refresh_from_db()
    assert SLAClock.objects.get(conversation=conversation, stopped_at=None).due_at == conversation.promise_due_at
    return conversation.promise_due_at


def test_a_new_calendar_moves_what_runs(running: Conversation) -> None:
    create_calendar(owner=running.account, **HOURS)
    done = sweep()
    assert due(running) == datetime(2026, 5, 25, 9, tzinfo=UTC)
    assert (done.total_conversations, done.done_clocks, done.moved_clocks, done.percent) == (1, 1, 1, 100)


def test_a_change_undone_brings_the_same_instant_back(running: Conversation) -> None:
    calendar = create_calendar(owner=running.account, **HOURS)
    sweep()
    before = due(running)
    edit_calendar(calendar.pk, **HOURS, exceptions=[Exceptional(datetime(2026, 5, 25).date(), reason="Grève")])
    sweep()
    assert due(running) == datetime(2026, 5, 26, 9, tzinfo=UTC)
    edit_calendar(calendar.pk, **HOURS)
    sweep()
    assert due(running) == before


def test_it_is_one_event_however_many_clocks(running: Conversation) -> None:
    start_clocks({make_conversation(account=running.account).pk: FRIDAY})
    create_calendar(owner=running.account, **HOURS)
    sweep()
    assert Event.objects.get(name="promises.recomputed").details == {"clocks": 2, "moved": 2}


def test_another_target_moves_what_runs(running: Conversation, promise: SLAPolicy) -> None:
    edit_policy(promise.pk, Terms("first_reply", 2 * HOUR))
    sweep()
    assert due(running) == FRIDAY + 2 * HOUR


def test_a_new_policy_that_comes_first_takes_over(running: Conversation) -> None:
    policy = create_policy(Terms("first_reply", HOUR, kinds=["fake"]))
    sweep()
    assert due(running) == FRIDAY + HOUR
    assert SLAClock.objects.get().policy == policy


def test_a_promise_that_is_no_longer_given_stands_where_it_was(running: Conversation, promise: SLAPolicy) -> None:
    switch_policy(promise.pk, on=False)
    sweep()
    assert due(running) == FRIDAY + 4 * HOUR


def test_what_has_ended_is_left_alone(running: Conversation, promise: SLAPolicy) -> None:
    stop_clocks(running.pk, FRIDAY + HOUR)
    edit_policy(promise.pk, Terms("first_reply", 2 * HOUR))
    assert sweep().done_clocks == 0
    assert SLAClock.objects.get().due_at == FRIDAY + 4 * HOUR


def test_a_breach_that_is_none_any_more_is_taken_back_and_can_come_again(running: Conversation) -> None:
    with at_instant(FRIDAY + 5 * HOUR):
        assert record_breaches() == 1
        create_calendar(owner=running.account, **HOURS)
        sweep()
        assert SLAClock.objects.get().breached_at is None
    with at_instant(FRIDAY + timedelta(days=4)):
        assert record_breaches() == 1


def test_a_breach_that_is_taken_back_is_said_in_the_record_beside_it(running: Conversation) -> None:
    with at_instant(FRIDAY + 5 * HOUR):
        record_breaches()
        create_calendar(owner=running.account, **HOURS)
        sweep()
        assert recompute_clocks([running.pk]) == (1, 0)  # and once
    breached, mended = Event.objects.filter(name__in=["clock.breached", "clock.mended"]).order_by("pk")
    assert (breached.name, mended.name) == ("clock.breached", "clock.mended")
    assert mended.conversation_id == running.pk
    assert mended.details == {
        "promise": "first_reply",
        "was_due_at": (FRIDAY + 4 * HOUR).isoformat(),
        "due_at": "2026-05-25T09:00:00+00:00",
    }


def test_what_a_change_would_mend_is_seen_before_and_nothing_is_changed(running: Conversation) -> None:
    start_clocks({make_conversation(account=running.account).pk: FRIDAY - 3 * HOUR})  # late by either
    with at_instant(FRIDAY + 5 * HOUR):
        assert record_breaches() == 2
        found = made_if_agreed(lambda: create_calendar(owner=running.account, **HOURS))
    assert found is not None
    assert (found.count, found.looked_at, found.is_more) == (1, 2, False)
    assert not OpeningCalendar.objects.exists()
    assert not Recomputation.objects.exists()
    assert not Event.objects.exclude(name="clock.breached").exists()


def test_what_was_agreed_to_is_done_and_one_more_is_not(running: Conversation) -> None:
    def change() -> object:
        return create_calendar(owner=running.account, **HOURS)

    with at_instant(FRIDAY + 5 * HOUR):
        record_breaches()
        asked = made_if_agreed(change)
        assert asked is not None
        running.clocks.update(stopped_at=FRIDAY + 5 * HOUR)  # answered meanwhile, and another one broken
        start_clocks({make_conversation(account=running.account).pk: FRIDAY})
        record_breaches()
        other = made_if_agreed(change, agreed=asked.clock_ids)
        assert other is not None
        assert (other.count, OpeningCalendar.objects.count()) == (asked.count, 0)
        assert other.clock_ids.isdisjoint(asked.clock_ids)
        assert made_if_agreed(change, agreed=other.clock_ids | asked.clock_ids) is None
    assert OpeningCalendar.objects.count() == 1


def test_a_broken_promise_among_ourselves_is_mended_in_the_record_too(promise: SLAPolicy) -> None:
    SLAPolicy.objects.create(promise="hand_off", target=4 * HOUR, is_in_working_time=True)
    conversation, experts = make_conversation(), make_team()
    with at_instant(FRIDAY):
        offer_hand_off(conversation.pk, to=experts, asked="Une question technique.", by=make_agent(teams=[experts]))
    with at_instant(FRIDAY + 5 * HOUR):
        assert record_breaches() == 1
        found = made_if_agreed(lambda: create_calendar(owner=experts, **HOURS))
        assert found is not None
        assert found.count == 1
        create_calendar(owner=experts, **HOURS)
        sweep()
    mended = Event.objects.get(name="clock.mended")
    assert (mended.conversation_id, mended.details["promise"]) == (conversation.pk, "hand_off")


def test_a_sweep_that_was_cut_goes_on_where_it_was(monkeypatch: Any) -> None:
    account = make_account()
    conversations = [make_conversation(account=account) for _number in range(5)]
    start_clocks({one.pk: FRIDAY for one in conversations})
    monkeypatch.setattr(sweeping, "BATCH", 2)
    create_calendar(owner=account, **HOURS)
    cut = Recomputation.objects.get()
    assert sweeping.recompute_batch(cut.pk)
    cut.refresh_from_db()
    assert (cut.done_clocks, cut.percent, cut.finished_at) == (2, 40, None)
    assert sweep().done_clocks == 5
    assert {due(one) for one in conversations} == {datetime(2026, 5, 25, 9, tzinfo=UTC)}


def test_a_later_change_begins_anew_and_the_earlier_sweep_gives_way(running: Conversation, promise: SLAPolicy) -> None:
    edit_policy(promise.pk, Terms("first_reply", 2 * HOUR))
    edit_policy(promise.pk, Terms("first_reply", HOUR))
    earlier = Recomputation.objects.earliest("pk")
    recompute(earlier.pk)
    assert (earlier.is_superseded, due(running)) == (True, FRIDAY + 4 * HOUR)
    sweep()
    assert due(running) == FRIDAY + HOUR


def test_it_is_queued_with_the_change_and_runs_one_at_a_time(promise: SLAPolicy) -> None:
    edit_policy(promise.pk, Terms("first_reply", HOUR))
    job = ProcrastinateJob.objects.get(task_name="sla.recompute")
    assert job.lock == "sla.recompute"


def test_nothing_changed_computes_nothing(promise: SLAPolicy) -> None:
    edit_policy(promise.pk, Terms("first_reply", 4 * HOUR, is_in_working_time=True))
    switch_policy(promise.pk, on=True)
    move_policy(promise.pk, up=True)
    assert not Recomputation.objects.exists()


def test_policies_change_places(promise: SLAPolicy) -> None:
    other = create_policy(Terms("first_reply", HOUR))
    assert list(SLAPolicy.objects.in_order()) == [other, promise]
    move_policy(promise.pk, up=True)
    assert list(SLAPolicy.objects.in_order()) == [promise, other]


def test_a_promise_that_was_given_is_not_forgotten(running: Conversation, promise: SLAPolicy) -> None:
    with pytest.raises(PolicyInUseError):
        delete_policy(promise.pk)
    unused = create_policy(Terms("resolution", HOUR))
    delete_policy(unused.pk)
    assert list(SLAPolicy.objects.all()) == [promise]


def test_working_days_are_working_time() -> None:
    assert create_policy(Terms("resolution", target_working_days=7)).is_in_working_time


def test_changed_hours_of_an_account_move_what_runs(running: Conversation) -> None:
    account = running.account
    set_opening_hours(account.pk, hours=OFFICE)
    hours_changed = next(one for one in REACTIONS if one.name == "promises")
    hours_changed.react(hours_changed.wanted(list(Event.objects.all())))
    sweep()
    assert due(running) == datetime(2026, 5, 25, 9, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_conversation_that_somebody_holds_is_waited_for_by_itself(promise: SLAPolicy) -> None:
    account = make_account()
    held, free = make_conversation(account=account), make_conversation(account=account)
    start_clocks({held.pk: FRIDAY, free.pk: FRIDAY})
    create_calendar(owner=account, **HOURS)
    with new_connection() as somebody, somebody.transaction():
        somebody.execute("SELECT FROM conversations_conversation WHERE id = %s FOR UPDATE", [held.pk])
        sweeping_on = threading.Thread(target=in_thread, args=[sweep])
        sweeping_on.start()
        until(lambda: due(free) == datetime(2026, 5, 25, 9, tzinfo=UTC))
        assert due(held) == FRIDAY + 4 * HOUR
    sweeping_on.join()
    assert due(held) == datetime(2026, 5, 25, 9, tzinfo=UTC)


def in_thread(act: Callable[[], object]) -> None:
    try:
        act()
    finally:
        connection.close()


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds, half a minute at most."""
    for _time in range(600):
        if holds():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it never came to hold")


# --- said in the record ---


def moves() -> list[tuple[str, str]]:
    """Of each clock that somebody's act moved: why, and until when."""
    return [
        (event.reason, event.details["due_at"]) for event in Event.objects.filter(name="clock.moved").order_by("pk")
    ]


def test_another_team_moves_it_and_the_record_says_why(running: Conversation) -> None:
    experts = make_team()
    SLAPolicy.objects.create(target=2 * HOUR, team=experts, position=0)
    change_team(running.pk, to=experts, by=None)
    assert moves() == [("The conversation is with another team now.", (FRIDAY + 2 * HOUR).isoformat())]
    assert Event.objects.get(name="clock.moved").details["was_due_at"] == (FRIDAY + 4 * HOUR).isoformat()


def test_a_team_with_the_same_promise_moves_nothing(running: Conversation) -> None:
    change_team(running.pk, to=make_team(), by=None)
    assert moves() == []


def test_of_two_that_are_merged_the_older_promise_holds_by_the_policy_of_the_one_that_goes_on(
    promise: SLAPolicy,
) -> None:
    account, experts = make_account(), make_team()
    SLAPolicy.objects.create(target=HOUR, team=experts, position=0)
    kept = make_conversation(account=account, team=experts)
    gone = make_conversation(account=account, identity=kept.identity)
    make_incoming(kept, sent_at=FRIDAY + HOUR)
    make_incoming(gone, sent_at=FRIDAY)
    start_clocks({kept.pk: FRIDAY + HOUR, gone.pk: FRIDAY})
    merge_conversations(kept.pk, gone_id=gone.pk, by=None)
    assert due(kept) == FRIDAY + HOUR
    assert moves() == [("Two conversations became one.", (FRIDAY + HOUR).isoformat())]


def test_reopened_it_is_due_later_and_the_record_says_why(promise: SLAPolicy) -> None:
    SLAPolicy.objects.update(promise="resolution")
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    for hours, act in ((1, resolve_conversation), (3, reopen_conversation)):
        with at_instant(FRIDAY + hours * HOUR):
            act(conversation.pk, by=None)
    [(reason, until_then)] = moves()
    assert "resolved and is open again" in reason
    assert until_then == (FRIDAY + 6 * HOUR).isoformat()


def test_a_conversation_of_another_account_or_brand_is_promised_what_holds_there(running: Conversation) -> None:
    other = make_account()
    SLAPolicy.objects.create(target=HOUR, brand=other.brand, position=0)
    Conversation.objects.update(account=other)
    assert recompute_clocks([running.pk]) == (1, 1)
    assert due(running) == FRIDAY + HOUR


def test_computed_again_nothing_moves_whatever_order_things_came_in(running: Conversation) -> None:
    create_calendar(owner=running.account, **HOURS)
    sweep()
    assert recompute_clocks([running.pk]) == (1, 0)
    assert recompute_clocks([running.pk], because="again") == (1, 0)
    assert moves() == []
