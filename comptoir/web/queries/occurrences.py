"""What was done to a conversation and is worth a line between its messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.conversations.models import Conversation
from comptoir.core.reasons import read

_MOST = 200
_BREACH = "clock.breached"
SHOWN_EVENTS = (
    "conversation.assigned",
    "conversation.team_changed",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.tagged",
    "conversation.untagged",
    "conversation.snoozed",
    "conversation.held",
    "conversation.woken",
    "conversation.merged",
    "conversation.merged_away",
    "conversation.unmerged",
    "conversation.parted",
    "conversation.split",
    "conversation.moved",
    "conversation.marked_spam",
    "conversation.cleared_of_spam",
    "conversation.help_called",
    "conversation.priority_raised",
    "conversation.priority_lowered",
    "conversation.pointed_out",
    "automation.run",
)
#: The newest acts of a span with the names of who did them and to whom, and the promises that broke in it.
_ASKED = """
(
    SELECT 'event-' || event.id, event.name, event.at, COALESCE(doer.name, automation.name, ''),
        COALESCE(receiver.name, team.name, account.name, event.details ->> 'tag', event.details ->> 'priority', ''),
        event.reason, automation.id IS NOT NULL
    FROM events_event AS event
    LEFT JOIN people_agent AS doer ON event.actor_kind = 'agent' AND doer.id = event.actor_id
    LEFT JOIN automations_automation AS automation
        ON event.actor_kind = 'automation' AND automation.id = event.actor_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN jsonb_typeof(event.details -> 'to') = 'number' THEN (event.details ->> 'to')::bigint END AS id
    ) AS named
    LEFT JOIN people_agent AS receiver ON event.name = 'conversation.assigned' AND receiver.id = named.id
    LEFT JOIN people_team AS team ON event.name = 'conversation.team_changed' AND team.id = named.id
    LEFT JOIN channels_channelaccount AS account ON event.name = 'conversation.moved' AND account.id = named.id
    WHERE event.subject_kind = 'conversation' AND event.subject_id = %(conversation)s AND event.name = ANY(%(names)s)
        AND NOT event.details ? 'hand_off'
        AND event.at >= COALESCE(%(start)s::timestamptz, '-infinity')
        AND event.at < COALESCE(%(end)s::timestamptz, 'infinity')
    ORDER BY event.id DESC LIMIT %(most)s
) UNION ALL (
    SELECT 'breach-' || id, %(breach)s, breached_at, '', '', '', false FROM sla_slaclock
    WHERE conversation_id = %(conversation)s AND breached_at >= COALESCE(%(start)s::timestamptz, '-infinity')
        AND breached_at < COALESCE(%(end)s::timestamptz, 'infinity')
    ORDER BY id DESC LIMIT %(most)s
) UNION ALL (
    SELECT 'hand-off-' || one.id || '-' || step.name, 'hand_off.' || step.name, step.at, COALESCE(doer.name, ''),
        team.name, step.words, false
    FROM conversations_handoff AS one
    JOIN people_team AS team ON team.id = one.to_team_id
    CROSS JOIN LATERAL (VALUES ('offered', one.given_at, one.given_by_id, one.asked),
        (CASE one.state WHEN 'answered' THEN 'accepted' ELSE one.state END, one.ended_at, one.ended_by_id, one.reason),
        ('answered', one.answered_at, one.answered_by_id, '')) AS step (name, at, doer_id, words)
    LEFT JOIN people_agent AS doer ON doer.id = step.doer_id
    WHERE one.conversation_id = %(conversation)s AND step.at >= COALESCE(%(start)s::timestamptz, '-infinity')
        AND step.at < COALESCE(%(end)s::timestamptz, 'infinity')
    ORDER BY step.at DESC LIMIT %(most)s
) UNION ALL (
    SELECT 'question-' || one.id || '-' || step.name, 'consultation.' || step.name, step.at, COALESCE(asker.name, ''),
        COALESCE(expert.name, NULLIF(one.outside_name, ''), one.outside_email), step.words, false
    FROM conversations_consultation AS one
    CROSS JOIN LATERAL (VALUES ('asked', one.asked_at, one.question),
        (CASE WHEN one.state = 'asked' THEN 'escalated' ELSE one.state END,
            CASE WHEN one.state = 'asked' THEN one.escalated_at ELSE one.ended_at END, '')) AS step (name, at, words)
    LEFT JOIN people_agent AS asker ON asker.id = one.asked_by_id
    LEFT JOIN people_agent AS expert ON expert.id = one.expert_id
    WHERE one.conversation_id = %(conversation)s AND step.at >= COALESCE(%(start)s::timestamptz, '-infinity')
        AND step.at < COALESCE(%(end)s::timestamptz, 'infinity')
    ORDER BY step.at DESC LIMIT %(most)s
) UNION ALL (
    SELECT 'call-back-' || one.id || '-' || step.name, 'call_back.' || step.name, step.at, COALESCE(doer.name, ''),
        one.number, '', false
    FROM desk_callback AS one
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN one.asked_by_id IS NULL THEN 'wished' ELSE 'asked' END, one.asked_at, one.asked_by_id),
        ('fell_overdue', one.overdue_at, NULL), ('missed', one.missed_at, NULL),
        (one.state, one.ended_at, one.ended_by_id)) AS step (name, at, doer_id)
    LEFT JOIN people_agent AS doer ON doer.id = step.doer_id
    WHERE one.conversation_id = %(conversation)s AND step.at >= COALESCE(%(start)s::timestamptz, '-infinity')
        AND step.at < COALESCE(%(end)s::timestamptz, 'infinity')
    ORDER BY step.at DESC LIMIT %(most)s
)
"""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One thing that was done, ready to be said: who, what, to whom; ``is_automations``: who is an automation."""

    id: str
    name: str
    at: datetime
    who: str
    whom: str = ""
    reason: str = ""
    is_automations: bool = False


def occurrences(conversation: Conversation, start: datetime | None, end: datetime | None) -> Sequence[Occurrence]:
    """The newest ones from ``start`` on and before ``end``, in one query; in no order."""
    asked: dict[str, Any] = {
        "conversation": conversation.pk,
        "names": list(SHOWN_EVENTS),
        "start": start,
        "end": end,
        "breach": _BREACH,
        "most": _MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, asked)
        return [
            Occurrence(pk, name, at, who, whom, read(reason), is_automations)
            for pk, name, at, who, whom, reason, is_automations in cursor.fetchall()
        ]
