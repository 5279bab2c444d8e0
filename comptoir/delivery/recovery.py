"""After a crash: attempts whose process is gone are closed, replies that nobody is going to send are queued again."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext_noop

from comptoir.core.clock import now
from comptoir.core.tasks import defer
from comptoir.delivery.attempts import cut_off
from comptoir.delivery.models import Attempt
from comptoir.delivery.outcomes import settle
from comptoir.delivery.running import may_still_run

FORGOTTEN_AFTER = timedelta(seconds=20)
CUT = gettext_noop("Comptoir was stopped while it was sending this reply, before the network had answered.")

_FORGOTTEN = """
SELECT message.id FROM conversations_message AS message
JOIN channels_channelaccount AS account ON account.id = message.account_id AND account.status = 'active'
WHERE message.state = 'queued' AND message.send_after < %(before)s
    AND NOT EXISTS (
        SELECT FROM procrastinate_jobs AS job
        WHERE job.task_name = 'delivery.deliver' AND job.status IN ('todo', 'doing')
            AND (job.args ->> 'message_id')::bigint = message.id)
ORDER BY message.id LIMIT 1000
"""


def close_cut_attempts() -> int:
    """Close every open attempt that cannot be under way any more; return how many."""
    closed = 0
    for attempt in Attempt.objects.filter(finished_at=None).select_related("message__account").order_by("pk"):
        if not may_still_run(attempt):
            settle(attempt, cut_off(attempt.message.account.kind, CUT))
            closed += 1
    return closed


def queue_forgotten() -> int:
    """Queue a job for replies that are due and have none: their account is active again, or their job was lost."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, {"before": now() - FORGOTTEN_AFTER})
        forgotten = [row[0] for row in cursor.fetchall()]
    for message_id in forgotten:
        defer("delivery.deliver", message_id=message_id)
    return len(forgotten)
