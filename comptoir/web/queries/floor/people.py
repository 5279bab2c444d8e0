"""Who is at the counter, how much each holds, and what of it waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from comptoir.core.clock import now
from comptoir.people.models import Agent
from comptoir.routing.assigning.members import ANSWERING, channel_points

# Agent by agent, by the index of what each has at hand (OFFSET 0 keeps it so): asked of all at once, PostgreSQL takes
# them for the owners of most of what is open, and reads all of it.
_HELD = """
SELECT agent.id, account.kind, count(*), count(held.waiting_since), min(held.waiting_since)
FROM unnest(%s::bigint[]) AS agent (id) CROSS JOIN LATERAL (
    SELECT account_id, waiting_since FROM conversations_conversation
    WHERE assignee_id = agent.id AND status IN ('open', 'pending') AND NOT is_spam
    ORDER BY last_message_at DESC, id DESC OFFSET 0
) AS held JOIN channels_channelaccount AS account ON account.id = held.account_id
GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""
#: Those who can be given something come first.
_ORDER = [Agent.Availability.AVAILABLE, Agent.Availability.BUSY, Agent.Availability.AWAY, Agent.Availability.OFFLINE]


@dataclass(frozen=True, slots=True)
class AtWork:
    """One agent: presence and since when, points taken, and what they handle: (channel, how many), how many wait."""

    agent: Agent
    presence: Agent.Availability
    load_points: int
    held: Sequence[tuple[str, int]]
    waiting: int
    waiting_since: datetime | None

    @property
    def since(self) -> datetime | None:
        """Since when they are as they are; None outside their hours, which their calendar says."""
        return self.agent.availability_since if self.presence == self.agent.availability else None


def at_work() -> list[AtWork]:
    """Everybody who answers, who is there first, in a fixed number of queries."""
    agents = list(Agent.objects.filter(is_active=True, role__in=ANSWERING).prefetch_related("teams").order_by("name"))
    held: dict[int, list[tuple[str, int, int, datetime | None]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [[agent.pk for agent in agents]])
        for agent_id, *channel in cursor.fetchall():
            held[agent_id].append((channel[0], channel[1], channel[2], channel[3]))
    points, at = channel_points(), now()
    shown = [_at_work(agent, held[agent.pk], points, at) for agent in agents]
    return sorted(shown, key=lambda one: _ORDER.index(one.presence))


def _at_work(
    agent: Agent, held: Sequence[tuple[str, int, int, datetime | None]], points: Mapping[str, int], at: datetime
) -> AtWork:
    since = [oldest for _kind, _count, _waiting, oldest in held if oldest is not None]
    return AtWork(
        agent=agent,
        presence=agent.presence(at),
        load_points=sum(count * points.get(kind, 1) for kind, count, _waiting, _since in held),
        held=[(kind, count) for kind, count, _waiting, _since in held],
        waiting=sum(waiting for _kind, _count, waiting, _since in held),
        waiting_since=min(since, default=None),
    )
