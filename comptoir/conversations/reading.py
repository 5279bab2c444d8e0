"""How far each agent has read each conversation."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from comptoir.people.models import Agent

_FORWARD = """
INSERT INTO conversations_readmark AS mark (conversation_id, agent_id, read_up_to) VALUES (%s, %s, %s)
ON CONFLICT (agent_id, conversation_id) DO UPDATE SET read_up_to = EXCLUDED.read_up_to
WHERE mark.read_up_to < EXCLUDED.read_up_to
"""


def mark_read(conversation_id: int, *, agent: Agent, up_to: datetime) -> bool:
    """``agent`` has before their eyes what was said up to and including ``up_to``, by the network's time.

    Whether anything changed: a mark only moves forward, whichever of two windows comes first. Not an event: what one
    person has read is nobody else's business.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FORWARD, [conversation_id, agent.pk, up_to])
        return bool(cursor.rowcount)
