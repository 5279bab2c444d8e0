"""What a change of promises or calendars does to those that are broken, seen before it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection
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
    """The broken promises that would no longer be, among those ``looked_at``."""

    clock_ids: frozenset[int]
    looked_at: int

    @property
    def count(self) -> int:
        return len(self.clock_ids)

    @property
    def is_more(self) -> bool:
        """Whether there may be more."""
        return self.looked_at >= LOOKED_AT

    def is_within(self, agreed: Collection[int]) -> bool:
        """Whether nothing but what was agreed to is mended. Where not all were looked at, which they are changes with
        each that is broken: no more of them then.
        """
        return self.clock_ids <= set(agreed) or (self.is_more and self.count <= len(agreed))


def made_if_agreed(change: Callable[[], object], *, agreed: Collection[int] = ()) -> Mended | None:
    """Make ``change`` where it mends nothing of what is broken and still owed but the clocks that were ``agreed`` to;
    else undo it, and give what it would mend. What was seen and what is done are one transaction. What the change
    raises is raised.
    """
    with transaction.atomic():
        change()
        found = _mended()
        if found.is_within(agreed):
            return None
        transaction.set_rollback(True)
    return found


def _mended() -> Mended:
    present = now()
    broken = SLAClock.objects.filter(stopped_at=None, breached_at__isnull=False).order_by("-breached_at", "-pk")
    of_conversations = list(broken.filter(conversation__isnull=False).values_list("pk", flat=True)[:LOOKED_AT])
    running = running_clocks("clock.id", of_conversations, by_policy=POLICY_NOW) if of_conversations else []
    others = broken.filter(conversation=None).select_related("policy", *SUBJECTS).prefetch_related("pauses")
    computed = [(clock.pk, due_now(clock)) for clock in others[:LOOKED_AT]]
    mended = {one.clock_id for one in running if one.is_mended_at(present)}
    mended |= {pk for pk, due in computed if due is not None and due.at > present}
    return Mended(frozenset(mended), max(len(running), len(computed)))
