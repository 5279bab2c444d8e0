"""What is done by itself, in the background."""

from __future__ import annotations

from comptoir.automations.warning_acts import act_on_warning
from comptoir.core.tasks import task


@task("automations.act_on_warning")
def act(given_id: int, conversation_id: int) -> None:
    """Do what one warning says. Started over, it does nothing twice."""
    act_on_warning(given_id, conversation_id)
