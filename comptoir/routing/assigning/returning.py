"""What waits with somebody who is not there is offered to the team again, as soon as a colleague could take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.events.record import Happening, record_many
from comptoir.people.models import Agent
from comptoir.routing.assigning.absence import absent_since
from comptoir.routing.assigning.members import is_somebody_there, members_of
from comptoir.routing.models import Strategy, TeamRouting

_NOT_THERE = template("%(name)s is not there: the conversation is offered to the team again.")

# A conversation that no rule has spoken of has no route yet: here it gets one, to tell who had it.
_RELEASE = """
WITH released AS (
    SELECT conversation.id, conversation.team_id, conversation.assignee_id
    FROM conversations_conversation AS conversation
    LEFT JOIN routing_route AS route ON route.conversation_id = conversation.id
    WHERE conversation.assignee_id = ANY(%(agents)s) AND conversation.team_id = %(team)s
        AND conversation.status = 'open' AND NOT conversation.is_spam AND conversation.waiting_since IS NOT NULL
        AND COALESCE(route.strategy, '') <> 'by_hand'
    ORDER BY conversation.id FOR NO KEY UPDATE OF conversation SKIP LOCKED
), emptied AS (
    UPDATE conversations_conversation AS conversation SET assignee_id = NULL
    FROM released WHERE conversation.id = released.id
), kept AS (
    INSERT INTO routing_route AS route (conversation_id, team_id, last_agent_id, routed_at, queued_at)
    SELECT id, team_id, assignee_id, %(now)s, %(now)s FROM released ORDER BY id
    ON CONFLICT (conversation_id) DO UPDATE
    SET last_agent_id = EXCLUDED.last_agent_id, released_by_id = NULL, queued_at = EXCLUDED.queued_at
)
SELECT id, assignee_id FROM released ORDER BY id
"""


def return_absent() -> int:
    """Look at every team that gives out its work; how many conversations were offered again."""
    teams = TeamRouting.objects.exclude(strategy=Strategy.BY_HAND).exclude(returns_after=None).order_by("team")
    return sum(_return_in(team, now()) for team in teams)


@transaction.atomic
def _return_in(team: TeamRouting, at: datetime) -> int:
    members = members_of(team.pk)
    absent = _absent(team, list(members), at)
    if absent:
        held = members.select_for_update(of=("self",), no_key=True)
        absent = _absent(team, list(held), at)  # somebody may have come back while we waited
    absent |= _gone(team)
    if not absent:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"agents": sorted(absent), "team": team.pk, "now": at})
        released = cursor.fetchall()
    record_many(_happening(pk, agent, absent) for pk, agent in released)
    return len(released)


def _absent(team: TeamRouting, members: Sequence[Agent], at: datetime) -> dict[int, str]:
    """Names by id of those who have been away for long enough, where a colleague is there."""
    if not is_somebody_there(members, at):
        return {}
    assert team.returns_after is not None
    return {
        member.pk: member.name
        for member in members
        if (since := absent_since(member, at)) is not None and since <= at - team.returns_after
    }


def _gone(team: TeamRouting) -> dict[int, str]:
    """Who works here no longer, and has something again: a customer wrote in what was resolved when they left."""
    waiting = Conversation.objects.at_hand().waiting().filter(team=team.team_id, assignee__isnull=False)
    return dict(Agent.objects.filter(is_active=False, pk__in=waiting.values("assignee")).values_list("pk", "name"))


def _happening(conversation_id: int, agent_id: int, names: Mapping[int, str]) -> Happening:
    return Happening(
        "conversation.assigned",
        "conversation",
        conversation_id,
        conversation_id=conversation_id,
        reason=Reason(_NOT_THERE, name=names[agent_id]),
        details={"to": None, "former": agent_id},
    )
