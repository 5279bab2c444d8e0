"""An event whose receiver stays silent: a day of growing pauses, then the log says that it was given up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.events.models import Event
from comptoir.events.record import record
from comptoir.notifications.actions import change_endpoint, fan_out, forget_old_deliveries
from comptoir.notifications.attempts import deliver_due
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from tests.factories import make_conversation
from tests.notifications.conftest import Clock, Receiver

pytestmark = pytest.mark.django_db


def new_event() -> Event:
    return record("conversation.resolved", subject=make_conversation())


def run_until(clock: Clock, endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> list[timedelta]:
    """Let time pass to each next attempt, until there is none; return the pauses."""
    pauses = []
    while delivery.state == "pending":
        assert delivery.next_attempt_at is not None
        pauses.append(delivery.next_attempt_at - clock.at)
        clock.at = max(clock.at, delivery.next_attempt_at)
        deliver_due(endpoint.pk)
        delivery.refresh_from_db()
    return pauses


def test_silent_receiver_is_tried_for_a_day_with_growing_pauses(
    endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock
) -> None:
    receiver.always(503)
    begun = clock.at
    fan_out([new_event()])
    delivery = WebhookDelivery.objects.get()
    pauses = run_until(clock, endpoint, delivery)
    assert delivery.state == "given_up"
    assert clock.at - begun == timedelta(hours=24)
    assert 25 < len(pauses) < 45
    assert pauses[1] < timedelta(seconds=20)
    assert timedelta(minutes=50) < pauses[-2] < timedelta(minutes=70)
    assert len(receiver.calls) == delivery.attempts == len(pauses)


def test_receiver_that_comes_back_gets_everything(endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock) -> None:
    receiver.always(500, 30)
    events = [new_event() for _number in range(3)]
    fan_out(events)
    for _time in range(23 * 6):
        clock.move(minutes=10)
        deliver_due(endpoint.pk)
        if not WebhookDelivery.objects.filter(state="pending").exists():
            break
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert set(receiver.event_ids) == {event.pk for event in events}
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_wish_of_the_receiver_is_respected(endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock) -> None:
    receiver.answer_next(429, Retry_After="600")
    fan_out([new_event()])
    deliver_due(endpoint.pk)
    assert WebhookDelivery.objects.get().next_attempt_at == clock.at + timedelta(seconds=600)


@pytest.mark.parametrize("wish", ["999999", "-5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_absurd_wish_is_bounded(endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock, wish: str) -> None:
    receiver.answer_next(503, Retry_After=wish)
    fan_out([new_event()])
    deliver_due(endpoint.pk)
    next_attempt_at = WebhookDelivery.objects.get().next_attempt_at
    assert next_attempt_at is not None
    assert clock.at < next_attempt_at <= clock.at + timedelta(hours=1)


def test_endpoint_that_fails_for_three_days_is_switched_off_with_an_event(
    endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock
) -> None:
    receiver.always(500)
    for _day in range(5):
        fan_out([new_event()])
        deliver_due(endpoint.pk)
        clock.move(hours=23)
    endpoint.refresh_from_db()
    assert (endpoint.is_active, bool(endpoint.disabled_reason)) == (False, True)
    assert not WebhookDelivery.objects.filter(state="pending").exists()
    assert Event.objects.filter(name="webhook.disabled").count() == 1


def test_one_success_ends_the_count_of_days(endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock) -> None:
    receiver.answer_next(500, 500, 200, 500)
    for _time in range(4):
        fan_out([new_event()])
        deliver_due(endpoint.pk)
        clock.move(hours=30)
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_endpoint_switched_on_again_begins_anew(endpoint: WebhookEndpoint, clock: Clock) -> None:
    WebhookEndpoint.objects.update(is_active=False, failing_since=clock.at, disabled_reason="x")
    changed = change_endpoint(endpoint.pk, is_active=True)
    assert (changed.failing_since, changed.disabled_reason) == (None, "")


def test_log_is_kept_for_a_month(endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock) -> None:
    fan_out([new_event()])
    deliver_due(endpoint.pk)
    clock.move(days=29)
    fan_out([new_event()])
    clock.move(days=2)
    assert forget_old_deliveries() == 1
    assert WebhookDelivery.objects.get().state == "pending"
