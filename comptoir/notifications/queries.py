"""What there is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q

from comptoir.notifications.models import Notice, WebhookDelivery, WebhookEndpoint
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission, may


def notices_for(agent: Agent) -> Sequence[Notice]:
    """The open notices that this person can act on, newest first."""
    if not may(agent, Permission.SET_UP):
        return []
    return list(Notice.objects.filter(settled_at=None))


def notices_not_mailed(agent: Agent) -> Sequence[Notice]:
    """Those of the open notices that this person has had no mail about, newest first."""
    if not may(agent, Permission.SET_UP):
        return []
    return list(Notice.objects.filter(settled_at=None).exclude(mailed_to=agent))


def agents_not_mailed(opened_before: datetime) -> list[int]:
    """Whoever can act on a notice that is open since before an instant, and has had no mail about it."""
    notices = Notice.objects.filter(settled_at=None, created_at__lt=opened_before)
    mailed = Notice.mailed_to.through.objects.filter(notice=OuterRef("pk"), agent=OuterRef(OuterRef("pk")))
    roles = [role for role, granted in GRANTS.items() if Permission.SET_UP in granted]
    able = Agent.objects.filter(Exists(notices.filter(~Exists(mailed))), is_active=True, role__in=roles)
    return list(able.values_list("pk", flat=True))


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
