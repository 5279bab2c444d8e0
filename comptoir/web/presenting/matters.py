"""Matters as the screens show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comptoir.conversations.models import Conversation, Matter
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.web.queries.holdings import Holdings


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised of a matter, and how it stands."""

    due_at: datetime
    stopped_at: datetime | None
    is_late: bool


def matter_context(matter: Matter, agent: Agent) -> dict[str, Any]:
    """Its conversations that the agent may read, how many more there are, its promise."""
    readable = Conversation.objects.visible_to(agent).filter(joined__matter=matter)
    there = list(readable.select_related("account", "identity", "team", "assignee").order_by("started_at", "pk"))
    return {
        "matter": matter,
        "there": there,
        "elsewhere": matter.joined.count() - len(there),
        "waiting": [one.pk for one in there if one.waiting_since is not None],
        "promised": _promised(matter),
        "customer": there[0].contact if there else None,
    }


def matter_of(conversation: Conversation, held: Holdings) -> Matter | None:
    """What the conversation is part of."""
    if not held.is_joined:
        return None
    return Matter.objects.select_related("owner").filter(joined__conversation=conversation).first()


def _promised(matter: Matter) -> Promised | None:
    clock = matter.clocks.first()
    if clock is None:
        return None
    is_late = clock.breached_at is not None or (clock.stopped_at is None and clock.due_at < now())
    return Promised(clock.due_at, clock.stopped_at, is_late)
