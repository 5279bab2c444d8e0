"""Storing the messages of a batch, and the files beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from comptoir.connectors.base import MEMBERS_ONLY, THREAD_AUTHOR, Attachment, NetworkEvent
from comptoir.conversations.actions import attach_received
from comptoir.conversations.models import Message
from comptoir.core.clock import now
from comptoir.core.recordset import recordset
from comptoir.intake.arrivals import Arrival
from comptoir.intake.cleaning import MAX_TEXT_CHARS, clipped, storable_json
from comptoir.intake.receiving.exchanges import in_time
from comptoir.intake.receiving.rows import Exchange, Person, rows

_ADD = """
INSERT INTO conversations_message (conversation_id, account_id, direction, visibility, kind, state, key, external_id,
    parent_external_id, identity_id, is_automatic, is_unreadable, text, html, quoted, signature, subject, language,
    rating_value, rating_best, call_state, url, custom, sent_at, hidden_at, hold_told_at, created_at, failure)
SELECT conversation_id, %s, direction, visibility, kind, state, gen_random_uuid(), external_id,
    COALESCE(parent_external_id, ''), identity_id, COALESCE(is_automatic, false), COALESCE(is_unreadable, false),
    COALESCE(text, ''), COALESCE(html, ''), COALESCE(quoted, ''), COALESCE(signature, ''), COALESCE(subject, ''),
    COALESCE(language, ''), rating_value, rating_best, COALESCE(call_state, ''), COALESCE(url, ''),
    COALESCE(custom, '{}'), sent_at, hidden_at, hold_told_at, %s, ''
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
    written = recordset([_row(*one) for one in in_order])
    added = {name: pk for pk, name in rows(_ADD, [account_id, now(), written])}
    _add_files([(added[arrival.external_id], arrival) for arrival, _, _ in in_order if arrival.external_id in added])
    return added


def _row(arrival: Arrival, exchange: Exchange, person: Person | None) -> dict[str, object]:
    """What there is to say of it: most messages have text and little else."""
    event = arrival.event
    row: dict[str, object] = {
        "conversation_id": exchange.id,
        "direction": "outgoing" if arrival.is_ours else "incoming",
        "visibility": arrival.visibility,
        "kind": str(event.event)[:12],
        "state": Message.State.SENT.value if arrival.is_ours else Message.State.RECEIVED.value,
        "external_id": arrival.external_id,
        "parent_external_id": arrival.parent_id or None,
        "identity_id": None if arrival.is_ours or person is None else person.identity_id,
        "text": arrival.text,
        "sent_at": arrival.at,
        **{name: clipped(text, chars) for name, text, chars in _texts(event) if text},
    }
    if event.automatic:
        row["is_automatic"] = True
    if event.is_unreadable:
        row["is_unreadable"] = True
    if event.rating is not None:
        row["rating_value"], row["rating_best"] = rated(arrival)
    if event.call is not None:
        row["call_state"] = event.call.state
    if event.is_held is not None:
        row["hold_told_at"] = arrival.told_at
        row["hidden_at"] = arrival.at if event.is_held else None
    if custom := _kept(event):
        row["custom"] = storable_json(custom)
    return row


def _texts(event: NetworkEvent) -> tuple[tuple[str, str | None, int], ...]:
    """Texts beside what was said, each with the characters that its column holds."""
    return (
        ("html", event.html, MAX_TEXT_CHARS),
        ("quoted", event.quoted, MAX_TEXT_CHARS),
        ("signature", event.signature, MAX_TEXT_CHARS),
        ("subject", event.subject, 500),
        ("language", event.language, 12),
        ("url", event.url, 4000),
    )


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
