"""What was open at the end of each day, and how old what is open now is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from comptoir.core.clock import now
from comptoir.reporting.asking import Question, Reach, reasons_for

#: By age, from the day on which the customer first asked: up to a day, three days, a week, a month, older.
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))

_BEFORE = """
SELECT count(*) FROM reporting_openspell AS spell {joined}
WHERE (ended_at >= %(from)s OR ended_at IS NULL) AND spell.began_at < %(from)s AND {narrowed}
"""
#: A spell that begins or ends on the edge of two days does so on the later one.
_CHANGES = """
SELECT width_bucket(spell.{column}, %(edges)s::timestamptz[]) - 1, count(*)
FROM reporting_openspell AS spell {joined}
WHERE spell.{column} >= %(from)s AND spell.{column} < %(to)s AND {narrowed} GROUP BY 1
"""
_AGES = """
SELECT width_bucket(spell.began_at, %(ages)s::timestamptz[]), count(*)
FROM reporting_countedconversation AS spell
WHERE spell.resolved_at IS NULL AND {narrowed} GROUP BY 1
"""
_JOINED = "JOIN reporting_countedconversation AS counted ON counted.conversation_id = spell.counted_id"


@dataclass(frozen=True, slots=True)
class DaysEnd:
    """How many conversations were open when the day ended; today: now."""

    day: date
    opened: int
    closed: int
    left: int


def backlog_by_day(question: Question, reach: Reach) -> list[DaysEnd]:
    """The backlog at each day's end: what was open before, with what opened, without what closed."""
    narrowed, joined, values = _narrowed(question, reach)
    values |= {"edges": question.edges, "from": question.edges[0], "to": question.edges[-1]}
    parts = {"joined": joined, "narrowed": narrowed}
    left = _rows(_BEFORE.format(**parts), values)[0][0]
    opened = dict(_rows(_CHANGES.format(column="began_at", **parts), values))
    closed = dict(_rows(_CHANGES.format(column="ended_at", **parts), values))
    found = []
    for number, day in enumerate(question.days):
        left += opened.get(number, 0) - closed.get(number, 0)
        found.append(DaysEnd(day, opened.get(number, 0), closed.get(number, 0), left))
    return found


def backlog_by_age(question: Question, reach: Reach) -> list[int]:
    """How many are open now, by how long ago the customer first asked: one number for each of `AGES`, and the older."""
    narrowed, _joined, values = _narrowed(question, reach, of_conversations=True)
    values["ages"] = age_edges(now())
    found = dict(_rows(_AGES.format(narrowed=narrowed), values))
    return [found.get(len(AGES) - number, 0) for number in range(len(AGES) + 1)]


def age_edges(at: datetime) -> list[datetime]:
    """The instants between the ages, the oldest first."""
    return [at - age for age in reversed(AGES)]


def _narrowed(question: Question, reach: Reach, *, of_conversations: bool = False) -> tuple[str, str, dict[str, Any]]:
    """The condition, what it needs beside the spells, and its values. Of a single agent there is no backlog: what is
    open is nobody's work yet.
    """
    counted = "spell" if of_conversations else "counted"
    conditions = ["spell.account_id = ANY (%(accounts)s)"]
    values: dict[str, Any] = {"accounts": reach.accounts_for(question), "team": question.team}
    if question.team:
        conditions.append("spell.team_id = %(team)s")
    is_joined = False
    for name, condition, said in (
        ("teams", "team_id = ANY (%(teams)s)", None if reach.teams is None else list(reach.teams)),
        ("reasons", "reason_id = ANY (%(reasons)s)", reasons_for(question)),
        ("intent", "intent = %(intent)s", question.intent or None),
    ):
        if said is not None:
            values[name], is_joined = said, True
            conditions.append(f"{counted}.{condition}")
    return " AND ".join(conditions), _JOINED if is_joined and not of_conversations else "", values


def _rows(asked: str, values: dict[str, Any]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return list(cursor.fetchall())
