"""Webhooks out: addresses that are told what happens, and the log of what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from comptoir.api.authentication import ApiRequest, acting, needs
from comptoir.api.pages import Cursor, Limit, page_of
from comptoir.api.problems import ProblemError, invalid
from comptoir.api.scopes import Scope
from comptoir.api.shapes import Asked, Instant, Words
from comptoir.notifications.actions import (
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    replay_delivery,
    replay_span,
    rotate_secret,
)
from comptoir.notifications.models import WebhookDelivery, WebhookEndpoint
from comptoir.notifications.sending import EndpointRefusedError
from comptoir.people.permissions import Permission

router = Router(tags=["webhooks"])

_ALLOWED = needs(Scope.WEBHOOKS_WRITE, Permission.SET_UP)

Url = Annotated[Words, Field(min_length=1, max_length=2000)]
EventNames = Annotated[
    list[Annotated[Words, Field(max_length=60, pattern=r"^[a-z_]+\.([a-z_]+|\*)$")]], Field(max_length=100)
]


class Webhook(Schema):
    id: int
    url: str
    event_names: list[str]
    is_active: bool
    disabled_reason: str
    failing_since: datetime | None
    created_at: datetime


class WebhookWithSecret(Webhook):
    secret: str = Field(description="Shown this once: verify signatures with it.")


class WebhookPage(Schema):
    items: list[Webhook]
    next: str | None = None


class NewWebhook(Asked):
    url: Url
    event_names: EventNames = Field([], description="Such as `message.sent` or `conversation.*`; none means all.")


class WebhookChange(Asked):
    url: Url | None = None
    event_names: EventNames | None = None
    is_active: bool | None = None


class LoggedDelivery(Schema):
    id: int
    event_id: int
    event_name: str
    state: Literal["pending", "delivered", "given_up"]
    attempts: int
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status: int | None
    last_error: str
    response_excerpt: str


class LogPage(Schema):
    items: list[LoggedDelivery]
    next: str | None = None


class LogFilters(Schema):
    state: Literal["pending", "delivered", "given_up"] | None = None


class Span(Asked):
    """From ``since`` up to, and without, ``until``."""

    since: Instant
    until: Instant


class Replayed(Schema):
    count: int


@router.get("/webhooks", response=WebhookPage, **_ALLOWED)
def list_webhooks(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> WebhookPage:
    """Every address that is told what happens."""
    found, following = page_of(WebhookEndpoint.objects.all(), by=["id"], cursor=cursor, limit=limit, request=request)
    return WebhookPage(items=[Webhook(**_fields(endpoint)) for endpoint in found], next=following)


@router.post("/webhooks", response={201: WebhookWithSecret}, **_ALLOWED)
def create_webhook(request: ApiRequest, asked: NewWebhook) -> WebhookWithSecret:
    """Tell an address what happens from now on; the answer has the secret of its signatures."""
    try:
        endpoint, secret = create_endpoint(url=asked.url, event_names=asked.event_names, by=acting(request))
    except EndpointRefusedError as error:
        raise invalid("/url", str(error)) from error
    return WebhookWithSecret(**_fields(endpoint), secret=secret)


@router.get("/webhooks/{int:webhook_id}", response=Webhook, **_ALLOWED)
def get_webhook(request: ApiRequest, webhook_id: int) -> Webhook:
    """One address."""
    return Webhook(**_fields(_found(webhook_id)))


@router.patch("/webhooks/{int:webhook_id}", response=Webhook, **_ALLOWED)
def change_webhook(request: ApiRequest, webhook_id: int, asked: WebhookChange) -> Webhook:
    """Change it; switched off, it is told nothing and what waited is given up."""
    _found(webhook_id)
    try:
        endpoint = change_endpoint(webhook_id, by=acting(request), **asked.model_dump(exclude_none=True))
    except EndpointRefusedError as error:
        raise invalid("/url", str(error)) from error
    return Webhook(**_fields(endpoint))


@router.delete("/webhooks/{int:webhook_id}", response={204: None}, **_ALLOWED)
def delete_webhook(request: ApiRequest, webhook_id: int) -> Status[None]:
    """Forget it, and its log."""
    delete_endpoint(_found(webhook_id), by=acting(request))
    return Status(204, None)


@router.post("/webhooks/{int:webhook_id}/secret", response=WebhookWithSecret, **_ALLOWED)
def replace_webhook_secret(request: ApiRequest, webhook_id: int) -> WebhookWithSecret:
    """Replace the secret at once."""
    endpoint = _found(webhook_id)
    secret = rotate_secret(endpoint, by=acting(request))
    return WebhookWithSecret(**_fields(endpoint), secret=secret)


@router.get("/webhooks/{int:webhook_id}/deliveries", response=LogPage, **_ALLOWED)
def list_webhook_deliveries(
    request: ApiRequest, webhook_id: int, filters: Query[LogFilters], cursor: Cursor = "", limit: Limit = 50
) -> LogPage:
    """The log of a month, newest first."""
    deliveries = _found(webhook_id).deliveries.select_related("event")
    if filters.state is not None:
        deliveries = deliveries.filter(state=filters.state)
    found, following = page_of(deliveries, by=["-id"], cursor=cursor, limit=limit, request=request)
    return LogPage(items=[_logged(delivery) for delivery in found], next=following)


@router.post("/webhooks/{int:webhook_id}/deliveries/{int:delivery_id}/replay", response=LoggedDelivery, **_ALLOWED)
def replay_webhook_delivery(request: ApiRequest, webhook_id: int, delivery_id: int) -> LoggedDelivery:
    """Deliver one event once more."""
    logged = WebhookDelivery.objects.select_related("event", "endpoint")
    delivery = logged.filter(endpoint=_found(webhook_id), pk=delivery_id).first()
    if delivery is None:
        raise ProblemError("not-found", _("No such delivery in the log."))
    try:
        replay_delivery(delivery)
    except EndpointRefusedError as error:
        raise ProblemError("conflict", str(error)) from error
    return _logged(logged.get(pk=delivery_id))


@router.post("/webhooks/{int:webhook_id}/replay", response=Replayed, **_ALLOWED)
def replay_webhook_span(request: ApiRequest, webhook_id: int, asked: Span) -> Replayed:
    """Deliver once more all that happened between two instants, also while it was switched off."""
    try:
        return Replayed(count=replay_span(_found(webhook_id), since=asked.since, until=asked.until))
    except EndpointRefusedError as error:
        raise ProblemError("conflict", str(error)) from error


def _found(webhook_id: int) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.filter(pk=webhook_id).first()
    if endpoint is None:
        raise ProblemError("not-found", _("No such webhook."))
    return endpoint


def _fields(endpoint: WebhookEndpoint) -> dict[str, Any]:
    fields = {name: getattr(endpoint, name) for name in Webhook.model_fields}
    return fields | {"disabled_reason": _(endpoint.disabled_reason) if endpoint.disabled_reason else ""}


def _logged(delivery: WebhookDelivery) -> LoggedDelivery:
    fields = {name: getattr(delivery, name) for name in LoggedDelivery.model_fields if name != "event_name"}
    fields["last_error"] = _(delivery.last_error) if delivery.last_error else ""
    return LoggedDelivery(**fields, event_name=delivery.event.name)
