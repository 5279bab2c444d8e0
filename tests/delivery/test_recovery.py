"""After a crash: what was cut is noticed, what was forgotten is sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django.models import ProcrastinateJob

from comptoir.channels.models import ChannelAccount
from comptoir.conversations.models import Conversation, Message
from comptoir.core.clock import now
from comptoir.delivery import running
from comptoir.delivery.claiming import claim
from comptoir.delivery.models import Attempt
from comptoir.delivery.recovery import CUT, close_cut_attempts, queue_forgotten
from comptoir.delivery.running import LONGEST_SAFE_SEND, LONGEST_SEND, in_flight, may_still_run, this_worker
from comptoir.delivery.tasks import deliver, recover
from tests.delivery.conftest import Queue, deliver_due, reread, waiting_conversation
from tests.fake_network import FakeNetwork


def interrupted(message: Message, *, worker: str, started_ago: timedelta = timedelta(0)) -> Attempt:
    """An attempt that another process began and never closed."""
    attempt = claim(message.pk)
    assert attempt is not None
    in_flight.discard(attempt.pk)
    Attempt.objects.filter(pk=attempt.pk).update(worker=worker, started_at=now() - started_ago)
    attempt.refresh_from_db()
    return attempt


@pytest.fixture
def dead_process() -> str:
    """The name of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        name = running._name_of(child.pid)
        assert name
        os.kill(child.pid, signal.SIGKILL)
    return name


def test_an_attempt_of_a_dead_process_is_over_at_once(
    conversation: Conversation, queue: Queue, dead_process: str
) -> None:
    attempt = interrupted(queue(conversation), worker=dead_process)
    assert not may_still_run(attempt)


def test_an_attempt_of_a_killed_process_not_yet_reaped_is_over(conversation: Conversation, queue: Queue) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        attempt = interrupted(queue(conversation), worker=running._name_of(child.pid))
        assert may_still_run(attempt)
        os.kill(child.pid, signal.SIGKILL)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert not may_still_run(attempt)


def test_another_process_with_the_same_number_is_not_the_same(conversation: Conversation, queue: Queue) -> None:
    same_number = this_worker().rpartition("/")[0] + "/1"
    assert not may_still_run(interrupted(queue(conversation), worker=same_number))


def test_an_attempt_of_this_worker_runs_exactly_while_it_is_in_flight(conversation: Conversation, queue: Queue) -> None:
    attempt = claim(queue(conversation).pk)
    assert attempt is not None
    assert may_still_run(attempt)
    in_flight.discard(attempt.pk)
    assert not may_still_run(attempt)


def test_an_attempt_whose_claim_broke_is_not_in_flight(
    conversation: Conversation, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*names: str) -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(Attempt.objects, "select_related", broken)
    before = set(in_flight)
    with pytest.raises(OperationalError):
        claim(queue(conversation).pk)
    assert in_flight == before


@pytest.mark.parametrize("elsewhere", ["", "another-boot/4026531836/4242/99"])
def test_an_attempt_on_another_machine_is_over_when_no_send_can_last_so_long(
    elsewhere: str, conversation: Conversation, queue: Queue
) -> None:
    attempt = interrupted(queue(conversation), worker=elsewhere, started_ago=LONGEST_SEND - timedelta(seconds=5))
    assert may_still_run(attempt)
    attempt.started_at -= timedelta(seconds=6)
    assert not may_still_run(attempt)


def test_where_sending_twice_is_safe_an_attempt_elsewhere_is_given_up_sooner(
    queue: Queue, fake_network: FakeNetwork
) -> None:
    message = queue(waiting_conversation("fake_safe"))
    attempt = interrupted(message, worker="", started_ago=LONGEST_SAFE_SEND + timedelta(seconds=1))
    assert not may_still_run(attempt)


def test_no_request_begins_late_in_an_attempt(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    from comptoir.delivery import attempts

    monkeypatch.setattr(attempts, "START_WITHIN", timedelta(seconds=-1))
    assert deliver_due(queue(conversation)).state == "queued"
    assert not fake_network.reached.is_set()


def test_a_cut_attempt_without_any_means_is_put_to_a_person(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork, dead_process: str
) -> None:
    message = queue(conversation)
    interrupted(message, worker=dead_process)
    recover(0)
    assert (reread(message).state, reread(message).failure) == ("uncertain", CUT)
    assert Attempt.objects.get().outcome == "uncertain"
    assert fake_network.texts == []


@pytest.mark.parametrize("kind", ["fake_safe", "fake_findable"])
@pytest.mark.parametrize("had_arrived", [True, False])
def test_a_cut_attempt_with_means_sends_exactly_once(
    kind: str, had_arrived: bool, queue: Queue, fake_network: FakeNetwork, dead_process: str
) -> None:
    message = queue(waiting_conversation(kind))
    interrupted(message, worker=dead_process)
    if had_arrived:
        said = {"key": str(message.key), "text": message.text, "external_id": message.external_id}
        fake_network.accept(said, knows_keys=True)
    recover(0)
    assert deliver_due(message).state == "sent"
    assert len(fake_network.arrived) == 1


def test_an_attempt_that_runs_is_left_alone(conversation: Conversation, queue: Queue) -> None:
    assert claim(queue(conversation).pk) is not None
    assert close_cut_attempts() == 0


def test_recovering_twice_changes_nothing_more(conversation: Conversation, queue: Queue, dead_process: str) -> None:
    interrupted(queue(conversation), worker=dead_process)
    assert (close_cut_attempts(), close_cut_attempts()) == (1, 0)


def forget_jobs() -> None:
    ProcrastinateJob.objects.all()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_a_due_reply_without_a_job_is_queued_again(conversation: Conversation, queue: Queue) -> None:
    message = queue(conversation)
    Message.objects.filter(pk=message.pk).update(send_after=now() - timedelta(minutes=1))
    assert queue_forgotten() == 0, "its job is there"
    forget_jobs()
    assert queue_forgotten() == 1
    assert ProcrastinateJob.objects.get(task_name="delivery.deliver").args == {"message_id": message.pk}


def test_the_replies_of_a_reconnected_account_are_found_without_being_told(
    conversation: Conversation, queue: Queue, fake_network: FakeNetwork
) -> None:
    fake_network.answer_next("401")
    message = deliver_due(queue(conversation))
    deliver(message.pk)  # its jobs have run in vain
    forget_jobs()
    Message.objects.filter(pk=message.pk).update(send_after=now() - timedelta(minutes=1))
    assert queue_forgotten() == 0, "the account is disconnected"
    ChannelAccount.objects.update(status="active")
    assert queue_forgotten() == 1
