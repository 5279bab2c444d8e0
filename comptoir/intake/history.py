"""The history of a newly connected account: its last thirty days, newest first, at the network's pace.

Pages are stored like any other delivery, marked as history, together with the place where to go on: a reading that is
cut, by a restart or by the network, goes on there. What it brings starts no clock and tells nobody, but for what was
said since the account was connected (`began_at`).

Where an account is polled, its history is read after the first round of listening, which only notes what stands there:
else what is said between the two would be in neither.
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from comptoir.channels.actions import disconnect_account
from comptoir.channels.connecting import opened, parser_for
from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import AuthError, Page, PermanentError, Polls, ReadsHistory, TransientError
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.core.clock import now
from comptoir.core.crypto import UnreadableSecretError
from comptoir.core.tasks import Retry, defer
from comptoir.events.record import record
from comptoir.intake.cleaning import storable_json
from comptoir.intake.models import HistoryReading
from comptoir.intake.storing import store_deliveries

READ_BACK = timedelta(days=30)
_TURN_S = 45.0
_PAUSE = timedelta(seconds=30)
#: Pages that lead no further, as the many comments of one post do, are read on for so long: there the next turn would
#: begin them anew. Then it is a network that gives the same for ever.
_LONGEST_STANDING_S = 900.0


@transaction.atomic
def begin_history(account_id: int, *, was_polled: bool = False) -> bool:
    """Have the account's history read, once in its life, or go on where it rests; whether it was begun now.

    An account that is polled waits for its first round (``was_polled``).
    """
    account = ChannelAccount.objects.filter(pk=account_id).first()
    try:
        kind = connector_class(account.kind) if account is not None else None
    except UnknownKindError:
        return False
    if account is None or kind is None or not issubclass(kind, ReadsHistory):
        return False
    reading, is_new = HistoryReading.objects.get_or_create(account=account, defaults={"since": now() - READ_BACK})
    if was_polled and reading.state == HistoryReading.State.DONE and _has_more_past(account, reading.cursor):
        reading.state, reading.since, reading.started_at = HistoryReading.State.READING, now() - READ_BACK, now()
        reading.save(update_fields=["state", "since", "started_at"])
    if reading.state == HistoryReading.State.READING and (was_polled or not issubclass(kind, Polls)):
        go_on(account_id)
    return is_new


def _has_more_past(account: ChannelAccount, cursor: dict[str, Any]) -> bool:
    """Whether rooms, or the like, were added since the history was read."""
    try:
        connector = parser_for(account)
    except (UnknownKindError, UnreadableSecretError):
        return False
    return isinstance(connector, ReadsHistory) and connector.has_more_past(cursor)


def began_at(account_id: int) -> datetime | None:
    """When the account's history was begun: what was said since is no history, though it is read with it."""
    return HistoryReading.objects.filter(account=account_id).values_list("started_at", flat=True).first()


def go_on(account_id: int) -> None:
    """Queue the next turn; one waits at a time."""
    defer("intake.read_history", lock=f"history:{account_id}", only_once=f"history:{account_id}", account_id=account_id)


def read_history(account_id: int) -> None:
    """Read on for one turn, and queue the next one. Raises Retry where the network wants us to wait."""
    reading = HistoryReading.objects.select_related("account").filter(account=account_id).first()
    if reading is None or reading.state != HistoryReading.State.READING:
        return
    if reading.account.status != ChannelAccount.Status.ACTIVE:
        return  # goes on when the account does
    try:
        is_over = _turn(reading)
    except TransientError as error:
        raise Retry(after=error.retry_after or _PAUSE) from error
    except AuthError as error:
        disconnect_account(reading.account, reason=error.reason)
        return
    except (PermanentError, UnreadableSecretError, UnknownKindError) as error:
        _end(reading, HistoryReading.State.FAILED, error.reason)
        return
    if is_over:
        _end(reading, HistoryReading.State.DONE)
    else:
        go_on(account_id)


def _turn(reading: HistoryReading) -> bool:
    """Store pages for a while; whether that was all of it."""
    began, until = reading.cursor, time.monotonic() + _TURN_S
    with opened(reading.account) as connector:
        assert isinstance(connector, ReadsHistory)
        for page in connector.history(reading.since, reading.cursor):
            _store(reading, page)
            late_s = time.monotonic() - until
            if late_s > 0 and reading.cursor != began:
                return False
            if late_s > _LONGEST_STANDING_S:
                raise PermanentError("The network’s history does not go on: it gives the same page again and again.")
    return True


@transaction.atomic
def _store(reading: HistoryReading, page: Page) -> None:
    stored = store_deliveries(reading.account_id, page.deliveries, as_history=True)
    reading.cursor = json.loads(json.dumps(storable_json(dict(page.cursor))))
    HistoryReading.objects.filter(pk=reading.pk).update(
        cursor=reading.cursor, deliveries=F("deliveries") + len(stored), updated_at=now()
    )


@transaction.atomic
def _end(reading: HistoryReading, state: HistoryReading.State, reason: str = "") -> None:
    HistoryReading.objects.filter(pk=reading.pk).update(state=state, reason=reason, updated_at=now())
    name = "history.read" if state == HistoryReading.State.DONE else "history.failed"
    record(name, subject=reading.account, reason=reason)
