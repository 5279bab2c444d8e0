"""Runs that are forgotten: long over, and no longer needed to know that something was met already."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from comptoir.automations.models import AutomationRun
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now

#: What ended longer ago is forgotten.
KEPT_FOR = timedelta(days=90)
_AT_ONCE = 5000

#: A run of time says that a state was met: while the conversation is in it, forgetting would have it met once more.
_LASTS = ~Q(conversation__status=Conversation.Status.RESOLVED) & (
    Q(revision__trigger__kind="waits", since=F("conversation__waiting_since"))
    | Q(
        revision__trigger__kind="silent",
        conversation__waiting_since=None,
        since=Coalesce("conversation__last_incoming_at", "conversation__started_at"),
    )
    | Q(revision__trigger__kind="unresolved")
)


def forget_old_runs() -> int:
    """Forget them, some at once and each lot in a transaction of its own; return how many."""
    until, last, forgotten = now() - KEPT_FOR, 0, 0
    while ids := _ended(until, after=last):
        lasting = set(AutomationRun.objects.filter(_LASTS, pk__in=ids, event_id=None).values_list("pk", flat=True))
        forgotten += AutomationRun.objects.filter(pk__in=set(ids) - lasting).delete()[0]
        last = ids[-1]
    return forgotten


def _ended(until: datetime, *, after: int) -> list[int]:
    """In the order in which they were kept: the old ones come first."""
    ended = AutomationRun.objects.filter(ended_at__lt=until, pk__gt=after)
    return list(ended.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
