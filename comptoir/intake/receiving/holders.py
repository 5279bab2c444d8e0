"""Who goes on with exchanges that several applications of an account share, as the network tells."""

from __future__ import annotations

from collections.abc import Iterable

from comptoir.channels.models import LONGEST_APPLICATION, ThreadHolder
from comptoir.connectors.base import Holder
from comptoir.events.record import SYSTEM, Happening
from comptoir.intake.arrivals import Arrival
from comptoir.intake.cleaning import clipped
from comptoir.intake.receiving.rows import rows

_LIVE = """
SELECT id, thread_id FROM conversations_conversation
WHERE account_id = %(account)s AND thread_id = ANY(%(threads)s) AND status <> 'resolved'
"""


def apply_holders(account_id: int, arrived: Iterable[Arrival]) -> list[Happening]:
    """Keep the last that was told of each exchange; what is to be recorded of them: taken, passed or asked for."""
    told: dict[str, ThreadHolder] = {}
    for arrival in sorted(arrived, key=lambda one: one.at):
        holder = arrival.event.holder
        if holder is None or not arrival.thread_id:
            continue
        row, before = _row(account_id, arrival, holder), told.get(arrival.thread_id)
        if before is None or row.goes_on_from(before):
            told[arrival.thread_id] = row
    changed = ThreadHolder.objects.keep(account_id, told.values()) if told else {}
    if not changed:
        return []
    live = rows(_LIVE, {"account": account_id, "threads": list(changed)})
    return [Happening(f"conversation.thread_{changed[thread]}", "conversation", pk, SYSTEM, pk) for pk, thread in live]


def _row(account_id: int, arrival: Arrival, holder: Holder) -> ThreadHolder:
    row = ThreadHolder(
        account_id=account_id,
        thread_id=arrival.thread_id,
        is_ours=holder.is_ours,
        application=clipped(holder.application, LONGEST_APPLICATION),
        since_at=arrival.at,
        told_at=arrival.at,
        asked_by=clipped(holder.asked_by, LONGEST_APPLICATION),
        asked_at=arrival.at if holder.asked_by else None,
    )
    row.is_implied = holder.is_implied
    return row
