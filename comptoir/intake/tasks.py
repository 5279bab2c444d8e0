"""What intake does by itself: reading history, noticing silence, measuring, and keeping the raw log no longer than it
is of use, since it holds what customers wrote.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils.timezone import localdate

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import ConnectorError, TransientError
from comptoir.connectors.registry import UnknownKindError
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import OUTSIDE, Retry, defer, task
from comptoir.intake import completing, history, silence
from comptoir.intake.lost_calls import give_up_lost_calls
from comptoir.intake.measuring import count_received, measure_account

log = structlog.get_logger("comptoir.intake")

#: Deliveries that were read are kept for so many days, to look into what a network really said. Those set aside stay.
KEPT_DAYS = int(os.environ.get("COMPTOIR_RAW_LOG_DAYS", "30"))
#: A change whose message has not come in this time is about one that we shall never see.
EARLY_KEPT = timedelta(days=90)
_AT_ONCE = 5000

_FORGET_READ = """
DELETE FROM intake_rawdelivery WHERE id IN (
    SELECT id FROM intake_rawdelivery WHERE state = 'done' AND received_at < %s ORDER BY id LIMIT %s)
"""
_FORGET_EARLY = "DELETE FROM intake_earlychange WHERE received_at < %s"


@task("intake.read_history", lane=OUTSIDE)
def read_history(account_id: int) -> None:
    """One turn of reading an account's history."""
    history.read_history(account_id)


@task("intake.complete", lane=OUTSIDE)
def complete(account_id: int, events: list[dict[str, Any]], tries: int = 0) -> None:
    """Ask a network for the names and words that its deliveries left out."""
    account = ChannelAccount.objects.active().filter(pk=account_id).first()
    if account is not None:
        completing.complete(account, events, tries=tries)


@task("intake.give_up_lost_calls", every="* * * * * 50")
@transaction.atomic
def give_up_calls(timestamp: int) -> None:
    """Once a minute, end the calls whose end was never told."""
    give_up_lost_calls()


@task("intake.notice_silence", every="23 * * * *")
def notice_silence(timestamp: int) -> None:
    """Every hour, see which accounts that usually speak do not."""
    silence.notice_silence()


@task("intake.measure_all", every="41 4 * * *")
def measure_all(timestamp: int) -> None:
    """Every night, count what came the day before, and ask each network for its figures."""
    accounts = list(ChannelAccount.objects.active().values_list("pk", flat=True))
    count_received(accounts, received_on=localdate() - timedelta(days=1))
    for account_id in accounts:
        defer("intake.measure", only_once=f"measure:{account_id}", account_id=account_id)


@task("intake.measure", lane=OUTSIDE)
def measure(account_id: int) -> None:
    """Keep one account's figures of today."""
    account = ChannelAccount.objects.active().filter(pk=account_id).first()
    if account is None:
        return
    try:
        measure_account(account, measured_on=localdate())
    except TransientError as error:
        raise Retry(after=error.retry_after or timedelta(minutes=15)) from error
    except (ConnectorError, UnknownKindError, UnreadableSecretError) as error:
        log.warning("figures are not to be had", account=account_id, reason=str(error))


@task("intake.forget", every="17 3 * * *")
def forget(timestamp: int) -> None:
    """Every night, drop what was read long ago, in small bites."""
    before = now() - timedelta(days=KEPT_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_EARLY, [now() - EARLY_KEPT])
        while True:
            cursor.execute(_FORGET_READ, [before, _AT_ONCE])
            if cursor.rowcount < _AT_ONCE:
                return
