"""Trying to deliver: one event to one endpoint at a time, with a day of growing pauses."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from comptoir.core.clock import now
from comptoir.notifications.actions import disable_endpoint
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from comptoir.notifications.sending import Answer, post
from comptoir.notifications.signing import body_of, signature

RETRIES_FOR = timedelta(hours=24)
DISABLED_AFTER = timedelta(days=3)
#: An attempt that was cut is made again after this long; longer than any call takes.
LEASE = timedelta(seconds=60)
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=1)
_ROUND_S = 20.0
#: The family of our advisory locks: "webh" as a number.
_LOCKS = 0x77656268


def deliver_due(endpoint_id: int) -> bool:
    """Deliver what is due to one endpoint, oldest first; whether something due is left.

    A round ends after some seconds, so that one endpoint does not keep the others waiting, and at the first failure:
    whoever does not answer one call rarely answers the next. Where another worker is at it, that one goes on.
    """
    ends_at = time.monotonic() + _ROUND_S
    while time.monotonic() < ends_at:
        with _alone(endpoint_id) as is_alone:
            if not is_alone or not _deliver_until(ends_at, endpoint_id):
                return False
        if not _due(endpoint_id).exists():  # what came while another one found us at work
            return False
    return True


def _deliver_until(ends_at: float, endpoint_id: int) -> bool:
    """Deliver one after the other; False after a failure."""
    while time.monotonic() < ends_at:
        delivery = _claim(endpoint_id)
        if delivery is None:
            return True
        if not _attempt(delivery):
            return False
    return True


@contextlib.contextmanager
def _alone(endpoint_id: int) -> Iterator[bool]:
    """Whether no other worker is at this endpoint; a lock that ends with the connection of a worker that is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, endpoint_id])
        (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, endpoint_id])


def _due(endpoint_id: int) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(
        endpoint_id=endpoint_id,
        endpoint__is_active=True,
        state=WebhookDelivery.State.PENDING,
        next_attempt_at__lte=now(),
    )


@transaction.atomic
def _claim(endpoint_id: int) -> WebhookDelivery | None:
    """Take the oldest due delivery for the length of the lease."""
    locked = _due(endpoint_id).select_for_update(skip_locked=True, of=("self",)).select_related("endpoint", "event")
    delivery = locked.order_by("next_attempt_at", "id").first()
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.last_attempt_at = now()
    delivery.next_attempt_at = now() + LEASE
    delivery.save(update_fields=["attempts", "last_attempt_at", "next_attempt_at"])
    return delivery


def _attempt(delivery: WebhookDelivery) -> bool:
    """Call the receiver and keep how it ended; whether it took the event."""
    body = body_of(delivery.event)
    headers = {
        "Content-Type": "application/json",
        "Comptoir-Event-Id": str(delivery.event_id),
        "Comptoir-Event-Name": delivery.event.name,
        "Comptoir-Signature": signature(delivery.endpoint.secret, body, at_s=int(now().timestamp())),
    }
    answer = post(delivery.endpoint.url, body, headers)
    with transaction.atomic():
        if answer.is_accepted:
            _keep_success(delivery, answer)
        else:
            _keep_failure(delivery, answer)
    return answer.is_accepted


def _keep_success(delivery: WebhookDelivery, answer: Answer) -> None:
    _close(
        delivery,
        state=WebhookDelivery.State.DELIVERED,
        next_attempt_at=None,
        delivered_at=now(),
        last_status=answer.status,
        last_error="",
        response_excerpt=answer.excerpt,
    )
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, failing_since__isnull=False).update(failing_since=None)


def _keep_failure(delivery: WebhookDelivery, answer: Answer) -> None:
    again_at = next_attempt_after(delivery, answer)
    _close(
        delivery,
        state=WebhookDelivery.State.GIVEN_UP if again_at is None else WebhookDelivery.State.PENDING,
        next_attempt_at=again_at,
        last_status=answer.status,
        last_error=answer.error,
        response_excerpt=answer.excerpt,
    )
    endpoint = WebhookEndpoint.objects.get(pk=delivery.endpoint_id)
    if endpoint.failing_since is None:
        WebhookEndpoint.objects.filter(pk=endpoint.pk, failing_since=None).update(failing_since=now())
    elif now() - endpoint.failing_since >= DISABLED_AFTER:
        disable_endpoint(endpoint, reason=gettext_noop("It has failed for three days."))


def _close(delivery: WebhookDelivery, **outcome: object) -> None:
    """Keep the outcome, unless a replay or another attempt has begun meanwhile: that one speaks for the delivery."""
    WebhookDelivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=WebhookDelivery.State.PENDING, begun_at=delivery.begun_at
    ).update(**outcome)


def next_attempt_after(delivery: WebhookDelivery, answer: Answer) -> datetime | None:
    """When to try again: after growing pauses, once more at the end of the day of retries, then never."""
    ends_at: datetime = delivery.begun_at + RETRIES_FOR
    if now() >= ends_at:
        return None
    doubled = _FIRST_PAUSE * 2.0 ** min(delivery.attempts - 1, 16)
    pause = min(doubled, _LONGEST_PAUSE) * random.uniform(0.9, 1.1)  # noqa: S311  # jitter, no secret
    return min(now() + max(pause, answer.retry_after or timedelta()), ends_at)
