"""Webhooks out, pushes and digests, in the background."""

from __future__ import annotations

from datetime import timedelta

from comptoir.core.tasks import OUTSIDE, Retry, defer, task
from comptoir.notifications.actions import forget_old_deliveries, wake_due_endpoints
from comptoir.notifications.attempts import deliver_due
from comptoir.notifications.digests import agents_to_mail, mail_digest
from comptoir.notifications.push_actions import push_to_agent


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


@task("notifications.push", lane=OUTSIDE)
def push_to_browsers(agent_id: int) -> None:
    """Wake an agent's browsers."""
    push_to_agent(agent_id)


@task("notifications.mail_digests", every="* * * * * 20")
def mail_digests(timestamp: int) -> None:
    """Look each minute who has not seen something for a while."""
    for agent_id in agents_to_mail():
        defer("notifications.mail_digest", only_once=f"digest-{agent_id}", agent_id=agent_id)


@task("notifications.mail_digest", lane=OUTSIDE)
def mail_one_digest(agent_id: int) -> None:
    """Mail one agent; a mail server that is away is asked again."""
    try:
        mail_digest(agent_id)
    except OSError as error:
        raise Retry(after=timedelta(minutes=2)) from error
