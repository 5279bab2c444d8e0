"""In which order a queue is given out: the database’s order is that of `Waiting.place`, which the benchmarks run on."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Team
from comptoir.routing.assigning.giving import offer_all
from comptoir.routing.assigning.queue import place_in_queue, queue_of
from comptoir.routing.models import DEFAULT_POINTS
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.factories import make_account, make_conversation, make_incoming, make_team
from tests.routing.writing import gives_out, member

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


def waiting(
    team: Team,
    *,
    kind: str = "fake",
    since: float = 0,
    due: float | None = None,
    within: float | None = None,
    priority: int = 1,
) -> Conversation:
    """Waiting for so many minutes, promised an answer until so many from now, by a promise that is so many long."""
    conversation = make_conversation(account=make_account(team=team, kind=kind), team=team, priority=priority)
    make_incoming(conversation, sent_at=now() - since * MINUTE)
    promised = None if due is None else now() + due * MINUTE
    Conversation.objects.filter(pk=conversation.pk).update(promise_due_at=promised)
    SLAClock.objects.filter(conversation=conversation).delete()
    if promised is not None and within is not None:
        promises(conversation, within * MINUTE, until=promised)
    return conversation


def promises(
    conversation: Conversation, target: timedelta, *, until: datetime, promise: str = "first_reply", **fields: Any
) -> SLAClock:
    policy = SLAPolicy.objects.create(promise=promise, target=target, is_active=False)
    return SLAClock.objects.create(
        policy=policy, promise=promise, conversation=conversation, started_at=now(), due_at=until, **fields
    )


def in_order(team: Team) -> list[int]:
    at = now()
    return [one.id for page in queue_of(gives_out(team), at, DEFAULT_POINTS) for one in page]


def test_of_the_same_promise_what_runs_out_sooner_goes_before_what_has_waited_longer(team: Team) -> None:
    old, new = waiting(team, since=50, due=40, within=60), waiting(team, since=5, due=25, within=60)
    assert in_order(team) == [new.pk, old.pk]


def test_the_shorter_promise_goes_first_even_where_a_longer_one_runs_out_sooner(team: Team) -> None:
    mail, comment = waiting(team, since=230, due=10, within=240), waiting(team, since=2, due=28, within=30)
    assert in_order(team) == [comment.pk, mail.pk]


def test_of_the_same_promise_what_is_late_waits_for_what_can_still_be_kept(team: Team) -> None:
    late, later, kept = (waiting(team, due=due, within=30) for due in (-60, -5, 25))
    assert in_order(team) == [kept.pk, late.pk, later.pk]


def test_a_broken_promise_counts_as_five_times_as_long(team: Team) -> None:
    late, shorter, longer = (waiting(team, due=due, within=length) for due, length in [(-5, 30), (60, 149), (1, 151)])
    assert in_order(team) == [shorter.pk, late.pk, longer.pk]


def test_who_has_waited_in_vain_for_more_than_a_day_goes_before_any_promise(team: Team) -> None:
    a_day = 24 * 60
    comment = waiting(team, due=25, within=30)
    mail = waiting(team, since=a_day + 1, due=-1200, within=240)
    younger = waiting(team, since=a_day - 1, due=-1210, within=240)
    has_time = waiting(team, since=2 * a_day, due=60, within=3 * a_day)
    assert in_order(team) == [mail.pk, comment.pk, younger.pk, has_time.pk]


def test_what_nothing_was_promised_of_counts_as_promised_within_a_day(team: Team) -> None:
    old, new = waiting(team, since=23.5 * 60), waiting(team, since=1)
    shorter, longer = waiting(team, due=600, within=23 * 60), waiting(team, due=1, within=25 * 60)
    assert in_order(team) == [shorter.pk, old.pk, new.pk, longer.pk]


def test_of_several_promises_the_one_that_runs_out_first_says_how_long_it_is(team: Team) -> None:
    at = now()
    one, other = waiting(team, due=20, within=120), waiting(team, due=25, within=60)
    promises(one, 5 * MINUTE, until=at + 1000 * MINUTE, promise="resolution")
    promises(other, 1 * MINUTE, until=at - 90 * MINUTE, promise="next_reply", stopped_at=at)
    assert in_order(team) == [other.pk, one.pk]


def test_a_promise_in_working_days_is_as_long_as_so_many_days(team: Team) -> None:
    days, hours = waiting(team, due=5, within=1), waiting(team, due=600, within=47 * 60)
    SLAPolicy.objects.filter(clocks__conversation=days).update(
        target=None, target_working_days=2, is_in_working_time=True
    )
    assert in_order(team) == [hours.pk, days.pk]


def test_a_place_holds_until_the_instant_that_is_told(team: Team) -> None:
    waiting(team, since=60, due=300, within=360)
    at = now()
    [[one]] = queue_of(gives_out(team), at, DEFAULT_POINTS)
    assert one.place_changes_at(at) == one.until
    late, in_vain = one.until + MINUTE, one.waiting_since + timedelta(days=1)
    assert one.place(one.until) == one.place(at) < one.place(late)
    assert one.place_changes_at(late) == in_vain
    assert one.place(in_vain) == one.place(late) > one.place(at) > one.place(in_vain + MINUTE)
    assert one.place_changes_at(in_vain + MINUTE) is None


def test_who_is_on_the_line_goes_first_however_much_the_rest_presses(team: Team) -> None:
    urgent, call = waiting(team, due=-60, priority=3), waiting(team, kind="phone", due=1)
    assert in_order(team) == [call.pk, urgent.pk]


def test_the_database_orders_a_queue_as_the_arithmetic_does(team: Team) -> None:
    chance = random.Random(5)
    for _number in range(40):
        waiting(
            team,
            kind=chance.choice(["fake", "fake", "chat", "phone"]),
            since=chance.choice([0, 3, 40, 2000]),
            due=chance.choice([None, -100, -1, 1, 30, 300]),
            within=chance.choice([None, 30, 60, 150, 240, 3000]),
            priority=chance.choice([1, 1, 2, 3]),
        )
    at = now()
    queue = [one for page in queue_of(gives_out(team), at, DEFAULT_POINTS) for one in page]
    assert len(queue) == 40
    assert queue == sorted(queue, key=lambda one: one.place(at))
    assert [place_in_queue(one.id, at) for one in queue] == list(range(1, 41))


def test_somebody_full_of_mails_is_given_who_is_on_the_line(team: Team) -> None:
    agent = member(team, capacity=5)
    gives_out(team)
    for _number in range(7):
        waiting(team)
    assert offer_all() == 5
    call = waiting(team, kind="phone")
    assert offer_all() == 1
    call.refresh_from_db()
    assert call.assignee == agent


def test_somebody_on_the_line_is_given_no_second_call_and_no_mail(team: Team) -> None:
    member(team, capacity=5)
    gives_out(team)
    waiting(team, kind="phone")
    assert offer_all() == 1
    waiting(team, kind="phone")
    waiting(team)
    assert offer_all() == 0


def test_who_is_on_the_line_goes_to_whoever_is_least_on_the_line_then_to_the_least_loaded(team: Team) -> None:
    chatting, busy, free = member(team, "En ligne"), member(team, "Aux mails"), member(team, "Libre")
    gives_out(team)
    waiting(team, kind="chat")
    for _number in range(4):
        waiting(team)
    held = Conversation.objects.order_by("pk")
    held.filter(account__kind="chat").update(assignee=chatting)
    held.exclude(account__kind="chat").update(assignee=busy)
    for expected in (free, busy):
        chat = waiting(team, kind="chat")
        offer_all()
        chat.refresh_from_db()
        assert chat.assignee == expected


def test_a_call_that_weighs_more_than_anybody_can_hold_is_given_to_who_is_on_no_line(team: Team) -> None:
    agent = member(team, capacity=3)
    gives_out(team)
    for expected in (1, 0):
        waiting(team, kind="phone")
        assert offer_all() == expected
    assert Conversation.objects.filter(assignee=agent).count() == 1
