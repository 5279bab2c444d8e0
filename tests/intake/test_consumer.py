from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from comptoir.channels.models import AccountHealth
from comptoir.connectors.base import Delivery
from comptoir.conversations.models import Message
from comptoir.events.models import Event
from comptoir.intake import consumer
from comptoir.intake.acknowledging import MAX_TRIES
from comptoir.intake.actions import replay_deliveries, store_delivery
from comptoir.intake.consumer import consume_once
from comptoir.intake.models import RawDelivery
from comptoir.intake.receiving import batch
from comptoir.intake.trouble import DISK_FULL, in_words
from tests.conversations.files_away import files_away  # noqa: F401  # a fixture
from tests.factories import make_account
from tests.fake_network import Fake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fake_network")]


@pytest.fixture
def account():
    return make_account(own_id="us")


def deliver(account, *events: dict[str, Any], key: str | None = None) -> int | None:
    full = [
        {"author": "lea", "thread": "t", "at": "2026-03-02T09:00:00+00:00", "text": "Bonjour"} | event
        for event in events
    ]
    return store_delivery(account.pk, Delivery(json.dumps(full).encode(), headers={"X-Here": "é"}, key=key))


def states() -> list[str]:
    return list(RawDelivery.objects.order_by("pk").values_list("state", flat=True))


def test_a_delivery_becomes_its_message_and_is_done(account):
    deliver(account, {"id": "m1"})
    assert consume_once() == 1
    assert Message.objects.get().external_id == "m1"
    assert states() == ["done"]
    assert AccountHealth.objects.get(account=account).last_delivery_at is not None
    assert consume_once() == 0


def test_a_delivery_with_a_known_key_is_stored_once(account):
    assert deliver(account, {"id": "m1"}, key="k") is not None
    assert deliver(account, {"id": "m1"}, key="k") is None
    assert deliver(make_account(), {"id": "m1"}, key="k") is not None


def test_one_that_cannot_be_read_is_set_aside_with_its_reason_and_delays_no_other(account):
    deliver(account, {"id": "m1"})
    store_delivery(account.pk, Delivery(b"\xff not json"))
    deliver(account, {"id": "m2"})
    consume_once()
    assert states() == ["done", "set_aside", "done"]
    assert RawDelivery.objects.get(state="set_aside").reason.startswith("Not a list of events")
    assert Event.objects.get(name="delivery.set_aside").subject_id == RawDelivery.objects.get(state="set_aside").pk


def test_a_mistake_of_the_connector_is_told_without_its_traceback(account, monkeypatch):
    def broken(_self: Fake, _delivery: Delivery) -> None:
        raise ZeroDivisionError("secret detail")

    deliver(account, {"id": "m1"})
    monkeypatch.setattr(Fake, "parse", broken)
    consume_once()
    reason = RawDelivery.objects.get().reason
    assert states() == ["set_aside"]
    assert "ZeroDivisionError" in reason
    assert "secret detail" not in reason


def test_what_was_set_aside_can_be_replayed_and_makes_one_message(account, monkeypatch):
    deliver(account, {"id": "m1"})
    with monkeypatch.context() as patched:
        patched.setattr(Fake, "parse", lambda _self, _delivery: 1 / 0)
        consume_once()
    aside = RawDelivery.objects.get()
    assert replay_deliveries(ids=[aside.pk + 1]) == 0
    assert replay_deliveries() == 1
    consume_once()
    assert states() == ["done"]
    assert Message.objects.count() == 1
    assert replay_deliveries() == 0


def fail_for(monkeypatch, name: str, error: Exception) -> None:
    """Make receiving fail for every batch that holds the message ``name``."""
    add = batch.add_messages

    def add_or_fail(account_id: int, placed: Any) -> Any:
        if any(one[0].external_id == name for one in placed):
            raise error
        return add(account_id, placed)

    monkeypatch.setattr(batch, "add_messages", add_or_fail)


def test_a_value_the_database_refuses_sets_aside_its_delivery_only(account, monkeypatch):
    def refuse(account_id: int, placed: Any) -> Any:
        if any(one[0].external_id == "m2" for one in placed):
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return add(account_id, placed)

    add = batch.add_messages
    monkeypatch.setattr(batch, "add_messages", refuse)
    for name in ("m1", "m2", "m3"):
        deliver(account, {"id": name, "author": name})
    consume_once()
    assert states() == ["done", "set_aside", "done"]
    assert sorted(Message.objects.values_list("external_id", flat=True)) == ["m1", "m3"]


def test_what_is_too_much_for_the_database_holds_up_nobody_else(account, monkeypatch):
    def refuse(account_id: int, placed: Any) -> Any:
        if any(one[0].external_id == "m2" for one in placed):
            with connection.cursor() as cursor:
                words = "SELECT string_agg(md5(i::text), ' ') FROM generate_series(1, 40000) AS i"
                cursor.execute(f"SELECT to_tsvector('simple', ({words}))")
        return add(account_id, placed)

    add = batch.add_messages
    monkeypatch.setattr(batch, "add_messages", refuse)
    for name in ("m1", "m2", "m3"):
        deliver(account, {"id": name, "author": name})
    consume_once()
    assert states() == ["done", "set_aside", "done"]


def test_what_time_can_heal_is_tried_again_later_and_set_aside_in_the_end(account, monkeypatch):
    from django.db import IntegrityError

    deliver(account, {"id": "m1"})
    fail_for(monkeypatch, "m1", IntegrityError("for now"))
    for _time in range(MAX_TRIES - 1):
        consume_once()
        assert states() == ["later"]
        assert consume_once() == 0  # not yet
        RawDelivery.objects.update(not_before="2026-01-01T00:00:00Z")
    consume_once()
    assert states() == ["set_aside"]
    assert RawDelivery.objects.get().tries == MAX_TRIES


def test_a_lost_race_between_transactions_does_the_batch_again(account, monkeypatch):
    deliver(account, {"id": "m1"})
    lost = OperationalError("deadlock detected")
    lost.__cause__ = psycopg.errors.DeadlockDetected()
    with monkeypatch.context() as patched:
        fail_for(patched, "m1", lost)
        assert consume_once() == 0
        assert states() == ["new"]
    consume_once()
    assert states() == ["done"]


def test_an_account_whose_connector_is_gone_keeps_its_deliveries_and_says_why(account):
    deliver(account, {"id": "m1"})
    account.kind = "removed"
    account.save()
    assert consume_once() == 0
    assert states() == ["new"]
    assert "removed" in AccountHealth.objects.get(account=account).last_error


def test_a_batch_of_large_deliveries_is_bounded_in_bytes(account, monkeypatch):
    for number in range(4):
        deliver(account, {"id": f"m{number}"})
    monkeypatch.setattr(consumer, "BATCH_BYTES", 1)
    assert [consume_once() for _time in range(5)] == [1, 1, 1, 1, 0]


def test_a_full_disk_is_told_in_plain_words():
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file: No space left on device")
    assert in_words(error) == DISK_FULL


@pytest.mark.usefixtures("files_away")
def test_a_message_whose_files_cannot_be_kept_just_now_is_read_later_and_holds_up_no_other():
    account = make_account(kind="email", own_id="service@maison.example")
    body = b"From: lea@client.example\nMessage-ID: <%d@client.example>\n"
    with_file = (
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nVoici.\n--b\nContent-Type: application/pdf\n'
        b"Content-Disposition: attachment; filename=a.pdf\n\n%PDF-1.7\n--b--\n"
    )
    store_delivery(account.pk, Delivery(body % 1 + with_file))
    store_delivery(account.pk, Delivery(body % 2 + b"\nBonjour\n"))
    consume_once()
    assert states() == ["later", "done"]
    assert "storage" in RawDelivery.objects.get(state="later").reason
