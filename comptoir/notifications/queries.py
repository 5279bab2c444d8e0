"""What there is to be told."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.notifications.models import Notice, WebhookEndpoint
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may


def notices_for(agent: Agent) -> Sequence[Notice]:
    """The open notices that this person can act on, newest first."""
    if not may(agent, Permission.SET_UP):
        return []
    return list(Notice.objects.filter(settled_at=None))


def active_endpoints() -> Sequence[WebhookEndpoint]:
    """The endpoints that are told what happens."""
    return list(WebhookEndpoint.objects.filter(is_active=True))
