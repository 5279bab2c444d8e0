"""Matters as the screens show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Min

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


@dataclass(frozen=True, slots=True)
class MatterShown:
    """One matter, and what is promised of it."""

    about: Matter
    promised: Promised | None


def open_matters_of(agent: Agent, most: int) -> list[MatterShown]:
    """The agent's own that go on, what is due first at the top."""
    own = Matter.objects.filter(owner=agent, status=Matter.Status.OPEN).prefetch_related("clocks")
    first = own.annotate(due_at=Min("clocks__due_at")).order_by(F("due_at").asc(nulls_last=True), "-opened_at", "-pk")
    return [MatterShown(one, _promised(one)) for one in first[:most]]


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


def matter_of(conversation: Conversation, held: Holdings) -> MatterShown | None:
    """What the conversation is part of."""
    if not held.is_joined:
        return None
    matter = Matter.objects.select_related("owner").filter(joined__conversation=conversation).first()
    return MatterShown(matter, _promised(matter)) if matter is not None else None


def _promised(matter: Matter) -> Promised | None:
    clock = next(iter(matter.clocks.all()), None)
    if clock is None:
        return None
    is_late = clock.breached_at is not None or (clock.stopped_at is None and clock.due_at < now())
    return Promised(clock.due_at, clock.stopped_at, is_late)
