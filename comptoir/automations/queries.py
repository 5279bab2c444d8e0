"""The macros an agent has at hand; how often automations ran, and each of their runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet

from comptoir.automations.models import Automation, AutomationRun, Macro
from comptoir.automations.models.automation import KIND
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.events.models import Event
from comptoir.people.models import Agent

RUNS_A_PAGE = 50
_State = AutomationRun.State
#: What is worth a line: what time did not call for is kept for the machine alone.
_TOLD = (_State.WAITING, _State.HELD, _State.DONE, _State.OVER, _State.REFUSED)


def macros_for(agent: Agent) -> QuerySet[Macro]:
    """Everybody's, then their own, in the order that people gave them."""
    return Macro.objects.filter(Q(owner=None) | Q(owner=agent)).order_by(
        F("owner").asc(nulls_first=True), "position", "id"
    )


def note_writers(note_ids: Collection[int]) -> Mapping[int, str]:
    """Of notes that nobody has signed, those that automations left, with their names; no query where there are none."""
    if not note_ids:
        return {}
    written = Event.objects.filter(subject_kind="note", subject_id__in=note_ids, name="note.added", actor_kind=KIND)
    writers = {note_id: pk for note_id, pk in written.values_list("subject_id", "actor_id") if pk is not None}
    names = dict(Automation.objects.filter(pk__in=writers.values()).values_list("pk", "name")) if writers else {}
    return {note_id: names[pk] for note_id, pk in writers.items() if pk in names}


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one automation: its runs within a day, when the last one was, and how many are held."""

    today: int = 0
    last_at: datetime | None = None
    held: int = 0


def tallies() -> Mapping[int, Tally]:
    """By automation, in two queries that read only the last week's runs and those that are held."""
    present = now()
    done = AutomationRun.objects.done().filter(ended_at__gt=present - timedelta(days=7)).values("automation")
    today = Count("pk", filter=Q(ended_at__gt=present - timedelta(days=1)))
    ran = {one["automation"]: one for one in done.annotate(today=today, last=Max("ended_at"))}
    held = dict(
        AutomationRun.objects.filter(state=_State.HELD)
        .values("automation")
        .annotate(held=Count("pk"))
        .values_list("automation", "held")
    )
    return {
        pk: Tally(ran[pk]["today"] if pk in ran else 0, ran[pk]["last"] if pk in ran else None, held.get(pk, 0))
        for pk in ran.keys() | held.keys()
    }


def runs_shown_to(agent: Agent, *, of: Automation) -> QuerySet[AutomationRun]:
    """Those that are worth a line, on conversations that ``agent`` may read; without those whose time is to come."""
    visible = Conversation.objects.visible_to(agent)
    to_come = Q(state=_State.WAITING, since__isnull=False, due_at__gt=now())
    return of.runs.filter(state__in=_TOLD, conversation__in=visible).exclude(to_come)


def runs_of(automation: Automation, *, agent: Agent, before: int | None = None) -> Sequence[AutomationRun]:
    """The newest of them, one more than a page; older than ``before``."""
    runs = runs_shown_to(agent, of=automation)
    if before is not None:
        runs = runs.filter(pk__lt=before)
    return list(
        runs.select_related("revision", "conversation__identity", "conversation__account").order_by("-id")[
            : RUNS_A_PAGE + 1
        ]
    )
