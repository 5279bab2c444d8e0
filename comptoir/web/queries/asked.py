"""How much is asked of an agent at this moment."""

from __future__ import annotations

from django.db import connection

from comptoir.people.models import Agent
from comptoir.people.permissions import Permission, may

_ASKED = """
SELECT
    (SELECT count(*) FROM conversations_handoff WHERE %(accepts)s AND state = 'offered'
        AND to_team_id IN (SELECT team_id FROM people_agent_teams WHERE agent_id = %(agent)s))
    + (SELECT count(*) FROM conversations_consultation WHERE state = 'asked' AND expert_id = %(agent)s)
    + (SELECT count(*) FROM conversations_matter WHERE status = 'open' AND owner_id = %(agent)s)
"""


def count_asked_of(agent: Agent) -> int:
    """Hand-offs offered to their teams, questions to them, and their open matters. One query."""
    if not may(agent, Permission.READ_CONVERSATIONS):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"agent": agent.pk, "accepts": may(agent, Permission.HAND_OFF)})
        return int(cursor.fetchone()[0])
