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
from comptoir.routing.loads import Load

# Agent by agent, by the index of what each has at hand (OFFSET 0 keeps it so): asked of all at once, PostgreSQL takes
# them for the owners of most of what is open, and reads all of it.
_HELD = """
SELECT agent.id, account.kind, count(*), count(held.waiting_since), min(held.waiting_since),
    count(*) FILTER (WHERE held.status = 'open')
FROM unnest(%s::bigint[]) AS agent (id) CROSS JOIN LATERAL (
    SELECT account_id, waiting_since, status FROM conversations_conversation
    WHERE assignee_id = agent.id AND status IN ('open', 'pending') AND NOT is_spam
    ORDER BY last_message_at DESC, id DESC OFFSET 0
) AS held JOIN channels_channelaccount AS account ON account.id = held.account_id
GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""


@dataclass(frozen=True, slots=True)
class _Held:
    """What one agent has at hand on one channel."""

    channel: str
    count: int
    waiting: int
    waiting_since: datetime | None
    open: int


#: Those who can be given something come first.
_ORDER = [Agent.Availability.AVAILABLE, Agent.Availability.BUSY, Agent.Availability.AWAY, Agent.Availability.OFFLINE]


@dataclass(frozen=True, slots=True)
class AtWork:
    """One agent: presence and since when, points taken, and what they handle: (channel, how many), how many wait.

    What is pending is handled, and takes no points: nothing is held back for it when work is given out.
    """

    agent: Agent
    presence: Agent.Availability
    load: Load
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
    held: dict[int, list[_Held]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [[agent.pk for agent in agents]])
        for agent_id, *channel in cursor.fetchall():
            held[agent_id].append(_Held(*channel))
    points, at = channel_points(), now()
    shown = [_at_work(agent, held[agent.pk], points, at) for agent in agents]
    return sorted(shown, key=lambda one: _ORDER.index(one.presence))


def _at_work(agent: Agent, held: Sequence[_Held], points: Mapping[str, int], at: datetime) -> AtWork:
    counts = {one.channel: one.open for one in held if one.open}
    return AtWork(
        agent=agent,
        presence=agent.presence(at),
        load=Load(agent.capacity_points, counts, points),
        held=[(one.channel, one.count) for one in held],
        waiting=sum(one.waiting for one in held),
        waiting_since=min((one.waiting_since for one in held if one.waiting_since is not None), default=None),
    )
