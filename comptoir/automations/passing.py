"""Which conversations have been in a state for so long: one question to the database for each state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

#: So many are asked for at once.
AT_ONCE = 2000


class Passed(NamedTuple):
    """``since`` tells one time in the state from another; ``began`` is from when its time is counted."""

    conversation_id: int
    since: datetime
    began: datetime


_NOT_YET = """
    AND NOT EXISTS (SELECT FROM automations_automationrun AS run
        WHERE run.automation_id = %(automation)s AND run.conversation_id = conversation.id AND run.since = {since})
    AND ({began}, conversation.id) > (%(past)s, %(past_id)s)
    ORDER BY {began}, conversation.id LIMIT %(most)s
"""
_HERE = """
SELECT conversation.id, {since}, {began} FROM conversations_conversation AS conversation
WHERE {state} AND NOT conversation.is_spam AND conversation.merged_into_id IS NULL
    AND {began} <= %(until)s AND {began} > %(from)s
"""


def _asked(state: str, *, began: str, since: str = "") -> str:
    """``began``: from when the time is counted; ``since`` tells one time in that state from another."""
    known = {"state": state, "began": began, "since": since or began}
    return (_HERE + _NOT_YET).format(**known)


def _status_since(status: str, event: str) -> str:
    """Of those that have a status, when it began: as the record tells, which is read by time (a BRIN index)."""
    return (
        """
SELECT conversation.id, told.at, told.at FROM events_event AS told
JOIN conversations_conversation AS conversation ON conversation.id = told.subject_id
WHERE told.name = '{event}' AND told.subject_kind = 'conversation'
    AND told.at <= %(until)s AND told.at > GREATEST(%(from)s, %(swept)s)
    AND conversation.status = '{status}' AND NOT conversation.is_spam AND conversation.merged_into_id IS NULL
    AND NOT EXISTS (SELECT FROM events_event AS later
        WHERE later.conversation_id = told.subject_id AND later.id > told.id AND later.name = ANY(%(changes)s))
"""
        + _NOT_YET
    ).format(status=status, event=event, since="told.at", began="told.at")


_CHANGES = [
    f"conversation.{what}" for what in ("resolved", "reopened", "snoozed", "woken", "held")
]  # fmt: skip
#: Each is answered from a partial index: what is resolved is not looked at. What was set aside waits for nothing until
#: it is back. Whoever is silent is so since they wrote last: what we write meanwhile begins nothing anew.
QUESTIONS: Mapping[str, str] = {
    "waits": _asked(
        "conversation.waiting_since IS NOT NULL AND conversation.status IN ('open', 'pending')",
        began="conversation.waiting_since",
    ),
    "silent": _asked(
        "conversation.waiting_since IS NULL AND conversation.status IN ('open', 'pending')"
        " AND conversation.last_message_at > COALESCE(conversation.last_incoming_at, '-infinity')",
        began="conversation.last_message_at",
        since="COALESCE(conversation.last_incoming_at, conversation.started_at)",
    ),
    "unresolved": _asked("conversation.status <> 'resolved'", began="conversation.started_at"),
    "snoozed": _status_since("snoozed", "conversation.snoozed"),
    "pending": _status_since("pending", "conversation.held"),
    "resolved": _status_since("resolved", "conversation.resolved"),
}


def passed(question: str, asked: Mapping[str, Any]) -> list[Passed]:
    """What one of QUESTIONS finds."""
    with connection.cursor() as cursor:
        cursor.execute(question, {**asked, "changes": _CHANGES, "most": AT_ONCE})
        return [Passed(*row) for row in cursor.fetchall()]
