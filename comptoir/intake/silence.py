"""Accounts that fell silent: one that usually speaks and does not may be a subscription that the network dropped.

What is usual is the account's own: the longest pause between two deliveries of the last weeks, and half as much again.
An account that seldom speaks is never thought silent.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.core.clock import now
from comptoir.events.record import record
from comptoir.intake.receiving.rows import rows

_LOOKED_BACK = timedelta(days=21)
_FEWEST_DELIVERIES = 40
_SHORTEST_SILENCE = timedelta(hours=3)

_PAUSES = """
SELECT account_id, max(received_at), max(pause) FROM (
    SELECT account_id, received_at, received_at - lag(received_at) OVER (PARTITION BY account_id ORDER BY id) AS pause
    FROM intake_rawdelivery WHERE account_id = ANY(%s) AND received_at > %s AND NOT is_history
) AS deliveries GROUP BY account_id HAVING count(*) >= %s
"""


def notice_silence() -> list[int]:
    """Mark the active accounts that fell silent, record it once for each, and unmark those that speak again.

    Only the log of accounts that say nothing at present is read.
    """
    present = now()
    quiet = ChannelAccount.objects.active().filter(health__last_delivery_at__lt=present - _SHORTEST_SILENCE)
    asked = [list(quiet.values_list("pk", flat=True)), present - _LOOKED_BACK, _FEWEST_DELIVERIES]
    silent = {
        account_id: last
        for account_id, last, longest in rows(_PAUSES, asked)
        if longest is not None and present - last > max(longest * 1.5, _SHORTEST_SILENCE)
    }
    _spoke_again(silent.keys())
    return [account_id for account_id, since in sorted(silent.items()) if _fell_silent(account_id, since)]


@transaction.atomic
def _fell_silent(account_id: int, since: datetime) -> bool:
    is_news = AccountHealth.objects.filter(account=account_id, silent_since=None).update(silent_since=since)
    if is_news:
        record("account.fell_silent", subject=ChannelAccount(pk=account_id), since=since.isoformat())
    return bool(is_news)


@transaction.atomic
def _spoke_again(still_silent: Collection[int]) -> None:
    over = AccountHealth.objects.select_for_update().exclude(silent_since=None).exclude(account__in=list(still_silent))
    spoke = list(over.values_list("account", flat=True))
    AccountHealth.objects.filter(account__in=spoke).update(silent_since=None)
    for account_id in spoke:
        record("account.spoke_again", subject=ChannelAccount(pk=account_id))
