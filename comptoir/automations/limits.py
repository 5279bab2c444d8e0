"""How often an automation runs. One that runs too often stops itself: what it is met by is held until somebody says."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from comptoir.automations.models import Automation, AutomationRun
from comptoir.core.clock import now
from comptoir.core.reasons import Reason, template
from comptoir.core.tasks import defer
from comptoir.events.record import SYSTEM, Actor, record

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_TOO_OFTEN = template("It ran %(count)s times within an hour, and may no more than that.")
OFTEN_HERE = template("It ran %(count)s times within a day on this conversation, and may no more than that.")


def stop_when_exhausted(automation: Automation, present: datetime) -> bool:
    """Whether it runs no more for now; stops it, once, when it has run as often as it may. The caller holds it."""
    if automation.stopped_at is not None:
        return True
    since = max(present - _HOUR, automation.counted_from or present - _HOUR)
    if automation.runs.done().filter(ended_at__gt=since).count() < automation.most_runs_an_hour:
        return False
    automation.stopped_at = present
    automation.save(update_fields=["stopped_at"])
    reason = Reason(_TOO_OFTEN, count=automation.most_runs_an_hour)
    record("automation.stopped", subject=automation, reason=reason, title=automation.name)
    return True


def has_run_enough(run: AutomationRun, present: datetime) -> bool:
    """Whether it ran on this conversation as often as it may within a day. The caller holds the automation."""
    here = run.automation.runs.done().filter(conversation=run.conversation_id, ended_at__gt=present - _DAY)
    return here.count() >= run.automation.most_runs_a_day


@transaction.atomic
def resume_automation(automation_id: int, *, runs_held: bool, by: Actor = SYSTEM) -> int:
    """Let it go on; what was held is run (as far as it is still called for), or left. Returns how many were held.

    Raises Automation.DoesNotExist.
    """
    automation = Automation.objects.select_for_update(no_key=True).get(pk=automation_id, removed_at=None)
    held = automation.runs.filter(state=AutomationRun.State.HELD)
    if automation.stopped_at is None and not held.exists():
        return 0
    automation.stopped_at, automation.counted_from = None, now()
    automation.save(update_fields=["stopped_at", "counted_from"])
    if runs_held:
        count = held.update(state=AutomationRun.State.WAITING, due_at=now())
        defer("automations.run", only_once="automations.run")
    else:
        count = held.update(state=AutomationRun.State.OVER, ended_at=now())
    record("automation.resumed", subject=automation, by=by, title=automation.name, held=count, runs_held=runs_held)
    return count
