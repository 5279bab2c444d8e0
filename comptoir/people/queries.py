"""Who works here, and how they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from comptoir.core.clock import now
from comptoir.people.models import Agent, SignInLink, Team


@dataclass(frozen=True, slots=True)
class Colleague:
    """One agent as others see them. ``invitation`` is waiting, over, or empty where there is nothing to say."""

    agent: Agent
    presence: Agent.Availability
    invitation: str


def colleagues(*, only_active: bool = False) -> Sequence[Colleague]:
    """Everybody with their teams, brands and presence; a fixed number of queries."""
    invitations = Prefetch(
        "user__sign_in_links", SignInLink.objects.filter(is_invitation=True).order_by("-id"), to_attr="invitations"
    )
    agents = Agent.objects.select_related("user").prefetch_related("teams", "brands", invitations)
    if only_active:
        agents = agents.filter(is_active=True)
    present = now()
    return [
        Colleague(agent, agent.presence(present), _invitation(agent)) for agent in agents.order_by("-is_active", "name")
    ]


def _invitation(agent: Agent) -> str:
    links: Sequence[SignInLink] = getattr(agent.user, "invitations", ())
    if not agent.is_active or agent.user.last_login is not None or not links:
        return ""
    return "waiting" if links[0].is_live else "over"


def invitation_state(agent: Agent) -> str:
    """The same for one agent."""
    if not agent.is_active or agent.user.last_login is not None:
        return ""
    link = SignInLink.objects.filter(user=agent.user_id, is_invitation=True).order_by("-id").first()
    return "" if link is None else "waiting" if link.is_live else "over"


def teams_with_numbers() -> Sequence[Team]:
    """Every team, with how many work in it (``member_count``), by name."""
    counted = Team.objects.annotate(member_count=Count("agents", filter=Q(agents__is_active=True)))
    return list(counted.order_by("name"))  # counting forgets the order
