"""What a conversation says of its messages, computed again from them, so that the order of arrival is no matter."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from comptoir.conversations.models.conversation import PREVIEW_CHARS
from comptoir.core.recordset import recordset
from comptoir.intake.arrivals import Arrival, language_of, subject_of
from comptoir.intake.receiving.rows import Exchange, rows, run

# Where customers have only said more, after all that was said, nothing stored need be read: the batch knows what its
# last message says. The first to name a subject named it.
_SAY_MORE = """
UPDATE conversations_conversation AS conversation
SET last_message_at = told.last_at, last_message_text = told.last_text, last_incoming_at = told.last_at,
    waiting_since = CASE WHEN before.status <> 'resolved' AND NOT before.is_spam
        THEN LEAST(before.waiting_since, told.asked_at) END,
    subject = COALESCE(NULLIF(before.subject, ''), told.subject),
    language = COALESCE(NULLIF(told.language, ''), before.language)
FROM json_to_recordset(%s::json) AS told (id bigint, first_at timestamptz, last_at timestamptz, last_text text,
        asked_at timestamptz, subject text, language text)
    JOIN conversations_conversation AS before USING (id)
WHERE conversation.id = told.id AND told.first_at > before.last_message_at
RETURNING conversation.id, CASE WHEN before.waiting_since IS NULL THEN conversation.waiting_since END,
    before.waiting_since IS NOT NULL AND conversation.waiting_since IS NULL
"""

# A customer waits since the first of their messages after our last answer; a call that was taken is one, one of ours
# that nobody took is none, nor is what was read and calls for none (`is_waived`).
# Only messages from `asked_at` on, the earliest that this batch brought, or from the instant since which they waited
# already: what was settled before stays settled, and no older message need be read for it. A review was said again
# each time that it was changed.
_RECOUNT = """
WITH told AS (
    SELECT * FROM json_to_recordset(%s::json) AS told (id bigint, first_at timestamptz, asked_at timestamptz,
        has_subject boolean, has_language boolean)
), touched AS (
    SELECT told.*, conversation.status <> 'resolved' AND NOT conversation.is_spam AS can_wait,
        conversation.started_at AS started_before, conversation.last_message_at AS last_before,
        conversation.waiting_since AS waited_since, conversation.subject, conversation.language
    FROM told JOIN conversations_conversation AS conversation USING (id)
), recounted AS (
    SELECT touched.id, touched.waited_since,
        LEAST(touched.started_before, touched.first_at) AS started_at,
        COALESCE(last.at, last_before) AS last_message_at,
        COALESCE(shown.text, '') AS last_message_text,
        heard.at AS last_incoming_at,
        CASE WHEN can_wait THEN unanswered.at END AS waiting_since,
        COALESCE(named.subject, touched.subject) AS subject,
        COALESCE(spoken.language, touched.language) AS language
    FROM touched
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
        WHERE conversation_id = touched.id AND (call_state IN ('answered', 'ended')
                OR (direction = 'outgoing' AND NOT is_automatic AND state IN ('sent', 'delivered', 'read')
                    AND call_state NOT IN ('ringing', 'missed')))
            AND sent_at >= LEAST(touched.waited_since, touched.asked_at)) AS answered ON true
    LEFT JOIN LATERAL (
        SELECT LEAST((
            SELECT min(sent_at) FROM conversations_message
            WHERE conversation_id = touched.id AND direction = 'incoming' AND NOT is_automatic
                AND NOT is_waived AND deleted_at IS NULL AND call_state NOT IN ('answered', 'ended')
                AND sent_at > COALESCE(answered.at, '-infinity')
                AND sent_at >= LEAST(touched.waited_since, touched.asked_at)
        ), (
            SELECT min(changed.replaced_at) FROM conversations_message AS review
            JOIN conversations_formertext AS changed ON changed.message_id = review.id
            WHERE conversation_id = touched.id AND direction = 'incoming' AND NOT is_automatic
                AND kind = 'review' AND edited_at >= LEAST(touched.waited_since, touched.asked_at)
                AND deleted_at IS NULL AND changed.replaced_at > COALESCE(answered.at, '-infinity')
                AND changed.replaced_at >= LEAST(touched.waited_since, touched.asked_at)
        )) AS at) AS unanswered ON true
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
    RETURNING conversation.id, CASE WHEN new.waited_since IS NULL THEN conversation.waiting_since END AS began_at,
        new.waited_since IS NOT NULL AND conversation.waiting_since IS NULL AS has_ended
)
SELECT id, began_at, has_ended FROM changed
"""

_END_LATER = """
UPDATE conversations_conversation SET resolved_at = last_message_at
WHERE id = ANY(%s) AND status = 'resolved' AND resolved_at < last_message_at
"""


_STOP_WAITING = """
UPDATE conversations_conversation SET waiting_since = NULL WHERE id = ANY(%s) AND waiting_since IS NOT NULL
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
    only_more: Container[int] = (),
    unanswered: Container[int] = (),
    revised: Mapping[int, datetime] = MappingProxyType({}),
    as_history: bool = False,
) -> Waiting:
    """Bring conversations up to date with their messages, of which ``new_messages`` have just been stored.

    ``only_more``: where nothing else has happened. ``unanswered``: where an answer did not arrive, so that whoever had
    waited for it waits again. ``revised``: where a review was changed, and when. ``as_history``: nobody begins to wait
    because of them, and a conversation was over no sooner than its last message.
    """
    touched = sorted(set(conversation_ids))
    if not touched:
        return Waiting({}, [])
    said = {pk: sorted(new_messages.get(pk, ()), key=_by_time) for pk in touched}
    grown = {
        pk: messages
        for pk, messages in said.items()
        if messages and pk in only_more and not any(one.is_ours or one.answers for one in messages)
    }
    more = [_said_more(pk, messages, as_history=as_history) for pk, messages in grown.items()]
    updated = rows(_SAY_MORE, [recordset(more)]) if more else []
    done = {pk for pk, _began_at, _has_ended in updated}
    told = [
        _said(pk, said[pk], pk in unanswered, revised.get(pk), as_history=as_history)
        for pk in touched
        if pk not in done
    ]
    updated += rows(_RECOUNT, [recordset(told)]) if told else []
    if as_history:
        run(_END_LATER, [touched])
    return Waiting(
        began={pk: began_at for pk, began_at, _has_ended in updated if began_at is not None},
        ended=sorted(pk for pk, _began_at, has_ended in updated if has_ended),
    )


def _said_more(conversation_id: int, messages: Sequence[Arrival], *, as_history: bool) -> dict[str, object]:
    return {
        "id": conversation_id,
        "first_at": messages[0].at,
        "last_at": messages[-1].at,
        "last_text": messages[-1].text[:PREVIEW_CHARS],
        "asked_at": None if as_history else _asked_at(messages),
        "subject": subject_of(messages),
        "language": language_of(messages),
    }


def _said(
    conversation_id: int,
    messages: Sequence[Arrival],
    is_unanswered: bool,
    revised_at: datetime | None,
    *,
    as_history: bool,
) -> dict[str, object]:
    asked_at = None if as_history else _asked_at(messages)
    if revised_at is not None:
        asked_at = min(revised_at, asked_at or revised_at)
    if is_unanswered:
        asked_at = datetime.min.replace(tzinfo=UTC)
    return {
        "id": conversation_id,
        "first_at": messages[0].at if messages else None,
        "asked_at": asked_at,
        "has_subject": revised_at is not None or any(one.event.subject for one in messages),
        "has_language": any(one.event.language for one in messages),
    }


def _asked_at(messages: Sequence[Arrival]) -> datetime | None:
    for one in messages:
        if one.asks:
            return one.at
    return None


def _by_time(arrival: Arrival) -> tuple[datetime, bytes]:
    """The order that the database gives messages."""
    return arrival.at, arrival.external_id.encode()


def stop_waiting(conversation_ids: Sequence[int]) -> None:
    """Nobody waits there: whoever asks not to be written to cannot be owed an answer."""
    if conversation_ids:
        run(_STOP_WAITING, [list(conversation_ids)])


def waiting_in_new(exchanges: Sequence[Exchange]) -> dict[int, datetime]:
    """Since when customers wait in conversations that this batch began, as their rows already say."""
    waiting: dict[int, datetime] = {}
    for exchange in exchanges:
        answers = [one.at for one in exchange.messages if one.answers]
        asked = [one.at for one in exchange.messages if one.asks and (not answers or one.at > max(answers))]
        if asked and not exchange.is_spam:
            waiting[exchange.id] = min(asked)
    return waiting
