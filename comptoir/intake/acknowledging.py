"""What becomes of deliveries that were read: done, to be tried again, or set aside with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from comptoir.core.clock import now
from comptoir.core.reasons import kept
from comptoir.events.record import Happening, record_many
from comptoir.intake.receiving.rows import numbers, run

#: Tried again for about an hour and a half, then set aside.
MAX_TRIES = 8
_FIRST_PAUSE = timedelta(seconds=20)

_DONE = """
UPDATE intake_rawdelivery SET state = 'done', reason = '', not_before = NULL WHERE id = ANY(%s::bigint[])
"""
_LATER = """
UPDATE intake_rawdelivery AS raw
SET state = 'later', tries = raw.tries + 1, not_before = new.not_before, reason = new.reason
FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS new (id, not_before, reason) WHERE raw.id = new.id
"""
_SET_ASIDE = """
UPDATE intake_rawdelivery AS raw SET state = 'set_aside', tries = raw.tries + 1, not_before = NULL, reason = new.reason
FROM unnest(%s::bigint[], %s::text[]) AS new (id, reason) WHERE raw.id = new.id
"""
_ALIVE = "UPDATE channels_accounthealth SET last_delivery_at = %s WHERE account_id = %s"


def acknowledge(account_id: int, raw_ids: Sequence[int]) -> None:
    """These have become what they say."""
    if raw_ids:
        run(_DONE, [numbers(raw_ids)])
        run(_ALIVE, [now(), account_id])


def put_off(deliveries: Sequence[tuple[int, int, str]]) -> None:
    """These (id, tries so far, reason) could not be taken in now, but perhaps later."""
    if deliveries:
        present = now()
        pauses = [present + _FIRST_PAUSE * 2**tries for _, tries, _ in deliveries]
        run(_LATER, [[pk for pk, _, _ in deliveries], pauses, [kept(reason) for _, _, reason in deliveries]])


def set_aside(account_id: int, deliveries: Sequence[tuple[int, str]]) -> None:
    """These (id, reason) wait for a person, who can have them read again."""
    if deliveries:
        run(_SET_ASIDE, [[pk for pk, _ in deliveries], [kept(reason) for _, reason in deliveries]])
        record_many(
            Happening("delivery.set_aside", "rawdelivery", pk, reason=reason, details={"account_id": account_id})
            for pk, reason in deliveries
        )
