"""What a change of promises or calendars would do to those that are broken, seen before it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from comptoir.core.clock import now
from comptoir.sla.among_ourselves import due_now
from comptoir.sla.models import SLAClock
from comptoir.sla.places import SUBJECTS
from comptoir.sla.recomputing import POLICY_NOW
from comptoir.sla.running import running_clocks

#: Of so many that were broken last it is seen: who asks waits for the answer.
LOOKED_AT = 5000


@dataclass(frozen=True, slots=True)
class Mended:
    """How many broken promises would no longer be, among those ``looked_at``."""

    count: int
    looked_at: int

    @property
    def is_more(self) -> bool:
        """Whether there may be more."""
        return self.looked_at >= LOOKED_AT


def mended_by(change: Callable[[], object]) -> Mended:
    """What ``change`` would mend of what is broken and still owed: it is made, looked at and undone. What it raises is
    raised.
    """
    with transaction.atomic():
        change()
        found = _mended()
        transaction.set_rollback(True)
    return found


def _mended() -> Mended:
    present = now()
    broken = SLAClock.objects.filter(stopped_at=None, breached_at__isnull=False).order_by("-breached_at", "-pk")
    of_conversations = list(broken.filter(conversation__isnull=False).values_list("pk", flat=True)[:LOOKED_AT])
    running = running_clocks("clock.id", of_conversations, by_policy=POLICY_NOW) if of_conversations else []
    others = broken.filter(conversation=None).select_related("policy", *SUBJECTS).prefetch_related("pauses")
    computed = [due_now(clock) for clock in others[:LOOKED_AT]]
    count = sum(one.is_mended_at(present) for one in running)
    count += sum(one is not None and one.at > present for one in computed)
    return Mended(count, max(len(running), len(computed)))
