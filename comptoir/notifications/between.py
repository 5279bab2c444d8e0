"""Who hears of what passes between teams and experts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from comptoir.events.models import Event
from comptoir.notifications.choices import Kind
from comptoir.people.models import Agent
from comptoir.people.permissions import GRANTS, Permission, may

#: Told to whoever asked, and to whoever has the conversation by then.
OF_EXPERTS = {
    "hand_off.answered": Kind.EXPERT_ANSWERED,
    "consultation.answered": Kind.EXPERT_ANSWERED,
    "consultation.unsent": Kind.UNANSWERED,
    "consultation.escalated": Kind.UNANSWERED,
}
#: Told to the one whom the event's details name so.
_TO_ONE: dict[str, tuple[str, Kind]] = {
    "hand_off.accepted": ("given_by", Kind.DECIDED),
    "hand_off.refused": ("given_by", Kind.DECIDED),
    "hand_off.answered": ("given_by", Kind.EXPERT_ANSWERED),
    "consultation.asked": ("expert", Kind.CONSULTED),
    "consultation.reminded": ("expert", Kind.CONSULTED),
} | {name: ("asked_by", kind) for name, kind in OF_EXPERTS.items() if name.startswith("consultation.")}
_TO_SUPERVISORS = {"conversation.bounced": Kind.BOUNCED, "consultation.escalated": Kind.UNANSWERED}
#: A broken promise of these is told as what it means: that an expert does not answer.
TOLD_OTHERWISE = frozenset({"consultation"})
BETWEEN = frozenset({*_TO_ONE, *_TO_SUPERVISORS, "hand_off.offered"})


def heard_between(events: Sequence[Event]) -> dict[int, list[tuple[int, Kind]]]:
    """For each of these events, by id, who may want to hear of it, and as what."""
    happened = [event for event in events if event.name in BETWEEN]
    if not happened:
        return {}
    members = _members({event.details.get("to") for event in happened if event.name == "hand_off.offered"})
    above = _supervisors() if any(event.name in _TO_SUPERVISORS for event in happened) else []
    return {event.pk: _heard(event, members, above) for event in happened}


def _heard(event: Event, members: dict[int, list[int]], above: Sequence[int]) -> list[tuple[int, Kind]]:
    heard = [(one, Kind.OFFERED) for one in members.get(event.details.get("to", 0), ())]
    if event.name in _TO_ONE:
        named, kind = _TO_ONE[event.name]
        heard = [(event.details[named], kind)] if event.details.get(named) else []
    if event.name in _TO_SUPERVISORS:
        told = {agent_id for agent_id, _kind in heard}
        heard += [(one, _TO_SUPERVISORS[event.name]) for one in above if one not in told]
    return heard


def _members(team_ids: Iterable[int | None]) -> dict[int, list[int]]:
    """Those of each team who could accept."""
    members: dict[int, list[int]] = {}
    of_teams = Agent.teams.through.objects.filter(team__in=[one for one in team_ids if one]).select_related("agent")
    for member in of_teams:
        if may(member.agent, Permission.HAND_OFF):
            members.setdefault(member.team_id, []).append(member.agent_id)
    return members


def _supervisors() -> list[int]:
    watching = [role for role, granted in GRANTS.items() if {Permission.SEE_EVERY_TEAM, Permission.ASSIGN} <= granted]
    supervisors = [role for role in watching if role != Agent.Role.ADMINISTRATOR]
    found = Agent.objects.filter(is_active=True, role__in=supervisors).values_list("pk", flat=True)
    return list(found) or list(Agent.objects.filter(is_active=True, role__in=watching).values_list("pk", flat=True))
