"""Watching the clocks, and computing them anew."""

from __future__ import annotations

from comptoir.core.tasks import task
from comptoir.sla.actions import record_breaches
from comptoir.sla.sweeping import recompute_batch


@task("sla.watch", every="* * * * * */5")
def watch(timestamp: int) -> None:
    """Every five seconds, record the promises that were broken since."""
    while record_breaches():
        pass


@task("sla.recompute")
def recompute(recomputation_id: int) -> None:
    """Compute all running clocks anew. Started over, it goes on where it was."""
    while recompute_batch(recomputation_id):
        pass
