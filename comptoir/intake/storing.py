"""Storing deliveries as they come."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import transaction

from comptoir.connectors.base import Delivery, Page
from comptoir.intake.cleaning import clipped, fitting_id, storable_json
from comptoir.intake.receiving.rows import rows, run

_MAX_KEY_BYTES = 255

STORE = """
INSERT INTO intake_rawdelivery
    (account_id, is_history, received_at, content_type, headers, body, key, state, tries, reason)
SELECT %s, %s, now(), content_type, headers::jsonb, body, key, 'new', 0, ''
FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::text[]) AS new (content_type, headers, body, key)
ON CONFLICT (account_id, key) WHERE key IS NOT NULL DO NOTHING
RETURNING id
"""

_ADVANCE = """
INSERT INTO channels_accounthealth (account_id, cursor, last_error, unsent_reason) VALUES (%s, %s::jsonb, '', '')
ON CONFLICT (account_id) DO UPDATE SET cursor = EXCLUDED.cursor
"""


def store_deliveries(account_id: int, deliveries: Sequence[Delivery], *, as_history: bool = False) -> list[int]:
    """Store deliveries in their order; the ids of those that were not there yet."""
    if not deliveries:
        return []
    columns = zip(*(_columns(delivery) for delivery in deliveries), strict=True)
    return [pk for (pk,) in rows(STORE, [account_id, as_history, *map(list, columns)])]


def store_delivery(account_id: int, delivery: Delivery) -> int | None:
    """Store one delivery; None when the network had delivered it before, under the same key."""
    stored = store_deliveries(account_id, [delivery])
    return stored[0] if stored else None


@transaction.atomic
def store_page(account_id: int, page: Page) -> int:
    """Store a page's deliveries together with the cursor that comes after them; how many were new."""
    stored = store_deliveries(account_id, page.deliveries)
    run(_ADVANCE, [account_id, json.dumps(storable_json(dict(page.cursor)))])
    return len(stored)


def _columns(delivery: Delivery) -> tuple[object, ...]:
    headers = {name.lower(): text for name, text in delivery.headers.items()}
    return (
        clipped(delivery.content_type, 255),
        json.dumps(storable_json(headers)) if headers else "{}",
        delivery.body,
        fitting_id(delivery.key, _MAX_KEY_BYTES) if delivery.key else None,
    )
