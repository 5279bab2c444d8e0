"""Accounts from which nothing leaves: what is to be sent is put off again and again, though nobody was refused.

A mailbox that reads and cannot send looks well from outside. One message that is put off says little (a stranger may be
asked to wait); that nothing else left the account for as long says that the way out is shut.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.core.reasons import read
from comptoir.core.tasks import defer
from comptoir.events.record import record

#: Longer than a mail server asks a stranger to wait.
_NOT_YET_TROUBLE = timedelta(minutes=15)

_HELD_UP = """
WITH held AS MATERIALIZED (
    SELECT message.account_id, message.failure, tries.since, tries.first_id
    FROM conversations_message AS message
    JOIN channels_channelaccount AS account ON account.id = message.account_id AND account.status = 'active'
    CROSS JOIN LATERAL (
        SELECT min(finished_at) AS since, min(id) AS first_id FROM delivery_attempt
        WHERE message_id = message.id AND outcome IN ('later', 'uncertain')
    ) AS tries
    WHERE message.state IN ('queued', 'sending') AND message.failure <> '' AND tries.since IS NOT NULL
), left_last AS (
    SELECT message.account_id, max(attempt.finished_at) AS at
    FROM delivery_attempt AS attempt JOIN conversations_message AS message ON message.id = attempt.message_id
    WHERE attempt.id > (SELECT min(first_id) FROM held) AND attempt.outcome = 'accepted'
    GROUP BY message.account_id
)
SELECT held.account_id, min(held.since), (array_agg(held.failure ORDER BY held.since DESC))[1]
FROM held LEFT JOIN left_last USING (account_id)
WHERE left_last.at IS NULL OR left_last.at < held.since
GROUP BY held.account_id HAVING min(held.since) < %s
"""


def notice_held_up() -> list[int]:
    """Mark the accounts from which nothing leaves, record it once for each, and let go what waited where it does again.

    Which ones were marked now is returned.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD_UP, [now() - _NOT_YET_TROUBLE])
        held = {account_id: (since, failure) for account_id, since, failure in cursor.fetchall()}
    _leave_again(held.keys())
    return [account_id for account_id, (since, failure) in sorted(held.items()) if _held_up(account_id, since, failure)]


@transaction.atomic
def _held_up(account_id: int, since: datetime, failure: str) -> bool:
    reason = read(failure)
    is_news = AccountHealth.objects.filter(account=account_id, unsent_since=None).update(
        unsent_since=since, unsent_reason=reason
    )
    if is_news:
        record("account.held_up", subject=ChannelAccount(pk=account_id), reason=reason, since=since.isoformat())
    return bool(is_news)


@transaction.atomic
def _leave_again(still_held: Collection[int]) -> None:
    over = AccountHealth.objects.select_for_update().exclude(unsent_since=None).exclude(account__in=list(still_held))
    for account_id in list(over.values_list("account", flat=True)):
        AccountHealth.objects.filter(account=account_id).update(unsent_since=None, unsent_reason="")
        record("account.leaves_again", subject=ChannelAccount(pk=account_id))
        let_go(account_id)


def let_go(account_id: int) -> None:
    """Try what was put off, by up to an hour, now: the way out is open again, or was just seen to be."""
    present = now()
    waiting = Message.objects.outgoing().filter(account=account_id, state=Message.State.QUEUED).exclude(failure="")
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids, state=Message.State.QUEUED, send_after__gt=present).update(send_after=present)
    for message_id in ids:
        defer("delivery.deliver", at=present, message_id=message_id)
