"""What passes with time: conversations that have been in a state for as long as an automation asks.

Looked for once a minute. Each conversation is met once for each time it comes into the state: the database's
constraint says so. What a worker that was down has missed is met when it is back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from comptoir.automations.following import keep_runs
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.standing import asks_of, facts_now, holds, matchers
from comptoir.automations.triggers import TRIGGERS
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.routing.gathering import Moment

_AT_ONCE = 2000
#: An act that was recorded before it was committed is looked for again for so long.
_LATE = timedelta(hours=1)

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
_QUESTIONS: Mapping[str, str] = {
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


def sweep() -> int:
    """Keep the runs that time has caused; return how many were met."""
    met = 0
    for automation in Automation.objects.in_force():
        kind = TRIGGERS.get(automation.revision.trigger["kind"])
        if kind is not None and kind.passes:
            met += sum(_swept(automation, kind.state))
    if met:
        defer("automations.run", only_once="automations.run")
    return met


def _swept(automation: Automation, state: str) -> Iterator[int]:
    present = now()
    span = timedelta(minutes=automation.revision.trigger["after_minutes"])
    since = automation.active_since or present
    asked = {
        "automation": automation.pk,
        "until": present - span,
        "from": since - span,
        "swept": (automation.swept_until or since) - span - _LATE,
        "changes": _CHANGES,
        "most": _AT_ONCE,
    }
    past, past_id = since - span, 0
    while True:
        found = _found(_QUESTIONS[state], asked | {"past": past, "past_id": past_id})
        keep_runs([_run(automation, *one, span=span, is_met=met) for one, met in _judged(automation, found)])
        yield len(found)
        if len(found) < _AT_ONCE:
            break
        past_id, _since, past = found[-1]
    Automation.objects.filter(pk=automation.pk, active_since=since).update(swept_until=present)


Passed = tuple[int, datetime, datetime]


def _found(question: str, asked: Mapping[str, Any]) -> list[Passed]:
    with connection.cursor() as cursor:
        cursor.execute(question, asked)
        return [(pk, since, began) for pk, since, began in cursor.fetchall()]


def _judged(automation: Automation, found: list[Passed]) -> Iterator[tuple[Passed, bool | None]]:
    """Each with whether it is to be run. What is not is kept as well, so that it is not looked at every minute."""
    conditions, asks = matchers(automation.revision), asks_of([automation.revision])
    facts = facts_now([Moment(pk, now()) for pk, _since, _began in found], asks=asks)
    for one, known in zip(found, facts, strict=True):
        yield one, holds(conditions, known)


def _run(
    automation: Automation, conversation_id: int, since: datetime, began: datetime, *, span: timedelta,
    is_met: bool | None,
) -> AutomationRun:  # fmt: skip
    run = AutomationRun(
        automation=automation,
        revision=automation.revision,
        conversation_id=conversation_id,
        since=since,
        caused_at=began + span,
    )
    if is_met is False:
        run.end(AutomationRun.State.UNMET)
    return run
