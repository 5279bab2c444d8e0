"""Watching the clocks, and computing them anew."""

from __future__ import annotations

from django.db import OperationalError

from comptoir.core.tasks import task
from comptoir.sla import following, waiving
from comptoir.sla.actions import record_breaches
from comptoir.sla.sweeping import recompute_batch
from comptoir.sla.warning import give_warnings

_TRIES = 5


@task("sla.watch", every="* * * * * */5")
def watch(timestamp: int) -> None:
    """Every five seconds, record the promises that were broken since, and give the warnings that have fallen due."""
    while record_breaches():
        pass
    while give_warnings():
        pass


@task("sla.recompute_some")
def recompute_some(conversation_ids: list[int]) -> None:
    """Compute the clocks of some conversations anew: what policies ask for has changed of them."""
    following.recompute_some(conversation_ids)


@task("sla.settle_owed")
def settle_owed(conversation_ids: list[int]) -> None:
    """End, or have run on, what is owed by what was just read of the customers' words."""
    waiving.settle_owed(conversation_ids)


@task("sla.recompute")
def recompute(recomputation_id: int) -> None:
    """Compute all running clocks anew. Started over, it goes on where it was; a deadlock with those who start and stop
    clocks is no reason to end.
    """
    in_vain = 0
    while in_vain < _TRIES:
        try:
            if not recompute_batch(recomputation_id):
                return
            in_vain = 0
        except OperationalError:
            in_vain += 1
            if in_vain == _TRIES:
                raise
