from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import (
    AuthError,
    Backoff,
    Connector,
    Delivery,
    Health,
    NetworkEvent,
    Page,
    PermanentError,
    Polls,
    StreamError,
    Streams,
    TransientError,
)
from comptoir.events.models import Event
from comptoir.intake import listeners
from comptoir.intake.listeners import Ears, listen_forever
from comptoir.intake.models import RawDelivery
from comptoir.intake.rounds import Listening
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True)


class _Counting(Connector):
    label = "Counting"
    answers: ClassVar[list[Exception]] = []
    asked: ClassVar[list[Mapping[str, Any]]] = []
    open_streams: ClassVar[set[str]] = set()

    def parse(self, delivery: Delivery) -> list[NetworkEvent]:
        return []

    def check(self) -> Health:
        return Health("us")


class Polled(_Counting, Polls):
    """Gives one delivery a round, named after its cursor."""

    kind = "polled"
    poll_every = timedelta(milliseconds=20)

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        self.asked.append(cursor)
        number = cursor.get("n", 0)
        yield Page([Delivery(b"{}", key=f"{self.own_id}-{number}")], {"n": number + 1})
        if self.answers:
            raise self.answers.pop(0)


class Streamed(_Counting, Streams):
    """Gives one delivery and then nothing until it is told to stop."""

    kind = "streamed"

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        self.open_streams.add(str(self.own_id))
        try:
            number = cursor.get("n", 0)
            yield Page([Delivery(b"{}", key=f"{self.own_id}-{number}")], {"n": number + 1})
            stop.wait()
        finally:
            self.open_streams.discard(str(self.own_id))


class Both(Polled, Streams):
    """Polls, and streams where the network lets it; each attempt at the stream is counted."""

    kind = "both"
    poll_every = timedelta(seconds=60)
    refused: ClassVar[list[Exception]] = []
    attempts: ClassVar[list[str]] = []
    has_stream: ClassVar[bool] = True

    def streams_here(self) -> bool:
        return self.has_stream

    def stream(self, cursor: Mapping[str, Any], stop: threading.Event) -> Iterator[Page]:
        self.attempts.append(str(self.own_id))
        if self.refused:
            raise self.refused.pop(0)
        yield from ()


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    known = {"polled": Polled, "streamed": Streamed, "both": Both}
    monkeypatch.setattr(Both, "attempts", [])
    monkeypatch.setattr(Both, "refused", [])
    monkeypatch.setattr(registry, "connector_classes", lambda: known)
    monkeypatch.setattr(listeners, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(listeners, "_TURN_S", 0.01)
    monkeypatch.setattr(_Counting, "answers", [])
    monkeypatch.setattr(_Counting, "asked", [])
    monkeypatch.setattr(_Counting, "open_streams", set())


@pytest.fixture
def writers():
    with ThreadPoolExecutor(1) as pool:
        yield pool
        pool.submit(lambda: connection.close()).result()  # the thread's own


@pytest.fixture
def listening():
    """Listen in the background for the time of the test."""
    stop = threading.Event()
    thread = threading.Thread(target=listen_forever, args=(stop,))
    thread.start()
    yield thread
    stop.set()
    thread.join(20)
    assert not thread.is_alive()


def eventually(holds: Callable[[], bool], timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        threading.Event().wait(0.02)


def test_each_round_goes_on_from_the_cursor_stored_with_the_deliveries(writers):
    one = Listening(make_account(kind="polled"), writers)
    assert [one.round(), one.round()] == pytest.approx([0.02, 0.02], abs=0.01)
    assert [dict(cursor) for cursor in Polled.asked] == [{}, {"n": 1}]
    assert AccountHealth.objects.get().cursor == {"n": 2}
    assert RawDelivery.objects.count() == 2


def test_deliveries_already_stored_are_not_stored_again(writers):
    account = make_account(kind="polled")
    Listening(account, writers).round()
    AccountHealth.objects.update(cursor={})
    Listening(account, writers).round()
    assert RawDelivery.objects.count() == 1


def test_pauses_grow_and_honour_what_the_network_asks_for(writers):
    one = Listening(make_account(kind="polled"), writers)
    Polled.answers.extend(
        [TransientError("busy"), TransientError("busy"), TransientError("wait", retry_after=timedelta(seconds=900))]
    )
    first, second, third = one.round(), one.round(), one.round()
    assert 3.75 <= first <= 6.25
    assert 7.5 <= second <= 12.5
    assert third == 900
    assert AccountHealth.objects.get().last_error == "wait"


def test_an_account_that_has_no_stream_is_polled_at_its_pace(writers, monkeypatch):
    monkeypatch.setattr(Both, "has_stream", False)
    pause = Listening(make_account(kind="both"), writers).round()
    assert 59 < pause <= 60
    assert (len(Both.asked), Both.attempts) == (1, [])


def test_a_refused_stream_is_told_and_polling_goes_on_behind_it(writers):
    Both.refused.append(PermanentError("Not in your plan."))
    one = Listening(make_account(kind="both"), writers)
    assert 59 < one.round() <= 60
    assert AccountHealth.objects.get().last_error == (
        "Not in your plan. Meanwhile the network is asked every 60 seconds."
    )
    assert ChannelAccount.objects.get().status == "active"
    assert len(Both.attempts) == 1


def test_a_stream_that_works_again_takes_its_error_back(writers):
    Both.refused.append(StreamError("Cut.", backoff=Backoff(timedelta(0), timedelta(0))))
    one = Listening(make_account(kind="both"), writers)
    assert one.round() == 0.0
    one.round()
    assert (len(Both.asked), len(Both.attempts)) == (1, 2)  # opened again without being polled
    assert AccountHealth.objects.get().last_error == ""


def test_a_success_takes_the_error_back(writers):
    one = Listening(make_account(kind="polled"), writers)
    Polled.answers.append(TransientError("busy"))
    one.round()
    one.round()
    assert AccountHealth.objects.get().last_error == ""


def test_an_account_the_network_no_longer_knows_is_disconnected_once(writers):
    account = make_account(kind="polled")
    for _time in range(2):
        Polled.answers.append(AuthError("The password was changed."))
        Listening(account, writers).round()
    assert ChannelAccount.objects.get().status == "disconnected"
    assert AccountHealth.objects.get().last_error == "The password was changed."
    assert Event.objects.filter(name="account.disconnected").count() == 1


def test_a_mistake_of_a_connector_is_told_and_tried_again(writers):
    Polled.answers.append(ZeroDivisionError())
    assert Listening(make_account(kind="polled"), writers).round() > 3
    assert "ZeroDivisionError" in AccountHealth.objects.get().last_error


def test_of_two_processes_only_one_listens_and_the_other_takes_over(writers):
    make_account(kind="polled")
    first, second = Ears(writers, writers), Ears(writers, writers)
    first.look()
    second.look()
    assert (len(first.ears), len(second.ears)) == (1, 0)
    first.let_go()
    second.look()
    assert len(second.ears) == 1
    second.let_go()


def test_new_paused_and_changed_accounts_are_noticed(listening):
    account = make_account(kind="streamed", own_id="one")
    eventually(lambda: Streamed.open_streams == {"one"})
    eventually(lambda: RawDelivery.objects.filter(key="one-0").exists())
    ChannelAccount.objects.update(own_id="two")
    eventually(lambda: Streamed.open_streams == {"two"})
    ChannelAccount.objects.update(status="paused")
    eventually(lambda: Streamed.open_streams == set())
    ChannelAccount.objects.update(status="active")
    eventually(lambda: Streamed.open_streams == {"two"})
    assert account.pk


def test_polls_go_on_by_themselves(listening):
    make_account(kind="polled")
    eventually(lambda: RawDelivery.objects.count() >= 3)


def test_listening_survives_the_loss_of_every_connection(listening):
    make_account(kind="polled", own_id="p")
    make_account(kind="streamed", own_id="s")
    eventually(lambda: RawDelivery.objects.filter(key="s-0").exists())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    before = RawDelivery.objects.filter(key__startswith="p-").count()
    eventually(lambda: RawDelivery.objects.filter(key="s-1").exists())
    eventually(lambda: RawDelivery.objects.filter(key__startswith="p-").count() > before)
