"""Time that passes in a state sets an automation off: once for each time it lasts so long, also after an outage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.automations.models import AutomationRun
from comptoir.automations.sweeping import sweep
from comptoir.conversations.models import Message
from comptoir.core.clock import at_instant
from comptoir.desk.actions import assign_conversation, hold_conversation, reopen_conversation, resolve_conversation
from comptoir.desk.snoozing import snooze_conversation
from tests.automations.waits import DAY, FOUR, HOUR, MONDAY, answer, look, tagged, waiting
from tests.automations.written import automation, ended, run_all, tag
from tests.factories import make_agent, make_incoming
from tests.fake_network import FakeNetwork
from tests.routing.writing import condition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


def test_who_waits_so_long_is_met_then_and_not_before() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    one = waiting()
    look(MONDAY + FOUR - timedelta(minutes=1))
    assert tagged() == set()
    look(MONDAY + FOUR)
    assert tagged() == {one.pk}
    assert str(AutomationRun.objects.get().revision.trigger["after_minutes"]) == "240"


def test_once_for_each_time_they_wait() -> None:
    automation("waits", {"act": "note", "text": "Relancer"}, after=FOUR, since=MONDAY - DAY)
    one = waiting()
    for hours in (4, 5, 6, 30):
        look(MONDAY + hours * HOUR)
    assert one.notes.count() == 1
    answer(one, MONDAY + 30 * HOUR)
    make_incoming(one, sent_at=MONDAY + 31 * HOUR)
    look(MONDAY + 36 * HOUR)
    assert one.notes.count() == 2


def test_what_fell_while_the_worker_was_down_is_met_when_it_is_back() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    automation("resolved", tag("fini"), after=HOUR, since=MONDAY - DAY, name="Fini")
    one, other = waiting(), waiting()
    look(MONDAY)
    with at_instant(MONDAY + HOUR):
        resolve_conversation(other.pk, by=None)
    look(MONDAY + 3 * DAY)
    assert tagged() == {one.pk}
    assert other.tags.get().name == "fini"


def test_what_was_that_long_already_when_it_was_switched_on_is_left_alone() -> None:
    old = waiting(MONDAY - 10 * DAY)
    automation("waits", tag(), after=FOUR, since=MONDAY)
    look(MONDAY + HOUR)
    assert old.pk not in tagged()


def test_what_is_answered_before_it_runs_is_left_alone() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    one = waiting()
    with at_instant(MONDAY + FOUR):
        sweep()
        answer(one, MONDAY + FOUR)
        run_all()
    assert ended() == [("over", "The conversation had gone on meanwhile.")]


def test_a_customer_who_does_not_answer_is_reminded_once(fake_network: FakeNetwork) -> None:
    automation("silent", {"act": "reply", "text": "Avez-vous encore besoin de nous ?"}, after=3 * DAY, since=MONDAY)
    one = waiting()
    answer(one, MONDAY + HOUR)
    look(MONDAY + 3 * DAY)
    assert Message.objects.outgoing().count() == 1
    for days in (4, 8, 12):
        look(MONDAY + days * DAY)
    assert Message.objects.outgoing().count() == 2
    assert Message.objects.outgoing().latest("pk").is_automatic


@pytest.mark.parametrize("trigger", ["resolved", "pending", "snoozed"])
def test_a_status_that_lasts_so_long_is_met_from_its_last_change_on(trigger: str) -> None:
    automation(trigger, tag(), after=7 * DAY, since=MONDAY - DAY)
    one = waiting()
    acts = {
        "resolved": lambda: resolve_conversation(one.pk, by=None),
        "pending": lambda: hold_conversation(one.pk, by=None),
        "snoozed": lambda: snooze_conversation(one.pk, until=None, by=None),
    }
    with at_instant(MONDAY):
        acts[trigger]()
    with at_instant(MONDAY + DAY):
        reopen_conversation(one.pk, by=None)
    with at_instant(MONDAY + 2 * DAY):
        acts[trigger]()
    look(MONDAY + 8 * DAY)
    assert tagged() == set()
    look(MONDAY + 9 * DAY + timedelta(minutes=1))
    assert tagged() == {one.pk}


def test_what_is_not_resolved_in_time_is_met() -> None:
    automation("unresolved", tag(), after=2 * DAY, since=MONDAY - DAY)
    one, other = waiting(), waiting()
    with at_instant(MONDAY + HOUR):
        resolve_conversation(other.pk, by=None)
    look(MONDAY + 2 * DAY)
    assert tagged() == {one.pk}


def test_conditions_are_asked_at_that_moment() -> None:
    agent = make_agent()
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY, conditions=[condition("owner", "nobody")])
    taken, free = waiting(), waiting()
    assign_conversation(taken.pk, to=agent, by=None)
    look(MONDAY + FOUR)
    assign_conversation(taken.pk, to=None, by=None)
    look(MONDAY + FOUR + HOUR)
    assert tagged() == {free.pk}


def test_spam_is_left_alone() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    waiting(is_spam=True)
    look(MONDAY + FOUR)
    assert tagged() == set()


def test_looking_costs_the_same_however_many_wait() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY, conditions=[condition("text", "commande")])
    counts = []
    for times in (1, 2, 30):
        for _number in range(times):
            waiting()
        with at_instant(MONDAY + FOUR), CaptureQueriesContext(connection) as asked:
            sweep()
        counts.append(len(asked))
    assert counts[1] == counts[2]
