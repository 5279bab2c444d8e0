"""Somebody leaves the counter: what was theirs goes back to its team."""

from __future__ import annotations

from django.db import transaction

from comptoir.conversations.models import Conversation
from comptoir.events.record import SYSTEM, Actor, Happening, record_all
from comptoir.people.actions import close_access
from comptoir.people.models import Agent


@transaction.atomic
def see_off(agent_id: int, *, by: Actor = SYSTEM) -> int:
    """Close somebody's access and give their open conversations back to their teams; return how many those were.

    Raises LastAdministratorError. What they wrote stays under their name, drafts too.
    """
    agent = close_access(agent_id, by=by)
    return _release_conversations(agent, by=by)


def _release_conversations(agent: Agent, *, by: Actor) -> int:
    held = Conversation.objects.live().filter(assignee=agent)
    ids = list(held.order_by("pk").select_for_update().values_list("pk", flat=True))
    Conversation.objects.filter(pk__in=ids).update(assignee=None)
    record_all(
        Happening(
            "conversation.assigned",
            "conversation",
            pk,
            by,
            conversation_id=pk,
            reason="agent closed",
            details={"to": None, "former": agent.pk},
        )
        for pk in ids
    )
    return len(ids)
