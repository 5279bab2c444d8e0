"""What came of the catalogue's answers: solved, or the customer came back within seven days.

Worked out from what happened, not counted as it happens: done again it comes to the same, in whatever order events
came.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction

from comptoir.core.clock import now

#: A customer who comes back later than this has another matter.
COMES_BACK_WITHIN = timedelta(days=7)
#: What was not resolved by then is no longer looked at.
_GIVEN_UP_AFTER = timedelta(days=60)

_TAKEN_BACK = """
DELETE FROM catalogue_entryuse AS used USING conversations_message AS message
WHERE message.id = used.message_id AND NOT used.is_settled AND message.state = 'cancelled'
"""
#: The first resolving after the reply; and the first word of the same person after that, wherever they said it.
_SETTLE = """
WITH open AS MATERIALIZED (
    SELECT used.id, used.used_at, conversation.id AS conversation_id, conversation.contact_id
    FROM catalogue_entryuse AS used
    JOIN conversations_conversation AS conversation ON conversation.id = used.conversation_id
    WHERE NOT used.is_settled
), resolved AS (
    SELECT open.id, open.contact_id, open.used_at, (
        SELECT min(event.at) FROM events_event AS event
        WHERE event.conversation_id = open.conversation_id AND event.name = 'conversation.resolved'
            AND event.at >= open.used_at
    ) AS at FROM open
), seen AS (
    SELECT resolved.id, resolved.at, resolved.used_at, (
        SELECT min(message.sent_at) FROM conversations_message AS message
        JOIN conversations_conversation AS theirs ON theirs.id = message.conversation_id
        WHERE theirs.contact_id = resolved.contact_id AND message.direction = 'incoming'
            AND message.sent_at > resolved.at AND message.sent_at <= resolved.at + %(within)s::interval
    ) AS came_back_at FROM resolved
)
UPDATE catalogue_entryuse AS used
SET resolved_at = seen.at, came_back_at = seen.came_back_at,
    is_settled = seen.came_back_at IS NOT NULL
        OR COALESCE(seen.at + %(within)s::interval, seen.used_at + %(given_up)s::interval) < %(now)s
FROM seen WHERE seen.id = used.id
    AND (used.resolved_at, used.came_back_at) IS DISTINCT FROM (seen.at, seen.came_back_at)
    OR seen.id = used.id AND COALESCE(seen.at + %(within)s::interval, seen.used_at + %(given_up)s::interval) < %(now)s
"""


def _sql(span: timedelta) -> str:
    return f"{span.total_seconds():.0f} seconds"


@transaction.atomic
def settle_answer_uses() -> int:
    """Look at every use of which it is not known yet what came of it; return how many have changed."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN_BACK)
        cursor.execute(_SETTLE, {"within": _sql(COMES_BACK_WITHIN), "given_up": _sql(_GIVEN_UP_AFTER), "now": now()})
        return int(cursor.rowcount)
