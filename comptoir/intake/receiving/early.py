"""What came before the message it is about, kept until that one comes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from comptoir.core.clock import now
from comptoir.intake.arrivals import Arrival, arrivals, event_as_json, event_from_json, fingerprint
from comptoir.intake.receiving.rows import rows, run, texts

_KEEP = """
INSERT INTO intake_earlychange (account_id, target_id, fingerprint, event, received_at)
SELECT %s, target_id, fingerprint, event::jsonb, %s
FROM unnest(%s::text[], %s::text[], %s::text[]) AS new (target_id, fingerprint, event)
ORDER BY target_id, fingerprint
ON CONFLICT (account_id, target_id, fingerprint) DO NOTHING
"""

_TAKE = """
DELETE FROM intake_earlychange WHERE account_id = %s AND target_id = ANY(%s::text[]) RETURNING event, received_at
"""


def waits_for(arrival: Arrival) -> str:
    """What must come before this one is of use: the message it changes, the one it answers, or any of its thread."""
    if not arrival.is_spoken:
        return arrival.target_id
    return arrival.parent_id or (f"thread {arrival.thread_id}" if arrival.thread_id else "")


def keep_early(account_id: int, early: Sequence[Arrival]) -> None:
    """Keep events whose target is not known; the same one is kept once."""
    kept = [(waits_for(arrival), fingerprint(arrival), json.dumps(event_as_json(arrival))) for arrival in early]
    kept = [one for one in kept if one[0]]
    if kept:
        targets, prints, events = (list(column) for column in zip(*kept, strict=True))
        run(_KEEP, [account_id, now(), targets, prints, events])


def take_early(account_id: int, own_id: str, messages: Iterable[Arrival]) -> list[Arrival]:
    """Everything that waited for these messages, no longer kept, nor what waited for that in turn."""
    wanted = _awaited(messages)
    taken: list[Arrival] = []
    while wanted:
        found = rows(_TAKE, [account_id, texts(sorted(wanted))])
        present = [
            arrival
            for event, received_at in found
            for arrival in arrivals(
                [event_from_json(json.loads(event))],
                own_id=own_id,
                received_at=received_at,
            )
        ]
        taken += present
        wanted = _awaited(arrival for arrival in present if arrival.is_spoken)
    return taken


def _awaited(messages: Iterable[Arrival]) -> set[str]:
    awaited: set[str] = set()
    for arrival in messages:
        awaited.add(arrival.external_id)
        if arrival.thread_id and arrival.is_private:
            awaited.add(f"thread {arrival.thread_id}")
    return awaited
