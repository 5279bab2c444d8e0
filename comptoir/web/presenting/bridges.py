"""What passes between teams and experts about one conversation, as its screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from comptoir.conversations.models import Conversation, HandOff
from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may
from comptoir.web.queries.holdings import Holdings
from comptoir.web.requests import AgentRequest

_MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class HandOffShown:
    """One hand-off, and what its reader may do about it."""

    hand_off: HandOff
    due_at: datetime | None
    is_late: bool
    may_decide: bool
    may_withdraw: bool


def bridges_context(request: AgentRequest, conversation: Conversation, held: Holdings) -> dict[str, Any]:
    """What is under way, and what was asked of the team that has the conversation now."""
    return {"hand_off": _hand_off(conversation, request.agent) if held.has_hand_offs else None}


def _hand_off(conversation: Conversation, agent: Agent) -> HandOffShown | None:
    """The one under way; else the last, while what it asked is still to be done, or why it was refused to be read."""
    if conversation.status == Conversation.Status.RESOLVED:
        return None
    last = (
        conversation.hand_offs.select_related("to_team", "from_team", "given_by", "ended_by")
        .prefetch_related("clocks")
        .order_by("-given_at", "-pk")
        .first()
    )
    if last is None or last.state == HandOff.State.WITHDRAWN:
        return None
    if last.state == HandOff.State.ACCEPTED and last.to_team_id != conversation.team_id:
        return None
    return shown_hand_off(last, agent, is_member=agent.teams.filter(pk=last.to_team_id).exists())


def shown_hand_off(hand_off: HandOff, agent: Agent, *, is_member: bool) -> HandOffShown:
    """For one reader. It comes with its teams, its people and its clock."""
    clock = next(iter(hand_off.clocks.all()), None)
    is_open = hand_off.is_offered and may(agent, Permission.HAND_OFF)
    is_above = may(agent, Permission.SEE_EVERY_TEAM)
    return HandOffShown(
        hand_off=hand_off,
        due_at=clock.due_at if clock and hand_off.is_offered else None,
        is_late=bool(clock and hand_off.is_offered and clock.due_at < now()),
        may_decide=is_open and (is_member or is_above),
        may_withdraw=is_open and (not is_member or is_above or hand_off.given_by_id == agent.pk),
    )


def asked_context(agent: Agent) -> dict[str, Any]:
    """What is offered to the agent's teams, and what they have offered themselves, the oldest first."""
    teams = set(agent.teams.values_list("pk", flat=True))
    offered = _in_full(HandOff.objects.offered().filter(to_team__in=teams))
    given = _in_full(HandOff.objects.offered().filter(given_by=agent).exclude(to_team__in=teams))
    return {
        "offered": [shown_hand_off(one, agent, is_member=True) for one in offered],
        "given": [shown_hand_off(one, agent, is_member=False) for one in given],
    }


def _in_full(hand_offs: QuerySet[HandOff]) -> QuerySet[HandOff]:
    related = hand_offs.select_related(
        "to_team", "from_team", "given_by", "ended_by", "conversation__identity", "conversation__account"
    )
    return related.prefetch_related("clocks").order_by("given_at", "pk")[:_MOST_LISTED]
