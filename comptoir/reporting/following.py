"""Keeping what is counted as the record goes on, and counting what was there before.

The record is read as a queue: what happened to a conversation has it counted anew, in the transaction that moves the
reader's position. So late events change the past, nothing is counted twice, and whoever is killed leaves the rest to
the next one.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Max

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.models import Event, Follower
from comptoir.events.queue import newest_position, next_events
from comptoir.reporting.actions import count_conversations
from comptoir.reporting.models import CountedConversation, Kept, PastCounting
from comptoir.sla.models import SLAClock

FOLLOWER = "reporting"
_EVENTS, _CONVERSATIONS = 2000, 1000
#: Clocks that were computed anew are told of in one event: a promise that was broken may not be any more.
_RECOMPUTED = "promises.recomputed"


def follow_record() -> int:
    """Count anew what the next events of the record are about; return how many events that were."""
    if not PastCounting.objects.exists():
        begin_counting()
    with next_events(FOLLOWER, limit=_EVENTS) as events:
        touched = {event.conversation_id for event in events if event.conversation_id is not None}
        count_conversations(touched | _elsewhere(events))
    return len(events)


@transaction.atomic
def begin_counting() -> None:
    """From here on the record is followed; what there is already is counted in the background. Done once."""
    position = newest_position()
    follower = Follower(name=FOLLOWER, transaction_id=position.transaction_id, event_id=position.event_id)
    Follower.objects.bulk_create([follower], ignore_conflicts=True)
    Follower.objects.select_for_update().get(pk=FOLLOWER)
    until = Conversation.objects.aggregate(last=Max("pk"))["last"] or 0
    _past, is_new = PastCounting.objects.get_or_create(key=1, defaults={"until": until})
    if is_new:
        defer("reporting.count_past", lock="reporting.count_past", only_once="reporting.count_past")


@transaction.atomic
def count_past() -> bool:
    """Count the next thousand of the conversations that were there before; False once there is none left."""
    Follower.objects.select_for_update().get(pk=FOLLOWER)  # nobody else counts meanwhile
    past = PastCounting.objects.select_for_update().filter(finished_at=None).first()
    if past is None:
        return False
    following = Conversation.objects.filter(pk__gt=past.reached, pk__lte=past.until).order_by("pk")
    ids = list(following.values_list("pk", flat=True)[:_CONVERSATIONS])
    count_conversations(ids)
    past.reached = ids[-1] if ids else past.until
    past.finished_at = None if ids else now()
    past.save()
    return bool(ids)


def count_everything_anew() -> None:
    """Throw away what was counted and begin again: after a repair, or where a definition has changed."""
    with transaction.atomic():
        Follower.objects.filter(pk=FOLLOWER).delete()
        PastCounting.objects.all().delete()
    begin_counting()


def _elsewhere(events: Sequence[Event]) -> set[int]:
    """Conversations that an event is about without naming them."""
    if not any(event.name == _RECOMPUTED for event in events):
        return set()
    broken = CountedConversation.objects.filter(first_reply_promise=Kept.BROKEN)
    broken |= CountedConversation.objects.filter(resolution_promise=Kept.BROKEN)
    running = SLAClock.objects.filter(stopped_at=None, breached_at=None, conversation__in=broken.values("pk"))
    return set(running.values_list("conversation_id", flat=True))


def analyse_counted() -> None:
    """After so much was written at once, have the database look at it before the first question."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reporting_countedconversation, reporting_openspell")
