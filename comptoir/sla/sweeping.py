"""All running clocks computed anew in the background, a thousand conversations at a time, each in its own transaction.

What was reached is kept with what was done: a worker that is killed loses one batch at most, and another goes on.
"""

from __future__ import annotations

from django.db import connection, transaction

from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.record import record
from comptoir.sla.models import Recomputation
from comptoir.sla.recomputing import recompute_clocks

BATCH = 1000

_NEXT = """
SELECT DISTINCT conversation_id FROM sla_slaclock
WHERE stopped_at IS NULL AND conversation_id > %s ORDER BY conversation_id LIMIT %s
"""
_COUNT = "SELECT count(DISTINCT conversation_id) FROM sla_slaclock WHERE stopped_at IS NULL"


@transaction.atomic
def request_recomputation() -> Recomputation:
    """Have everything that runs computed anew, by what holds from now on; an earlier sweep gives way."""
    Recomputation.objects.filter(finished_at=None).update(finished_at=now(), is_superseded=True)
    recomputation = Recomputation.objects.create(requested_at=now())
    defer("sla.recompute", lock="sla.recompute", recomputation_id=recomputation.pk)
    return recomputation


@transaction.atomic
def recompute_batch(recomputation_id: int) -> bool:
    """One step of a sweep; False when there is none left. The last one is recorded."""
    sweep = Recomputation.objects.select_for_update().get(pk=recomputation_id)
    if sweep.finished_at is not None:
        return False
    if sweep.total_conversations is None:
        sweep.total_conversations = _counted()
    conversations = _following(sweep.reached_conversation)
    if not conversations:
        sweep.finished_at = now()
        sweep.save()
        record("promises.recomputed", subject=sweep, clocks=sweep.done_clocks, moved=sweep.moved_clocks)
        return False
    clocks, moved = recompute_clocks(conversations)
    sweep.done_conversations += len(conversations)
    sweep.done_clocks += clocks
    sweep.moved_clocks += moved
    sweep.reached_conversation = conversations[-1]
    sweep.save()
    return True


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        return int(cursor.fetchone()[0])


def _following(reached: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [reached, BATCH])
        return [row[0] for row in cursor.fetchall()]
