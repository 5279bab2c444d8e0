"""In which order a queue is given out: the database’s order is that of `Waiting.place`, which the benchmarks run on."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.people.models import Team
from comptoir.routing.assigning.giving import offer_all
from comptoir.routing.assigning.queue import place_in_queue, queue_of
from comptoir.routing.models import DEFAULT_POINTS
from tests.factories import make_account, make_conversation, make_incoming, make_team
from tests.routing.writing import gives_out, member

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def team() -> Team:
    return make_team(name="Service")


def waiting(
    team: Team, *, kind: str = "fake", since: float = 0, due: float | None = None, priority: int = 1
) -> Conversation:
    """Waiting for so many minutes, and promised an answer within so many from now."""
    conversation = make_conversation(account=make_account(team=team, kind=kind), team=team, priority=priority)
    make_incoming(conversation, sent_at=now() - since * MINUTE)
    promised = None if due is None else now() + due * MINUTE
    Conversation.objects.filter(pk=conversation.pk).update(promise_due_at=promised)
    return conversation


def in_order(team: Team) -> list[int]:
    at = now()
    return [one.id for page in queue_of(gives_out(team), at, DEFAULT_POINTS) for one in page]


def test_what_was_promised_sooner_goes_before_what_has_waited_longer(team: Team) -> None:
    mail, complaint = waiting(team, since=120, due=60), waiting(team, since=5, due=25)
    assert in_order(team) == [complaint.pk, mail.pk]


def test_what_is_due_soon_goes_before_what_is_late_and_what_has_time_after_it(team: Team) -> None:
    late, later, soon, has_time = (waiting(team, due=due) for due in (-60, -5, 230, 250))
    assert in_order(team) == [soon.pk, late.pk, later.pk, has_time.pk]


def test_what_nothing_was_promised_of_counts_as_promised_within_a_day(team: Team) -> None:
    old, new = waiting(team, since=23.5 * 60), waiting(team, since=1)
    promised = waiting(team, since=1, due=120)
    assert in_order(team) == [old.pk, promised.pk, new.pk]


def test_a_place_holds_until_the_instant_that_is_told(team: Team) -> None:
    waiting(team, due=300)
    at = now()
    [[one]] = queue_of(gives_out(team), at, DEFAULT_POINTS)
    becomes_soon = one.place_changes_at(at)
    assert becomes_soon is not None
    assert one.place(becomes_soon) == one.place(at) > one.place(becomes_soon + MINUTE)
    assert one.place_changes_at(becomes_soon + MINUTE) == one.until
    assert one.place_changes_at(one.until + MINUTE) is None


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
