"""Who has waited longest: of those never answered, in public with a complaint, and before the next promises run out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from comptoir.analysis.models import COMPLAINS
from comptoir.conversations.models import Conversation
from comptoir.core.clock import now

#: Of so many that have waited longest, those never answered are counted: the question stays cheap however many wait.
NEVER_LOOKED_AT = 2000
_SHOWN = 6

_AT_HAND = "one.status IN ('open', 'pending') AND NOT one.is_spam AND one.account_id <> ALL (%(hidden)s)"


def _first(most: int, *, by: str, which: str, joined: str = "") -> str:
    """The ``most`` that come first, of all teams and of none.

    The indexes begin with the team: each is read in its order and left as soon as it has given enough. Asked of all at
    once, PostgreSQL reads and sorts everything that waits.
    """
    one = f"""
        SELECT one.id, one.{by} AS at FROM conversations_conversation AS one {joined}
        WHERE one.team_id {{team}} AND {_AT_HAND} AND {which}
        ORDER BY one.{by} LIMIT {most}"""  # noqa: S608  # of our own constants
    return f"""
    SELECT id, at FROM (
        (SELECT first.* FROM people_team AS team CROSS JOIN LATERAL ({one.format(team="= team.id")}) AS first)
        UNION ALL ({one.format(team="IS NULL")})
    ) AS found ORDER BY at LIMIT {most}
    """  # noqa: S608  # of our own constants


_NEVER = f"""
WITH longest AS (
    {_first(NEVER_LOOKED_AT, by="waiting_since", which="one.waiting_since IS NOT NULL")}
), never AS (
    SELECT id, at FROM longest WHERE NOT EXISTS (
        SELECT FROM conversations_message WHERE conversation_id = longest.id AND (call_state IN ('answered', 'ended')
            OR direction = 'outgoing' AND NOT is_automatic AND state IN ('sent', 'delivered', 'read')
                AND call_state NOT IN ('ringing', 'missed')))
)
SELECT (SELECT count(*) FROM never), (SELECT count(*) FROM longest),
    ARRAY(SELECT id FROM never ORDER BY at, id LIMIT {_SHOWN})
"""  # noqa: S608  # of our own constants
_COMPLAINT = _first(
    1,
    by="waiting_since",
    which="one.waiting_since IS NOT NULL AND one.is_public",
    joined=f"JOIN analysis_conversationreading AS read ON read.conversation_id = one.id AND {COMPLAINS}",
)
_NEXT = _first(_SHOWN, by="promise_due_at", which="one.promise_due_at >= %(now)s")


@dataclass(frozen=True, slots=True)
class Oldest:
    """``never_answered`` are counted among the ``looked_at`` that wait longest; the lists begin with the oldest."""

    never_answered: int
    looked_at: int
    unanswered: Sequence[Conversation]
    complaint: Conversation | None
    promised_next: Sequence[Conversation]

    @property
    def is_more(self) -> bool:
        """Whether there may be more that were never answered."""
        return self.looked_at >= NEVER_LOOKED_AT


def oldest(hidden: Sequence[int]) -> Oldest:
    """Without the accounts that are ``hidden`` from whoever asks."""
    asked: dict[str, Any] = {"hidden": list(hidden), "now": now()}
    with connection.cursor() as cursor:
        cursor.execute(_NEVER, asked)
        never, looked_at, unanswered = cursor.fetchone()
        cursor.execute(_COMPLAINT, asked)
        complaint = [pk for pk, _at in cursor.fetchall()]
        cursor.execute(_NEXT, asked)
        promised = [pk for pk, _at in cursor.fetchall()]
    wanted = Conversation.objects.select_related("identity", "account", "team", "assignee")
    rows = wanted.in_bulk({*unanswered, *complaint, *promised})
    return Oldest(
        never_answered=never,
        looked_at=looked_at,
        unanswered=[rows[pk] for pk in unanswered if pk in rows],
        complaint=next((rows[pk] for pk in complaint if pk in rows), None),
        promised_next=[rows[pk] for pk in promised if pk in rows],
    )
