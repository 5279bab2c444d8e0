"""Whether the process behind an attempt can still be sending.

A process is named by the machine's boot, its process namespace, its number and the instant it started, so that the same
name is never given twice. Where the system does not tell these (no /proc) only time settles the question.
"""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from pathlib import Path

from comptoir.connectors.base import SendsMessages
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core.clock import now
from comptoir.delivery.models import Attempt

#: No request begins later than this in an attempt, and every one is bounded in time.
START_WITHIN = timedelta(seconds=60)
#: Longer than any send: a mail server may take five minutes to answer.
LONGEST_SEND = timedelta(minutes=8)
#: Where sending twice makes one message, an attempt that still runs does no harm to the next one.
LONGEST_SAFE_SEND = timedelta(minutes=2)

#: Attempts that this process is making now, by id.
in_flight: set[int] = set()


def this_worker() -> str:
    """The name of this process; empty where the system does not tell it."""
    return _name_of(os.getpid())


@cache
def _surroundings() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        return ""


def _name_of(pid: int) -> str:
    """The name of a living process of our own surroundings; empty when there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = status.rpartition(")")[2].split()  # the name before it may hold anything
    state, started = fields[0], fields[19]
    return f"{_surroundings()}/{pid}/{started}" if _surroundings() and state not in "ZX" else ""


def may_still_run(attempt: Attempt) -> bool:
    """Whether the attempt may still be under way; an open attempt that cannot be is one that was cut."""
    if attempt.worker and attempt.worker == this_worker():
        return attempt.pk in in_flight
    surroundings, _slash, pid = attempt.worker.rpartition("/")[0].rpartition("/")
    if surroundings and surroundings == _surroundings() and _name_of(int(pid)) != attempt.worker:
        return False
    return attempt.started_at > now() - _longest(attempt.message.account.kind)


def _longest(kind: str) -> timedelta:
    try:
        connector = connector_class(kind)
    except UnknownKindError:
        return LONGEST_SEND
    is_safe = issubclass(connector, SendsMessages) and connector.resends_safely
    return LONGEST_SAFE_SEND if is_safe else LONGEST_SEND
