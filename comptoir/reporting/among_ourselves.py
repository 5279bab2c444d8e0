"""What happens among ourselves: how soon hand-offs are accepted, and how soon experts answer. Their rows have the
instants, few of them a day, and are read as they are.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from comptoir.reporting.asking import Question, Reach, reasons_for

#: One line for all: what was asked on these days, how it ended, and how long those took that were decided by whom they
#: were for. Percentiles are by nearest rank, as everywhere.
_ASKED = """
SELECT count(*), count(DISTINCT counted.conversation_id), count(*) FILTER (WHERE asked.state = %(done)s),
    count(*) FILTER (WHERE asked.state = %(refused)s), count(*) FILTER (WHERE asked.state = %(open)s),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY floor(extract(epoch FROM asked.ended_at - asked.began_at)))
        FILTER (WHERE asked.state = %(done)s),
    percentile_disc(0.9) WITHIN GROUP (ORDER BY floor(extract(epoch FROM asked.ended_at - asked.began_at)))
        FILTER (WHERE asked.state = %(done)s),
    count(*) FILTER (WHERE clock.breached_at IS NULL AND clock.stopped_at <= clock.due_at AND NOT clock.is_abandoned),
    count(*) FILTER (WHERE clock.breached_at IS NOT NULL OR clock.stopped_at > clock.due_at AND NOT clock.is_abandoned)
FROM ({asked}) AS asked
JOIN reporting_countedconversation AS counted ON counted.conversation_id = asked.conversation_id
LEFT JOIN sla_slaclock AS clock ON clock.id = asked.clock_id
WHERE asked.began_at >= %(from)s AND asked.began_at < %(to)s
    AND counted.account_id = ANY (%(accounts)s) {narrowed}
"""
_HAND_OFFS = """
SELECT one.conversation_id, CASE one.state WHEN 'answered' THEN 'accepted' ELSE one.state END AS state,
    one.given_at AS began_at, one.ended_at, one.to_team_id AS team_id,
    (SELECT id FROM sla_slaclock WHERE hand_off_id = one.id) AS clock_id
FROM conversations_handoff AS one
"""
_CONSULTATIONS = """
SELECT one.conversation_id, one.state, one.asked_at AS began_at, one.ended_at, place.team_id,
    (SELECT id FROM sla_slaclock WHERE consultation_id = one.id) AS clock_id
FROM conversations_consultation AS one JOIN conversations_conversation AS place ON place.id = one.conversation_id
"""


class Passing(enum.StrEnum):
    """What is asked among ourselves."""

    HAND_OFF = "hand_off"
    CONSULTATION = "consultation"


_WAYS: dict[Passing, tuple[str, dict[str, str]]] = {
    Passing.HAND_OFF: (_HAND_OFFS, {"done": "accepted", "refused": "refused", "open": "offered"}),
    Passing.CONSULTATION: (_CONSULTATIONS, {"done": "answered", "refused": "", "open": "asked"}),
}


@dataclass(frozen=True, slots=True)
class Passed:
    """The figures of one kind of asking, in whole seconds; taken back is what is neither done, refused nor open."""

    passing: Passing
    asked: int
    conversations: int
    done: int
    refused: int
    open: int
    median_s: int | None
    p90_s: int | None
    kept: int
    broken: int

    @property
    def kept_rate(self) -> float | None:
        """Of the promises whose outcome is known, the share that was kept."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


def passed_among_ourselves(question: Question, reach: Reach) -> Sequence[Passed]:
    """Hand-offs and consultations asked on these days, of those conversations that ``reach`` may see."""
    return [_passed(passing, question, reach) for passing in Passing]


def _passed(passing: Passing, question: Question, reach: Reach) -> Passed:
    asked, states = _WAYS[passing]
    values: dict[str, Any] = states | {
        "from": question.edges[0],
        "to": question.edges[-1],
        "accounts": reach.accounts_for(question),
    }
    conditions: Sequence[tuple[str, str, object]] = (
        ("teams", "counted.team_id = ANY (%(teams)s)", None if reach.teams is None else list(reach.teams)),
        ("team", "asked.team_id = %(team)s", question.team),
        ("reasons", "counted.reason_id = ANY (%(reasons)s)", reasons_for(question)),
        ("intent", "counted.intent = %(intent)s", question.intent or None),
    )
    narrowed = ""
    for name, condition, wanted in conditions:
        if wanted is not None:
            values[name], narrowed = wanted, f"{narrowed} AND {condition}"
    with connection.cursor() as cursor:
        cursor.execute(_ASKED.format(asked=asked, narrowed=narrowed), values)
        found = cursor.fetchone()
    counts, durations, promises = found[:5], found[5:7], found[7:]
    return Passed(passing, *counts, *(None if one is None else int(one) for one in durations), *promises)
