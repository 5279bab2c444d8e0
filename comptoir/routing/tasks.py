"""What routing does by itself."""

from __future__ import annotations

from comptoir.core.tasks import task
from comptoir.routing.actions import revise_routes
from comptoir.routing.assigning.giving import offer_all
from comptoir.routing.assigning.overflowing import overflow_queues
from comptoir.routing.assigning.returning import return_absent


@task("routing.offer")
def offer() -> None:
    """Something changed: read what is to be read, take back what the absent have, give out what waits."""
    while revise_routes():
        pass
    return_absent()
    offer_all()
    if overflow_queues():
        offer_all()


@task("routing.watch", every="* * * * * */20")
def watch(timestamp: int) -> None:
    """Every twenty seconds: hours begin and end, and queues grow old, without anything happening."""
    offer()
