"""Writes about people that span models."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent, SignInLink, Team, User


@transaction.atomic
def create_agent(
    *,
    email: str,
    name: str,
    role: str = Agent.Role.AGENT,
    language: str = "fr",
    teams: Iterable[Team] = (),
    password: str | None = None,
    by: Actor = SYSTEM,
) -> Agent:
    """Make a login and the agent behind it. Raises IntegrityError when the address has a login already."""
    user = User.objects.create_user(email, password, is_staff=False)
    agent = Agent.objects.create(user=user, name=name, role=role, language=language)
    agent.teams.set(teams)
    record("agent.created", subject=agent, by=by)
    return agent


def create_sign_in_link(*, agent: Agent) -> str:
    """Return a token that signs ``agent`` in once within half an hour, for the address /sign-in/<token>/."""
    return SignInLink.issue(agent.user)
