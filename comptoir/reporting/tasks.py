"""Following the record, and counting the past."""

from __future__ import annotations

import time

from comptoir.core.tasks import defer, task
from comptoir.reporting import following

#: One turn is no longer than this, so that the worker has its thread back.
_TURN_S = 20.0


@task("reporting.follow", every="* * * * * */5")
def follow(timestamp: int) -> None:
    """Every five seconds, count anew what something has happened to."""
    begun = time.monotonic()
    while following.follow_record() and time.monotonic() - begun < _TURN_S:
        pass


@task("reporting.count_past")
def count_past() -> None:
    """What was there before anybody counted, a thousand conversations at a time. Started over, it goes on."""
    begun = time.monotonic()
    while following.count_past():
        if time.monotonic() - begun > _TURN_S:
            defer("reporting.count_past", lock="reporting.count_past", only_once="reporting.count_past")
            return
    following.analyse_counted()
