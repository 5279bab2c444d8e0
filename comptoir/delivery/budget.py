"""How fast an account may send: one token bucket for each, in the database, shared by every process."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import OuterRef, Subquery

from comptoir.core.clock import now
from comptoir.delivery.models import SendBudget

_TAKE = """
INSERT INTO delivery_sendbudget AS budget (account_id, tokens, refilled_at) VALUES (%(account)s, %(burst)s - 1, %(now)s)
ON CONFLICT (account_id) DO UPDATE SET
    tokens = LEAST(%(burst)s, budget.tokens
        + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - budget.refilled_at))::float8 * %(a_second)s) - 1,
    refilled_at = GREATEST(budget.refilled_at, %(now)s)
WHERE LEAST(%(burst)s, budget.tokens
        + GREATEST(0, EXTRACT(EPOCH FROM %(now)s - budget.refilled_at))::float8 * %(a_second)s) >= 1
    AND (budget.blocked_until IS NULL OR budget.blocked_until <= %(now)s)
RETURNING tokens
"""
_STATE = "SELECT tokens, refilled_at, blocked_until FROM delivery_sendbudget WHERE account_id = %s"
_BLOCK = """
INSERT INTO delivery_sendbudget AS budget (account_id, tokens, refilled_at, blocked_until)
VALUES (%(account)s, 0, %(now)s, %(until)s)
ON CONFLICT (account_id) DO UPDATE SET blocked_until = GREATEST(budget.blocked_until, %(until)s)
"""
_WAITING_BEFORE = """
SELECT count(*) FROM (
    SELECT FROM conversations_message
    WHERE account_id = %s AND state = 'queued' AND send_after <= %s AND id < %s LIMIT 5000
) AS before
"""


def pace(sends_per_minute: int) -> tuple[float, float]:
    """How many may leave at once and how many more a second, so that no minute sees more than ``sends_per_minute``."""
    allowed = max(1, sends_per_minute)
    burst = max(1, allowed // 6)
    return float(burst), max(allowed - burst, allowed / 2) / 60


def take_token(account_id: int, *, sends_per_minute: int) -> bool:
    """Take the right to send one message now, in the current transaction; False when there is none."""
    burst, a_second = pace(sends_per_minute)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"account": account_id, "burst": burst, "a_second": a_second, "now": now()})
        return cursor.fetchone() is not None


def wait_for_token(account_id: int, message_id: int, *, sends_per_minute: int) -> timedelta:
    """How long ``message_id`` should wait before it asks again, behind those of its account that came first."""
    burst, a_second = pace(sends_per_minute)
    present = now()
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [account_id])
        tokens, refilled_at, blocked_until = cursor.fetchone() or (burst, present, None)
        cursor.execute(_WAITING_BEFORE, [account_id, present, message_id])
        waiting_before = cursor.fetchone()[0]
    missing = waiting_before + 1 - tokens
    token_at = refilled_at + timedelta(seconds=max(0.0, missing / a_second))
    return max(timedelta(seconds=1), max(token_at, blocked_until or token_at) - present)


def block(account_id: int, *, until: datetime) -> None:
    """The network asked us to keep quiet: nothing leaves from this account before ``until``."""
    with connection.cursor() as cursor:
        cursor.execute(_BLOCK, {"account": account_id, "now": now(), "until": until})


def quiet_until() -> Subquery:
    """Of a message, until when its network wants to hear nothing from its account; null where it has not asked."""
    asked = SendBudget.objects.filter(account=OuterRef("account_id"), blocked_until__gt=now())
    return Subquery(asked.values("blocked_until")[:1])
