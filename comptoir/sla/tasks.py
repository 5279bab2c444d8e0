"""Watching the clocks."""

from __future__ import annotations

from comptoir.core.tasks import task
from comptoir.sla.actions import record_breaches


@task("sla.watch", every="* * * * * */5")
def watch(timestamp: int) -> None:
    """Every five seconds, record the promises that were broken since."""
    while record_breaches():
        pass
