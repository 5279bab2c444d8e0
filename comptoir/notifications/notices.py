"""Opening and settling notices, as the record tells."""

from __future__ import annotations

from collections.abc import Sequence

from comptoir.channels.models import ChannelAccount
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.notifications.models import Notice, WebhookEndpoint

#: What opens a notice, and what settles it.
OPENED_BY = {
    "account.disconnected": Notice.Kind.ACCOUNT_DISCONNECTED,
    "account.fell_silent": Notice.Kind.ACCOUNT_SILENT,
    "account.subscription_lost": Notice.Kind.SUBSCRIPTION_LOST,
    "account.clock_differs": Notice.Kind.CLOCK_DIFFERS,
    "account.held_up": Notice.Kind.ACCOUNT_HELD_UP,
    "webhook.disabled": Notice.Kind.WEBHOOK_DISABLED,
    "automation.stopped": Notice.Kind.AUTOMATION_STOPPED,
}
SETTLED_BY = {
    "account.reconnected": Notice.Kind.ACCOUNT_DISCONNECTED,
    "account.spoke_again": Notice.Kind.ACCOUNT_SILENT,
    "account.subscribed": Notice.Kind.SUBSCRIPTION_LOST,
    "account.clock_agrees": Notice.Kind.CLOCK_DIFFERS,
    "account.leaves_again": Notice.Kind.ACCOUNT_HELD_UP,
    "webhook.enabled": Notice.Kind.WEBHOOK_DISABLED,
    "webhook.deleted": Notice.Kind.WEBHOOK_DISABLED,
    "automation.resumed": Notice.Kind.AUTOMATION_STOPPED,
    "automation.switched": Notice.Kind.AUTOMATION_STOPPED,
    "automation.deleted": Notice.Kind.AUTOMATION_STOPPED,
}


def keep_notices(events: Sequence[Event]) -> None:
    """Open and settle notices in the order in which things happened."""
    for event in events:
        if event.name in OPENED_BY:
            _open(OPENED_BY[event.name], event)
        elif event.name in SETTLED_BY:
            Notice.objects.filter(kind=SETTLED_BY[event.name], subject_id=event.subject_id, settled_at=None).update(
                settled_at=now()
            )


def _open(kind: Notice.Kind, event: Event) -> None:
    name = event.details.get("title") or _name_of(kind, event.subject_id)
    if name is None:
        return  # it is gone, and so is the reason to act
    notice = Notice(kind=kind, subject_id=event.subject_id, subject_name=name, reason=event.reason)
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def _name_of(kind: Notice.Kind, subject_id: int) -> str | None:
    if kind != Notice.Kind.WEBHOOK_DISABLED:
        return ChannelAccount.objects.filter(pk=subject_id).values_list("name", flat=True).first()
    return WebhookEndpoint.objects.filter(pk=subject_id).values_list("url", flat=True).first()
