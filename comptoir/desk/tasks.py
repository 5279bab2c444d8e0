"""What the desk does by itself."""

from __future__ import annotations

from comptoir.core.tasks import task
from comptoir.desk.snoozing import wake_due


@task("desk.wake", every="* * * * * */2")
def wake(timestamp: int) -> None:
    """Every two seconds, bring back what was put away until now."""
    while wake_due():
        pass
