"""What a promise about to be broken changes for routing: sooner in the queue, and not given back to the same agent."""

from __future__ import annotations

from comptoir.conversations.models import Conversation, Priority
from comptoir.core.clock import now
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.routing.models import Route

#: What tells that somebody, or something, has changed a priority since the rules found it.
PRIORITY_CHANGED = ("conversation.priority_raised", "conversation.priority_lowered")


def raise_priority(conversation: Conversation, *, by: Actor = SYSTEM, reason: str = "") -> None:
    """One step up, as far as urgent: what is urgent already stays so, and is no event. The caller holds the row."""
    if conversation.priority >= Priority.URGENT:
        return
    conversation.priority += 1
    conversation.save(update_fields=["priority"])
    record(
        "conversation.priority_raised", subject=conversation, by=by, reason=reason, priority=conversation.priority,
        former=conversation.priority - 1,
    )  # fmt: skip


def set_priority(conversation: Conversation, priority: int, *, by: Actor = SYSTEM, reason: str = "") -> None:
    """Sooner or later in the queue; the same again is no event. The caller holds the row."""
    former = conversation.priority
    if former == priority:
        return
    conversation.priority = priority
    conversation.save(update_fields=["priority"])
    name = "conversation.priority_raised" if priority > former else "conversation.priority_lowered"
    record(name, subject=conversation, by=by, reason=reason, priority=priority, former=former)


def keep_from(conversation_id: int, agent_id: int) -> None:
    """The agent is not given it again before it has waited so long that anybody is asked."""
    Route.objects.update_or_create(
        conversation_id=conversation_id,
        defaults={"released_by_id": agent_id, "last_agent_id": None, "queued_at": now()},
    )
