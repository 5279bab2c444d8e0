"""The agents of a team who can be given something now, held until the transaction ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from comptoir.people.models import Agent, AgentSkill, SignInLink
from comptoir.people.permissions import GRANTS, Permission
from comptoir.routing.assigning.choosing import Member
from comptoir.routing.loads import Load
from comptoir.routing.models import DEFAULT_POINTS, AgentTurn, ChannelWeight

ANSWERING = tuple(role for role, granted in GRANTS.items() if Permission.ANSWER in granted)

#: Open and not spam: what is put away or resolved does not weigh on anybody.
_LOADS = """
SELECT conversation.assignee_id, account.kind, count(*)
FROM conversations_conversation AS conversation
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
WHERE conversation.assignee_id = ANY(%s) AND conversation.status = 'open' AND NOT conversation.is_spam
GROUP BY 1, 2
"""


def hold_members(team_id: int, at: datetime) -> list[Member]:
    """Those who are available and may answer; who was invited and has never come is not there.

    Two passes that could give to the same agent wait for each other here, always in the order of the ids; what they
    hold is counted after the wait.
    """
    members = members_of(team_id)
    held = list(members.select_for_update(of=("self",), no_key=True))
    present = [agent for agent in held if agent.presence(at) == Agent.Availability.AVAILABLE]
    return _members(present) if present else []


def is_somebody_there(members: Iterable[Agent], at: datetime) -> bool:
    """Whether one of them is available and is given work at all: whoever holds no points takes none of it."""
    return any(one.capacity_points > 0 and one.presence(at) == Agent.Availability.AVAILABLE for one in members)


def members_of(team_id: int) -> QuerySet[Agent]:
    """Who answers in the team and has ever come in, in the order in which they are held."""
    invited = SignInLink.objects.filter(user=OuterRef("user"), is_invitation=True)
    never_came = Q(user__last_login=None) & Exists(invited)
    return Agent.objects.filter(~never_came, teams=team_id, is_active=True, role__in=ANSWERING).order_by("pk")


def _members(agents: list[Agent]) -> list[Member]:
    ids = [agent.pk for agent in agents]
    held = loads(agents)
    turns = dict(AgentTurn.objects.filter(pk__in=ids).values_list("agent", "last_given_at"))
    skills: dict[int, dict[int, int]] = defaultdict(dict)
    for agent_id, skill, level in AgentSkill.objects.filter(agent__in=ids).values_list("agent", "skill", "level"):
        skills[agent_id][skill] = level
    brands = _grouped(Agent.brands.through.objects.filter(agent__in=ids).values_list("agent_id", "brand_id"))
    teams = _grouped(Agent.teams.through.objects.filter(agent__in=ids).values_list("agent_id", "team_id"))
    return [
        Member(
            id=agent.pk,
            name=agent.name,
            capacity_points=agent.capacity_points,
            load_points=held[agent.pk].points,
            live_points=held[agent.pk].live_points,
            last_given_at=turns.get(agent.pk),
            is_administrator=agent.role == Agent.Role.ADMINISTRATOR,
            brands=brands.get(agent.pk, frozenset()),
            teams=teams.get(agent.pk, frozenset()),
            skills=skills.get(agent.pk, {}),
        )
        for agent in agents
        if agent.capacity_points > 0
    ]


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    grouped: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        grouped[one].add(other)
    return {one: frozenset(others) for one, others in grouped.items()}


def loads(agents: Iterable[Agent]) -> Mapping[int, Load]:
    """What the conversations in the hands of each agent weigh, by the agent's id."""
    capacities = {agent.pk: agent.capacity_points for agent in agents}
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, [sorted(capacities)])
        for agent_id, channel, count in cursor.fetchall():
            counts[agent_id][channel] = count
    weights = channel_points()
    return {agent_id: Load(most, counts[agent_id], weights) for agent_id, most in capacities.items()}


def channel_points() -> Mapping[str, int]:
    """How many points one conversation takes, by channel; one where nothing is said."""
    return DEFAULT_POINTS | dict(ChannelWeight.objects.values_list("channel", "points"))
