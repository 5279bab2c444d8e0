"""What a conversation says of its messages, computed again from them, so that the order of arrival is no matter."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from comptoir.intake.arrivals import Arrival
from comptoir.intake.receiving.rows import Exchange, rows, run

# A customer waits since the first of their messages that came after our last answer. Only messages from `asked_at` on,
# the earliest that this batch brought, or from the instant since which they waited already: what was settled before
# stays settled, and no older message need be read for it.
_RECOUNT = """
WITH touched AS (
    SELECT * FROM json_to_recordset(%s::json)
        AS touched (id bigint, first_at timestamptz, asked_at timestamptz, has_subject boolean, has_language boolean)
), recounted AS (
    SELECT touched.id, conversation.waiting_since AS waited_since,
        LEAST(conversation.started_at, touched.first_at) AS started_at,
        COALESCE(last.at, conversation.last_message_at) AS last_message_at,
        COALESCE(shown.text, '') AS last_message_text,
        heard.at AS last_incoming_at,
        CASE WHEN conversation.status <> 'resolved' AND NOT conversation.is_spam THEN unanswered.at END
            AS waiting_since,
        COALESCE(named.subject, conversation.subject) AS subject,
        COALESCE(spoken.language, conversation.language) AS language
    FROM touched
    JOIN conversations_conversation AS conversation ON conversation.id = touched.id
    LEFT JOIN LATERAL (
        SELECT max(sent_at) AS at FROM conversations_message
        WHERE conversation_id = touched.id AND state <> 'cancelled') AS last ON true
    LEFT JOIN LATERAL (
        SELECT left(text, 200) AS text FROM conversations_message
        WHERE conversation_id = touched.id AND state <> 'cancelled' AND deleted_at IS NULL
        ORDER BY sent_at DESC, external_id COLLATE "C" DESC NULLS LAST, id DESC LIMIT 1) AS shown ON true
    LEFT JOIN LATERAL (
        SELECT max(sent_at) AS at FROM conversations_message
        WHERE conversation_id = touched.id AND direction = 'incoming') AS heard ON true
    LEFT JOIN LATERAL (
        SELECT max(sent_at) AS at FROM conversations_message
        WHERE conversation_id = touched.id AND direction = 'outgoing' AND NOT is_automatic
            AND state IN ('sent', 'delivered', 'read')
            AND sent_at >= LEAST(conversation.waiting_since, touched.asked_at)) AS answered ON true
    LEFT JOIN LATERAL (
        SELECT min(sent_at) AS at FROM conversations_message
        WHERE conversation_id = touched.id AND direction = 'incoming' AND NOT is_automatic AND deleted_at IS NULL
            AND call_state NOT IN ('answered', 'ended')
            AND sent_at > COALESCE(answered.at, '-infinity')
            AND sent_at >= LEAST(conversation.waiting_since, touched.asked_at)) AS unanswered ON true
    LEFT JOIN LATERAL (
        SELECT subject FROM conversations_message
        WHERE touched.has_subject AND conversation_id = touched.id AND subject <> ''
        ORDER BY sent_at, external_id COLLATE "C" LIMIT 1) AS named ON true
    LEFT JOIN LATERAL (
        SELECT language FROM conversations_message
        WHERE touched.has_language AND conversation_id = touched.id AND direction = 'incoming' AND language <> ''
        ORDER BY sent_at DESC, external_id COLLATE "C" DESC LIMIT 1) AS spoken ON true
), changed AS (
    UPDATE conversations_conversation AS conversation
    SET started_at = new.started_at, last_message_at = new.last_message_at, last_message_text = new.last_message_text,
        last_incoming_at = new.last_incoming_at, waiting_since = new.waiting_since,
        subject = new.subject, language = new.language
    FROM recounted AS new
    WHERE conversation.id = new.id
        AND (conversation.started_at, conversation.last_message_at, conversation.last_message_text,
            conversation.last_incoming_at, conversation.waiting_since, conversation.subject, conversation.language)
        IS DISTINCT FROM (new.started_at, new.last_message_at, new.last_message_text,
            new.last_incoming_at, new.waiting_since, new.subject, new.language)
    RETURNING conversation.id, new.waited_since, conversation.waiting_since
)
SELECT id, waiting_since FROM changed WHERE (waited_since IS NULL) <> (waiting_since IS NULL)
"""

_END_LATER = """
UPDATE conversations_conversation SET resolved_at = last_message_at
WHERE id = ANY(%s) AND status = 'resolved' AND resolved_at < last_message_at
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Since when customers wait, by conversation: those who began to, and those who no longer do."""

    began: Mapping[int, datetime]
    ended: Sequence[int]


def recount(
    conversation_ids: Iterable[int],
    new_messages: Mapping[int, Sequence[Arrival]],
    *,
    unanswered: Container[int] = (),
    as_history: bool = False,
) -> Waiting:
    """Bring conversations up to date with their messages, of which ``new_messages`` have just been stored.

    ``unanswered``: where an answer did not arrive, so that whoever had waited for it waits again. ``as_history``:
    nobody begins to wait because of them, and a conversation was over no sooner than its last message.
    """
    touched = sorted(set(conversation_ids))
    if not touched:
        return Waiting({}, [])
    told = [_row(pk, new_messages.get(pk, ()), pk in unanswered, as_history) for pk in touched]
    changed = rows(_RECOUNT, [json.dumps(told)])
    if as_history:
        run(_END_LATER, [touched])
    return Waiting(
        began={pk: since for pk, since in changed if since is not None},
        ended=sorted(pk for pk, since in changed if since is None),
    )


def _row(conversation_id: int, messages: Sequence[Arrival], is_unanswered: bool, as_history: bool) -> dict[str, object]:
    first_at = min((one.at for one in messages), default=None)
    asked_at = min((one.at for one in messages if one.asks and not as_history), default=None)
    if is_unanswered:
        asked_at = datetime.min.replace(tzinfo=UTC)
    return {
        "id": conversation_id,
        "first_at": first_at.isoformat() if first_at else None,
        "asked_at": asked_at.isoformat() if asked_at else None,
        "has_subject": any(one.event.subject for one in messages),
        "has_language": any(one.event.language for one in messages),
    }


def waiting_in_new(exchanges: Sequence[Exchange]) -> dict[int, datetime]:
    """Since when customers wait in conversations that this batch began, as their rows already say."""
    waiting: dict[int, datetime] = {}
    for exchange in exchanges:
        answers = [one.at for one in exchange.messages if one.is_ours and not one.event.automatic]
        asked = [one.at for one in exchange.messages if one.asks and (not answers or one.at > max(answers))]
        if asked and not exchange.is_spam:
            waiting[exchange.id] = min(asked)
    return waiting
