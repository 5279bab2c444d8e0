"""What nobody asked for: out of every list but its own, with nothing promised, and back again where it was a mistake.

Where the sender is blocked, whatever else they write is kept there too. Where not, their next message brings the
conversation back among the others, so that no customer is lost by a slip.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from comptoir.contacts.models import ContactIdentity
from comptoir.conversations.models import Conversation
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import now
from comptoir.delivery.actions import acting
from comptoir.desk.errors import NotSpamError
from comptoir.desk.hand_offs import withdraw_open_hand_off
from comptoir.desk.holding import locked
from comptoir.events.models import Event
from comptoir.events.record import Actor, record
from comptoir.people.models import Agent
from comptoir.sla.actions import abandon_clocks, start_clocks
from comptoir.sla.models import SLAClock
from comptoir.sla.moving import resume_clocks


@transaction.atomic
def mark_spam(conversation_id: int, *, block: bool, by: Agent | None, actor: Actor | None = None) -> Conversation:
    """Put it among the spam; ``block`` shuts its sender out as well. Marked before, it may still gain the block."""
    conversation = locked(conversation_id)
    blocks = bool(block and _set_blocked(conversation, is_blocked=True))
    if conversation.is_spam and not blocks:
        return conversation
    details: dict[str, Any] = {"blocked": blocks}
    if not conversation.is_spam:
        running = SLAClock.objects.filter(conversation=conversation, stopped_at=None)
        since = conversation.waiting_since
        details |= {
            "clocks": list(running.values_list("pk", flat=True)),
            "waiting_since": since.isoformat() if since else None,
        }
        conversation.is_spam, conversation.waiting_since = True, None
        conversation.save(update_fields=["is_spam", "waiting_since"])
        abandon_clocks(conversation.pk, with_resolution=True)
        withdraw_open_hand_off(conversation, by=by, actor=actor)
    record("conversation.marked_spam", subject=conversation, by=acting(by, actor), **details)
    return conversation


@transaction.atomic
def clear_spam(conversation_id: int, *, by: Agent | None, actor: Actor | None = None) -> Conversation:
    """It was a mistake: the sender is heard again, and waits since they did. Raises NotSpamError."""
    conversation = locked(conversation_id)
    if not conversation.is_spam:
        raise NotSpamError
    unblocked = _set_blocked(conversation, is_blocked=False)
    floor, clocks = _before(conversation)
    conversation.is_spam = False
    if conversation.status != Conversation.Status.RESOLVED:
        conversation.waiting_since = unanswered_since(conversation, from_=floor)
    conversation.save(update_fields=["is_spam", "waiting_since"])
    if conversation.waiting_since is not None:
        resume_clocks(clocks)
        start_clocks({conversation.pk: conversation.waiting_since})
    record("conversation.cleared_of_spam", subject=conversation, by=acting(by, actor), unblocked=unblocked)
    return conversation


def _set_blocked(conversation: Conversation, *, is_blocked: bool) -> bool:
    """Whether this changed anything."""
    senders = ContactIdentity.objects.filter(pk=conversation.identity_id, blocked_at__isnull=is_blocked)
    return bool(senders.update(blocked_at=now() if is_blocked else None))


def _before(conversation: Conversation) -> tuple[datetime | None, list[int]]:
    """Since when the sender waited when it was marked (else: when it was marked), and the clocks that ran then."""
    marked = Event.objects.filter(
        subject_kind="conversation", subject_id=conversation.pk, name="conversation.marked_spam"
    )
    for event in marked.order_by("-id")[:10]:
        if "clocks" in event.details:
            since = parse_datetime(event.details.get("waiting_since") or "")
            return since or event.at, list(event.details["clocks"])
    return None, []
