"""Setting up webhooks, telling them what happens, and doing it again on request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint, new_webhook_secret
from comptoir.notifications.queries import active_endpoints
from comptoir.notifications.sending import EndpointRefusedError, check_address
from comptoir.notifications.warned import WARNED, endpoints_named_by, endpoints_posted_to

_BATCH = 1000


@transaction.atomic
def create_endpoint(*, url: str, event_names: Sequence[str] = (), by: Actor = SYSTEM) -> tuple[WebhookEndpoint, str]:
    """Begin to tell ``url`` what happens from now on; return the endpoint and the secret its receiver verifies with.

    Raises EndpointRefusedError.
    """
    check_address(url)
    endpoint = WebhookEndpoint(url=url, event_names=list(event_names))
    endpoint.secret = secret = new_webhook_secret()
    endpoint.save()
    record("webhook.created", subject=endpoint, by=by)
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    endpoint_id: int,
    *,
    url: str | None = None,
    event_names: Sequence[str] | None = None,
    is_active: bool | None = None,
    by: Actor = SYSTEM,
) -> WebhookEndpoint:
    """Change what is given; switching it on again forgets its failures. Raises EndpointRefusedError, DoesNotExist."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    if url is not None:
        check_address(url)
        endpoint.url = url
    if event_names is not None:
        endpoint.event_names = list(event_names)
    if is_active is not None:
        endpoint.is_active = is_active
        endpoint.failing_since, endpoint.disabled_reason = None, ""
    endpoint.save()
    if is_active is False:
        _give_up_waiting(endpoint)
    record("webhook.enabled" if is_active else "webhook.changed", subject=endpoint, by=by)
    return endpoint


@transaction.atomic
def disable_endpoint(endpoint: WebhookEndpoint, *, reason: str) -> None:
    """Stop telling an endpoint that has failed for days; an administrator is told. Recorded once."""
    still = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
    if not still.update(is_active=False, disabled_reason=reason):
        return
    _give_up_waiting(endpoint)
    record("webhook.disabled", subject=endpoint, reason=reason, url=endpoint.url)


def delete_endpoint(endpoint: WebhookEndpoint, *, by: Actor = SYSTEM) -> None:
    """Forget the endpoint and its log."""
    with transaction.atomic():
        record("webhook.deleted", subject=endpoint, by=by)
        endpoint.delete()


def rotate_secret(endpoint: WebhookEndpoint, *, by: Actor = SYSTEM) -> str:
    """Replace the secret at once, and return the new one."""
    with transaction.atomic():
        endpoint.secret = secret = new_webhook_secret()
        endpoint.save(update_fields=["encrypted_secret"])
        record("webhook.changed", subject=endpoint, by=by)
    return secret


def fan_out(events: Sequence[Event]) -> None:
    """Put every event on its way to each endpoint that wants it; an event already on its way stays as it is."""
    endpoints = active_endpoints()
    posted_to = endpoints_posted_to(events)
    present = now()
    deliveries = [
        WebhookDelivery(endpoint=endpoint, event=event, begun_at=present, next_attempt_at=present)
        for event in events
        for endpoint in endpoints
        if endpoint.wants(event.name)
        or (event.name == WARNED and endpoint.pk in posted_to[event.details["warning"]])
        or endpoint.pk in endpoints_named_by(event)
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=_BATCH)
    _wake({delivery.endpoint_id for delivery in deliveries})


@transaction.atomic
def replay_delivery(delivery: WebhookDelivery) -> None:
    """Deliver one event once more, with a day of retries. Raises EndpointRefusedError when the endpoint is off."""
    if not delivery.endpoint.is_active:
        raise EndpointRefusedError(_("This webhook is switched off: switch it on before you replay."))
    _begin_again(WebhookDelivery.objects.filter(pk=delivery.pk))
    _wake([delivery.endpoint_id])


@transaction.atomic
def replay_span(endpoint: WebhookEndpoint, *, since: datetime, until: datetime) -> int:
    """Deliver once more all that happened between two instants, also what was never on its way; return how many.

    Raises EndpointRefusedError when the endpoint is off.
    """
    if not endpoint.is_active:
        raise EndpointRefusedError(_("This webhook is switched off: switch it on before you replay."))
    happened = Event.objects.filter(at__gte=since, at__lt=until).filter(_wanted_by(endpoint))
    _begin_again(endpoint.deliveries.filter(event__in=happened))
    present, count = now(), 0
    missing: list[WebhookDelivery] = []
    for event_id in happened.order_by("id").values_list("pk", flat=True).iterator(chunk_size=_BATCH):
        count += 1
        missing.append(WebhookDelivery(endpoint=endpoint, event_id=event_id, begun_at=present, next_attempt_at=present))
        if len(missing) == _BATCH:
            WebhookDelivery.objects.bulk_create(missing, ignore_conflicts=True)
            missing = []
    WebhookDelivery.objects.bulk_create(missing, ignore_conflicts=True)
    _wake([endpoint.pk])
    return count


def wake_due_endpoints() -> None:
    """Begin again where a delivery is due: after a pause, or because a worker died."""
    due = WebhookDelivery.objects.filter(
        state=WebhookDelivery.State.PENDING, next_attempt_at__lte=now(), endpoint__is_active=True
    )
    _wake(due.values_list("endpoint_id", flat=True).distinct())


def forget_old_deliveries(*, older_than: timedelta = timedelta(days=30)) -> int:
    """Shorten the log; what still waits stays."""
    over = WebhookDelivery.objects.exclude(state=WebhookDelivery.State.PENDING)
    return over.filter(begun_at__lt=now() - older_than).delete()[0]


def _wake(endpoint_ids: Iterable[int]) -> None:
    for endpoint_id in sorted(set(endpoint_ids)):
        defer("notifications.deliver_webhooks", only_once=f"webhook-{endpoint_id}", endpoint_id=endpoint_id)


def _begin_again(deliveries: QuerySet[WebhookDelivery]) -> None:
    deliveries.update(
        state=WebhookDelivery.State.PENDING, attempts=0, begun_at=now(), next_attempt_at=now(), delivered_at=None
    )


def _give_up_waiting(endpoint: WebhookEndpoint) -> None:
    endpoint.deliveries.filter(state=WebhookDelivery.State.PENDING).update(
        state=WebhookDelivery.State.GIVEN_UP, next_attempt_at=None
    )


def _wanted_by(endpoint: WebhookEndpoint) -> Q:
    wanted = Q()
    for name in endpoint.event_names:
        wanted |= Q(name__startswith=name[:-1]) if name.endswith(".*") else Q(name=name)
    return wanted
