"""What waits for an owner, in the order of `Waiting.place`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from comptoir.people.models import AgentSkill, Skill
from comptoir.routing.assigning.choosing import IN_VAIN, LATE_COUNTS, UNPROMISED, Waiting
from comptoir.routing.assigning.needing import Abilities, needs_of
from comptoir.routing.models import LIVE_CHANNELS, READ_WITHIN, Strategy, TeamRouting

PAGE = 200
_KEYS = ("is_not_live", "minus_priority", "counts_as", "is_late", "until", "since", "id")

#: Whether a conversation (with its route, which may be missing) waits in the queue of a team that gives out its work.
_QUEUED = """
    conversation.assignee_id IS NULL AND conversation.waiting_since IS NOT NULL AND conversation.status = 'open'
    AND NOT conversation.is_spam
    AND COALESCE(NULLIF(route.strategy, ''), routing.strategy, 'by_hand') <> 'by_hand'
    AND NOT (COALESCE(route.awaits_reading, false) AND route.routed_at > %(unread_since)s)
"""

_TEAMS = f"""
SELECT DISTINCT conversation.team_id
FROM conversations_conversation AS conversation
LEFT JOIN routing_route AS route ON route.conversation_id = conversation.id
LEFT JOIN routing_teamrouting AS routing ON routing.team_id = conversation.team_id
WHERE conversation.team_id IN (
        SELECT team_id FROM routing_teamrouting WHERE strategy <> 'by_hand'
        UNION SELECT team_id FROM routing_route WHERE strategy NOT IN ('', 'by_hand'))
    AND {_QUEUED}
ORDER BY 1
"""  # noqa: S608  # our own constants

_QUEUES = _TEAMS.replace(
    "DISTINCT conversation.team_id", "conversation.team_id, count(*), min(conversation.waiting_since)"
).replace("ORDER BY 1", "GROUP BY 1")

#: As `Waiting.until` and `Waiting.place` have them.
_UNTIL = "COALESCE(conversation.promise_due_at, conversation.waiting_since + %(unpromised)s)"
_PLACE_OF = f"""
    account.kind <> ALL (%(live)s), -conversation.priority,
    CASE WHEN {_UNTIL} >= %(now)s THEN COALESCE(promised.within, %(unpromised)s)
        WHEN conversation.waiting_since < %(in_vain_since)s THEN interval '0'
        ELSE COALESCE(promised.within, %(unpromised)s) * %(late_counts)s END,
    {_UNTIL} < %(now)s, {_UNTIL}, conversation.waiting_since, conversation.id
"""
#: How long the promise is that runs out first. Looked up by conversation: the clocks that ran once are many more.
_PROMISED = """
LEFT JOIN LATERAL (
    SELECT COALESCE(policy.target, policy.target_working_days * interval '1 day') AS within
    FROM sla_slaclock AS clock JOIN sla_slapolicy AS policy ON policy.id = clock.policy_id
    WHERE clock.conversation_id = conversation.id AND clock.stopped_at IS NULL
        AND clock.due_at = conversation.promise_due_at
    ORDER BY 1 LIMIT 1
) AS promised ON true
"""

_PAGE = f"""
SELECT conversation.id, conversation.contact_id, account.brand_id, account.kind, conversation.language,
    COALESCE(NULLIF(route.strategy, ''), routing.strategy, 'by_hand'), COALESCE(route.needs, '[]')::text,
    route.last_agent_id, route.released_by_id,
    GREATEST(route.queued_at, conversation.waiting_since),
    conversation.priority, conversation.waiting_since, conversation.promise_due_at, promised.within,
    ARRAY(SELECT team_id FROM channels_channelaccount_reserved_for WHERE channelaccount_id = account.id)
FROM conversations_conversation AS conversation
JOIN channels_channelaccount AS account ON account.id = conversation.account_id
LEFT JOIN routing_route AS route ON route.conversation_id = conversation.id
LEFT JOIN routing_teamrouting AS routing ON routing.team_id = conversation.team_id
{_PROMISED}
WHERE conversation.team_id = %(team)s AND {_QUEUED}
    AND (%(is_first)s OR ({_PLACE_OF}) > (%(is_not_live)s, %(minus_priority)s, %(counts_as)s::interval,
        %(is_late)s, %(until)s::timestamptz, %(since)s::timestamptz, %(id)s))
ORDER BY {_PLACE_OF}
LIMIT {PAGE} FOR NO KEY UPDATE OF conversation SKIP LOCKED
"""  # noqa: S608  # our own constants

#: By contact, the agent of the latest exchange in which somebody was.
_KNOWN = """
SELECT DISTINCT ON (contact_id) contact_id, assignee_id FROM conversations_conversation
WHERE contact_id = ANY(%s) AND assignee_id IS NOT NULL AND last_message_at >= %s
ORDER BY contact_id, last_message_at DESC
"""

_PLACE = f"""
WITH queued AS (
    SELECT conversation.id, row_number() OVER (ORDER BY {_PLACE_OF}) AS place
    FROM conversations_conversation AS conversation
    JOIN channels_channelaccount AS account ON account.id = conversation.account_id
    LEFT JOIN routing_route AS route ON route.conversation_id = conversation.id
    LEFT JOIN routing_teamrouting AS routing ON routing.team_id = conversation.team_id
    {_PROMISED}
    WHERE conversation.team_id = (SELECT team_id FROM conversations_conversation WHERE id = %(id)s) AND {_QUEUED}
)
SELECT place FROM queued WHERE id = %(id)s
"""  # noqa: S608  # our own constants


def teams_with_a_queue(at: datetime) -> list[int]:
    """Teams in which something waits to be given out."""
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS, {"unread_since": at - READ_WITHIN})
        return [team for (team,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait in one team, and since when the first of them does."""

    count: int
    since: datetime


def queues(at: datetime) -> dict[int, Queue]:
    """The queues there are, by team."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUES, {"unread_since": at - READ_WITHIN})
        return {team: Queue(count, since) for team, count, since in cursor.fetchall()}


def queue_of(team: TeamRouting, at: datetime, points: Mapping[str, int]) -> Iterator[list[Waiting]]:
    """The queue in pages, each held until the transaction ends; what somebody else holds is left to the next pass."""
    values: dict[str, Any] = _asked(at) | {"team": team.pk, "is_first": True} | dict.fromkeys(_KEYS)
    able = _abilities(team.pk)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_PAGE, values)
            rows = cursor.fetchall()
        if not rows:
            return
        known = _known_agents(team, at, [row[1] for row in rows])
        overdue_since = at - team.overflow_after if team.overflow_after is not None else None
        page = [_waiting(row, points, able, known, overdue_since) for row in rows]
        yield page
        values |= {"is_first": False} | dict(zip(_KEYS, page[-1].place(at), strict=True))


def place_in_queue(conversation_id: int, at: datetime) -> int | None:
    """The conversation's place, 1 being the next; None where it waits in no queue."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, _asked(at) | {"id": conversation_id})
        row = cursor.fetchone()
        return row[0] if row else None


def _asked(at: datetime) -> dict[str, Any]:
    return {
        "now": at,
        "in_vain_since": at - IN_VAIN,
        "late_counts": LATE_COUNTS,
        "unread_since": at - READ_WITHIN,
        "live": sorted(LIVE_CHANNELS),
        "unpromised": UNPROMISED,
    }


def _waiting(
    row: tuple[Any, ...],
    points: Mapping[str, int],
    able: Abilities,
    known: Mapping[int, int],
    overdue_since: datetime | None,
) -> Waiting:
    (
        pk,
        contact,
        brand,
        channel,
        language,
        strategy,
        needs,
        last,
        released,
        queued_at,
        priority,
        since,
        due,
        within,
        reserved,
    ) = row
    return Waiting(
        id=pk,
        contact_id=contact,
        brand_id=brand,
        reserved_for=frozenset(reserved),
        points=points.get(channel, 1),
        strategy=strategy or Strategy.LEAST_LOAD,
        needs=needs_of(json.loads(needs), language, able),
        last_agent_id=last,
        released_by_id=released,
        known_agent_id=known.get(contact),
        is_overdue=overdue_since is not None and queued_at < overdue_since,
        is_live=channel in LIVE_CHANNELS,
        priority=priority,
        waiting_since=since,
        promise_due_at=due,
        promised_within=within,
    )


def _abilities(team_id: int) -> Abilities:
    of_team = AgentSkill.objects.filter(agent__teams=team_id, agent__is_active=True, agent__capacity_points__gt=0)
    best = of_team.values_list("skill", "skill__kind", "skill__name").annotate(best=Max("level")).order_by("skill")
    rows = list(best)
    return Abilities(
        levels={pk: level for pk, _kind, _name, level in rows},
        languages={name.lower(): pk for pk, kind, name, _level in rows if kind == Skill.Kind.LANGUAGE},
    )


def _known_agents(team: TeamRouting, at: datetime, contact_ids: list[int]) -> dict[int, int]:
    if team.same_agent_within is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [sorted(set(contact_ids)), at - team.same_agent_within])
        return dict(cursor.fetchall())
