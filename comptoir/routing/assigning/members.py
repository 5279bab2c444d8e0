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
from comptoir.routing.models import DEFAULT_POINTS, LIVE_CHANNELS, AgentTurn, ChannelWeight

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


def members_of(team_id: int) -> QuerySet[Agent]:
    """Who answers in the team and has ever come in, in the order in which they are held."""
    invited = SignInLink.objects.filter(user=OuterRef("user"), is_invitation=True)
    never_came = Q(user__last_login=None) & Exists(invited)
    return Agent.objects.filter(~never_came, teams=team_id, is_active=True, role__in=ANSWERING).order_by("pk")


def _members(agents: list[Agent]) -> list[Member]:
    ids = [agent.pk for agent in agents]
    held = _held_points(ids)
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
            load_points=sum(held[agent.pk].values()),
            live_points=sum(points for channel, points in held[agent.pk].items() if channel in LIVE_CHANNELS),
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


def load_points(agent_ids: Iterable[int]) -> dict[int, int]:
    """What the conversations in the hands of each agent weigh, in points."""
    return {agent_id: sum(points.values()) for agent_id, points in _held_points(agent_ids).items()}


def _held_points(agent_ids: Iterable[int]) -> Mapping[int, dict[str, int]]:
    """The same, by channel."""
    weights = channel_points()
    held: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, [sorted(agent_ids)])
        for agent_id, channel, count in cursor.fetchall():
            held[agent_id][channel] = count * weights.get(channel, 1)
    return held


def channel_points() -> Mapping[str, int]:
    """How many points one conversation takes, by channel; one where nothing is said."""
    return DEFAULT_POINTS | dict(ChannelWeight.objects.values_list("channel", "points"))
