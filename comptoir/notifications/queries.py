"""What there is to be told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Max, Q

from comptoir.notifications.models import Notice, WebhookDelivery, WebhookEndpoint
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may


def notices_for(agent: Agent) -> Sequence[Notice]:
    """The open notices that this person can act on, newest first."""
    if not may(agent, Permission.SET_UP):
        return []
    return list(Notice.objects.filter(settled_at=None))


def endpoints_with_numbers() -> Sequence[WebhookEndpoint]:
    """Every endpoint, with how many deliveries wait (``pending_count``) and were given up (``given_up_count``)."""
    state = WebhookDelivery.State
    return list(
        WebhookEndpoint.objects.annotate(
            pending_count=Count("deliveries", filter=Q(deliveries__state=state.PENDING)),
            given_up_count=Count("deliveries", filter=Q(deliveries__state=state.GIVEN_UP)),
            last_delivered_at=Max("deliveries__delivered_at"),
        )
    )


def active_endpoints() -> Sequence[WebhookEndpoint]:
    """The endpoints that are told what happens."""
    return list(WebhookEndpoint.objects.filter(is_active=True))
