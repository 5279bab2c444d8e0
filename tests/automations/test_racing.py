"""Workers that race or die: each run is done exactly once."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connections

from comptoir.automations import running
from comptoir.automations.following import follow_automations
from comptoir.automations.models import AutomationRun
from comptoir.automations.running import run_next
from comptoir.automations.tasks import look
from comptoir.conversations.models import Note
from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.reactions import react_once
from tests.automations.written import automation
from tests.factories import make_conversation, make_incoming
from tests.processes import run_side_by_side, started
from tests.test_reactions import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fake_network")]


def comes_in(times: int) -> None:
    for _number in range(times):
        record("message.received", subject=make_incoming(make_conversation()))


def follow_and_run(_number: int) -> None:
    follow_automations(list(Event.objects.filter(name="message.received").order_by("pk")))
    while run_next():
        pass


def test_of_workers_that_race_each_run_is_done_once() -> None:
    automation("received", {"act": "note", "text": "Vu"})
    comes_in(20)
    run_side_by_side(follow_and_run, [(number,) for number in range(4)], seconds=60)
    assert Note.objects.count() == AutomationRun.objects.filter(state="done").count() == 20


def die_in_the_middle() -> None:
    def die(*_arguments: object, **_named: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    done = running.act_on

    def act_and_die(*arguments: object, **named: object) -> None:
        done(*arguments, **named)  # type: ignore[arg-type]
        die()

    running.act_on = act_and_die
    run_next()


def test_a_worker_killed_between_the_event_and_the_run_leaves_it_to_the_next() -> None:
    automation("received", {"act": "note", "text": "Vu"})
    comes_in(1)
    until(lambda: react_once() == 0 and AutomationRun.objects.exists())
    child = started(die_in_the_middle)
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    connections.close_all()
    assert Note.objects.count() == 0
    look(0)
    assert Note.objects.count() == AutomationRun.objects.filter(state="done").count() == 1
