"""How often an automation runs. One that runs too often stops itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from comptoir.automations.models import Automation, AutomationRun
from comptoir.automations.stopping import stop_automation
from comptoir.core.reasons import Reason, template

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
    stop_automation(automation, reason=Reason(_TOO_OFTEN, count=automation.most_runs_an_hour))
    return True


def has_run_enough(run: AutomationRun, present: datetime) -> bool:
    """Whether it ran on this conversation as often as it may within a day. The caller holds the automation."""
    here = run.automation.runs.done().filter(conversation=run.conversation_id, ended_at__gt=present - _DAY)
    return here.count() >= run.automation.most_runs_a_day
