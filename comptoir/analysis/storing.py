"""Keeping what was read of a batch of messages: set-based, in one short transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction

from comptoir.analysis.backlog import Wanted
from comptoir.analysis.naming import keep_named
from comptoir.analysis.turns import retell_readings
from comptoir.core.clock import now
from comptoir.events.record import Happening, record_many
from comptoir.understanding.analysis import Analysis

# What a person has set stays; the rest is what was read now. The last column: whether what is shown has changed.
_WRITE = """
WITH new AS (
    SELECT new.*, message.conversation_id
    FROM json_to_recordset(%(rows)s::json) AS new (message_id bigint, language text, sentiment text,
        sentiment_score float8, sentiment_confidence float8, intent text, intent_confidence float8,
        needs_answer boolean, urgency smallint, grounds varchar(8)[], toxicity float8, spam float8,
        personal_data jsonb)
    JOIN conversations_message AS message ON message.id = new.message_id
), former AS (
    SELECT message_id, language, sentiment, intent, needs_answer, urgency FROM analysis_messageanalysis
    WHERE message_id IN (SELECT message_id FROM new)
), written AS (
    INSERT INTO analysis_messageanalysis AS kept (message_id, form, heads, read_at, language, sentiment,
        sentiment_score, sentiment_confidence, intent, intent_confidence, needs_answer, urgency, grounds, toxicity,
        spam, personal_data)
    SELECT message_id, %(form)s, %(heads)s, %(now)s, language, sentiment, sentiment_score, sentiment_confidence, intent,
        intent_confidence, needs_answer, urgency, grounds, toxicity, spam, personal_data
    FROM new ORDER BY message_id
    ON CONFLICT (message_id) DO UPDATE SET form = excluded.form, heads = excluded.heads, read_at = excluded.read_at,
        personal_data = excluded.personal_data,
        language = CASE WHEN 'language' = ANY(kept.corrected) THEN kept.language ELSE excluded.language END,
        sentiment = CASE WHEN 'sentiment' = ANY(kept.corrected) THEN kept.sentiment ELSE excluded.sentiment END,
        sentiment_score = CASE WHEN 'sentiment' = ANY(kept.corrected)
            THEN kept.sentiment_score ELSE excluded.sentiment_score END,
        sentiment_confidence = CASE WHEN 'sentiment' = ANY(kept.corrected)
            THEN kept.sentiment_confidence ELSE excluded.sentiment_confidence END,
        intent = CASE WHEN 'intent' = ANY(kept.corrected) THEN kept.intent ELSE excluded.intent END,
        intent_confidence = CASE WHEN 'intent' = ANY(kept.corrected)
            THEN kept.intent_confidence ELSE excluded.intent_confidence END,
        needs_answer = CASE WHEN 'needs_answer' = ANY(kept.corrected)
            THEN kept.needs_answer ELSE excluded.needs_answer END,
        urgency = CASE WHEN 'urgency' = ANY(kept.corrected) THEN kept.urgency ELSE excluded.urgency END,
        grounds = CASE WHEN 'urgency' = ANY(kept.corrected) THEN kept.grounds ELSE excluded.grounds END,
        toxicity = CASE WHEN 'toxicity' = ANY(kept.corrected) THEN kept.toxicity ELSE excluded.toxicity END,
        spam = CASE WHEN 'spam' = ANY(kept.corrected) THEN kept.spam ELSE excluded.spam END
    RETURNING message_id, language, sentiment, intent, needs_answer, urgency
)
SELECT written.message_id, new.conversation_id, written.urgency, written.sentiment, written.intent,
    written.needs_answer, former.message_id IS NULL
        OR (former.language, former.sentiment, former.intent, former.needs_answer, former.urgency) IS DISTINCT FROM
        (written.language, written.sentiment, written.intent, written.needs_answer, written.urgency)
FROM written JOIN new USING (message_id) LEFT JOIN former USING (message_id)
ORDER BY written.message_id
"""
# Where a person has named the reason, it stays. A reason that was deleted meanwhile is left out.
_WRITE_TOPICS = """
WITH free AS (
    SELECT message_id FROM analysis_messageanalysis
    WHERE message_id = ANY(%(ids)s) AND NOT 'topic' = ANY(corrected)
), new AS (
    SELECT found.*
    FROM json_to_recordset(%(rows)s::json) AS found (message_id bigint, reason_id bigint, confidence float8)
    JOIN free USING (message_id) JOIN analysis_contactreason AS reason ON reason.id = found.reason_id
), gone AS (
    DELETE FROM analysis_messagetopic AS kept USING free
    WHERE kept.analysis_id = free.message_id
        AND NOT EXISTS (SELECT FROM new WHERE message_id = kept.analysis_id AND reason_id = kept.reason_id)
)
INSERT INTO analysis_messagetopic AS kept (analysis_id, reason_id, confidence)
SELECT message_id, reason_id, confidence FROM new ORDER BY message_id, confidence DESC
ON CONFLICT (analysis_id, reason_id) DO UPDATE SET confidence = excluded.confidence
"""
_MAIN_TOPICS = """
SELECT DISTINCT ON (analysis_id) analysis_id, reason_id FROM analysis_messagetopic
WHERE analysis_id = ANY(%s) ORDER BY analysis_id, confidence DESC, id
"""
_DONE = """
DELETE FROM analysis_messagetoread AS kept USING unnest(%s::bigint[], %s::timestamptz[]) AS done (id, asked_at)
WHERE kept.message_id = done.id AND kept.asked_at = done.asked_at
"""
_GLANCED = """
UPDATE analysis_messagetoread AS kept SET is_glanced_at = true
FROM unnest(%s::bigint[], %s::timestamptz[]) AS done (id, asked_at)
WHERE kept.message_id = done.id AND kept.asked_at = done.asked_at
"""


@transaction.atomic
def keep_analyses(
    wanted: Sequence[Wanted],
    analyses: Sequence[Analysis],
    *,
    heads: str,
    light: bool,
    named: Mapping[int, Sequence[int]] = MappingProxyType({}),
) -> None:
    """Store one analysis for each of ``wanted`` and what it names, retell their conversations, record what has changed.

    What is late is no news: it is not recorded.
    """
    ids = sorted(one.message_id for one in wanted)
    with connection.cursor() as cursor:
        former = _main_topics(cursor, ids)
        written = _written(cursor, wanted, analyses, heads=heads, light=light)
        topics = [
            {"message_id": one.message_id, "reason_id": int(topic.key), "confidence": topic.confidence}
            for one, analysis in zip(wanted, analyses, strict=True)
            for topic in analysis.topics
        ]
        cursor.execute(_WRITE_TOPICS, {"ids": ids, "rows": json.dumps(topics)})
        keep_named(named)
        present = _main_topics(cursor, ids)
        taken: list[Any] = [[one.message_id for one in wanted], [one.asked_at for one in wanted]]
        cursor.execute(_GLANCED if light else _DONE, taken)
        if not light:
            _forget_gone(cursor, ids)
    retell_readings(row[1] for row in written)
    late = {one.message_id for one in wanted if one.is_late}
    record_many(
        _happening(row)
        for row in written
        if row[0] not in late and (row[6] or former.get(row[0]) != present.get(row[0]))
    )


def _written(
    cursor: Any, wanted: Sequence[Wanted], analyses: Sequence[Analysis], *, heads: str, light: bool
) -> list[tuple[Any, ...]]:
    rows = [_row(one.message_id, analysis) for one, analysis in zip(wanted, analyses, strict=True)]
    asked: dict[str, Any] = {
        "rows": json.dumps(rows),
        "form": "light" if light else "full",
        "heads": heads,
        "now": now(),
    }
    cursor.execute(_WRITE, asked)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _row(message_id: int, read: Analysis) -> dict[str, object]:
    return {
        "message_id": message_id,
        "language": read.language[:12],
        "sentiment": read.sentiment.label,
        "sentiment_score": _bounded(read.sentiment.score, -1.0),
        "sentiment_confidence": _bounded(read.sentiment.confidence),
        "intent": read.intent.label,
        "intent_confidence": _bounded(read.intent.confidence),
        "needs_answer": read.needs_answer,
        "urgency": read.urgency.level,
        "grounds": list(read.urgency.grounds),
        "toxicity": _bounded(read.toxicity),
        "spam": _bounded(read.spam),
        "personal_data": [[one.kind, one.start, one.end] for one in read.personal_data],
    }


def _bounded(share: float, least: float = 0.0) -> float:
    """Sums of 32 bits may end a hair outside."""
    return min(1.0, max(least, round(share, 4)))


def _main_topics(cursor: Any, ids: Sequence[int]) -> dict[int, int]:
    cursor.execute(_MAIN_TOPICS, [list(ids)])
    return dict(cursor.fetchall())


def _forget_gone(cursor: Any, ids: Sequence[int]) -> None:
    """What was deleted meanwhile is not read again."""
    cursor.execute(
        "DELETE FROM analysis_messagetoread AS kept USING conversations_message AS message"
        " WHERE kept.message_id = ANY(%s) AND message.id = kept.message_id AND message.deleted_at IS NOT NULL",
        [list(ids)],
    )


def _happening(row: tuple[Any, ...]) -> Happening:
    pk, conversation_id, urgency, sentiment, intent, needs_answer, _has_changed = row
    details = {"urgency": urgency, "sentiment": sentiment, "intent": intent, "needs_answer": needs_answer}
    return Happening("message.analysed", "message", pk, conversation_id=conversation_id, details=details)
