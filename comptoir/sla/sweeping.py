"""All running clocks computed anew in the background, a thousand conversations at a time.

What was reached is kept with what was done: a worker that is killed loses one batch at most, and another goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import F

from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.events.record import record
from comptoir.sla.among_ourselves import recompute_among_ourselves
from comptoir.sla.models import Recomputation
from comptoir.sla.recomputing import recompute_clocks

BATCH = 1000

_NEXT = """
SELECT DISTINCT conversation_id FROM sla_slaclock
WHERE stopped_at IS NULL AND conversation_id > %s ORDER BY conversation_id LIMIT %s
"""
_HOLD_FREE = """
SELECT id FROM conversations_conversation WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
"""
_COUNT = "SELECT count(DISTINCT conversation_id) FROM sla_slaclock WHERE stopped_at IS NULL"


@transaction.atomic
def request_recomputation() -> Recomputation:
    """Have everything that runs computed anew, by what holds from now on; an earlier sweep gives way."""
    Recomputation.objects.filter(finished_at=None).update(finished_at=now(), is_superseded=True)
    recomputation = Recomputation.objects.create(requested_at=now())
    defer("sla.recompute", lock="sla.recompute", recomputation_id=recomputation.pk)
    return recomputation


def recompute_batch(recomputation_id: int) -> bool:
    """One step of a sweep; False when there is none left. The last one is recorded.

    Cut between its transactions, a step is done again, which changes nothing that it had changed.
    """
    sweep = Recomputation.objects.get(pk=recomputation_id)
    if sweep.finished_at is not None:
        return False
    conversations = _following(sweep.reached_conversation)
    under_way = Recomputation.objects.filter(pk=sweep.pk, finished_at=None)
    if not conversations:
        _finish(under_way, sweep)
        return False
    if sweep.total_conversations is None:
        under_way.update(total_conversations=_counted())
    clocks, moved = _recomputed(conversations, as_of=sweep.requested_at)
    under_way.update(
        done_conversations=F("done_conversations") + len(conversations),
        done_clocks=F("done_clocks") + clocks,
        moved_clocks=F("moved_clocks") + moved,
        reached_conversation=conversations[-1],
    )
    return True


@transaction.atomic
def _finish(under_way: models.QuerySet[Recomputation], sweep: Recomputation) -> None:
    """The promises among ourselves come last: they are few."""
    if under_way.update(finished_at=now()):
        clocks, moved = recompute_among_ourselves()
        clocks, moved = clocks + sweep.done_clocks, moved + sweep.moved_clocks
        Recomputation.objects.filter(pk=sweep.pk).update(done_clocks=clocks, moved_clocks=moved)
        record("promises.recomputed", subject=sweep, clocks=clocks, moved=moved)


def _recomputed(conversations: Sequence[int], *, as_of: datetime) -> tuple[int, int]:
    """How many clocks there were, and how many moved. What somebody holds just now is waited for by itself, so that
    nobody waits for a thousand conversations at once, nor for one that waits for them.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HOLD_FREE, [list(conversations)])
        free = {row[0] for row in cursor.fetchall()}
        clocks, moved = recompute_clocks(free, as_of=as_of)
    for conversation in conversations:
        if conversation not in free:
            with transaction.atomic():
                more_clocks, more_moved = recompute_clocks([conversation], as_of=as_of)
            clocks, moved = clocks + more_clocks, moved + more_moved
    return clocks, moved


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT)
        return int(cursor.fetchone()[0])


def _following(reached: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [reached, BATCH])
        return [row[0] for row in cursor.fetchall()]
