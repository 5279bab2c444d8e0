"""Storing the messages of a batch, and the files beside them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from comptoir.connectors.base import Attachment
from comptoir.conversations.actions import attach_received
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.intake.arrivals import Arrival
from comptoir.intake.cleaning import clipped, storable_json
from comptoir.intake.receiving.exchanges import in_time
from comptoir.intake.receiving.rows import Exchange, Person, rows

_ADD = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, is_automatic, text, html, quoted, signature, subject, language, rating_value, rating_best,
    url, custom, sent_at, created_at, failure)
SELECT conversation_id, %s, direction, visibility, kind, state, gen_random_uuid(), external_id,
    parent_external_id, identity_id, is_automatic, text, html, quoted, signature, subject, language, rating_value, rating_best,
    url, custom::jsonb, sent_at, %s, ''
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::boolean[],
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::float8[], %s::text[], %s::text[],
    %s::timestamptz[])
    AS new (conversation_id, direction, visibility, kind, state, external_id, parent_external_id, identity_id, is_automatic,
    text, html, quoted, signature, subject, language, rating_value, rating_best, url, custom, sent_at)
ON CONFLICT (account_id, external_id) WHERE external_id IS NOT NULL DO NOTHING
RETURNING id, external_id
"""

Placed = tuple[Arrival, Exchange, Person | None]


def add_messages(account_id: int, placed: Sequence[Placed]) -> dict[str, int]:
    """Store messages; return the new ids by external id. What was there already is left as it is."""
    if not placed:
        return {}
    in_order = sorted(placed, key=lambda one: in_time(one[0]))
    columns = zip(*(_columns(*one) for one in in_order), strict=True)
    added = {name: pk for pk, name in rows(_ADD, [account_id, now(), *map(list, columns)])}
    _add_files([(added[arrival.external_id], arrival) for arrival, _, _ in in_order if arrival.external_id in added])
    return added


def _columns(arrival: Arrival, exchange: Exchange, person: Person | None) -> tuple[object, ...]:
    event = arrival.event
    return (
        exchange.id,
        "outgoing" if arrival.is_ours else "incoming",
        arrival.visibility,
        str(event.event)[:12],
        Message.State.SENT.value if arrival.is_ours else Message.State.RECEIVED.value,
        arrival.external_id,
        arrival.parent_id,
        None if arrival.is_ours or person is None else person.identity_id,
        event.automatic,
        clipped(event.text),
        clipped(event.html),
        clipped(event.quoted),
        clipped(event.signature),
        clipped(event.subject, 500),
        clipped(event.language, 12),
        event.rating.value if event.rating else None,
        event.rating.best if event.rating else None,
        clipped(event.url, 4000),
        json.dumps(storable_json(dict(event.custom))) if event.custom else "{}",
        arrival.at,
    )


def _add_files(messages: Sequence[tuple[int, Arrival]]) -> None:
    for message_id, arrival in messages:
        if arrival.event.attachments:
            attach_received(Message(pk=message_id), [_storable_file(file) for file in arrival.event.attachments])


def _storable_file(file: Attachment) -> Attachment:
    return replace(
        file,
        url=clipped(file.url, 8000) or None,
        name=clipped(file.name, 255) or None,
        mime_type=clipped(file.mime_type, 255) or None,
        alt_text=clipped(file.alt_text, 10_000) or None,
        content_id=clipped(file.content_id, 255) or None,
        size_bytes=file.size_bytes if file.size_bytes is not None and 0 <= file.size_bytes < 2**62 else None,
    )
