"""What passes with time: conversations that have been in a state for as long as an automation asks.

Looked for once a minute. Each conversation is met once for each time it comes into the state: the database's
constraint says so. What a worker that was down has missed is met when it is back. Where opening hours count, what has
lasted so long by the clock on the wall is kept with the instant at which it will have by them, see `counting`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from comptoir.automations.counting import reached_after
from comptoir.automations.following import keep_runs
from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.passing import AT_ONCE, QUESTIONS, Passed, passed
from comptoir.automations.rights import within_reach
from comptoir.automations.spans import is_in_working_time, span_of
from comptoir.automations.standing import asks_of, facts_now, holds, matchers, still_lasts
from comptoir.automations.triggers import TRIGGERS
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.routing.gathering import Moment

_State = AutomationRun.State
#: An act that was recorded before it was committed is looked for again for so long.
_LATE = timedelta(hours=1)
#: Opening hours that run out after it was switched on may have begun so long before: a counter is open for a fifth of
#: the time at least, and closed for a fortnight at most.
_OPEN_AT_LEAST, _CLOSED_AT_MOST = 5, timedelta(days=14)


def sweep() -> int:
    """Keep the runs that time has caused; return how many were met."""
    met = 0
    for automation in Automation.objects.in_force():
        kind = TRIGGERS.get(automation.revision.trigger["kind"])
        if kind is not None and kind.passes:
            met += _sweep(automation, kind.state)
            if is_in_working_time(automation.revision.trigger):
                _let_go(automation, kind.state)
    if met:
        defer("automations.run", only_once="automations.run")
    return met


def _sweep(automation: Automation, state: str) -> int:
    """Each batch is kept by itself: what was kept before a worker died need not be looked at again."""
    present, span = now(), span_of(automation.revision.trigger)
    since = automation.active_since or present
    swept = automation.swept_until or since
    before = span * _OPEN_AT_LEAST + _CLOSED_AT_MOST if is_in_working_time(automation.revision.trigger) else span
    asked = {
        "automation": automation.pk,
        "until": present - span,
        "from": since - before,
        "swept": swept - span - _LATE if swept > since else since - before,
    }
    past, past_id, met = since - before, 0, 0
    while True:
        found = passed(QUESTIONS[state], asked | {"past": past, "past_id": past_id})
        if not _kept(automation, _runs(automation, found, present)):
            return met
        met += len(found)
        if len(found) < AT_ONCE:
            break
        past_id, _since, past = found[-1]
    Automation.objects.filter(pk=automation.pk, active_since=automation.active_since).update(swept_until=present)
    return met


def _kept(automation: Automation, runs: Sequence[AutomationRun]) -> bool:
    """Keep them, unless somebody has changed the automation, or switched it off, since it was read: what its former
    words were met by would run by them, and stand in the way of its new ones. They are looked for in a minute.

    It is held meanwhile, so that whoever changes it waits, and finds what is kept.
    """
    with transaction.atomic():
        as_read = {"revision": automation.revision_id, "active_since": automation.active_since, "is_active": True}
        if not Automation.objects.filter(pk=automation.pk, **as_read).select_for_update(no_key=True).exists():
            return False
        keep_runs(runs)
    return True


def _runs(automation: Automation, found: Sequence[Passed], present: datetime) -> list[AutomationRun]:
    """To be done now, or when opening hours will have passed. What is not called for is kept as well, so that it is not
    looked at every minute: what had lasted for so long when it was switched on, and what its conditions leave out.
    """
    if not found:
        return []
    due = dict(zip(found, _due(automation, found), strict=True))
    since = automation.active_since or present
    called_for = [one for one, at in due.items() if at is not None and since < at <= present]
    met = _met(automation, {one.conversation_id for one in called_for})
    runs = []
    for one, at in due.items():
        run = AutomationRun(
            automation=automation, revision=automation.revision, conversation_id=one.conversation_id, since=one.since,
            caused_at=at or present,
        )  # fmt: skip
        if at is not None and at > present:
            run.due_at = at
        elif at is None or at <= since or one.conversation_id not in met:
            run.end(_State.UNMET)
        runs.append(run)
    return runs


def _due(automation: Automation, found: Sequence[Passed]) -> list[datetime | None]:
    span = span_of(automation.revision.trigger)
    if not is_in_working_time(automation.revision.trigger):
        return [one.began + span for one in found]
    return reached_after(span, [(one.conversation_id, one.began) for one in found])


def _met(automation: Automation, conversation_ids: Collection[int]) -> set[int]:
    """Those on which it is to run, or may be once somebody has read them."""
    if not conversation_ids:
        return set()
    conditions, asks = matchers(automation.revision), asks_of([automation.revision])
    reach = within_reach(automation.revision.writer, conversation_ids)
    moments = [Moment(pk, now()) for pk in conversation_ids if pk in reach]
    facts = facts_now(moments, asks=asks)
    return {
        one.conversation_id for one, known in zip(moments, facts, strict=True) if holds(conditions, known) is not False
    }


def _let_go(automation: Automation, state: str) -> None:
    """Of what was kept before its time, and has come to it since the last look, let go what has gone on meanwhile, many
    at once: most has.
    """
    last, looked = 0, automation.swept_until or automation.active_since or now()
    while True:
        with transaction.atomic():
            theirs = AutomationRun.objects.due(now()).filter(automation=automation, revision=automation.revision)
            kept_before = theirs.filter(due_at=F("caused_at"), due_at__gt=looked)
            held = kept_before.filter(pk__gt=last).order_by("pk").select_for_update(skip_locked=True, no_key=True)
            runs = list(held[:AT_ONCE])
            gone = _gone(automation, runs, state)
            AutomationRun.objects.filter(pk__in=gone).update(state=_State.UNMET, ended_at=now())
        if len(runs) < AT_ONCE:
            return
        last = runs[-1].pk


def _gone(automation: Automation, runs: Sequence[AutomationRun], state: str) -> Iterable[int]:
    conversations = Conversation.objects.in_bulk({run.conversation_id for run in runs})
    lasting = [run for run in runs if still_lasts(state, run.since, conversations[run.conversation_id])]
    met = _met(automation, {run.conversation_id for run in lasting})
    return {run.pk for run in runs} - {run.pk for run in lasting if run.conversation_id in met}
