"""Writes about people that span models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from comptoir.brands.models import Brand
from comptoir.core.clock import now
from comptoir.core.hours import check_weekly_hours
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent, SignInLink, Team, User


class LastAdministratorError(Exception):
    """Nobody would be left who may set up."""


@transaction.atomic
def create_agent(
    *,
    email: str,
    name: str,
    role: str = Agent.Role.AGENT,
    language: str = "fr",
    teams: Iterable[Team] = (),
    brands: Iterable[Brand] = (),
    password: str | None = None,
    by: Actor = SYSTEM,
) -> Agent:
    """Make a login and the agent behind it. Raises IntegrityError when the address has a login already."""
    user = User.objects.create_user(email, password, is_staff=False)
    agent = Agent.objects.create(user=user, name=name, role=role, language=language)
    agent.teams.add(*teams)  # who is new has none yet: nothing need be looked up
    agent.brands.add(*brands)
    record("agent.created", subject=agent, by=by)
    return agent


@transaction.atomic
def edit_agent(
    agent_id: int,
    *,
    name: str,
    role: str,
    language: str,
    teams: Iterable[Team],
    brands: Iterable[Brand],
    by: Actor = SYSTEM,
) -> Agent:
    """Change who somebody is here and what they see. Raises LastAdministratorError."""
    agent = _locked_after_administrators(agent_id)
    if role != Agent.Role.ADMINISTRATOR:
        _keep_an_administrator(agent)
    changes = _changes(agent, name=name, role=role, language=language)
    for relation, wanted in (("teams", list(teams)), ("brands", list(brands))):
        before = set(getattr(agent, relation).values_list("pk", flat=True))
        if before != {one.pk for one in wanted}:
            changes[relation] = [sorted(before), sorted(one.pk for one in wanted)]
            getattr(agent, relation).set(wanted)
    agent.save(update_fields=["name", "role", "language"])
    if changes:
        record("agent.changed", subject=agent, by=by, changes=changes)
    return agent


@transaction.atomic
def lend_agent(agent_id: int, *, to: Team, by: Actor = SYSTEM) -> Agent:
    """Have somebody answer in one more team. Raises Agent.DoesNotExist."""
    return _placed(agent_id, to, is_member=True, by=by)


@transaction.atomic
def take_out_of_team(agent_id: int, *, team: Team, by: Actor = SYSTEM) -> Agent:
    """Have somebody answer in one team less; what they have in hand there stays theirs. Raises Agent.DoesNotExist."""
    return _placed(agent_id, team, is_member=False, by=by)


def _placed(agent_id: int, team: Team, *, is_member: bool, by: Actor) -> Agent:
    agent = _locked(agent_id)
    before = set(agent.teams.values_list("pk", flat=True))
    wanted = before | {team.pk} if is_member else before - {team.pk}
    if wanted != before:
        agent.teams.set(wanted)
        record("agent.changed", subject=agent, by=by, changes={"teams": [sorted(before), sorted(wanted)]})
    return agent


def create_sign_in_link(*, agent: Agent, by: Actor = SYSTEM) -> str:
    """Return a token that signs ``agent`` in once within half an hour, for the address /sign-in/<token>/."""
    with transaction.atomic():
        token = SignInLink.issue(agent.user)
        record("agent.link_made", subject=agent, by=by)
    return token


def invite_agent(*, agent: Agent, by: Actor = SYSTEM) -> str:
    """Return the token of an invitation that waits a week, and opens once; an earlier one no longer opens."""
    with transaction.atomic():
        token = SignInLink.issue(agent.user, is_invitation=True)
        record("agent.invited", subject=agent, by=by)
    return token


def withdraw_invitation(*, agent: Agent, by: Actor = SYSTEM) -> None:
    """Have the invitation open no more; recorded where there was one."""
    with transaction.atomic():
        if SignInLink.end_invitations(agent.user):
            record("agent.invitation_withdrawn", subject=agent, by=by)


@transaction.atomic
def close_access(agent_id: int, *, by: Actor = SYSTEM) -> Agent:
    """Let somebody in no longer: sessions, links and tokens of theirs end at once. Raises LastAdministratorError."""
    agent = _locked_after_administrators(agent_id)
    if not agent.is_active:
        return agent
    _keep_an_administrator(agent)
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    User.objects.filter(pk=agent.user_id).update(is_active=False)
    SignInLink.objects.filter(user_id=agent.user_id, used_at=None, expires_at__gt=now()).update(expires_at=now())
    record("agent.closed", subject=agent, by=by)
    return agent


@transaction.atomic
def open_access(agent_id: int, *, by: Actor = SYSTEM) -> Agent:
    """Let somebody in again, as they were."""
    agent = _locked(agent_id)
    if not agent.is_active:
        agent.is_active = True
        agent.save(update_fields=["is_active"])
        User.objects.filter(pk=agent.user_id).update(is_active=True)
        record("agent.opened", subject=agent, by=by)
    return agent


@transaction.atomic
def forget_second_factor(agent_id: int, *, by: Actor = SYSTEM) -> bool:
    """Take away every second factor of somebody who has lost theirs; whether there was one."""
    agent = _locked(agent_id)
    count, _each = Authenticator.objects.filter(user_id=agent.user_id).delete()
    if count:
        record("agent.second_factor_forgotten", subject=agent, by=by)
    return bool(count)


@transaction.atomic
def set_availability(agent: Agent, availability: str, *, at: datetime | None = None, by: Actor | None = None) -> None:
    """Tell colleagues how somebody is: they say so themselves, unless it is said who does (``by``). Saying the same
    again changes nothing.
    """
    wanted = Agent.Availability(availability)
    changed = Agent.objects.filter(pk=agent.pk).exclude(availability=wanted)
    if changed.update(availability=wanted, availability_since=at or now()):
        record("agent.availability_changed", subject=agent, by=by or Actor("agent", agent.pk), to=wanted.value)
    agent.availability = wanted


@transaction.atomic
def set_working_hours(agent_id: int, *, hours: dict[str, Any], time_zone: str, by: Actor = SYSTEM) -> Agent:
    """When somebody works; outside of it they are seen as offline. Raises ValidationError for hours that are none."""
    agent = _locked(agent_id)
    check_weekly_hours(hours)
    agent.working_hours, agent.time_zone = hours, time_zone
    agent.save(update_fields=["working_hours", "time_zone"])
    record("agent.hours_changed", subject=agent, by=by)
    return agent


@transaction.atomic
def create_team(
    *,
    name: str,
    purpose: str,
    agents: Iterable[Agent] = (),
    takes_by_answering: bool = True,
    by: Actor = SYSTEM,
) -> Team:
    """Make a team. Raises IntegrityError when there is one of that name."""
    team = Team.objects.create(name=name, purpose=purpose, takes_by_answering=takes_by_answering)
    team.agents.set(agents)
    record("team.created", subject=team, by=by)
    return team


@transaction.atomic
def edit_team(
    team_id: int,
    *,
    name: str,
    purpose: str,
    agents: Iterable[Agent],
    takes_by_answering: bool = True,
    by: Actor = SYSTEM,
) -> Team:
    """Change a team and who is in it. Raises IntegrityError when another one has that name."""
    team = Team.objects.select_for_update().get(pk=team_id)
    changes = _changes(team, name=name, purpose=purpose, takes_by_answering=takes_by_answering)
    team.save(update_fields=["name", "purpose", "takes_by_answering"])
    wanted = list(agents)
    before = set(team.agents.values_list("pk", flat=True))
    if before != {agent.pk for agent in wanted}:
        changes["members"] = [sorted(before), sorted(agent.pk for agent in wanted)]
        team.agents.set(wanted)
    if changes:
        record("team.changed", subject=team, by=by, changes=changes)
    return team


def _changes(row: Agent | Team, **wanted: str | bool) -> dict[str, Any]:
    """Set the fields; return what was and what is, of those that differ."""
    changes: dict[str, Any] = {}
    for field, value in wanted.items():
        if getattr(row, field) != value:
            changes[field] = [getattr(row, field), value]
            setattr(row, field, value)
    return changes


def _locked(agent_id: int) -> Agent:
    return Agent.objects.select_for_update().get(pk=agent_id)


def _locked_after_administrators(agent_id: int) -> Agent:
    """Two who take each other's place away at the same time wait here, in one order, so that the second one stays."""
    list(_administrators().select_for_update().values_list("pk", flat=True))
    return _locked(agent_id)


def _keep_an_administrator(agent: Agent) -> None:
    """The caller holds all of them."""
    if agent.role != Agent.Role.ADMINISTRATOR or not agent.is_active:
        return
    if _administrators().count() == 1:
        raise LastAdministratorError


def _administrators() -> QuerySet[Agent]:
    return Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, is_active=True).order_by("pk")
