"""An automation that runs too often stops itself: an administrator is told, and what was held is not lost."""

from __future__ import annotations

import pytest

from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.stopping import resume_automation
from comptoir.conversations.models import Conversation
from comptoir.events.record import record
from comptoir.notifications.models import Notice
from tests.automations.written import automation, ended, follow, run_all, settle, tag
from tests.factories import make_account, make_conversation, make_incoming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


def five_come_in() -> list[Conversation]:
    account = make_account()
    conversations = [make_conversation(account=account) for _number in range(5)]
    for one in conversations:
        record("message.received", subject=make_incoming(one))
    return conversations


def states() -> list[str]:
    return [state for state, _reason in ended()]


def test_on_one_conversation_it_runs_so_many_times_a_day() -> None:
    automation("received", {"act": "note", "text": "Vu"}, most_runs_a_day=2)
    conversation = make_conversation()
    for _number in range(3):
        record("message.received", subject=make_incoming(conversation))
    settle()
    assert conversation.notes.count() == 2
    assert ended()[2] == (
        "refused", "It ran 2 times within a day on this conversation, and may no more than that.",
    )  # fmt: skip


def test_after_so_many_an_hour_it_stops_and_holds_the_rest() -> None:
    one = automation("received", tag(), most_runs_an_hour=2)
    five_come_in()
    settle()
    assert states() == ["done", "done", "held", "held", "held"]
    assert Automation.objects.get(pk=one.pk).stopped_at is not None
    notice = Notice.objects.get(settled_at=None)
    assert (notice.kind, notice.subject_name) == ("automation_stopped", "Relance")
    assert "Relance" in notice.text


def test_let_go_on_it_runs_what_was_held() -> None:
    one = automation("received", tag(), most_runs_an_hour=3)
    five_come_in()
    settle()
    assert resume_automation(one.pk, runs_held=True) == 2
    settle()
    assert states() == ["done"] * 5
    assert not Notice.objects.filter(settled_at=None).exists()


def test_or_leaves_it() -> None:
    one = automation("received", tag(), most_runs_an_hour=3)
    five_come_in()
    settle()
    assert resume_automation(one.pk, runs_held=False) == 2
    follow()
    run_all()
    assert states() == ["done"] * 3 + ["over"] * 2
    assert AutomationRun.objects.filter(state="over", ended_at=None).count() == 0
