"""Runs are forgotten after ninety days, unless they say that something which still lasts was met already."""

from __future__ import annotations

from datetime import datetime

import pytest

from comptoir.automations import forgetting
from comptoir.automations.forgetting import KEPT_FOR, forget_old_runs
from comptoir.automations.models import AutomationRun
from comptoir.core.clock import at_instant
from comptoir.desk.actions import hold_conversation, resolve_conversation
from comptoir.events.record import record
from tests.automations.waits import DAY, HOUR, MONDAY, answer, look, waiting
from tests.automations.written import automation, settle, tag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

LATER = MONDAY + KEPT_FOR + 2 * DAY


def left(at: datetime = LATER) -> int:
    with at_instant(at):
        forget_old_runs()
    return AutomationRun.objects.count()


def test_a_run_that_an_event_caused_is_forgotten_after_ninety_days_and_not_before() -> None:
    automation("received", tag(), since=MONDAY - DAY)
    with at_instant(MONDAY):
        record("message.received", subject=waiting().messages.get())
        settle()
    assert left(MONDAY + KEPT_FOR - HOUR) == 1
    assert left() == 0


def test_what_still_waits_is_not_forgotten_nor_met_again() -> None:
    automation("waits", tag(), after=HOUR, since=MONDAY - DAY)
    waiting()
    look(MONDAY + HOUR)
    assert left() == 1
    look(LATER)
    assert AutomationRun.objects.count() == 1


@pytest.mark.parametrize("how", ["answered", "resolved"])
def test_what_waits_no_longer_is_forgotten(how: str) -> None:
    automation("waits", tag(), after=HOUR, since=MONDAY - DAY)
    one = waiting()
    look(MONDAY + HOUR)
    if how == "answered":
        answer(one, MONDAY + DAY)
        one.last_incoming_at = MONDAY + 2 * DAY  # and has written since
        one.save()
    else:
        with at_instant(MONDAY + DAY):
            resolve_conversation(one.pk, by=None)
    assert left() == 0
    look(LATER)
    assert not AutomationRun.objects.exists()


def test_a_silence_that_lasts_is_not_forgotten() -> None:
    automation("silent", tag(), after=HOUR, since=MONDAY - DAY)
    answer(waiting(), MONDAY + HOUR)
    look(MONDAY + 2 * HOUR)
    assert left() == 1


def test_a_status_that_was_met_is_forgotten_and_not_met_again() -> None:
    automation("pending", tag(), after=HOUR, since=MONDAY - DAY)
    one = waiting()
    look(MONDAY)
    with at_instant(MONDAY):
        hold_conversation(one.pk, by=None)
    look(MONDAY + HOUR)
    look(MONDAY + DAY)
    assert left() == 0
    look(LATER)
    assert not AutomationRun.objects.exists()


def test_however_many_there_are_all_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "_AT_ONCE", 2)
    automation("waits", tag(), after=HOUR, since=MONDAY - DAY)
    over, lasting = [waiting() for _number in range(5)], waiting()
    look(MONDAY + HOUR)
    for one in over:
        with at_instant(MONDAY + DAY):
            resolve_conversation(one.pk, by=None)
    assert left() == 1
    assert AutomationRun.objects.get().conversation_id == lasting.pk
