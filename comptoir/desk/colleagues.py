"""Who else there is around a conversation."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from comptoir.conversations.models import Conversation
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission


def readers_of(conversation: Conversation) -> QuerySet[Agent]:
    """Agents who may read it: those of its team, whoever it was given to, and those who see every team."""
    reading = [role for role, granted in GRANTS.items() if Permission.READ_CONVERSATIONS in granted]
    everywhere = [role for role in reading if Permission.SEE_EVERY_TEAM in GRANTS[role]]
    near = Q(role__in=everywhere) | Q(pk=conversation.assignee_id)
    if conversation.team_id is not None:
        near |= Q(teams=conversation.team_id)
    return Agent.objects.filter(near, is_active=True, role__in=reading).distinct().order_by("name", "pk")


def addressed_in(text: str, conversation: Conversation) -> list[Agent]:
    """The colleagues whom a note addresses by @ and their whole name: « @Awa Diop ».

    The longest name counts: « @Awa Diop » does not address a colleague called Awa. Of two of the same name, both are.
    """
    if "@" not in text:
        return []
    left = " ".join(text.split()).casefold()
    addressed: list[tuple[str, Agent]] = []
    for agent in sorted(readers_of(conversation), key=lambda one: -len(one.name)):
        name = " ".join(agent.name.split()).casefold()
        pattern = rf"(?<!\w)@{re.escape(name)}(?!\w)"
        is_namesake = any(name == other for other, _agent in addressed)
        if is_namesake or (name and re.search(pattern, left)):
            addressed.append((name, agent))
        left = re.sub(pattern, " ", left)
    return [agent for _name, agent in addressed]
