"""Which promise is given: conditions, order, working time, what each one begins and ends with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from comptoir.conversations.models import Conversation
from comptoir.core.clock import at_instant
from comptoir.desk.actions import change_team, reopen_conversation, resolve_conversation
from comptoir.desk.spam import clear_spam, mark_spam
from comptoir.events.models import Event
from comptoir.sla.actions import abandon_clocks, start_clocks, stop_clocks
from comptoir.sla.calendars import create_calendar
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.factories import make_account, make_brand, make_conversation, make_incoming, make_outgoing, make_team

pytestmark = pytest.mark.django_db

#: A Friday, 16:00 in Paris.
FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture(autouse=True)
def no_promises(db: None) -> None:
    SLAPolicy.objects.all().delete()


def promise(hours: float = 1, **fields: Any) -> SLAPolicy:
    return SLAPolicy.objects.create(**{"target": timedelta(hours=hours)} | fields)


def due(conversation: Conversation, at: datetime = FRIDAY) -> datetime | None:
    """When what starts at an instant is due."""
    start_clocks({conversation.pk: at})
    clock = conversation.clocks.filter(stopped_at=None).first()
    return clock.due_at if clock else None


@pytest.mark.parametrize(
    ("condition", "fits"),
    [({"kinds": ["fake"]}, True), ({"kinds": ["email", "fake"]}, True), ({"kinds": ["email"]}, False),
     ({"is_public": True}, True), ({"is_public": False}, False), ({"is_active": False}, False)],
)  # fmt: skip
def test_a_policy_holds_where_its_conditions_do(condition: dict[str, Any], fits: bool) -> None:
    promise(**condition)
    assert (due(make_conversation(is_public=True)) is not None) is fits


@pytest.mark.parametrize("of", ["brand", "team"])
def test_a_policy_of_a_brand_or_a_team_is_for_its_own(of: str) -> None:
    own, other = make_account(), make_account()
    promise(**{of: getattr(own, of)})
    assert due(make_conversation(account=own)) == FRIDAY + HOUR
    assert due(make_conversation(account=other)) is None


def test_of_those_that_match_the_first_decides() -> None:
    promise(3, position=3)
    promise(2, position=2)
    promise(1, position=1, kinds=["email"])
    assert due(make_conversation()) == FRIDAY + 2 * HOUR


def test_working_time_runs_by_the_nearest_calendar() -> None:
    account = make_account()
    create_calendar(owner=account.brand, name="Bureau", time_zone="Europe/Paris", weekly_hours=OFFICE, country="FR")
    promise(4, is_in_working_time=True)
    # two hours on Friday, none on Whit Monday, two on Tuesday
    assert due(make_conversation(account=account)) == datetime(2026, 5, 26, 9, tzinfo=UTC)


def test_working_time_without_a_calendar_runs_by_the_accounts_hours() -> None:
    account = make_account(weekly_hours=OFFICE)
    promise(4, is_in_working_time=True)
    assert due(make_conversation(account=account)) == datetime(2026, 5, 25, 9, tzinfo=UTC)


def test_working_time_round_the_clock_is_calendar_time() -> None:
    promise(4, is_in_working_time=True)
    assert due(make_conversation()) == FRIDAY + 4 * HOUR


def test_calendar_time_does_not_look_at_hours() -> None:
    promise(24)
    assert due(make_conversation(account=make_account(weekly_hours=OFFICE))) == FRIDAY + 24 * HOUR


def test_working_days_end_at_the_closing_of_the_last() -> None:
    promise(target=None, target_working_days=2, is_in_working_time=True)
    account = make_account(weekly_hours=OFFICE)
    assert due(make_conversation(account=account)) == datetime(2026, 5, 26, 16, tzinfo=UTC)


def test_a_counted_promise_is_told_on_its_conversation() -> None:
    promise(4, is_in_working_time=True)
    conversation = make_conversation(account=make_account(weekly_hours=OFFICE))
    due(conversation)
    conversation.refresh_from_db()
    assert conversation.promise_due_at == datetime(2026, 5, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize("fields", [{"target_working_days": 7}, {"target": None}])
def test_the_database_wants_exactly_one_target(fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        promise(**fields)


def answered() -> Conversation:
    conversation = make_conversation(at=FRIDAY - 3 * HOUR)
    make_incoming(conversation, sent_at=FRIDAY - 3 * HOUR)
    make_outgoing(conversation, sent_at=FRIDAY - 2 * HOUR)
    return conversation


def test_after_our_first_answer_the_next_ones_are_promised() -> None:
    promise(1, promise="first_reply")
    promise(2, promise="next_reply")
    assert due(answered()) == FRIDAY + 2 * HOUR
    assert due(make_conversation()) == FRIDAY + HOUR


def test_a_message_of_ours_that_began_the_exchange_is_no_answer() -> None:
    promise(1, promise="first_reply")
    conversation = make_conversation(at=FRIDAY - HOUR)
    make_outgoing(conversation, sent_at=FRIDAY - HOUR)
    assert due(conversation) == FRIDAY + HOUR


def test_our_answer_keeps_the_next_reply_and_leaves_the_resolution() -> None:
    promise(2, promise="next_reply")
    promise(8, promise="resolution")
    conversation = answered()
    start_clocks({conversation.pk: FRIDAY})
    stop_clocks(conversation.pk, FRIDAY + HOUR)
    conversation.refresh_from_db()
    assert [clock.promise for clock in SLAClock.objects.filter(stopped_at=None)] == ["resolution"]
    assert conversation.promise_due_at == FRIDAY + 8 * HOUR


def test_a_customer_who_waits_no_longer_leaves_the_resolution() -> None:
    promise(1)
    promise(8, promise="resolution")
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    abandon_clocks(conversation.pk)
    assert SLAClock.objects.get(stopped_at=None).promise == "resolution"


def resolution_of(conversation: Conversation) -> SLAClock:
    return SLAClock.objects.get(conversation=conversation, promise="resolution")


def test_resolving_keeps_the_promise_of_a_resolution() -> None:
    promise(8, promise="resolution")
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    with at_instant(FRIDAY + HOUR):
        resolve_conversation(conversation.pk, by=None)
    clock = resolution_of(conversation)
    assert (clock.stopped_at, clock.is_abandoned, clock.breached_at) == (FRIDAY + HOUR, False, None)
    assert Event.objects.get(name="clock.stopped").details == {"kept": True}


def test_reopened_it_runs_on_and_the_time_in_between_does_not_count() -> None:
    promise(8, promise="resolution")
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    for hours, act in ((1, resolve_conversation), (4, reopen_conversation), (5, resolve_conversation)):
        with at_instant(FRIDAY + hours * HOUR):
            act(conversation.pk, by=None)
    with at_instant(FRIDAY + 25 * HOUR):
        reopen_conversation(conversation.pk, by=None)
    conversation.refresh_from_db()
    assert resolution_of(conversation).due_at == conversation.promise_due_at == FRIDAY + (8 + 3 + 20) * HOUR


def test_a_customer_who_comes_back_does_not_start_a_second_resolution() -> None:
    promise(8, promise="resolution")
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    with at_instant(FRIDAY + HOUR):
        resolve_conversation(conversation.pk, by=None)
    start_clocks({conversation.pk: FRIDAY + 3 * HOUR})
    assert resolution_of(conversation).stopped_at == FRIDAY + HOUR


def test_spam_is_nothing_to_be_resolved_until_it_is_none() -> None:
    promise(8, promise="resolution")
    conversation = make_conversation()
    make_incoming(conversation)
    start_clocks({conversation.pk: FRIDAY})
    mark_spam(conversation.pk, block=False, by=None)
    assert resolution_of(conversation).is_abandoned
    clear_spam(conversation.pk, by=None)
    assert resolution_of(conversation).stopped_at is None


def test_another_team_has_its_own_promise() -> None:
    experts = make_team()
    promise(2, position=2)
    promise(1, position=1, team=experts)
    conversation = make_conversation()
    start_clocks({conversation.pk: FRIDAY})
    change_team(conversation.pk, to=experts, by=None)
    conversation.refresh_from_db()
    assert conversation.promise_due_at == FRIDAY + HOUR


def test_a_batch_starts_each_conversation_by_its_own_policy() -> None:
    brand = make_brand()
    promise(1, position=1, brand=brand, is_in_working_time=True)
    promise(24, position=2)
    late = make_conversation(account=make_account(brand=brand, weekly_hours=OFFICE))
    plain = make_conversation()
    start_clocks({late.pk: FRIDAY + 3 * HOUR, plain.pk: FRIDAY})
    found = dict(SLAClock.objects.values_list("conversation", "due_at"))
    assert found == {late.pk: datetime(2026, 5, 25, 8, tzinfo=UTC), plain.pk: FRIDAY + 24 * HOUR}
