"""Taking one queued reply in hand: one conditional update decides which process sends it."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection, transaction

from comptoir.channels.models import ChannelAccount
from comptoir.connectors.base import Limits
from comptoir.connectors.registry import UnknownKindError, connector_class
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.delivery.budget import take_token, wait_for_token
from comptoir.delivery.models import Attempt
from comptoir.delivery.running import in_flight, this_worker

# A reply waits for those queued before it in the same conversation, unless they were meant to leave later.
_CLAIM = """
UPDATE conversations_message AS message SET state = 'sending'
FROM channels_channelaccount AS account
WHERE message.id = %(message)s AND message.state = 'queued' AND message.send_after <= %(now)s
    AND account.id = message.account_id AND account.status = 'active'
    AND NOT EXISTS (
        SELECT FROM conversations_message AS earlier
        WHERE earlier.conversation_id = message.conversation_id AND earlier.id < message.id
            AND (earlier.state = 'sending' OR earlier.state = 'queued' AND (
                earlier.send_after <= message.send_after
                OR EXISTS (SELECT FROM delivery_attempt AS attempt WHERE attempt.message_id = earlier.id)))
    )
RETURNING account.id, account.kind
"""
_OPEN_ATTEMPT = """
INSERT INTO delivery_attempt (message_id, number, started_at, outcome, reason, was_found, worker, is_superseded)
SELECT %(message)s, COALESCE(max(number), 0) + 1, %(now)s, '', '', false, %(worker)s, false
FROM delivery_attempt WHERE message_id = %(message)s
RETURNING id
"""


class NotYetError(Exception):
    """The reply must wait ``after`` some time: it is not due, or its account may not send now."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"in {after.total_seconds():.0f} s")
        self.after = after


def sends_per_minute(kind: str) -> int:
    """How fast a kind of network may be written to."""
    try:
        return connector_class(kind).limits.sends_per_minute
    except UnknownKindError:
        return Limits().sends_per_minute


def claim(message_id: int) -> Attempt | None:
    """Take one queued reply in hand and write down the attempt, committed before the network is called.

    None when there is nothing to do: another process has it, it was taken back, its account is not active (the queue is
    released when it is), or an earlier reply of the conversation goes first (and calls this one). Raises NotYetError.
    The caller takes the attempt out of `running.in_flight` when it is settled.
    """
    opened: list[int] = []
    try:
        with transaction.atomic():
            return _claimed(message_id, opened)
    except DatabaseError:
        in_flight.difference_update(opened)  # committed or not, nobody here goes on with it
        raise
    except _NoTokenError as error:
        raise NotYetError(
            wait_for_token(error.account_id, message_id, sends_per_minute=error.sends_per_minute)
        ) from None


class _NoTokenError(Exception):
    """Undoes the claim."""

    def __init__(self, account_id: int, sends_per_minute: int) -> None:
        self.account_id, self.sends_per_minute = account_id, sends_per_minute


def _claimed(message_id: int, opened: list[int]) -> Attempt | None:
    present = now()
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"message": message_id, "now": present})
        row = cursor.fetchone()
        if row is None:
            _raise_if_early(message_id)
            return None
        account_id, kind = row
        rate = sends_per_minute(kind)
        if not take_token(account_id, sends_per_minute=rate):
            raise _NoTokenError(account_id, rate)
        cursor.execute(_OPEN_ATTEMPT, {"message": message_id, "now": present, "worker": this_worker()})
        opened.append(cursor.fetchone()[0])
        in_flight.update(opened)  # before it is committed: recovery in this process must never see it as cut
        return Attempt.objects.select_related("message__account").get(pk=opened[0])


def _raise_if_early(message_id: int) -> None:
    """The job may run early when it was queued for another instant, or when clocks differ."""
    present = now()
    early = Message.objects.filter(pk=message_id, state=Message.State.QUEUED, send_after__gt=present)
    due = early.filter(account__status=ChannelAccount.Status.ACTIVE).values_list("send_after", flat=True).first()
    if due is not None:
        raise NotYetError(due - present)
