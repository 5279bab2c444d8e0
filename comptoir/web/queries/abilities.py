"""What agents can hold, hold now, and can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.core.clock import now
from comptoir.people.models import Agent, AgentSkill
from comptoir.routing.assigning.members import ANSWERING, loads
from comptoir.routing.loads import Load
from comptoir.routing.names import skill_words


@dataclass(frozen=True, slots=True)
class Able:
    """One agent: presence, points taken and at most, skills in words."""

    agent: Agent
    presence: Agent.Availability
    load: Load
    skills: Sequence[str]


def able_agents() -> list[Able]:
    """Everybody who may answer, in a fixed number of queries."""
    agents = list(Agent.objects.filter(is_active=True, role__in=ANSWERING).prefetch_related("teams").order_by("name"))
    held = loads(agents)
    skills: dict[int, list[str]] = {}
    for one in AgentSkill.objects.select_related("skill").order_by("skill__kind", "skill__name"):
        words = f"{skill_words(one.skill)} ({one.get_level_display().lower()})"
        skills.setdefault(one.agent_id, []).append(words)
    at = now()
    return [Able(one, one.presence(at), held[one.pk], skills.get(one.pk, [])) for one in agents]
