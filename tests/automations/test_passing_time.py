"""Time that passes in a state sets an automation off: once for each time it lasts so long, also after an outage."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comptoir.automations import sweeping
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.passing import Passed
from comptoir.automations.sweeping import sweep
from comptoir.automations.writing import edit_automation, switch_automation
from comptoir.conversations.models import Message
from comptoir.core.clock import at_instant
from comptoir.desk.actions import assign_conversation, hold_conversation, reopen_conversation, resolve_conversation
from comptoir.desk.snoozing import snooze_conversation
from tests.automations.waits import DAY, FOUR, HOUR, MONDAY, answer, look, tagged, waiting
from tests.automations.written import automation, ended, run_all, tag, terms
from tests.factories import make_agent, make_incoming
from tests.fake_network import FakeNetwork
from tests.routing.writing import condition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

MINUTE = timedelta(minutes=1)


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


def said_otherwise(at: datetime, **more: Any) -> None:
    """Somebody changes it: it tags « relu » from now on."""
    words = terms("waits", tag("relu"), **{"after": FOUR} | more)
    with at_instant(at):
        edit_automation(Automation.objects.get().pk, words)


def changed_while_looked(monkeypatch: pytest.MonkeyPatch, at: datetime, **more: Any) -> None:
    """Between what is found and what is kept of it, once."""
    found = sweeping.passed

    def found_and_changed(question: str, asked: Mapping[str, Any]) -> list[Passed]:
        monkeypatch.setattr(sweeping, "passed", found)
        conversations = found(question, asked)
        said_otherwise(at, **more)
        return conversations

    monkeypatch.setattr(sweeping, "passed", found_and_changed)


def test_words_that_change_while_it_looks_are_those_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    one = waiting()
    look(MONDAY + FOUR - MINUTE)
    changed_while_looked(monkeypatch, MONDAY + FOUR)
    look(MONDAY + FOUR)
    assert not one.tags.exists()
    look(MONDAY + FOUR + MINUTE)
    assert one.tags.get().name == "relu"


def test_a_longer_time_that_is_asked_while_it_looks_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    one = waiting()
    look(MONDAY + FOUR - MINUTE)
    changed_while_looked(monkeypatch, MONDAY + FOUR, after=FOUR + HOUR)
    look(MONDAY + FOUR)
    look(MONDAY + FOUR + HOUR - MINUTE)
    assert not one.tags.exists()
    look(MONDAY + FOUR + HOUR)
    assert one.tags.get().name == "relu"


def test_what_is_switched_off_while_it_looks_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    written = automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    waiting()
    monkeypatch.setattr(sweeping, "keep_runs", lambda _runs: pytest.fail("kept, though it was switched off"))
    found = sweeping.passed

    def found_and_switched_off(question: str, asked: Mapping[str, Any]) -> list[Passed]:
        switch_automation(written.pk, on=False)
        return found(question, asked)

    monkeypatch.setattr(sweeping, "passed", found_and_switched_off)
    look(MONDAY + FOUR)
    assert ended() == []


def test_what_fell_between_the_last_look_and_the_change_is_for_the_new_words() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY)
    one = waiting()
    look(MONDAY + FOUR - MINUTE)
    said_otherwise(MONDAY + FOUR + MINUTE / 2)
    look(MONDAY + FOUR + MINUTE)
    assert one.tags.get().name == "relu"


def test_whom_the_former_words_left_out_is_met_by_a_longer_time() -> None:
    automation("waits", tag(), after=FOUR, since=MONDAY - DAY, conditions=[condition("vip")])
    one, old = waiting(), waiting(MONDAY - HOUR)
    look(MONDAY + FOUR)
    said_otherwise(MONDAY + FOUR + MINUTE, after=FOUR + HOUR / 2)
    look(MONDAY + FOUR + HOUR)
    assert one.tags.get().name == "relu"
    assert not old.tags.exists()


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
