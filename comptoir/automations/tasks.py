"""What is done by itself, in the background."""

from __future__ import annotations

from comptoir.automations.counting import count_all_anew
from comptoir.automations.forgetting import forget_old_runs
from comptoir.automations.running import run_next
from comptoir.automations.sweeping import sweep
from comptoir.automations.warning_acts import act_on_warning
from comptoir.core.tasks import task


@task("automations.act_on_warning")
def act(given_id: int, conversation_id: int) -> None:
    """Do what one warning says. Started over, it does nothing twice."""
    act_on_warning(given_id, conversation_id)


@task("automations.run")
def run() -> None:
    """Do what automations are to do, one run after the other."""
    while run_next():
        pass


@task("automations.sweep", every="* * * * * 20")
def look(timestamp: int) -> None:
    """Once a minute, see for which conversations time has passed; and do what a worker that died has left."""
    sweep()
    run()


@task("automations.count_anew")
def count() -> None:
    """Other opening hours hold: see when what is still to come is due."""
    count_all_anew()


@task("automations.forget_runs", every="50 3 * * *")
def forget(timestamp: int) -> None:
    """Once a night, shorten the list of what ran."""
    forget_old_runs()
