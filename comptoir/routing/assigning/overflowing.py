"""What has waited too long in one team's queue goes to the team that helps it out, where somebody is there."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.events.record import Happening, record_many
from comptoir.routing.assigning.members import is_somebody_there, members_of
from comptoir.routing.models import Strategy, TeamRouting
from comptoir.sla.recomputing import OTHER_TEAM, recompute_clocks

_TOO_LONG = template("Nobody of the team %(team)s was free within %(minutes)s min.")

# Once: what no team takes does not wander about.
_OVERFLOW = """
WITH late AS (
    SELECT conversation.id FROM conversations_conversation AS conversation
    LEFT JOIN routing_route AS route ON route.conversation_id = conversation.id
    WHERE conversation.team_id = %(team)s AND conversation.assignee_id IS NULL AND conversation.status = 'open'
        AND NOT conversation.is_spam AND conversation.waiting_since IS NOT NULL
        AND GREATEST(route.queued_at, conversation.waiting_since) < %(since)s
        AND route.overflowed_from_id IS NULL AND COALESCE(route.strategy, '') <> 'by_hand'
    ORDER BY conversation.id LIMIT 500 FOR NO KEY UPDATE OF conversation SKIP LOCKED
), moved AS (
    UPDATE conversations_conversation AS conversation SET team_id = %(to)s FROM late WHERE conversation.id = late.id
), kept AS (
    INSERT INTO routing_route AS route (conversation_id, team_id, overflowed_from_id, routed_at, queued_at)
    SELECT id, %(to)s, %(team)s, %(now)s, %(now)s FROM late ORDER BY id
    ON CONFLICT (conversation_id) DO UPDATE SET team_id = EXCLUDED.team_id, queued_at = EXCLUDED.queued_at,
        overflowed_from_id = EXCLUDED.overflowed_from_id
)
SELECT id FROM late ORDER BY id
"""


def overflow_queues() -> int:
    """Look at every team that is helped out; how many conversations went to another team."""
    helped = TeamRouting.objects.exclude(strategy=Strategy.BY_HAND).exclude(overflow_team=None)
    teams = helped.exclude(overflow_after=None).select_related("team").order_by("team")
    return sum(_overflow(team, now()) for team in teams)


@transaction.atomic
def _overflow(team: TeamRouting, at: datetime) -> int:
    assert team.overflow_team_id is not None
    assert team.overflow_after is not None
    if not is_somebody_there(members_of(team.overflow_team_id), at):
        return 0
    asked = {"team": team.pk, "to": team.overflow_team_id, "since": at - team.overflow_after, "now": at}
    with connection.cursor() as cursor:
        cursor.execute(_OVERFLOW, asked)
        moved = [pk for (pk,) in cursor.fetchall()]
    if moved:
        recompute_clocks(moved, because=OTHER_TEAM)
        record_many(_happening(pk, team) for pk in moved)
    return len(moved)


def _happening(conversation_id: int, team: TeamRouting) -> Happening:
    assert team.overflow_after is not None
    minutes = round(team.overflow_after.total_seconds() / 60)
    return Happening(
        "conversation.team_changed",
        "conversation",
        conversation_id,
        conversation_id=conversation_id,
        reason=Reason(_TOO_LONG, team=team.team.name, minutes=minutes),
        details={"to": team.overflow_team_id, "former": team.pk, "former_assignee": None},
    )
