"""Telling people in plain words when intake cannot go on, without losing what waits."""

from __future__ import annotations

import psycopg
import structlog
from django.db import DatabaseError, transaction

from comptoir.channels.actions import keep_error
from comptoir.channels.models import AccountHealth, ChannelAccount
from comptoir.core.reasons import Reason

log = structlog.get_logger("comptoir.intake")

DISK_FULL = Reason(
    "The database's disk is full. What was acknowledged is kept and is read once there is room: "
    "free some space; nothing needs to be started again."
)


def in_words(error: BaseException) -> str:
    """What a failure of the database means."""
    cause = error.__cause__ or error
    if is_disk_full(cause):
        return DISK_FULL
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return Reason("The database does not answer. What was acknowledged is kept; reading goes on when it is back.")
    return Reason(
        "Taking messages in stopped (%(error)s) and is tried again; nothing acknowledged is lost.",
        error=type(cause).__name__,
    )


def is_disk_full(error: BaseException) -> bool:
    """Whether the database says that its disk is full."""
    return isinstance(error, psycopg.errors.DiskFull) or "No space left on device" in str(error)


def tell_trouble(error: BaseException) -> None:
    """Log a failure of the database or of intake as a whole: expected ones in a line, others with their traceback."""
    expected = isinstance(error.__cause__ or error, psycopg.Error)
    log.error(in_words(error), exc_info=None if expected else error)


def tell_account(account_id: int, reason: str) -> None:
    """Show a reason beside the account, once."""
    account = ChannelAccount.objects.get(pk=account_id)
    if AccountHealth.objects.filter(account=account, last_error=reason).exists():
        return
    log.error("account cannot be read", account=account_id, reason=reason)
    try:
        with transaction.atomic():
            keep_error(account, reason=reason)
    except DatabaseError:
        log.warning("the account's error could not be kept", account=account_id)
