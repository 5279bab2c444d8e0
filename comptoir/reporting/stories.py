"""Stories of many conversations at once: what `counting` reads, in as many questions for a thousand as for one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from comptoir.people.models import Agent, Team
from comptoir.reporting.counting import Promised, Said, Story, Told

#: The events that decide what counts.
TELLING = ("conversation.resolved", "conversation.reopened", "conversation.team_changed")

#: Born as history: what came in with an account's past was not received by us, and has no event that says so. Messages
#: move between conversations and their events do not, so each is asked for by itself.
_MESSAGES = """
SELECT message.conversation_id, message.id, message.sent_at, message.direction = 'incoming', message.is_automatic,
    message.state IN ('received', 'sent', 'delivered', 'read') AND message.call_state NOT IN ('ringing', 'missed'),
    message.deleted_at, message.agent_id,
    CASE WHEN message.direction = 'incoming' AND message.call_state IN ('answered', 'ended') THEN COALESCE((
        SELECT min(at) FROM events_event WHERE subject_kind = 'message' AND subject_id = message.id
            AND name = 'call.answered'), message.sent_at) END
FROM conversations_message AS message
WHERE message.conversation_id = ANY (%s) AND (message.direction = 'outgoing' OR EXISTS (
    SELECT FROM events_event WHERE subject_kind = 'message' AND subject_id = message.id AND name = 'message.received'))
"""
_EVENTS = """
SELECT conversation_id, name, at, details::text, actor_kind, actor_id, reason <> ''
FROM events_event
WHERE conversation_id = ANY (%s) AND name = ANY (%s) AND subject_kind = 'conversation' ORDER BY id
"""
_CLOCKS = """
SELECT conversation_id, promise, due_at, stopped_at, breached_at, is_abandoned
FROM sla_slaclock WHERE conversation_id = ANY (%s) AND promise IN ('first_reply', 'resolution')
"""
#: What the customer wrote about: the surest reason of the first message in which one was read.
_REASONS = """
SELECT DISTINCT ON (message.conversation_id) message.conversation_id, topic.reason_id
FROM conversations_message AS message JOIN analysis_messagetopic AS topic ON topic.analysis_id = message.id
WHERE message.conversation_id = ANY (%s)
ORDER BY message.conversation_id, message.sent_at, message.id, topic.confidence DESC, topic.id
"""
_INTENTS = """
SELECT DISTINCT ON (message.conversation_id) message.conversation_id, analysis.intent
FROM conversations_message AS message JOIN analysis_messageanalysis AS analysis ON analysis.message_id = message.id
WHERE message.conversation_id = ANY (%s)
ORDER BY message.conversation_id, message.sent_at, message.id
"""
_CONVERSATIONS = """
SELECT id, account_id, team_id, resolved_at, is_spam OR merged_into_id IS NOT NULL
FROM conversations_conversation WHERE id = ANY (%s) ORDER BY id
"""

Row = tuple[Any, ...]


def stories_of(conversation_ids: Sequence[int]) -> list[Story]:
    """The stories of those of the conversations that there are."""
    ids = list(conversation_ids)
    messages = _grouped(_MESSAGES, ids)
    events = _grouped(_EVENTS, ids, list(TELLING))
    clocks = _grouped(_CLOCKS, ids)
    known = _Known.now()
    reasons: dict[int, int] = dict(_rows(_REASONS, ids))
    intents: dict[int, str] = dict(_rows(_INTENTS, ids))
    return [
        Story(
            conversation_id=pk,
            account_id=account_id,
            team_id=team_id,
            resolved_at=resolved_at,
            is_left_out=is_left_out,
            messages=[Said(*said) for said in messages[pk]],
            events=[_told(known, *told) for told in events[pk]],
            clocks=[Promised(*promised) for promised in clocks[pk]],
            reason_id=reasons.get(pk),
            intent=intents.get(pk, ""),
        )
        for pk, account_id, team_id, resolved_at, is_left_out in _rows(_CONVERSATIONS, ids)
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """Who there is: the record names also those who are gone, and nothing is counted for them."""

    teams: frozenset[int]
    agents: frozenset[int]

    @classmethod
    def now(cls) -> _Known:
        teams, agents = Team.objects.order_by(), Agent.objects.order_by()
        return cls(frozenset(teams.values_list("pk", flat=True)), frozenset(agents.values_list("pk", flat=True)))


def _told(
    known: _Known, name: str, at: datetime, details: str, actor_kind: str, actor_id: int | None, has_reason: bool
) -> Told:
    said = json.loads(details)
    for side in ("former", "to"):
        if side in said and said[side] not in known.teams:
            said[side] = None
    agent_id = actor_id if actor_kind == "agent" and actor_id in known.agents else None
    return Told(name, at, said, actor_kind, agent_id, has_reason)


def _grouped(question: str, ids: list[int], *more: Any) -> defaultdict[int, list[Row]]:
    """Rows by their first column, without it."""
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for conversation_id, *row in _rows(question, ids, *more):
        groups[conversation_id].append(tuple(row))
    return groups


def _rows(question: str, *values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())
