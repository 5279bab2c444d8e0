from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from typing import Any

import pytest
from django.db import connection

from comptoir.events.models import Event
from comptoir.events.record import Actor, record
from comptoir.notifications import attempts, sending
from comptoir.notifications.actions import create_endpoint, fan_out, replay_delivery, replay_span, wake_due_endpoints
from comptoir.notifications.attempts import deliver_due
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from comptoir.notifications.sending import EndpointRefusedError
from tests.factories import make_conversation
from tests.notifications.conftest import Clock, Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db: None) -> Event:
    return record(
        "conversation.resolved", subject=make_conversation(), by=Actor("agent", 7), reason="Réglé", by_hand=True
    )


def queued(kind: str = "webhook") -> list[Any]:
    """The endpoints for which a job waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'endpoint_id' FROM procrastinate_jobs"
            " WHERE task_name = 'notifications.deliver_webhooks' ORDER BY id"
        )
        return [int(row[0]) for row in cursor.fetchall()]


def test_receiver_gets_the_event_and_can_verify_it(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    fan_out([event])
    deliver_due(endpoint.pk)
    (call,) = receiver.calls
    at, signed = (part.partition("=")[2] for part in call.headers["comptoir-signature"].split(","))
    expected = hmac.new(endpoint.secret.encode(), at.encode() + b"." + call.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signed, expected)
    assert call.headers["comptoir-event-id"] == str(event.pk)
    assert call.headers["content-type"] == "application/json"
    assert json.loads(call.body) == {
        "id": event.pk,
        "name": "conversation.resolved",
        "at": event.at.isoformat(),
        "actor": {"kind": "agent", "id": 7},
        "subject": {"kind": "conversation", "id": event.subject_id},
        "conversation_id": event.subject_id,
        "reason": "Réglé",
        "details": {"by_hand": True},
    }


def test_log_keeps_what_the_receiver_said(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    fan_out([event])
    deliver_due(endpoint.pk)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("delivered", 1, 200)
    assert (delivery.response_excerpt, delivery.last_error) == ("noted", "")


def test_same_event_is_put_on_its_way_once(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    for _time in range(2):
        fan_out([event])
        deliver_due(endpoint.pk)
    assert len(receiver.calls) == 1


@pytest.mark.parametrize(
    ("names", "wants"),
    [
        ([], True),
        (["conversation.resolved"], True),
        (["conversation.*"], True),
        (["message.*", "conversation.opened"], False),
    ],
)
@pytest.mark.usefixtures("_private_allowed")
def test_endpoint_is_told_what_it_asked_for(event: Event, names: list[str], wants: bool) -> None:
    create_endpoint(url="http://10.0.0.1/", event_names=names)
    fan_out([event])
    assert WebhookDelivery.objects.exists() is wants


def test_events_go_out_in_their_order(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    conversation = make_conversation()
    events = [record("conversation.assigned", subject=conversation) for _number in range(5)]
    fan_out(events)
    assert deliver_due(endpoint.pk) is False
    assert receiver.event_ids == [event.pk for event in events]


def test_many_events_queue_one_job_for_each_endpoint(endpoint: WebhookEndpoint) -> None:
    conversation = make_conversation()
    for _time in range(3):
        fan_out([record("conversation.assigned", subject=conversation) for _number in range(5)])
    assert queued() == [endpoint.pk]


@pytest.mark.parametrize(
    ("answer", "status"), [(500, 500), (404, 404), (301, 301), (429, 429), ("cut", None), ("hang", None)]
)
def test_anything_but_success_is_tried_again(
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    event: Event,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    answer: int | str,
    status: int | None,
) -> None:
    monkeypatch.setattr(sending, "_TIMEOUT", 0.3)
    receiver.answer_next(answer)
    fan_out([event])
    deliver_due(endpoint.pk)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("pending", 1, status)
    assert delivery.last_error
    clock.move(minutes=1)
    deliver_due(endpoint.pk)
    assert WebhookDelivery.objects.get().state == "delivered"
    assert receiver.event_ids == [event.pk] * 2


def test_redirect_is_not_followed(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    receiver.answer_next(307, location=receiver.url + "/elsewhere")
    fan_out([event])
    deliver_due(endpoint.pk)
    assert len(receiver.calls) == 1
    assert "redirect" in WebhookDelivery.objects.get().last_error


def test_receiver_that_never_stops_talking_is_cut_off(
    endpoint: WebhookEndpoint, receiver: Receiver, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TOTAL_PATIENCE_S", 0.4)
    receiver.answer_next("drip")
    fan_out([event])
    begun = time.monotonic()
    deliver_due(endpoint.pk)
    assert time.monotonic() - begun < 60, "it talks until the test is over"
    assert WebhookDelivery.objects.get().state == "delivered"


def test_what_is_not_text_in_an_answer_can_be_kept(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    receiver.answer_next(500)
    fan_out([event])
    deliver_due(endpoint.pk)
    assert WebhookDelivery.objects.get().response_excerpt == "no � thanks"


def test_round_ends_at_the_first_failure_and_the_next_goes_on(
    endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock
) -> None:
    events = [record("conversation.assigned", subject=make_conversation()) for _number in range(3)]
    receiver.answer_next(500)
    fan_out(events)
    deliver_due(endpoint.pk)
    assert receiver.event_ids == [events[0].pk]
    deliver_due(endpoint.pk)
    assert receiver.event_ids == [event.pk for event in events]
    clock.move(minutes=1)
    deliver_due(endpoint.pk)
    assert receiver.event_ids == [events[0].pk, events[1].pk, events[2].pk, events[0].pk]


def test_attempt_that_was_killed_is_made_again(
    endpoint: WebhookEndpoint, receiver: Receiver, event: Event, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan_out([event])
    with monkeypatch.context() as killed:
        killed.setattr("comptoir.notifications.attempts.post", lambda *_given: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deliver_due(endpoint.pk)
    deliver_due(endpoint.pk)
    assert receiver.calls == []  # the lease still runs
    clock.move(seconds=61)
    deliver_due(endpoint.pk)
    assert WebhookDelivery.objects.get().state == "delivered"


def test_pause_that_is_over_queues_a_job(endpoint: WebhookEndpoint, event: Event, clock: Clock) -> None:
    fan_out([event])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    WebhookDelivery.objects.update(next_attempt_at=clock.at)
    clock.move(seconds=-1)
    wake_due_endpoints()
    assert queued() == []
    clock.move(seconds=2)
    wake_due_endpoints()
    assert queued() == [endpoint.pk]


def test_one_delivery_can_be_replayed(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    fan_out([event])
    deliver_due(endpoint.pk)
    replay_delivery(WebhookDelivery.objects.select_related("endpoint").get())
    deliver_due(endpoint.pk)
    assert receiver.event_ids == [event.pk] * 2


def test_span_is_replayed_with_what_was_never_on_its_way(endpoint: WebhookEndpoint, receiver: Receiver) -> None:
    conversation = make_conversation()
    before = record("conversation.assigned", subject=conversation)
    told = record("conversation.assigned", subject=conversation)
    never_told = record("conversation.resolved", subject=conversation)
    record("message.queued", subject=conversation)
    after = record("conversation.reopened", subject=conversation)
    fan_out([told])
    deliver_due(endpoint.pk)
    assert replay_span(endpoint, since=told.at, until=after.at) == 2
    deliver_due(endpoint.pk)
    assert sorted(receiver.event_ids) == [told.pk, told.pk, never_told.pk]
    assert before.pk not in receiver.event_ids


def test_nothing_is_replayed_to_what_is_switched_off(endpoint: WebhookEndpoint, event: Event) -> None:
    fan_out([event])
    WebhookEndpoint.objects.update(is_active=False)
    with pytest.raises(EndpointRefusedError):
        replay_delivery(WebhookDelivery.objects.select_related("endpoint").get())


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_is_at_an_endpoint(endpoint: WebhookEndpoint, receiver: Receiver, event: Event) -> None:
    fan_out([event])
    receiver.answer_next("hang")

    def deliver() -> None:
        deliver_due(endpoint.pk)
        connection.close()

    first = threading.Thread(target=deliver)
    first.start()
    while not receiver.calls:
        receiver.let_go.wait(0.01)
    late = record("conversation.resolved", subject=make_conversation())
    fan_out([late])
    assert deliver_due(endpoint.pk) is False
    assert receiver.event_ids == [event.pk]
    receiver.let_go.set()
    first.join(20)
    assert not first.is_alive()


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_a_worker_is_at_it_is_taken_along(
    endpoint: WebhookEndpoint, receiver: Receiver, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event comes when the worker has looked for the last time but still holds the endpoint."""
    real, late = attempts._deliver_until, []

    def and_then_one_more(ends_at: float, endpoint_id: int) -> bool:
        done = real(ends_at, endpoint_id)
        if not late:
            late.append(record("conversation.resolved", subject=make_conversation()))
            fan_out(late)
        return done

    monkeypatch.setattr(attempts, "_deliver_until", and_then_one_more)
    fan_out([event])
    deliver_due(endpoint.pk)
    assert receiver.event_ids == [event.pk, late[0].pk]
