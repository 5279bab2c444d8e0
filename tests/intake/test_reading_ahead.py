from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Delivery, NetworkEvent, PayloadError
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.intake import consumer
from comptoir.intake.actions import replay_deliveries
from comptoir.intake.ahead import Ahead
from comptoir.intake.consumer import consume_once
from comptoir.intake.models import RawDelivery
from comptoir.intake.receiving import batch
from comptoir.intake.receiving.exchanges import Exchanges
from comptoir.intake.storing import store_deliveries
from tests.factories import make_account
from tests.fake_network import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]

_AT_ONCE = 3


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "BATCH_DELIVERIES", _AT_ONCE)


@pytest.fixture
def ahead() -> Iterator[Ahead]:
    with Ahead() as begun:
        yield begun


@pytest.fixture
def read_by(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Each message that was read, and by which thread."""
    seen: list[tuple[str, str]] = []
    parse = Fake.parse

    def seen_parse(self: Fake, delivery: Delivery) -> list[NetworkEvent]:
        events = parse(self, delivery)
        seen.extend((str(event.external_id), threading.current_thread().name) for event in events)
        return events

    monkeypatch.setattr(Fake, "parse", seen_parse)
    return seen


def flood(account: ChannelAccount, *names: str) -> None:
    events = [
        {"id": name, "author": "lea", "thread": "t", "at": f"2026-03-02T09:00:0{name[1]}+00:00"} for name in names
    ]
    store_deliveries(account.pk, [Delivery(json.dumps([event]).encode()) for event in events])


def received() -> list[str | None]:
    return list(Message.objects.order_by("pk").values_list("external_id", flat=True))


def test_of_a_flood_what_comes_next_is_read_beside_and_everything_is_received_once_in_order(
    ahead: Ahead, read_by: list[tuple[str, str]]
) -> None:
    flood(make_account(own_id="us"), *(f"m{number}" for number in range(8)))
    assert [consume_once(ahead) for _turn in range(4)] == [3, 3, 2, 0]
    assert received() == [f"m{number}" for number in range(8)]
    assert [name for name, thread in read_by if thread.startswith("reads-ahead")] == ["m3", "m4", "m5", "m6", "m7"]
    assert len(read_by) == 8


def test_it_is_read_once_the_database_stores_and_not_while_python_places_what_came(
    ahead: Ahead, read_by: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_before: list[int] = []
    load = Exchanges.load

    def watched_load(self: Exchanges, *given: Any) -> None:
        time.sleep(0.2)  # whatever had begun would be done by then
        read_before.append(len(read_by))
        load(self, *given)

    monkeypatch.setattr(Exchanges, "load", watched_load)
    flood(make_account(own_id="us"), *(f"m{number}" for number in range(6)))
    assert consume_once(ahead) == 3
    assert read_before == [3]
    assert consume_once(ahead) == 3
    assert {thread for name, thread in read_by if name in ("m3", "m4", "m5")} != {threading.current_thread().name}


def test_to_know_which_accounts_have_something_to_read_costs_the_same_however_much_that_is() -> None:
    def looked_at() -> int:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + consumer._WAITING)
            ((plan,),) = cursor.fetchall()
        return sum(int(found) for found in re.findall(r'"Actual Rows": (\d+)', json.dumps(plan)))

    account = make_account(own_id="us")
    make_account(own_id="others")
    flood(account, "m0")
    of_one = looked_at()
    store_deliveries(account.pk, [Delivery(b"[]") for _each in range(300)])
    assert looked_at() == of_one


def test_nothing_is_read_ahead_while_another_account_waits(ahead: Ahead, read_by: list[tuple[str, str]]) -> None:
    flood(make_account(own_id="us"), "m0", "m1", "m2", "m3")
    flood(make_account(own_id="others"), "n0", "n1", "n2", "n3")
    assert [consume_once(ahead), consume_once(ahead)] == [6, 2]
    assert {thread for _name, thread in read_by} == {threading.current_thread().name}


def test_what_another_process_took_after_it_was_read_ahead_is_left_to_it(ahead: Ahead) -> None:
    flood(make_account(own_id="us"), *(f"m{number}" for number in range(7)))
    consume_once(ahead)
    RawDelivery.objects.filter(pk__in=RawDelivery.objects.filter(state="new").order_by("pk")[:2]).update(state="done")
    assert [consume_once(ahead), consume_once(ahead)] == [2, 0]
    assert received() == ["m0", "m1", "m2", "m5", "m6"]


def test_where_a_batch_fails_what_was_read_ahead_of_it_waits_behind_it(
    ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood(make_account(own_id="us"), *(f"m{number}" for number in range(6)))
    with monkeypatch.context() as patched:
        patched.setattr(batch, "add_messages", lambda *_given: 1 / 0)
        patched.setattr(consumer, "_one_by_one", lambda _account_id: 0)
        assert consume_once(ahead) == 0
    assert consume_once(ahead) == 3
    assert received() == ["m0", "m1", "m2"]


def test_what_was_read_ahead_by_what_the_account_was_before_is_read_again(
    ahead: Ahead, read_by: list[tuple[str, str]]
) -> None:
    account = make_account(own_id="us")
    flood(account, *(f"m{number}" for number in range(5)))
    consume_once(ahead)
    account.own_id = "we"
    account.save()
    assert consume_once(ahead) == 2
    assert read_by[-2:] == [(name, threading.current_thread().name) for name in ("m3", "m4")]


def test_what_another_process_put_off_after_it_was_read_ahead_waits_until_then(ahead: Ahead) -> None:
    flood(make_account(own_id="us"), *(f"m{number}" for number in range(7)))
    consume_once(ahead)
    in_hand = RawDelivery.objects.filter(state="new").order_by("pk")[:3]
    RawDelivery.objects.filter(pk__in=in_hand).update(state="later", not_before=now() + timedelta(hours=1))
    assert [consume_once(ahead), consume_once(ahead)] == [1, 0]
    assert received() == ["m0", "m1", "m2", "m6"]


def test_what_was_read_ahead_and_set_aside_otherwise_is_read_anew_when_it_is_replayed(
    ahead: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood(make_account(own_id="us"), "m0", "m1", "m2", "m3")
    parse = Fake.parse

    def refusing_one(self: Fake, delivery: Delivery) -> list[NetworkEvent]:
        if b'"m3"' in delivery.body:
            raise PayloadError("Not yet.")
        return parse(self, delivery)

    with monkeypatch.context() as patched:
        patched.setattr(Fake, "parse", refusing_one)
        assert consume_once(ahead) == 3
        flood(make_account(own_id="others"), "n0")
        assert consume_once(ahead) == 2
    assert replay_deliveries() == 1
    assert consume_once(ahead) == 1
    assert received()[-1] == "m3"
