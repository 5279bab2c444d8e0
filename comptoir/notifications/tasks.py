"""Webhooks out, in the background."""

from __future__ import annotations

from comptoir.core.tasks import OUTSIDE, defer, task
from comptoir.notifications.actions import forget_old_deliveries, wake_due_endpoints
from comptoir.notifications.attempts import deliver_due


@task("notifications.deliver_webhooks", lane=OUTSIDE)
def deliver_webhooks(endpoint_id: int) -> None:
    """Deliver what is due to one endpoint, one event at a time."""
    if deliver_due(endpoint_id):
        defer("notifications.deliver_webhooks", only_once=f"webhook-{endpoint_id}", endpoint_id=endpoint_id)


@task("notifications.wake_webhooks", every="* * * * * */15")
def wake_webhooks(timestamp: int) -> None:
    """Begin again where a pause is over."""
    wake_due_endpoints()


@task("notifications.shorten_webhook_log", every="17 3 * * *")
def shorten_webhook_log(timestamp: int) -> None:
    """Keep a month of the delivery log."""
    forget_old_deliveries()
