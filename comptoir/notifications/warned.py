"""Warnings of promises, calls for help, customers whom nobody called back, and what automations point out: whom each
tells, and which webhooks are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from comptoir.conversations.models import Conversation, Matter
from comptoir.events.models import Event
from comptoir.people.models import Agent
from comptoir.sla.models import PolicyWarning

WARNED, CALLED, POINTED = "clock.warned", "conversation.help_called", "conversation.pointed_out"
UNCALLED = "call_back.fell_overdue"
_AVAILABLE = Agent.Availability.AVAILABLE
_Audience = PolicyWarning.Audience


def told_by_warnings(events: Iterable[Event], conversations: Mapping[int, Conversation]) -> dict[int, list[int]]:
    """Whom each of the events that is a warning tells: agents by event.

    Whoever has the conversation, or owns the matter; its team, also where nobody does; the supervisors who may see it.
    """
    warnings = [event for event in events if event.name == WARNED and event.conversation_id in conversations]
    if not warnings:
        return {}
    tells = dict(PolicyWarning.objects.filter(pk__in=_named(warnings)).values_list("pk", "tells"))
    about = {event.pk: conversations[event.conversation_id or 0] for event in warnings}
    audiences = {event.pk: set(tells.get(event.details["warning"], ())) for event in warnings}
    owning = owners_of_matters(warnings)
    return _told(about, audiences, {pk: owning.get(pk) or one.assignee_id for pk, one in about.items()})


def owners_of_matters(events: Iterable[Event]) -> dict[int, int]:
    """By event that is about the promise of a matter: who owns the matter, where somebody does."""
    about = {event.pk: event.details["matter"] for event in events if event.details.get("matter")}
    if not about:
        return {}
    owners = dict(Matter.objects.filter(pk__in=about.values(), owner__isnull=False).values_list("pk", "owner_id"))
    return {pk: owners[matter] for pk, matter in about.items() if matter in owners}


def called_to_help(events: Iterable[Event], conversations: Mapping[int, Conversation]) -> dict[int, list[int]]:
    """Whom each call for help reaches: who is there of the conversation's team, and the supervisors who may see it."""
    calls = [event for event in events if event.name == CALLED and event.conversation_id in conversations]
    if not calls:
        return {}
    about = {event.pk: conversations[event.conversation_id or 0] for event in calls}
    there = {agent.pk for agent in Agent.objects.filter(is_active=True) if agent.presence() == _AVAILABLE}
    teams = _agents_of({one.team_id for one in about.values() if one.team_id})
    supervisors = _supervisors_of([one.pk for one in about.values()])
    return {
        pk: sorted({*supervisors.get(one.pk, ()), *(there & set(teams.get(one.team_id or 0, ())))})
        for pk, one in about.items()
    }


def left_uncalled(events: Iterable[Event], conversations: Mapping[int, Conversation]) -> dict[int, list[int]]:
    """Whom each call that nobody made in time tells: whoever has the conversation, or else its team."""
    overdue = [event for event in events if event.name == UNCALLED and event.conversation_id in conversations]
    if not overdue:
        return {}
    about = {event.pk: conversations[event.conversation_id or 0] for event in overdue}
    audiences: dict[int, set[str]] = {pk: {_Audience.OWNER} for pk in about}
    return _told(about, audiences, {pk: one.assignee_id for pk, one in about.items()})


def pointed_out(events: Iterable[Event], conversations: Mapping[int, Conversation]) -> dict[int, list[int]]:
    """Whom an automation tells: somebody by name, or one of the audiences that warnings have."""
    points = [event for event in events if event.name == POINTED and event.conversation_id in conversations]
    if not points:
        return {}
    about = {event.pk: conversations[event.conversation_id or 0] for event in points}
    told = {event.pk: event.details.get("tells") for event in points}
    audiences = {pk: {one} if isinstance(one, str) else set() for pk, one in told.items()}
    found = _told(about, audiences, {pk: one.assignee_id for pk, one in about.items()})
    named = {pk: [one] for pk, one in told.items() if isinstance(one, int)}
    return {pk: named.get(pk) or found[pk] for pk in about}


def _told(
    about: Mapping[int, Conversation], audiences: Mapping[int, set[str]], whose: Mapping[int, int | None]
) -> dict[int, list[int]]:
    """By event: the agents of its audiences; where nobody has what it is about, its team in the owner's place."""
    for_team = {pk for pk, audience in audiences.items() if _is_for_team(audience, whose[pk])}
    teams = _agents_of({about[pk].team_id or 0 for pk in for_team})
    supervisors = _supervisors_of([one.pk for pk, one in about.items() if _Audience.SUPERVISORS in audiences[pk]])
    told: dict[int, list[int]] = {}
    for pk, one in about.items():
        above = supervisors.get(one.pk, ()) if _Audience.SUPERVISORS in audiences[pk] else ()
        of_team = teams.get(one.team_id or 0, ()) if pk in for_team else ()
        owner = whose[pk] if _Audience.OWNER in audiences[pk] else None
        told[pk] = sorted({*above, *of_team, *([owner] if owner else [])})
    return told


def _is_for_team(audience: set[str], owner: int | None) -> bool:
    return _Audience.TEAM in audience or (_Audience.OWNER in audience and owner is None)


def _agents_of(team_ids: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    if team_ids:
        members = Agent.objects.filter(is_active=True, teams__in=team_ids).values_list("teams", "pk")
        for team_id, agent_id in members:
            found[team_id].append(agent_id)
    return found


def _supervisors_of(conversation_ids: Sequence[int]) -> dict[int, list[int]]:
    """By conversation. One question for each supervisor, of whom a counter has a few."""
    found: dict[int, list[int]] = defaultdict(list)
    if conversation_ids:
        for agent in Agent.objects.filter(is_active=True, role=Agent.Role.SUPERVISOR):
            seen = Conversation.objects.visible_to(agent).filter(pk__in=conversation_ids)
            for pk in seen.values_list("pk", flat=True):
                found[pk].append(agent.pk)
    return found


def endpoints_posted_to(events: Iterable[Event]) -> dict[int, set[int]]:
    """By warning: the ids of the endpoints that it is posted to, whatever events they asked for."""
    named = _named(event for event in events if event.name == WARNED)
    found: dict[int, set[int]] = defaultdict(set)
    if named:
        chosen = PolicyWarning.objects.filter(pk__in=named, endpoints__isnull=False).values_list("pk", "endpoints")
        for warning_id, endpoint_id in chosen:
            found[warning_id].add(endpoint_id)
    return found


def endpoints_named_by(event: Event) -> list[int]:
    """The ids of the endpoints that an automation has posted its run to, whatever events they asked for."""
    return event.details.get("posted_to", []) if event.name == "automation.run" else []


def _named(events: Iterable[Event]) -> set[int]:
    return {event.details["warning"] for event in events}
