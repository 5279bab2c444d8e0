"""Automations that stop, and go on. What a stopped one is met by is held until somebody says."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.rights import why_stopped
from comptoir.core.clock import now
from comptoir.core.reasons import Reason
from comptoir.core.tasks import defer
from comptoir.events.models import Event
from comptoir.events.record import SYSTEM, Actor, record
from comptoir.people.models import Agent

#: What may take from somebody the right to have things done by themselves.
FOLLOWED = frozenset({"agent.closed", "agent.changed"})


def stop_automation(automation: Automation, *, reason: Reason) -> None:
    """Have it hold what it is met by from now on. The caller holds it, and it runs."""
    automation.stopped_at, automation.stopped_because = now(), reason
    automation.save(update_fields=["stopped_at", "stopped_because"])
    record("automation.stopped", subject=automation, reason=reason, title=automation.name)


def follow_writers(events: Sequence[Event]) -> None:
    """Stop the automations of those who have gone, or may no longer write any."""
    changed = {event.subject_id for event in events}
    theirs = Automation.objects.filter(is_active=True, stopped_at=None, revision__writer__in=changed)
    held = theirs.select_for_update(no_key=True, of=("self",)).select_related("revision__writer").order_by("id")
    for automation in held:
        stop_when_its_writer_is_gone(automation)


def stop_when_its_writer_is_gone(automation: Automation) -> bool:
    """Whether nobody answers for it; stops it, once, where that is so. The caller holds it."""
    reason = why_stopped(automation.revision.writer)
    if reason is not None and automation.stopped_at is None:
        stop_automation(automation, reason=reason)
    return reason is not None


def take_over(automation: Automation, *, by: Agent | None) -> None:
    """Have ``by`` answer for what it says from now on: what waits or is held is done with their rights as well, see
    `running`.

    The caller holds it, and saves it.
    """
    automation.revision = automation.revision.rewritten(by)
    automation.revision.save()


def take_over_when_its_writer_is_gone(automation: Automation, *, by: Agent | None) -> bool:
    """The same where whoever wrote it may no longer; whether that was so."""
    is_gone = why_stopped(automation.revision.writer) is not None
    if is_gone:
        take_over(automation, by=by)
    return is_gone


@transaction.atomic
def resume_automation(automation_id: int, *, runs_held: bool, writer: Agent | None = None, by: Actor = SYSTEM) -> int:
    """Let it go on; what was held is run (as far as it is still called for), or left. Returns how many were held.

    Where whoever wrote it may no longer, it acts with the rights of ``writer`` from now on. Raises
    Automation.DoesNotExist.
    """
    held_row = Automation.objects.select_for_update(no_key=True, of=("self",)).select_related("revision__writer")
    automation = held_row.get(pk=automation_id, removed_at=None)
    held = automation.runs.filter(state=AutomationRun.State.HELD)
    if automation.stopped_at is None and not held.exists():
        return 0
    is_taken_over = take_over_when_its_writer_is_gone(automation, by=writer)
    automation.stopped_at, automation.stopped_because, automation.counted_from = None, "", now()
    automation.save(update_fields=["revision", "stopped_at", "stopped_because", "counted_from"])
    if runs_held:
        count = held.update(state=AutomationRun.State.WAITING, due_at=now())
        defer("automations.run", only_once="automations.run")
    else:
        count = held.update(state=AutomationRun.State.OVER, ended_at=now())
    record(
        "automation.resumed", subject=automation, by=by, title=automation.name, held=count, runs_held=runs_held,
        is_taken_over=is_taken_over,
    )  # fmt: skip
    return count
