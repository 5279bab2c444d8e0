"""What the desk does by itself."""

from __future__ import annotations

from comptoir.core.tasks import defer, task
from comptoir.desk.bulk import go_on
from comptoir.desk.snoozing import wake_due

_IN_ONE_GO = 100


@task("desk.wake", every="* * * * * */2")
def wake(timestamp: int) -> None:
    """Every two seconds, bring back what was put away until now."""
    while wake_due():
        pass


@task("desk.bulk")
def bulk(bulk_act_id: int) -> None:
    """A part of an act on many conversations; the next part waits its turn behind what others asked for."""
    if go_on(bulk_act_id, most=_IN_ONE_GO):
        defer("desk.bulk", bulk_act_id=bulk_act_id)
