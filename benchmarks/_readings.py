"""What the machine read in the messages of a large company: analyses, contact reasons, corrections, gaps of the
catalogue; written straight into the tables.
"""

from __future__ import annotations

from typing import Any

TABLES = ("analysis_messageanalysis", "analysis_messagetopic", "analysis_conversationreading")
_ABOVE, _BELOW = 5, 5

#: Drawn from a message's id, evenly, the same each time: a number of 0 to 9999, by what it is drawn for.
_DRAWN = """
CREATE OR REPLACE FUNCTION pg_temp.drawn(id bigint, what bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN abs(hashint8extended(id, what) % 10000)
"""
#: Every incoming message is read, as it came in: over a year. One of six presses, one of sixty now; one of five is
#: unhappy.
_ANALYSES = """
INSERT INTO analysis_messageanalysis (message_id, form, heads, read_at, language, sentiment, sentiment_score,
    sentiment_confidence, intent, intent_confidence, needs_answer, urgency, grounds, toxicity, spam, personal_data)
SELECT id, 'full', 'bench', now() - interval '365 days' * (1 - id::float / %(newest)s), 'fr',
    CASE pg_temp.drawn(id, 1) %% 5 WHEN 0 THEN 'negative' WHEN 1 THEN 'positive' ELSE 'neutral' END,
    0, 0.9, (ARRAY['question', 'complaint', 'request', 'praise', 'chatter'])[1 + pg_temp.drawn(id, 2) %% 5], 0.8,
    pg_temp.drawn(id, 3) %% 3 > 0,
    CASE WHEN pg_temp.drawn(id, 4) < 167 THEN 3 WHEN pg_temp.drawn(id, 4) < 1667 THEN 2 ELSE 0 END,
    '{}', 0.01, 0.01, '[]'
FROM conversations_message
WHERE direction = 'incoming' AND conversation_id > %(after)s AND conversation_id <= %(upto)s
ORDER BY id
"""
#: Three of four are about something, most about the first few reasons, hardly any about the last.
_TOPICS = """
INSERT INTO analysis_messagetopic (analysis_id, reason_id, confidence)
SELECT read.message_id, reasons.ids[1 + floor(cardinality(reasons.ids) * (pg_temp.drawn(read.message_id, 5) / 1e4)^4)],
    0.7
FROM analysis_messageanalysis AS read
JOIN conversations_message AS message ON message.id = read.message_id,
    (SELECT array_agg(id ORDER BY id) AS ids FROM analysis_contactreason WHERE parent_id IS NOT NULL) AS reasons
WHERE message.conversation_id > %(after)s AND message.conversation_id <= %(upto)s
    AND pg_temp.drawn(read.message_id, 6) < 7500
ORDER BY read.message_id
"""
_READINGS = """
INSERT INTO analysis_conversationreading (conversation_id, language, sentiment, intent, needs_answer, urgency,
    reason_id)
SELECT DISTINCT ON (message.conversation_id) message.conversation_id, read.language, read.sentiment, read.intent,
    read.needs_answer, read.urgency, topic.reason_id
FROM conversations_message AS message
JOIN analysis_messageanalysis AS read ON read.message_id = message.id
LEFT JOIN analysis_messagetopic AS topic ON topic.analysis_id = read.message_id
WHERE message.conversation_id > %(after)s AND message.conversation_id <= %(upto)s
ORDER BY message.conversation_id, message.sent_at DESC
"""
#: One of a hundred readings is corrected by somebody.
_CORRECTIONS = """
INSERT INTO analysis_correction (message_id, figure, before, after, agent_id, at)
SELECT message_id, 'intent', '"question"', '"request"', %(agent)s, read_at FROM analysis_messageanalysis
WHERE pg_temp.drawn(message_id, 7) < 100 AND message_id > COALESCE((SELECT max(message_id) FROM analysis_correction), 0)
ORDER BY message_id
"""
#: Sixty, each with the twelve messages most like it, as many as are kept.
_GAPS = """
INSERT INTO catalogue_knowledgegap (brand_id, language, weight, message_ids, found_at)
SELECT (SELECT min(id) FROM brands_brand), 'fr', n, ARRAY(SELECT id FROM conversations_message
    WHERE direction = 'incoming' AND id >= n * (SELECT max(id) FROM conversations_message) / 61 ORDER BY id LIMIT 12),
    now()
FROM generate_series(1, 60) AS n WHERE NOT EXISTS (SELECT FROM catalogue_knowledgegap)
"""


def make_reasons() -> None:
    """The company's tree of contact reasons, in two levels; where it is not there yet."""
    from comptoir.analysis.models import ContactReason

    for above in range(_ABOVE):
        parent, _ = ContactReason.objects.get_or_create(name=f"Reason {above}", parent=None)
        for below in range(_BELOW):
            ContactReason.objects.get_or_create(name=f"Reason {above}.{below}", parent=parent)


def fill_readings(cursor: Any, after: int, upto: int) -> None:
    """What was read of the conversations beyond one id, up to another."""
    cursor.execute(_DRAWN)
    cursor.execute("SELECT max(id) FROM conversations_message")
    span = {"after": after, "upto": upto, "newest": cursor.fetchone()[0]}
    for statement in (_ANALYSES, _TOPICS, _READINGS):
        cursor.execute(statement, span)


def fill_what_people_see(cursor: Any, agent: int) -> None:
    """What people corrected of it, and what the catalogue does not answer."""
    cursor.execute(_DRAWN)
    cursor.execute(_CORRECTIONS, {"agent": agent})
    cursor.execute(_GAPS)
