"""The first-reply promise."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.sla.actions import abandon_clocks, record_breaches, start_clocks, stop_clocks
from comptoir.sla.models import SLAClock, SLAPolicy
from tests.factories import make_brand, make_conversation, make_promises

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def default_promises() -> None:
    make_promises()


def test_every_installation_promises_a_first_reply_within_a_day() -> None:
    conversation = make_conversation()
    begun = now()
    start_clocks({conversation.pk: begun})
    assert SLAClock.objects.get().due_at == begun + timedelta(hours=24)


def test_a_brand_with_a_promise_of_its_own_keeps_that_one() -> None:
    conversation = make_conversation()
    SLAPolicy.objects.create(brand=conversation.account.brand, target=timedelta(hours=2))
    SLAPolicy.objects.create(brand=make_brand(), target=timedelta(minutes=1))
    begun = now()
    start_clocks({conversation.pk: begun})
    assert SLAClock.objects.get().due_at == begun + timedelta(hours=2)


def test_a_clock_that_runs_is_not_started_again() -> None:
    conversation = make_conversation()
    start_clocks({conversation.pk: now()})
    start_clocks({conversation.pk: now() + timedelta(hours=1)})
    assert SLAClock.objects.count() == 1


def test_a_reply_in_time_keeps_the_promise() -> None:
    conversation = make_conversation()
    begun = now()
    start_clocks({conversation.pk: begun})
    stop_clocks(conversation.pk, begun + timedelta(hours=23))
    clock = SLAClock.objects.get()
    assert (clock.stopped_at, clock.breached_at) == (begun + timedelta(hours=23), None)
    assert Event.objects.get(name="clock.stopped").details == {"kept": True}


def test_a_reply_too_late_breaks_the_promise_even_unwatched() -> None:
    conversation = make_conversation()
    begun = now() - timedelta(hours=30)
    start_clocks({conversation.pk: begun})
    stop_clocks(conversation.pk, begun + timedelta(hours=25))
    assert SLAClock.objects.get().breached_at == begun + timedelta(hours=24)


def test_a_breach_is_recorded_once() -> None:
    conversation = make_conversation()
    start_clocks({conversation.pk: now() - timedelta(hours=25)})
    assert record_breaches() == 1
    assert record_breaches() == 0
    assert Event.objects.filter(name="clock.breached", conversation_id=conversation.pk).count() == 1


def test_a_promise_not_due_is_not_broken() -> None:
    start_clocks({make_conversation().pk: now() - timedelta(hours=23)})
    assert record_breaches() == 0


def test_a_promise_that_is_owed_no_more_is_neither_kept_nor_broken() -> None:
    conversation = make_conversation()
    start_clocks({conversation.pk: now()})
    abandon_clocks(conversation.pk)
    clock = SLAClock.objects.get()
    assert clock.is_abandoned
    assert clock.stopped_at is not None
    assert clock.breached_at is None
    assert not Event.objects.filter(name="clock.stopped").exists()


def test_an_answer_that_waited_to_leave_when_the_conversation_was_closed_keeps_the_promise() -> None:
    conversation = make_conversation()
    begun = now() - timedelta(hours=1)
    start_clocks({conversation.pk: begun})
    written_at = now()
    abandon_clocks(conversation.pk)
    stop_clocks(conversation.pk, left_at := now() + timedelta(seconds=10), written_at=written_at)
    clock = SLAClock.objects.get()
    assert (clock.stopped_at, clock.is_abandoned, clock.breached_at) == (left_at, False, None)
    assert Event.objects.get(name="clock.stopped").details == {"kept": True}


def test_an_answer_written_after_the_promise_was_given_up_keeps_nothing() -> None:
    conversation = make_conversation()
    start_clocks({conversation.pk: now() - timedelta(hours=1)})
    abandon_clocks(conversation.pk)
    stop_clocks(conversation.pk, now(), written_at=now())
    assert SLAClock.objects.get().is_abandoned


def test_an_answer_does_not_keep_the_promise_of_a_question_asked_after_it_was_written() -> None:
    conversation = make_conversation()
    written_at = now() - timedelta(hours=2)
    start_clocks({conversation.pk: now() - timedelta(hours=1)})
    abandon_clocks(conversation.pk)
    stop_clocks(conversation.pk, now(), written_at=written_at)
    assert SLAClock.objects.get().is_abandoned
