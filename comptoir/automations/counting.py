"""Time that passes in opening hours. When a state will have lasted so long is computed once, by the arithmetic and the
calendars of promises, and kept as the instant at which the run is due: nobody looks at it before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from comptoir.automations.models import AutomationRun
from comptoir.automations.spans import is_in_working_time, span_of
from comptoir.automations.triggers import TRIGGERS
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.sla.calendar import Calendar
from comptoir.sla.clock import NeverDueError, due_after
from comptoir.sla.matching import calendars_of

_HOURS_CHANGED = frozenset(
    {"calendar.created", "calendar.changed", "calendar.deleted", "account.hours_changed", "brand.changed"}
)
_MOVED = frozenset({"conversation.team_changed", "conversation.moved"})
#: What has other hours count.
FOLLOWED = _HOURS_CHANGED | _MOVED
_AT_ONCE = 500

Began = tuple[int, datetime]


def reached_after(span: timedelta, began: Sequence[Began]) -> list[datetime | None]:
    """By conversation and since when: the instant at which ``span`` of its opening hours has run; None where it never
    will have. Two queries.
    """
    calendars = calendars_of({pk for pk, _at in began})
    return [reached(calendars[pk], at, span) if pk in calendars else None for pk, at in began]


def reached(calendar: Calendar, began: datetime, span: timedelta) -> datetime | None:
    """The same by one calendar."""
    try:
        return due_after(calendar, began, span)
    except NeverDueError:
        return None


def began_at(run: AutomationRun, conversation: Conversation) -> datetime:
    """Since when its time counts, as the conversation stands."""
    state = TRIGGERS[run.revision.trigger["kind"]].state
    if state == "silent":
        return conversation.last_message_at
    return conversation.started_at if state == "unresolved" else run.since or conversation.started_at


def due_later(run: AutomationRun, conversation: Conversation) -> datetime | None:
    """When it is due where that is still to come, by the hours as they are now; None where it is due."""
    trigger = run.revision.trigger
    if not is_in_working_time(trigger):
        return None
    at = reached_after(span_of(trigger), [(conversation.pk, began_at(run, conversation))])[0]
    return at if at is not None and at > now() else None


def follow_hours(events: Sequence[Event]) -> None:
    """Have what is still to come counted anew, where other hours hold."""
    moved = {event.conversation_id for event in events if event.name in _MOVED}
    to_come = AutomationRun.objects.to_come(now())
    if moved:
        count_anew(list(to_come.filter(conversation__in=moved).values_list("pk", flat=True)))
    if any(event.name in _HOURS_CHANGED for event in events) and to_come.exists():
        defer("automations.count_anew", only_once="automations.count_anew")


def count_all_anew() -> int:
    """Count anew all that is still to come, some at once; return how many there were."""
    ids = list(AutomationRun.objects.to_come(now()).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        count_anew(ids[start : start + _AT_ONCE])
    return len(ids)


@transaction.atomic
def count_anew(run_ids: Sequence[int]) -> None:
    """Set when each of these runs is due by the hours as they are now; one that nothing will set off comes never."""
    held = AutomationRun.objects.to_come(now()).filter(pk__in=run_ids).select_for_update(no_key=True, of=("self",))
    runs = list(held.select_related("revision", "conversation").order_by("pk"))
    calendars = calendars_of({run.conversation_id for run in runs})
    for run in runs:
        began, span = began_at(run, run.conversation), span_of(run.revision.trigger)
        at = reached(calendars[run.conversation_id], began, span)
        if at is None:
            run.end(AutomationRun.State.UNMET)
        else:
            run.due_at = run.caused_at = at
    AutomationRun.objects.bulk_update(runs, ["due_at", "caused_at", "state", "ended_at"])
