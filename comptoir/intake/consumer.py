"""Draining the raw log: in order for each account, in batches, many accounts and many processes side by side."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import psycopg
import structlog
from django.db import DatabaseError, connection, transaction

from comptoir.channels.connecting import parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.registry import UnknownKindError
from comptoir.conversations.files import FilesAwayError
from comptoir.core.away import is_away, is_refused
from comptoir.core.crypto import UnreadableSecretError
from comptoir.intake.acknowledging import MAX_TRIES, acknowledge, put_off, set_aside
from comptoir.intake.ahead import Ahead
from comptoir.intake.arrivals import Arrival
from comptoir.intake.history import began_at
from comptoir.intake.reading import Raw, Reading, broken, read_delivery
from comptoir.intake.receiving.batch import Batch
from comptoir.intake.receiving.rows import numbers, rows
from comptoir.intake.trouble import tell_account, tell_trouble

log = structlog.get_logger("comptoir.intake")

BATCH_DELIVERIES = 500
BATCH_BYTES = 16 * 1024 * 1024
IDLE_S = 0.075
_WAIT_AFTER_TROUBLE_S = (0.5, 1.0, 2.0, 5.0, 10.0)
_LOCK_CLASS = 0x696E746B  # "intk": one consumer at a time for each account

# One look for each account: of EXISTS the planner would make one list of all that waits, however much that is.
_WAITING = """
SELECT account.id FROM channels_channelaccount AS account
WHERE (SELECT true FROM intake_rawdelivery WHERE account_id = account.id AND state = 'new' LIMIT 1)
   OR (SELECT true FROM intake_rawdelivery
       WHERE account_id = account.id AND state = 'later' AND not_before <= now() LIMIT 1)
"""

# As many as fit into the batch's bytes, and always the first; of those that are not in hand already.
_NEXT = """
WITH waiting AS (
    (SELECT id, octet_length(body) AS size FROM intake_rawdelivery
     WHERE account_id = %(account)s AND state = 'later' AND not_before <= now() AND id <> ALL(%(in_hand)s::bigint[])
     ORDER BY not_before LIMIT 50)
    UNION ALL
    (SELECT id, octet_length(body) AS size FROM intake_rawdelivery
     WHERE account_id = %(account)s AND state = 'new' AND id <> ALL(%(in_hand)s::bigint[])
     ORDER BY id LIMIT %(limit)s)
), fitting AS (
    SELECT id FROM (SELECT id, size, sum(size) OVER (ORDER BY id) AS total FROM waiting) AS summed
    WHERE total <= %(bytes)s OR total = size
)
SELECT id, body, content_type, headers, key, received_at, tries, is_history FROM intake_rawdelivery
WHERE id IN (SELECT id FROM fitting) ORDER BY id
"""

_STILL_WAITING = """
SELECT count(*) FROM intake_rawdelivery
WHERE id = ANY(%s::bigint[]) AND (state = 'new' OR (state = 'later' AND not_before <= now()))
"""


class _NotNowError(Exception):
    """The account cannot be read at present: another process reads it or, for ``reason``, a person must mend it."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


def consume_forever(stop: threading.Event) -> None:
    """Drain the raw log until ``stop``; whatever goes wrong with the database is waited out, with nothing lost."""
    unlucky = 0
    with Ahead() as ahead:
        while not stop.is_set():
            try:
                consumed = consume_once(ahead)
                unlucky = 0
            except Exception as error:  # noqa: BLE001  # whatever broke, what waits is still to be read
                connection.close()
                tell_trouble(error)
                stop.wait(_WAIT_AFTER_TROUBLE_S[min(unlucky, len(_WAIT_AFTER_TROUBLE_S) - 1)])
                unlucky += 1
                continue
            if not consumed:
                stop.wait(IDLE_S)
    connection.close()


def consume_once(ahead: Ahead | None = None) -> int:
    """One batch of every account that has something to read; how many deliveries were taken off the log.

    With ``ahead``, the next batch of an account that alone has something to read is read meanwhile.
    """
    waiting = [pk for (pk,) in rows(_WAITING, [])]
    random.shuffle(waiting)  # several processes start at different accounts
    alone = ahead if len(waiting) == 1 else None
    if ahead is not None and alone is None:
        ahead.drop()  # it is read again now, and may come back much later, when it would be read otherwise
    return sum(_consume_account(account_id, alone) for account_id in waiting)


def _consume_account(account_id: int, ahead: Ahead | None) -> int:
    """One batch of one account; a race that was lost is run again, and one mishap does not stop the rest."""
    try:
        return _in_one(account_id, ahead)
    except _NotNowError as obstacle:
        return _not_now(account_id, obstacle)
    except Exception as error:
        if _is_busy(error):
            log.info("batch to be done again", account=account_id, reason=type(error.__cause__).__name__)
            return 0
        if is_away(error):
            raise
        log.warning("batch failed, its deliveries are taken one by one", account=account_id, exc_info=True)
        try:
            return _one_by_one(account_id)
        except _NotNowError as obstacle:
            return _not_now(account_id, obstacle)


def _not_now(account_id: int, obstacle: _NotNowError) -> int:
    if obstacle.reason:
        tell_account(account_id, obstacle.reason)
    return 0


def _is_busy(error: Exception) -> bool:
    """Whether the database only lost a race between two transactions."""
    busy = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable)
    return isinstance(error.__cause__, busy)


def _in_one(account_id: int, ahead: Ahead | None) -> int:
    try:
        with transaction.atomic():
            account, readings = _next_readings(account_id, ahead)
            storing = ahead.begin if ahead else None
            _receive(account, [reading for reading in readings if not reading.may_heal], storing=storing)
            _settle(account_id, readings)
    except BaseException:
        if ahead is not None:
            ahead.drop()  # what came before it waits again
        raise
    return len(readings)


@transaction.atomic
def _one_by_one(account_id: int) -> int:
    """Each delivery by itself, so that only those that cannot be stored are left out."""
    account, readings = _next_readings(account_id)
    for reading in readings:
        if not reading.may_heal:
            _receive_alone(account, reading)
    _settle(account_id, readings)
    return len(readings)


def _receive_alone(account: ChannelAccount, reading: Reading) -> None:
    try:
        with transaction.atomic():
            _receive(account, [reading])
    except Exception as error:
        if is_away(error):
            raise
        log.exception("a delivery could not be received", raw_delivery=reading.raw_id, kind=account.kind)
        reading.refused = error.reason if isinstance(error, FilesAwayError) else broken(error)
        reading.may_heal = isinstance(error, DatabaseError | FilesAwayError) and not is_refused(error)


def _receive(
    account: ChannelAccount, readings: Sequence[Reading], *, storing: Callable[[], None] | None = None
) -> None:
    """What was said before the account was connected as such, then the rest as what is said now; ``storing`` is called
    when all there is to do is the database's.
    """
    past: list[Arrival] = []
    present = [arrival for reading in readings if not reading.is_history for arrival in reading.arrivals]
    told = [arrival for reading in readings if reading.is_history for arrival in reading.arrivals]
    if told:
        began = began_at(account.pk)
        for arrival in told:
            is_new = began is not None and arrival.event.sent_at is not None and arrival.at >= began
            (present if is_new else past).append(arrival)
        Batch(account, past, as_history=True).run()
    Batch(account, present, storing=storing).run()


def _next_readings(account_id: int, ahead: Ahead | None = None) -> tuple[ChannelAccount, list[Reading]]:
    """The next deliveries of one account, read; the account is ours until the transaction ends. Raises _NotNowError."""
    ((is_ours,),) = rows("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, account_id % 2**31])
    if not is_ours:
        raise _NotNowError
    account = ChannelAccount.objects.get(pk=account_id)
    try:
        connector = parser_for(account)
    except (UnknownKindError, UnreadableSecretError) as error:
        raise _NotNowError(error.reason) from error
    read, read_by = partial(read_delivery, connector, account), _read_by(account)
    readings = _still_waiting(ahead.take(read_by)) if ahead else []
    readings = readings or [read(raw) for raw in _next_raws(account_id)()]
    if ahead and len(readings) >= BATCH_DELIVERIES:
        ahead.put_down(read_by, _next_raws(account_id, in_hand=readings), read)
    return account, readings


def _read_by(account: ChannelAccount) -> tuple[object, ...]:
    """What of an account says how its deliveries are read: it may be changed while they are."""
    return account.pk, account.kind, account.own_id, account.hook_key, bytes(account.encrypted_credentials)


def _next_raws(account_id: int, *, in_hand: Sequence[Reading] = ()) -> Callable[[], list[Raw]]:
    """The next rows of the log, asked for now and had by whoever calls: to make objects of them takes longer."""
    held = numbers(reading.raw_id for reading in in_hand)
    wanted: dict[str, Any] = {"account": account_id, "limit": BATCH_DELIVERIES, "bytes": BATCH_BYTES, "in_hand": held}
    asked = connection.cursor()
    asked.execute(_NEXT, wanted)
    return lambda: [Raw(*row) for row in asked.fetchall()]


def _still_waiting(readings: list[Reading]) -> list[Reading]:
    """These, unless another process took some of them after they were read."""
    if not readings:
        return []
    ((waiting,),) = rows(_STILL_WAITING, [numbers(reading.raw_id for reading in readings)])
    return readings if waiting == len(readings) else []


def _settle(account_id: int, readings: Sequence[Reading]) -> None:
    """Say of each delivery, in the transaction that received it, what became of it."""
    refused = [reading for reading in readings if reading.refused]
    again = [reading for reading in refused if reading.may_heal and reading.tries + 1 < MAX_TRIES]
    acknowledge(account_id, [reading.raw_id for reading in readings if not reading.refused])
    put_off([(reading.raw_id, reading.tries, reading.refused) for reading in again])
    set_aside(account_id, [(reading.raw_id, reading.refused) for reading in refused if reading not in again])
