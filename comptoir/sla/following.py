"""What promises do when something else is known of a conversation: policies may hold by it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.sla.models import SLAClock, SLAPolicy
from comptoir.sla.recomputing import OTHERWISE_KNOWN, recompute_clocks

#: What an event may change, as the policies that ask for it.
_ASKING: dict[str, Q] = {
    "message.analysed": ~Q(languages=[]) | Q(topic__isnull=False) | ~Q(intents=[]),
    "analysis.corrected": ~Q(languages=[]) | Q(topic__isnull=False) | ~Q(intents=[]),
    "conversation.routed": ~Q(languages=[]) | Q(least_priority__isnull=False) | ~Q(customer_tags=[]),
    "conversation.priority_raised": Q(least_priority__isnull=False),
    "conversation.priority_lowered": Q(least_priority__isnull=False),
    "contact.changed": ~Q(customer_tags=[]) | ~Q(card_field=""),
    "contact.merged": ~Q(customer_tags=[]) | ~Q(card_field=""),
    "contact.parted": ~Q(customer_tags=[]) | ~Q(card_field=""),
}
FOLLOWED = frozenset(_ASKING)
#: As many are computed anew at once: what else is at them does not wait for long.
_AT_ONCE = 100


def follow_conditions(events: Sequence[Event]) -> None:
    """Have what runs computed anew where a policy that is in force asks for what has changed."""
    asked = SLAPolicy.objects.filter(is_active=True)
    told = {name for name in {event.name for event in events} if asked.filter(_ASKING[name]).exists()}
    changed = [event for event in events if event.name in told]
    if not changed:
        return
    people = {event.subject_id for event in changed if event.name.startswith("contact.")}
    named = {event.conversation_id for event in changed if not event.name.startswith("contact.")}
    running = SLAClock.objects.filter(stopped_at=None, conversation__isnull=False)
    running = running.filter(Q(conversation__in=named) | Q(conversation__contact__in=people))
    ids = sorted(set(running.values_list("conversation_id", flat=True)))
    for start in range(0, len(ids), _AT_ONCE):
        defer("sla.recompute_some", conversation_ids=ids[start : start + _AT_ONCE])


@transaction.atomic
def recompute_some(conversation_ids: Sequence[int]) -> None:
    """Compute their clocks anew, and say of each that moves why it did."""
    recompute_clocks(conversation_ids, because=OTHERWISE_KNOWN)
