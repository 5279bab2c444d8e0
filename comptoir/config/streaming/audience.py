"""Who is at the other end of a stream, and which conversations they may hear of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import TypeVar, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http import HttpRequest

from comptoir.channels.models import ChannelAccount
from comptoir.channels.shown import AccountLimits
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

Given = TypeVar("Given")
Found = TypeVar("Found")


async def looked_up(query: Callable[[Given], Found], about: Given) -> Found:
    """Ask the database in a thread, over a connection that is not dead or too old."""

    def ask() -> Found:
        close_old_connections()
        return query(about)

    return await sync_to_async(ask)()


@dataclass(frozen=True, slots=True)
class Audience:
    """What one agent may hear of: everything, or what belongs to their teams, on accounts that are not hidden from
    them; and what is theirs in any case.
    """

    agent_id: int
    sees_all: bool
    teams: frozenset[int]
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Listener:
    """A signed-in session and its audience."""

    session_key: str
    audience: Audience


def listener_of(cookie_header: str) -> Listener | None:
    """The agent whose session the cookies name; None for anybody else."""
    key = _session_key(cookie_header)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not user.is_authenticated:
        return None
    agent = Agent.objects.filter(user_id=user.pk, is_active=True, user__is_active=True).first()
    audience = _audience(agent) if agent else None
    return Listener(key, audience) if audience else None


def _session_key(cookie_header: str) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(cookie_header)
    except CookieError:
        return ""
    named = cookies.get(settings.SESSION_COOKIE_NAME)
    return named.value if named else ""


def _audience(agent: Agent) -> Audience | None:
    if not may(agent, Permission.READ_CONVERSATIONS):
        return None
    teams = frozenset(cast("Iterable[int]", agent.teams.values_list("pk", flat=True)))
    return Audience(agent.pk, may(agent, Permission.SEE_EVERY_TEAM), teams, _hidden_from(agent))


def _hidden_from(agent: Agent) -> frozenset[int]:
    return frozenset(ChannelAccount.objects.hidden_from(agent).values_list("pk", flat=True))


def audiences_now(listeners: Collection[Listener]) -> dict[Listener, Audience | None]:
    """What each listener may hear of now, signed out, closed or moved since they connected; None for nothing."""
    keys = {one.session_key for one in listeners}
    live = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=now()).values_list("session_key", flat=True)
    )
    wanted = {one.audience.agent_id for one in listeners}
    agents = Agent.objects.filter(pk__in=wanted, is_active=True, user__is_active=True).prefetch_related(
        "teams", "brands"
    )
    limits = AccountLimits.now()
    present = {agent.pk: _prefetched(agent, limits) for agent in agents}
    return {one: present.get(one.audience.agent_id) if one.session_key in live else None for one in listeners}


def _prefetched(agent: Agent, limits: AccountLimits) -> Audience | None:
    if not may(agent, Permission.READ_CONVERSATIONS):
        return None
    teams = frozenset(team.pk for team in agent.teams.all())
    return Audience(agent.pk, may(agent, Permission.SEE_EVERY_TEAM), teams, limits.hidden_from(agent, teams))


@dataclass(frozen=True, slots=True)
class Touched:
    """A conversation that something happened to, with whom it belongs to now and whom it belonged to before; and with
    those who handed it over and read it on.
    """

    conversation_id: int
    teams: frozenset[int]
    agents: frozenset[int]
    names: frozenset[str]
    account: int | None = None
    readers: frozenset[int] = frozenset()


class Batch:
    """What happened in a tenth of a second; each different selection of it is put together once."""

    def __init__(self, touched: Sequence[Touched]) -> None:
        self.touched = touched
        self._by_team: dict[int, list[Touched]] = {}
        self._by_agent: dict[int, list[Touched]] = {}
        self._by_reader: dict[int, list[Touched]] = {}
        for one in touched:
            for team in one.teams:
                self._by_team.setdefault(team, []).append(one)
            for agent in one.agents:
                self._by_agent.setdefault(agent, []).append(one)
            for agent in one.readers:
                self._by_reader.setdefault(agent, []).append(one)
        self._of_teams: dict[tuple[frozenset[int] | None, frozenset[int]], dict[int, Touched]] = {}

    def seen_by(self, audience: Audience) -> Sequence[Touched]:
        """What of it the audience may hear of."""
        if audience.sees_all and not audience.hidden:
            return self.touched
        shared = self._shared(None if audience.sees_all else audience.teams, audience.hidden)
        own = [*self._by_agent.get(audience.agent_id, ()), *self._read_on_by(audience)]
        if not own:
            return list(shared.values())
        return list((shared | {one.conversation_id: one for one in own}).values())

    def _read_on_by(self, audience: Audience) -> Iterator[Touched]:
        """What they handed over, on accounts that are not hidden from them by now."""
        return (one for one in self._by_reader.get(audience.agent_id, ()) if one.account not in audience.hidden)

    def _shared(self, teams: frozenset[int] | None, hidden: frozenset[int]) -> dict[int, Touched]:
        """What the teams (None: all of them) hear of, on accounts that are not hidden; put together once."""
        shared = self._of_teams.get((teams, hidden))
        if shared is None:
            heard = self.touched if teams is None else (one for team in teams for one in self._by_team.get(team, ()))
            shared = {one.conversation_id: one for one in heard if one.account not in hidden}
            self._of_teams[teams, hidden] = shared
        return shared
