"""Storing the messages of a batch, and the files beside them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from comptoir.connectors.base import MEMBERS_ONLY, THREAD_AUTHOR, Attachment, NetworkEvent
from comptoir.conversations.actions import attach_received
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.intake.arrivals import Arrival
from comptoir.intake.cleaning import clipped, storable_json
from comptoir.intake.receiving.exchanges import in_time
from comptoir.intake.receiving.rows import Exchange, Person, rows

_ADD = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, is_automatic, is_unreadable, text, html, quoted, signature, subject, language,
    rating_value, rating_best, call_state, url, custom, sent_at, hidden_at, hold_told_at, created_at, failure)
SELECT conversation_id, %s, direction, visibility, kind, state, gen_random_uuid(), external_id,
    parent_external_id, identity_id, is_automatic, is_unreadable, text, html, quoted, signature, subject, language,
    rating_value, rating_best, call_state, url, custom, sent_at, hidden_at, hold_told_at, %s, ''
FROM json_to_recordset(%s::json) AS new (conversation_id bigint, direction text, visibility text, kind text, state text,
    external_id text, parent_external_id text, identity_id bigint, is_automatic boolean,
    is_unreadable boolean, text text, html text,
    quoted text, signature text, subject text, language text, rating_value float8, rating_best float8,
    call_state text, url text, custom jsonb, sent_at timestamptz, hidden_at timestamptz,
    hold_told_at timestamptz)
ON CONFLICT (account_id, external_id) WHERE external_id IS NOT NULL DO NOTHING
RETURNING id, external_id
"""

Placed = tuple[Arrival, Exchange, Person | None]


def add_messages(account_id: int, placed: Sequence[Placed]) -> dict[str, int]:
    """Store messages; return the new ids by external id. What was there already is left as it is."""
    if not placed:
        return {}
    in_order = sorted(placed, key=lambda one: in_time(one[0]))
    written = json.dumps([_row(*one) for one in in_order], ensure_ascii=False)
    added = {name: pk for pk, name in rows(_ADD, [account_id, now(), written])}
    _add_files([(added[arrival.external_id], arrival) for arrival, _, _ in in_order if arrival.external_id in added])
    return added


def _row(arrival: Arrival, exchange: Exchange, person: Person | None) -> dict[str, object]:
    event = arrival.event
    return {
        "conversation_id": exchange.id,
        "direction": "outgoing" if arrival.is_ours else "incoming",
        "visibility": arrival.visibility,
        "kind": str(event.event)[:12],
        "state": Message.State.SENT.value if arrival.is_ours else Message.State.RECEIVED.value,
        "external_id": arrival.external_id,
        "parent_external_id": arrival.parent_id,
        "identity_id": None if arrival.is_ours or person is None else person.identity_id,
        "is_automatic": event.automatic,
        "is_unreadable": event.is_unreadable,
        "text": clipped(event.text),
        "html": clipped(event.html),
        "quoted": clipped(event.quoted),
        "signature": clipped(event.signature),
        "subject": clipped(event.subject, 500),
        "language": clipped(event.language, 12),
        "rating_value": rated(arrival).value,
        "rating_best": rated(arrival).best,
        "call_state": event.call.state if event.call else "",
        "url": clipped(event.url, 4000),
        "custom": storable_json(_kept(event)),
        "sent_at": arrival.at.isoformat(),
        "hidden_at": arrival.at.isoformat() if event.is_held else None,
        "hold_told_at": arrival.told_at.isoformat() if event.is_held is not None else None,
    }


def _kept(event: NetworkEvent) -> dict[str, Any]:
    """What the connector wants back, and who began the thread and who reads along, where the network told."""
    began = {THREAD_AUTHOR: event.thread_author_id} if event.thread_author_id else {}
    closed = {MEMBERS_ONLY: True} if event.is_members_only else {}
    return {**event.custom, **began, **closed}


class Rated(NamedTuple):
    """A rating as the database can keep it; both None where there is none."""

    value: float | None = None
    best: float | None = None


def rated(arrival: Arrival) -> Rated:
    """The stars that came with an event, where they are numbers."""
    rating = arrival.event.rating
    if rating is None or not (math.isfinite(rating.value) and math.isfinite(rating.best)):
        return Rated()
    return Rated(rating.value, rating.best)


def _add_files(messages: Sequence[tuple[int, Arrival]]) -> None:
    for message_id, arrival in messages:
        if arrival.event.attachments:
            attach_received(Message(pk=message_id), [storable_file(file) for file in arrival.event.attachments])


def storable_file(file: Attachment) -> Attachment:
    """A file as the database can keep it: nothing longer than its column, nothing that is no size."""
    return replace(
        file,
        url=clipped(file.url, 8000) or None,
        name=clipped(file.name, 255) or None,
        mime_type=clipped(file.mime_type, 255) or None,
        alt_text=clipped(file.alt_text, 10_000) or None,
        content_id=clipped(file.content_id, 255) or None,
        size_bytes=file.size_bytes if file.size_bytes is not None and 0 <= file.size_bytes < 2**62 else None,
    )
