"""Promises of a next reply that end because what the customer said last calls for no answer, and run on where it does
after all.

A clock begins when a message comes in, before anybody has read it. Once it has been read, a thanks for our answer ends
it; whoever corrects the reading brings it back, until the instant that was promised. What is to be read of the customer
is certain only where a person said so: of what was read by itself, kind words alone end a promise. Whoever is owed
nothing does not wait: in the same transaction the conversation says so, and what they said is marked
(`Message.is_waived`), so that whatever reads off the messages since when a customer waits leaves it out. So it is where
nothing was promised: whoever only thanks for an answer of ours waits for none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from comptoir.conversations.models import Conversation, Message
from comptoir.conversations.waiting import unanswered_since
from comptoir.core.clock import now
from comptoir.core.reasons import template
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.events.record import Happening, record_many
from comptoir.sla.actions import start_clocks
from comptoir.sla.models import SLAClock, SLAPolicy
from comptoir.sla.moving import resume_clocks
from comptoir.sla.pausing import tell_conversations
from comptoir.sla.recomputing import recompute_clocks, settle_pauses

NOT_OWED = template("What the customer wrote last calls for no answer.")
OWED_AFTER_ALL = template("What the customer wrote calls for an answer after all.")
FOLLOWED = frozenset({"message.analysed", "analysis.corrected"})
_NEXT_REPLY = SLAPolicy.Promise.NEXT_REPLY
_RESOLVED = Conversation.Status.RESOLVED
_AT_ONCE = 100

_HOLD = "SELECT id FROM conversations_conversation WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE"

# What the customer ``said`` that may be answered, as it was ``read``. Hardly positive words may be meant otherwise, and
# a file may be what was asked for.
_SAID = """
    FROM conversations_message AS said
    LEFT JOIN analysis_messageanalysis AS read ON read.message_id = said.id
    WHERE said.conversation_id = clock.conversation_id AND said.sent_at >= clock.started_at
        AND said.direction = 'incoming' AND NOT said.is_automatic AND said.deleted_at IS NULL
        AND said.call_state NOT IN ('answered', 'ended')
"""
_CALLS_FOR_NONE = """
    COALESCE(NOT read.needs_answer AND ('needs_answer' = ANY (read.corrected)
        OR read.intent = 'praise' AND read.sentiment = 'positive' AND read.sentiment_score >= 0.3
            AND read.urgency = 0
            AND NOT EXISTS (SELECT FROM conversations_attachment WHERE message_id = said.id)), false)
"""

_WAIVE = f"""
WITH waived AS (
    UPDATE sla_slaclock AS clock
    SET stopped_at = GREATEST(%(at)s, clock.started_at), paused_at = NULL, is_abandoned = true, is_waived = true
    FROM sla_slaclock AS former
    WHERE former.id = clock.id AND clock.conversation_id = ANY (%(ids)s) AND clock.promise = '{_NEXT_REPLY}'
        AND clock.stopped_at IS NULL AND (SELECT bool_and({_CALLS_FOR_NONE}) {_SAID})
    RETURNING clock.id, clock.conversation_id, clock.due_at, former.paused_at
), over AS (
    INSERT INTO sla_clockpause (clock_id, began_at, ended_at)
    SELECT id, paused_at, %(at)s FROM waived WHERE %(at)s > paused_at
    ON CONFLICT (clock_id, began_at) DO UPDATE SET ended_at = GREATEST(sla_clockpause.ended_at, EXCLUDED.ended_at)
)
SELECT id, conversation_id, due_at FROM waived ORDER BY id
"""  # noqa: S608  # of our own constants

# What clocks that were just waived were for: nobody waits for an answer to it.
_MARK = f"""
UPDATE conversations_message SET is_waived = true
WHERE id IN (SELECT said.id FROM sla_slaclock AS clock CROSS JOIN LATERAL (SELECT said.id {_SAID}) AS said
    WHERE clock.id = ANY (%(clocks)s))
"""  # noqa: S608  # of our own constants

# What stands for our answer.
_ANSWERED = """(answer.call_state IN ('answered', 'ended')
    OR answer.direction = 'outgoing' AND NOT answer.is_automatic AND answer.state IN ('sent', 'delivered', 'read')
        AND answer.call_state NOT IN ('ringing', 'missed'))"""

# The same where no answer was promised: of what they wait for since our answer, all calls for none.
_MARK_UNPROMISED = f"""
UPDATE conversations_message SET is_waived = true
WHERE id IN (
    SELECT asked.id FROM (
        SELECT conversation.id AS conversation_id, conversation.waiting_since AS started_at
        FROM conversations_conversation AS conversation
        WHERE conversation.id = ANY (%(ids)s) AND conversation.waiting_since IS NOT NULL
            AND EXISTS (
                SELECT FROM conversations_message AS answer WHERE answer.conversation_id = conversation.id
                    AND answer.sent_at < conversation.waiting_since AND {_ANSWERED})
            AND NOT EXISTS (
                SELECT FROM sla_slaclock AS running WHERE running.conversation_id = conversation.id
                    AND running.promise <> 'resolution' AND running.stopped_at IS NULL)
    ) AS clock CROSS JOIN LATERAL (SELECT said.id {_SAID}) AS asked
    WHERE (SELECT bool_and({_CALLS_FOR_NONE}) {_SAID}))
RETURNING conversation_id
"""  # noqa: S608  # of our own constants

# What calls for an answer after all.
_UNMARK = f"""
UPDATE conversations_message SET is_waived = false
WHERE id IN (
    SELECT said.id FROM conversations_message AS said
    LEFT JOIN analysis_messageanalysis AS read ON read.message_id = said.id
    WHERE said.conversation_id = ANY (%(ids)s) AND said.is_waived AND NOT {_CALLS_FOR_NONE})
RETURNING conversation_id, sent_at
"""  # noqa: S608  # of our own constants

# Something is owed after all: of what the customer said since our last answer nothing runs, and there was something.
_OWED = f"""
SELECT DISTINCT ON (still.conversation_id) still.conversation_id, asked.at, same.id, same.due_at
FROM (
    SELECT clock.conversation_id, min(clock.started_at) AS started_at
    FROM conversations_conversation AS conversation
    JOIN sla_slaclock AS clock ON clock.conversation_id = conversation.id AND clock.is_waived AND clock.is_abandoned
    WHERE conversation.id = ANY (%s) AND conversation.status <> 'resolved' AND NOT conversation.is_spam
        AND NOT EXISTS (
            SELECT FROM sla_slaclock AS running WHERE running.conversation_id = conversation.id
                AND running.promise <> 'resolution' AND running.stopped_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM conversations_message AS answer
            WHERE answer.conversation_id = conversation.id AND answer.sent_at >= clock.started_at
                AND {_ANSWERED})
    GROUP BY 1
) AS still
CROSS JOIN LATERAL (
    SELECT min(said.sent_at) AS at
    FROM (SELECT still.conversation_id, still.started_at) AS clock CROSS JOIN LATERAL (
        SELECT said.sent_at, {_CALLS_FOR_NONE} AS calls_for_none {_SAID}) AS said
    WHERE NOT said.calls_for_none
) AS asked
LEFT JOIN sla_slaclock AS same ON same.conversation_id = still.conversation_id AND same.started_at = asked.at
    AND same.is_waived AND same.is_abandoned
WHERE asked.at IS NOT NULL
ORDER BY still.conversation_id, same.id
"""  # noqa: S608  # of our own constants


def follow_readings(events: Sequence[Event]) -> None:
    """Have promises of a next reply, and who waits, settled where something else is read of what the customer said."""
    named = {event.conversation_id for event in events if event.conversation_id is not None}
    clocks = SLAClock.objects.filter(conversation__in=named, promise=_NEXT_REPLY)
    concerned = clocks.filter(Q(stopped_at=None) | Q(is_waived=True, is_abandoned=True))
    read = Message.objects.filter(pk__in={event.subject_id for event in events}, conversation__in=named)
    is_none = Q(analysis__needs_answer=False, conversation__waiting_since__isnull=False)
    unpromised = read.filter(Q(is_waived=True) | is_none).values_list("conversation_id", flat=True)
    ids = sorted({*concerned.values_list("conversation_id", flat=True), *unpromised})
    for start in range(0, len(ids), _AT_ONCE):
        defer("sla.settle_owed", conversation_ids=ids[start : start + _AT_ONCE])


@transaction.atomic
def settle_owed(conversation_ids: Sequence[int]) -> None:
    """End what is owed no more by what was read, have what is owed after all run on; whoever is owed nothing does not
    wait. Done twice, nothing changes.
    """
    ids = sorted(conversation_ids)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [ids])
        cursor.execute(_WAIVE, {"ids": ids, "at": now()})
        waived = cursor.fetchall()
        cursor.execute(_MARK, {"clocks": [clock for clock, *_rest in waived]})
        cursor.execute(_MARK_UNPROMISED, {"ids": ids})
        unpromised = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_UNMARK, {"ids": ids})
        unmarked = cursor.fetchall()
        cursor.execute(_OWED, [ids])
        owed = cursor.fetchall()
    ended = [conversation_id for _clock, conversation_id, _due in waived]
    _tell_who_waits([*ended, *unpromised], [*unmarked, *((pk, at) for pk, at, _clock, _due in owed)])
    tell_conversations(ended)
    record_many(_happening("clock.waived", clock, *rest, reason=NOT_OWED) for clock, *rest in waived)
    _owe_again(owed)


def _tell_who_waits(ended: Sequence[int], owed: Sequence[tuple[int, datetime]]) -> None:
    """Have conversations say since when their customers wait now that some are owed nothing, and others something that
    they said at the given instants.
    """
    asked: dict[int, datetime] = {}
    for conversation_id, at in owed:
        asked[conversation_id] = min(at, asked.get(conversation_id, at))
    changed = []
    for conversation in Conversation.objects.filter(pk__in=[*ended, *asked]).exclude(status=_RESOLVED):
        began = [at for at in (conversation.waiting_since, asked.get(conversation.pk)) if at is not None]
        since = unanswered_since(conversation, from_=min(began)) if began and not conversation.is_spam else None
        if since != conversation.waiting_since:
            conversation.waiting_since = since
            conversation.save(update_fields=["waiting_since"])
            changed.append(conversation.pk)
    settle_pauses(dict.fromkeys(changed, now()))


def _owe_again(owed: Sequence[tuple[int, datetime, int | None, datetime | None]]) -> None:
    """The promise that was given for the same words runs on; for later ones another one is given."""
    again = [(clock, pk, due) for pk, _at, clock, due in owed if clock is not None]
    resume_clocks([clock for clock, _pk, _due in again])
    start_clocks({pk: at for pk, at, clock, _due in owed if clock is None})
    if again:
        recompute_clocks([pk for _clock, pk, _due in again])
    record_many(_happening("clock.resumed", *one, reason=OWED_AFTER_ALL) for one in again)


def _happening(name: str, clock: int, conversation_id: int, due_at: datetime | None, *, reason: str) -> Happening:
    details: dict[str, Any] = {"promise": str(_NEXT_REPLY), "due_at": due_at.isoformat() if due_at else None}
    return Happening(name, "slaclock", clock, conversation_id=conversation_id, reason=reason, details=details)
