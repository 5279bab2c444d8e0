"""The history of a new account: newest first, resumable, and nobody is woken by it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import connection

from comptoir.channels.actions import check_account
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.connectors import registry
from comptoir.connectors.base import Delivery, Page, PermanentError, Polls, TransientError
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.core.tasks import Retry
from comptoir.intake import history
from comptoir.intake.consumer import consume_once
from comptoir.intake.history import begin_history, read_history
from comptoir.intake.models import HistoryReading
from comptoir.intake.rounds import Listening
from comptoir.reactions import react_once
from comptoir.sla.models import SLAClock
from tests.able_network import Able, AbleNetwork, able, ending
from tests.factories import make_account

__all__ = ["able"]
pytestmark = pytest.mark.django_db(transaction=True)


class Polled(Able, Polls):
    """Has a past and is polled."""

    kind = "polled"
    refuses: ClassVar[TransientError | None] = None

    def poll(self, cursor: Mapping[str, Any]) -> Iterator[Page]:
        if self.refuses is not None:
            raise self.refuses
        yield Page([], {"seen": 1})


@pytest.fixture
def account(able: AbleNetwork) -> ChannelAccount:
    made = make_account(kind="able", own_id="us", credentials=ending(now() + timedelta(days=1)))
    AccountHealth.objects.get_or_create(account=made)
    return made


def comment(name: str, at: datetime) -> dict[str, Any]:
    return {"id": name, "at": at.isoformat()}


def test_a_newly_opened_account_has_its_history_read(account: ChannelAccount, able: AbleNetwork) -> None:
    able.pages = [[comment("b", now() - timedelta(days=1))], [comment("a", now() - timedelta(days=20))]]
    check_account(account)
    react_once()
    read_history(account.pk)
    while consume_once():
        pass
    reading = HistoryReading.objects.get()
    assert (reading.state, reading.deliveries) == ("done", 2)
    assert sorted(Message.objects.values_list("external_id", flat=True)) == ["a", "b"]


def test_history_starts_no_clock_while_what_is_said_now_does(account: ChannelAccount, able: AbleNetwork) -> None:
    able.pages = [[comment("old", now() - timedelta(days=1))]]
    begin_history(account.pk)
    read_history(account.pk)
    while consume_once():
        pass
    assert Message.objects.count() == 1
    assert not SLAClock.objects.exists()


def test_a_reading_that_was_cut_goes_on_where_it_was(account: ChannelAccount, able: AbleNetwork) -> None:
    able.pages = [[comment("b", now())], [comment("a", now())]]
    begin_history(account.pk)
    HistoryReading.objects.update(cursor={"page": 1})
    read_history(account.pk)
    assert able.asked_from == [{"page": 1}]
    assert HistoryReading.objects.get().deliveries == 1


def test_a_network_that_is_away_is_asked_again_later(account: ChannelAccount, able: AbleNetwork) -> None:
    able.pages, able.refuses = [[]], TransientError("Slow down.", retry_after=timedelta(minutes=3))
    begin_history(account.pk)
    with pytest.raises(Retry) as caught:
        read_history(account.pk)
    assert caught.value.after == timedelta(minutes=3)
    assert HistoryReading.objects.get().state == "reading"


def test_a_network_that_has_none_to_give_says_why(account: ChannelAccount, able: AbleNetwork) -> None:
    able.pages, able.refuses = [[]], PermanentError("The plan does not include it.")
    begin_history(account.pk)
    read_history(account.pk)
    reading = HistoryReading.objects.get()
    assert (reading.state, reading.reason) == ("failed", "The plan does not include it.")


def test_history_is_read_once_in_an_accounts_life(account: ChannelAccount, able: AbleNetwork) -> None:
    assert begin_history(account.pk)
    read_history(account.pk)
    assert not begin_history(account.pk)
    read_history(account.pk)
    assert len(able.asked_from) == 1


def test_an_account_that_rests_is_not_asked(account: ChannelAccount, able: AbleNetwork) -> None:
    begin_history(account.pk)
    ChannelAccount.objects.update(status="paused")
    read_history(account.pk)
    assert able.asked_from == []


def standing(monkeypatch: pytest.MonkeyPatch, places: Iterable[int]) -> None:
    """Have the network give a comment at each of these places of its history, and every turn be over at once."""
    pages = (
        Page([Delivery(json.dumps([comment(f"c{n}", now())]).encode())], {"at": at}) for n, at in enumerate(places)
    )
    monkeypatch.setattr(Able, "history", lambda *_asked: pages)
    monkeypatch.setattr(history, "_TURN_S", -1.0)


def test_what_would_be_begun_anew_is_read_to_its_end(
    account: ChannelAccount, able: AbleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_history(account.pk)
    HistoryReading.objects.update(cursor={"at": 1})
    standing(monkeypatch, [1, 1, 2, 3])
    read_history(account.pk)
    reading = HistoryReading.objects.get()
    assert (reading.state, reading.deliveries, reading.cursor) == ("reading", 3, {"at": 2})


def test_a_history_that_never_goes_on_ends(
    account: ChannelAccount, able: AbleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_history(account.pk)
    HistoryReading.objects.update(cursor={"at": 1})
    standing(monkeypatch, itertools.repeat(1))
    monkeypatch.setattr(history, "_LONGEST_STANDING_S", 1.0)
    read_history(account.pk)
    reading = HistoryReading.objects.get()
    assert (reading.state, "again and again" in reading.reason) == ("failed", True)


def test_what_was_said_since_the_account_was_connected_is_no_history(
    account: ChannelAccount, able: AbleNetwork
) -> None:
    begin_history(account.pk)
    able.pages = [[comment("new", now()), comment("old", now() - timedelta(days=1))]]
    read_history(account.pk)
    while consume_once():
        pass
    assert Message.objects.count() == 2
    assert list(SLAClock.objects.values_list("conversation__messages__external_id", flat=True)) == ["new"]


def test_the_past_is_read_once_the_first_round_has_noted_where_the_present_begins(
    able: AbleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "connector_classes", lambda: {"polled": Polled})
    account = make_account(kind="polled", own_id="us", credentials=ending(now() + timedelta(days=1)))
    begin_history(account.pk)
    assert histories_queued() == 0
    with ThreadPoolExecutor(1) as writers:
        one = Listening(account, writers)
        Polled.refuses = TransientError("Slow down.")
        one.round()
        assert histories_queued() == 0
        Polled.refuses = None
        one.round()
        assert histories_queued() == 1
        writers.submit(lambda: connection.close()).result()  # the thread's own
    assert HistoryReading.objects.get().state == "reading"


def histories_queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'intake.read_history'")
        return int(cursor.fetchone()[0])


def test_what_is_added_to_an_account_later_has_its_past_read_as_history(
    account: ChannelAccount, able: AbleNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    able.pages = [[comment("old", now() - timedelta(days=3))]]
    begin_history(account.pk)
    read_history(account.pk)
    HistoryReading.objects.update(started_at=now() - timedelta(days=10))
    begin_history(account.pk, was_polled=True)
    assert HistoryReading.objects.get().state == "done"
    able.pages += [[comment("of a room added since", now() - timedelta(days=2))]]
    monkeypatch.setattr(Able, "has_more_past", lambda self, cursor: True)
    begin_history(account.pk, was_polled=True)
    read_history(account.pk)
    while consume_once():
        pass
    assert Message.objects.filter(external_id="of a room added since").exists()
    assert not SLAClock.objects.exists()
