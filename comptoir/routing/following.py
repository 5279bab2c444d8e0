"""What routing does when something happened: ask for a pass over the queues, where any team gives out its work."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.routing.models import Route

#: After which somebody may be free, or something may wait.
FOLLOWED = frozenset(
    {
        "message.received", "conversation.started", "conversation.reopened", "conversation.resolved",
        "conversation.snoozed", "conversation.woken", "conversation.held", "conversation.assigned",
        "conversation.team_changed", "conversation.marked_spam", "conversation.cleared_of_spam", "conversation.merged",
        "conversation.unmerged", "conversation.split", "conversation.moved", "conversation.priority_raised",
        "conversation.priority_lowered",
        "agent.availability_changed", "agent.hours_changed",
        "agent.changed", "agent.opened", "agent.closed", "agent.routing_changed", "team.changed",
        "team.routing_changed", "weights.changed",
    }
)  # fmt: skip

_IS_OF_USE = """
SELECT EXISTS (SELECT FROM routing_teamrouting WHERE strategy <> 'by_hand')
    OR EXISTS (SELECT FROM routing_route WHERE awaits_reading)
    OR EXISTS (SELECT FROM routing_route WHERE strategy NOT IN ('', 'by_hand'))
"""


def follow_routing(events: Sequence[Event]) -> None:
    """Have what waits offered again; what somebody gave back by hand is not offered to them at once."""
    if not _is_of_use():
        return
    for event in events:
        if _is_given_back(event):
            _keep_release(event)
        elif event.name == "conversation.team_changed" and event.actor_kind != "system":
            Route.objects.filter(pk=event.subject_id).update(queued_at=event.at, overflowed_from=None)
    defer("routing.offer", only_once="routing.offer")


def _is_of_use() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_IS_OF_USE)
        return bool(cursor.fetchone()[0])


def _is_given_back(event: Event) -> bool:
    details = event.details
    return (
        event.name == "conversation.assigned" and event.actor_kind == "agent"
        and details.get("to") is None and details.get("former") is not None
    )  # fmt: skip


def _keep_release(event: Event) -> None:
    Route.objects.update_or_create(
        conversation_id=event.subject_id,
        defaults={"released_by_id": event.details["former"], "last_agent_id": None, "queued_at": event.at},
    )
