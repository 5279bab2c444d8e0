"""One pass over the queue of one team: each conversation to whoever fits best, as far as anybody has room.

Correct beside any number of other passes, because of locks in the database alone: the team's agents are held first (so
that what they hold is counted by one pass at a time), then the conversations that wait.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.events.record import Happening, record_many
from comptoir.people.models import Skill
from comptoir.routing.assigning.choosing import Choice, Waiting
from comptoir.routing.assigning.matching import Given, match
from comptoir.routing.assigning.members import channel_points, hold_members
from comptoir.routing.assigning.queue import queue_of, teams_with_a_queue
from comptoir.routing.models import Strategy, TeamRouting
from comptoir.routing.names import skill_words

_GIVE = """
WITH given AS (
    SELECT * FROM json_to_recordset(%(given)s::json) AS given (id bigint, agent_id bigint)
), owned AS (
    UPDATE conversations_conversation AS conversation SET assignee_id = given.agent_id
    FROM given WHERE conversation.id = given.id AND conversation.assignee_id IS NULL RETURNING conversation.id
), turned AS (
    INSERT INTO routing_agentturn AS turn (agent_id, last_given_at)
    SELECT agent_id, max(at) FROM json_to_recordset(%(given)s::json) AS last (agent_id bigint, at timestamptz)
    GROUP BY agent_id ORDER BY agent_id
    ON CONFLICT (agent_id) DO UPDATE SET last_given_at = GREATEST(turn.last_given_at, EXCLUDED.last_given_at)
)
UPDATE routing_route AS route SET released_by_id = NULL, last_agent_id = NULL
FROM owned WHERE route.conversation_id = owned.id
"""


def offer_all() -> int:
    """A pass over every team in which something waits; how many conversations found an owner."""
    return sum(offer_queue(team) for team in teams_with_a_queue(now()))


@transaction.atomic
def offer_queue(team_id: int) -> int:
    """A pass over one team's queue; how many conversations found an owner."""
    at = now()
    team = TeamRouting.objects.filter(pk=team_id).first() or TeamRouting(
        team_id=team_id, strategy=Strategy.BY_HAND, overflow_after=None
    )
    members = hold_members(team_id, at)
    if not any(member.free_live_points > 0 for member in members):
        return 0
    names = {skill.pk: skill_words(skill) for skill in Skill.objects.all()}
    given = match(queue_of(team, at, channel_points()), members, at, names)
    if given:
        _write(given)
    return len(given)


def _write(given: Sequence[Given]) -> None:
    rows = [{"id": one.id, "agent_id": choice.member.id, "at": moment.isoformat()} for one, choice, moment in given]
    with connection.cursor() as cursor:
        cursor.execute(_GIVE, {"given": json.dumps(rows)})
    record_many(_assigned(one, choice) for one, choice, _moment in given)


def _assigned(one: Waiting, choice: Choice) -> Happening:
    return Happening(
        "conversation.assigned",
        "conversation",
        one.id,
        conversation_id=one.id,
        reason=choice.reason,
        details={"to": choice.member.id, "former": None, "strategy": one.strategy},
    )
