"""Why a conversation is where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.people.models import Agent, Team
from comptoir.routing.assigning.queue import place_in_queue
from comptoir.routing.models import Route, RuleRevision

_MOVES = ("conversation.assigned", "conversation.team_changed")
_MOST_MOVES = 10


@dataclass(frozen=True, slots=True)
class Move:
    """One change of team or owner: by whom (empty: routing), to whom (empty: nobody), and why."""

    name: str
    who: str
    whom: str
    event: Event


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The rules that matched, as they were then, the moves since, the newest first, and the place in the queue."""

    route: Route | None
    revisions: Sequence[RuleRevision]
    moves: Sequence[Move]
    place: int | None


def whereabouts(conversation: Conversation) -> Whereabouts:
    """Why the conversation is with whom; a fixed number of queries."""
    route = Route.objects.filter(pk=conversation.pk).first()
    ids = route.revision_ids if route else []
    found = RuleRevision.objects.in_bulk(ids) if ids else {}
    waits = conversation.assignee_id is None and conversation.waiting_since is not None
    return Whereabouts(
        route=route,
        revisions=[found[pk] for pk in ids if pk in found],
        moves=_moves(conversation.pk),
        place=place_in_queue(conversation.pk, now()) if waits else None,
    )


def _moves(conversation_id: int) -> list[Move]:
    events = Event.objects.filter(conversation_id=conversation_id, subject_kind="conversation", name__in=_MOVES)
    newest = list(events.order_by("-id")[:_MOST_MOVES])
    ids = [one.details.get("to") for one in newest]
    actors = [one.actor_id for one in newest if one.actor_kind == "agent"]
    agents = dict(Agent.objects.filter(pk__in=[one for one in [*ids, *actors] if one]).values_list("pk", "name"))
    teams = dict(Team.objects.filter(pk__in=[one for one in ids if one]).values_list("pk", "name"))
    return [
        Move(
            name=one.name,
            who=agents.get(one.actor_id, "") if one.actor_kind == "agent" and one.actor_id else "",
            whom=(teams if one.name == _MOVES[1] else agents).get(one.details.get("to"), ""),
            event=one,
        )
        for one in newest
    ]
