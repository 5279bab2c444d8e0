"""What a conversation is filtered by, made from the analyses of what the customer said in their last turn."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

#: More of one turn than this is not looked at.
_MOST = 100

_BEGIN = """
INSERT INTO analysis_conversationreading (conversation_id, language, sentiment, intent, needs_answer, urgency)
SELECT id, 'und', 'neutral', 'chatter', false, 0 FROM conversations_conversation WHERE id = ANY(%s) ORDER BY id
ON CONFLICT (conversation_id) DO NOTHING
"""
# Whoever else retells one of these waits here, and then sees what we have written.
_HOLD = "SELECT FROM analysis_conversationreading WHERE conversation_id = ANY(%s) ORDER BY conversation_id FOR UPDATE"
_RETELL = """
WITH turn AS (
    SELECT wanted.id AS conversation_id, said.*
    FROM unnest(%(ids)s::bigint[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT max(sent_at) AS at FROM conversations_message
        WHERE conversation_id = wanted.id AND direction = 'incoming' AND NOT is_automatic AND deleted_at IS NULL
    ) AS last
    CROSS JOIN LATERAL (
        SELECT COALESCE(max(sent_at), '-infinity') AS at FROM conversations_message
        WHERE conversation_id = wanted.id AND sent_at < last.at AND (
            direction = 'outgoing' AND NOT is_automatic AND state IN ('sent', 'delivered', 'read')
                AND call_state NOT IN ('ringing', 'missed')
            OR call_state IN ('answered', 'ended'))
    ) AS answered
    CROSS JOIN LATERAL (
        SELECT analysis.*, message.sent_at, topic.reason_id, topic.confidence
        FROM conversations_message AS message
        JOIN analysis_messageanalysis AS analysis ON analysis.message_id = message.id
        LEFT JOIN LATERAL (
            SELECT reason_id, confidence FROM analysis_messagetopic
            WHERE analysis_id = message.id ORDER BY confidence DESC, id LIMIT 1
        ) AS topic ON true
        WHERE message.conversation_id = wanted.id AND message.direction = 'incoming' AND NOT message.is_automatic
            AND message.deleted_at IS NULL AND message.sent_at > answered.at AND message.sent_at <= last.at
        ORDER BY message.sent_at DESC, message.id DESC LIMIT %(most)s
    ) AS said
), told AS (
    SELECT conversation_id,
        COALESCE(
            (array_agg(language ORDER BY sent_at DESC, message_id DESC) FILTER (WHERE language <> 'und'))[1], 'und'
        ) AS language,
        CASE WHEN bool_or(sentiment = 'negative') THEN 'negative' WHEN bool_or(sentiment = 'positive') THEN 'positive'
            ELSE 'neutral' END AS sentiment,
        (array_agg(intent ORDER BY array_position(%(intents)s::varchar[], intent)))[1] AS intent,
        bool_or(needs_answer) AS needs_answer,
        max(urgency) AS urgency,
        (array_agg(reason_id ORDER BY confidence DESC, sent_at DESC) FILTER (WHERE reason_id IS NOT NULL))[1]
            AS reason_id
    FROM turn GROUP BY conversation_id
), gone AS (
    DELETE FROM analysis_conversationreading
    WHERE conversation_id = ANY(%(ids)s) AND conversation_id NOT IN (SELECT conversation_id FROM told)
)
UPDATE analysis_conversationreading AS kept SET language = told.language, sentiment = told.sentiment,
    intent = told.intent, needs_answer = told.needs_answer, urgency = told.urgency, reason_id = told.reason_id
FROM told WHERE kept.conversation_id = told.conversation_id
    AND (kept.language, kept.sentiment, kept.intent, kept.needs_answer, kept.urgency, kept.reason_id)
    IS DISTINCT FROM
    (told.language, told.sentiment, told.intent, told.needs_answer, told.urgency, told.reason_id)
"""
#: Of several things said in a turn, the first of these is what it is.
_INTENTS = ["complaint", "request", "question", "purchase_intent", "praise", "chatter"]


def retell_readings(conversation_ids: Iterable[int]) -> None:
    """Say of conversations what the analyses of their messages say now."""
    ids = sorted(set(conversation_ids))
    if not ids:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEGIN, [ids])
        cursor.execute(_HOLD, [ids])
        cursor.execute(_RETELL, {"ids": ids, "most": _MOST, "intents": _INTENTS})
